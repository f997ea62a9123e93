-- Touches either way, each activity once for each of its people.
CREATE TABLE touching AS
SELECT DISTINCT a.id, p.contact_id, a.moment, a.day, a.deal_id, a.kind, a.rep_id, a.team_id, a.is_reached,
    a.kind <> 4 AND a.direction = 1 AS is_ours
FROM counted a JOIN activitycontact p ON p.activity_id = a.id
WHERE a.is_dial OR a.is_text_sent
    OR a.is_mail_sent AND p.part IN (0, 2) AND p.outcome <> 6
    OR a.direction = 2 AND a.outcome NOT IN (6, 7) AND (a.kind IN (1, 3) OR a.kind = 2 AND p.part IN (0, 1))
    OR a.is_meeting_held AND p.attended NOT IN (2, 3);

-- Touches after a silence of so many days; at the same moment the activity learnt first came first.
CREATE TABLE breaking AS
SELECT t.* FROM (SELECT *, setting_on('first_attempt_days', day) * 86400000000 AS quiet_us FROM touching) t
LEFT JOIN touching e ON e.contact_id = t.contact_id AND (e.moment < t.moment OR e.moment = t.moment AND e.id < t.id)
    AND epoch_us(t.moment) - epoch_us(e.moment) < t.quiet_us
WHERE e.id IS NULL;

CREATE TABLE tracing AS
SELECT t.*, b.id AS first_id, b.moment AS first_at, b.is_ours AS is_attempted FROM touching t
JOIN breaking b ON b.contact_id = t.contact_id AND (b.moment < t.moment OR b.moment = t.moment AND b.id <= t.id)
QUALIFY row_number() OVER (PARTITION BY t.contact_id, t.id ORDER BY b.moment DESC, b.id DESC) = 1;

-- Over with a deal that closed since the first attempt: one the person is on file for, or was touched in by then.
CREATE TABLE too_late AS
SELECT DISTINCT t.id, t.contact_id FROM tracing t JOIN (
    SELECT contact_id, deal_id, NULL AS moment FROM dealcontact
    UNION ALL SELECT contact_id, deal_id, moment FROM touching WHERE deal_id IS NOT NULL
) d ON d.contact_id = t.contact_id AND (d.moment IS NULL OR d.moment >= t.first_at AND d.moment <= t.moment)
JOIN closing c ON c.deal_id = d.deal_id AND c.closed_at > t.first_at AND c.closed_at <= t.moment;

CREATE TABLE attempting AS
SELECT t.id AS activity_id, t.contact_id, t.moment, t.day, t.kind, t.rep_id, t.team_id, t.is_reached, t.id = t.first_id AS is_first
FROM tracing t ANTI JOIN too_late l ON l.id = t.id AND l.contact_id = t.contact_id
WHERE t.is_ours AND t.is_attempted;

-- A text is answered by the person's next text, a mail as the reply rate has it.
CREATE TABLE reaching AS
WITH texted AS (
    SELECT a.id, p.contact_id, a.moment FROM counted a JOIN activitycontact p ON p.activity_id = a.id
    WHERE a.kind = 3 AND a.direction = 2 AND p.part IN (0, 1) AND a.outcome NOT IN (6, 7)
), answers AS (
    SELECT a.activity_id, a.contact_id, min(t.moment) AS moment
    FROM attempting a JOIN texted t ON t.contact_id = a.contact_id AND t.moment > a.moment WHERE a.kind = 3 GROUP BY ALL
    UNION ALL SELECT id, contact_id, min(answered_at) FROM mailed GROUP BY ALL
), judged AS (
    SELECT a.*, setting_on('reply_window_days', a.day)::INTEGER AS days,
        CASE WHEN a.kind <> 1 THEN epoch_us(r.moment) - epoch_us(a.moment) END AS us
    FROM attempting a LEFT JOIN answers r ON r.activity_id = a.activity_id AND r.contact_id = a.contact_id
)
SELECT *, kind <> 1 AND day + days >= getvariable('today')::DATE AS is_inside,
    CASE WHEN kind = 1 THEN is_reached ELSE coalesce(us <= days * 86400000000, false) END AS is_hit
FROM judged;
CREATE VIEW tried AS SELECT p.key, r.*, is_hit AND NOT is_inside AS hit FROM reaching r
    JOIN period p ON r.day >= p.start_on AND r.day < p.end_on;

-- What each close took: everybody the deal is about, with the last first attempt on them before it and since it opened.
CREATE TABLE closing_of AS
WITH ordered AS (SELECT *, lag(closed_at) OVER (PARTITION BY deal_id ORDER BY episode) AS since FROM closing
), about AS (
    SELECT o.deal_id, o.episode, c.contact_id FROM ordered o JOIN dealcontact c ON c.deal_id = o.deal_id
    UNION
    SELECT o.deal_id, o.episode, p.contact_id FROM ordered o JOIN counted a ON a.deal_id = o.deal_id AND a.moment < o.closed_at
    JOIN activitycontact p ON p.activity_id = a.id
)
SELECT o.deal_id, o.episode, o.is_won, o.closed_at, a.contact_id, max(t.moment) AS first_at, arg_max(t.activity_id, (t.moment, t.activity_id)) AS activity_id
FROM about a JOIN ordered o ON o.deal_id = a.deal_id AND o.episode = a.episode
JOIN attempting t ON t.contact_id = a.contact_id AND t.is_first AND t.moment < o.closed_at AND (o.since IS NULL OR t.moment >= o.since)
GROUP BY ALL;

CREATE TABLE followed AS
SELECT o.deal_id, o.episode, count(t.activity_id) AS number
FROM closing_of o LEFT JOIN attempting t ON t.contact_id = o.contact_id AND NOT t.is_first AND t.moment >= o.first_at AND t.moment < o.closed_at
GROUP BY ALL;

CREATE TABLE opening AS
SELECT activity_id, contact_id, min(epoch_us(closed_at) - epoch_us(first_at)) AS us FROM (
    SELECT o.* FROM closing_of o JOIN activitycontact p ON p.activity_id = o.activity_id AND p.contact_id = o.contact_id
    WHERE is_won QUALIFY row_number() OVER (PARTITION BY deal_id, episode ORDER BY first_at, o.activity_id, p.id) = 1)
GROUP BY ALL;

INSERT INTO facts (measure, key, rep, team)
SELECT 'texts_sent', key, rep_id, team_id FROM done WHERE is_text_sent
UNION ALL SELECT 'first_attempts', key, rep_id, team_id FROM tried WHERE is_first
UNION ALL SELECT 'follow_ups', key, rep_id, team_id FROM tried WHERE NOT is_first
UNION ALL SELECT 'close_rate#top', key, rep_id, team_id FROM closed WHERE is_won
UNION ALL SELECT 'close_rate#bottom', key, rep_id, arg_min({'team': team_id}, (moment, id)).team FROM dialled
    WHERE is_reached GROUP BY key, rep_id, contact_id
UNION ALL SELECT 'close_rate/per_dial#top', key, rep_id, team_id FROM closed WHERE is_won
UNION ALL SELECT 'close_rate/per_dial#bottom', key, rep_id, team_id FROM done WHERE is_dial
UNION ALL SELECT 'interest_rate/not_noted', key, rep_id, team_id FROM done WHERE kind = 1 AND is_reached AND interest = 0;

INSERT INTO facts (measure, key, rep, team, grp)
SELECT CASE WHEN is_first THEN 'first_attempts/by_kind' ELSE 'follow_ups/by_kind' END, key, rep_id, team_id, kind::VARCHAR FROM tried;

INSERT INTO facts (measure, key, rep, team, hit, inside)
SELECT CASE WHEN is_first THEN 'first_attempt_reach' ELSE 'follow_up_reach' END, key, rep_id, team_id, hit, is_inside FROM tried;

INSERT INTO facts (measure, key, rep, team, hit, inside, grp)
SELECT CASE WHEN is_first THEN 'first_attempt_reach/by_kind' ELSE 'follow_up_reach/by_kind' END, key, rep_id, team_id, hit, is_inside,
    kind::VARCHAR FROM tried;

INSERT INTO facts (measure, key, rep, team, hit)
SELECT 'interest_rate', key, rep_id, team_id, interest IN (2, 3) FROM done WHERE kind = 1 AND is_reached AND interest > 0;

INSERT INTO facts (measure, key, rep, team, hit, inside)
SELECT 'attempts_per_conversion', key, rep_id, team_id,
    coalesce(o.us <= 180 * 86400000000, false) AND day + 180 < getvariable('today')::DATE, day + 180 >= getvariable('today')::DATE
FROM tried t LEFT JOIN opening o ON o.activity_id = t.activity_id AND o.contact_id = t.contact_id WHERE t.is_first;

INSERT INTO facts (measure, key, rep, team, us)
SELECT CASE WHEN c.is_won THEN 'follow_ups_per_sale' ELSE 'follow_ups_per_sale/lost' END, c.key, c.rep_id, c.team_id, f.number
FROM closed c JOIN followed f ON f.deal_id = c.deal_id AND f.episode = c.episode;

-- Whose an account was: as its moves say, the first of them from its beginning on; without moves its owner's all along.
CREATE TABLE assigned AS
WITH begun AS (
    SELECT a.id, a.owner_id, coalesce(least(a.created_at, (SELECT min(m.from_at) FROM accountmove m WHERE m.account_id = a.id)),
        a.recorded_at) AS began FROM account a
), had AS (
    SELECT p.key, p.as_of, p.over_at, b.id AS account_id, coalesce(
        (SELECT arg_max(m.owner_id, m.from_at) FROM accountmove m WHERE m.account_id = b.id AND m.from_at < p.over_at),
        (SELECT arg_min(m.owner_id, m.from_at) FROM accountmove m WHERE m.account_id = b.id), b.owner_id) AS rep_id
    FROM period p JOIN begun b ON b.began < p.over_at
)
SELECT *, team_then(rep_id, as_of) AS team_id FROM had WHERE rep_id IS NOT NULL;

CREATE TABLE on_file AS
SELECT a.*, c.id AS contact_id, EXISTS (
    SELECT 1 FROM counted t JOIN activitycontact p ON p.activity_id = t.id
    WHERE p.contact_id = c.id AND t.day <= a.as_of AND t.day > a.as_of - 90
        AND (t.is_mail_sent AND p.part IN (0, 2) AND p.outcome <> 6 OR t.is_dial OR t.is_text_sent
            OR t.is_meeting_held AND p.attended NOT IN (2, 3))) AS is_touched
FROM assigned a JOIN contact c ON c.account_id = a.account_id AND coalesce(c.created_at < a.over_at, true);

CREATE TABLE filed AS
SELECT a.key, a.account_id, a.rep_id, a.team_id, count(o.contact_id) AS contacts, count(o.contact_id) FILTER (WHERE o.is_touched) AS touched
FROM assigned a LEFT JOIN on_file o USING (key, account_id) GROUP BY ALL;

-- Each contact's latest rating as of the period's end; too old a one is stale.
CREATE TABLE rated AS
WITH latest AS (
    SELECT a.key, a.as_of, a.account_id, a.rep_id, a.team_id, c.buying_role, arg_max(r.score, (r.rated_on, r.id)) AS score,
        max(r.rated_on) AS rated_on
    FROM assigned a JOIN contact c ON c.account_id = a.account_id
    JOIN relationship r ON r.contact_id = c.id AND r.rated_on <= a.as_of
    GROUP BY a.key, a.as_of, a.account_id, a.rep_id, a.team_id, c.id, c.buying_role
)
SELECT *, as_of - rated_on <= setting_on('rating_stale_days', as_of) AS is_fresh,
    CASE WHEN buying_role IN ('decision_maker', 'economic_buyer') THEN 3 WHEN buying_role IN ('champion', 'influencer') THEN 2 ELSE 1 END AS weight
FROM latest;

CREATE TABLE judged_accounts AS
SELECT a.key, a.account_id, a.rep_id, a.team_id, floor(sum(r.score * r.weight) FILTER (WHERE r.is_fresh) * 1000000
        / sum(r.weight) FILTER (WHERE r.is_fresh) + 0.5)::BIGINT AS strength,
    min(r.score) FILTER (WHERE r.is_fresh) AS lowest, count(*) FILTER (WHERE r.is_fresh AND r.score < 0) AS negative,
    count(*) FILTER (WHERE NOT r.is_fresh) AS stale
FROM assigned a LEFT JOIN rated r USING (key, account_id) GROUP BY ALL;

INSERT INTO facts (measure, key, rep, team, cents)
SELECT 'contacts_per_account', key, rep_id, team_id, contacts FROM filed
UNION ALL SELECT 'contact_coverage#bottom', key, rep_id, team_id, contacts FROM filed
UNION ALL SELECT 'contact_coverage#top', key, rep_id, team_id, touched FROM filed
UNION ALL SELECT 'relationship_strength', key, rep_id, team_id, strength FROM judged_accounts WHERE strength IS NOT NULL
UNION ALL SELECT 'relationship_strength/unrated', key, rep_id, team_id, (strength IS NULL)::BIGINT FROM judged_accounts
UNION ALL SELECT 'relationship_strength/negative', key, rep_id, team_id, negative FROM judged_accounts
UNION ALL SELECT 'relationship_strength/stale', key, rep_id, team_id, stale FROM judged_accounts;

INSERT INTO facts (measure, key, rep, team, grp)
SELECT 'contacts_per_account/spread', key, rep_id, team_id, CASE WHEN contacts >= 4 THEN '4' WHEN contacts >= 2 THEN '2' ELSE contacts::VARCHAR END
    FROM filed
UNION ALL SELECT 'relationship_strength/lowest', key, rep_id, team_id, lowest::VARCHAR FROM judged_accounts WHERE lowest IS NOT NULL;

-- On how many contacts of an account a rep's dials fall: the inverse of the sum of squared shares.
INSERT INTO facts (measure, key, rep, team, cents)
WITH lines AS (
    SELECT a.key, a.rep_id, a.team_id, a.company_id, p.contact_id, count(*) AS dials FROM done a
    JOIN activitycontact p ON p.activity_id = a.id WHERE a.is_dial AND a.company_id IS NOT NULL GROUP BY ALL
)
SELECT 'call_concentration', key, rep_id, team_id, floor(sum(dials)::DOUBLE ^ 2 * 1000000 / sum(dials * dials) + 0.5)::BIGINT
FROM lines GROUP BY key, rep_id, team_id, company_id;
INSERT INTO facts (measure, key, rep, team)
SELECT 'call_concentration/dials', a.key, a.rep_id, a.team_id FROM done a JOIN activitycontact p ON p.activity_id = a.id WHERE a.is_dial;

-- How far each account's furthest open deal is; one without any stands apart.
CREATE TABLE advanced AS
SELECT a.*, coalesce((SELECT max(s.milestone) FROM standing s WHERE s.key = a.key AND s.account_id = a.account_id), 0)::VARCHAR AS stage
FROM assigned a;
INSERT INTO facts (measure, key, rep, team, hit, grp)
SELECT 'contact_coverage/by_stage', key, v.rep_id, v.team_id, o.is_touched, v.stage FROM advanced v JOIN on_file o USING (key, account_id)
UNION ALL SELECT 'contact_coverage/accounts', key, rep_id, team_id, NULL, stage FROM advanced;

CREATE TABLE person_touch AS
SELECT p.contact_id, c.account_id, t.id, t.day, t.is_dial,
    t.is_mail_sent AND p.part IN (0, 2) AND p.outcome <> 6 OR t.is_dial OR t.is_text_sent OR t.is_meeting_held AND p.attended NOT IN (2, 3) AS is_ours,
    t.kind IN (2, 3) AND t.direction = 2 AND p.part IN (0, 1) AND t.outcome NOT IN (6, 7)
        OR t.is_meeting_held AND p.attended NOT IN (2, 3) OR t.kind = 1 AND t.is_reached AS is_back
FROM counted t JOIN activitycontact p ON p.activity_id = t.id JOIN contact c ON c.id = p.contact_id;

-- Under pressure: touched that often in so many days, and nothing back in them.
CREATE TABLE pressing AS
SELECT o.key, o.account_id, o.contact_id FROM on_file o JOIN person_touch t ON t.contact_id = o.contact_id
    AND t.day <= o.as_of AND t.day > o.as_of - setting_on('pressure_days', o.as_of)::INTEGER
GROUP BY o.key, o.as_of, o.account_id, o.contact_id
HAVING count(DISTINCT t.id) FILTER (WHERE t.is_ours) >= setting_on('pressure_touches', o.as_of) AND NOT bool_or(coalesce(t.is_back, false));

INSERT INTO facts (measure, key, rep, team, cents)
SELECT 'call_concentration/pressed', key, rep_id, team_id, (SELECT count(*) FROM pressing p WHERE p.key = a.key AND p.account_id = a.account_id)
FROM assigned a
UNION ALL SELECT 'call_concentration/uncalled', key, rep_id, team_id, (SELECT count(*) FROM standing s
    WHERE s.key = a.key AND s.account_id = a.account_id AND NOT EXISTS (SELECT 1 FROM person_touch t
        WHERE t.account_id = a.account_id AND t.is_dial AND t.day >= local_day(s.entered_at) AND t.day <= a.as_of))
FROM assigned a;

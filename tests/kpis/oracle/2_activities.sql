-- Every activity that counts: once, with an outside party, on its local day, credited to the team then.
CREATE TABLE repeated AS
SELECT a.id FROM activity a JOIN activity b ON b.kind = a.kind AND b.provider_id = a.provider_id AND b.id < a.id
WHERE a.provider_id <> ''
UNION
SELECT a.id FROM activity a JOIN activitycontact p ON p.activity_id = a.id
JOIN activitycontact q ON q.contact_id = p.contact_id JOIN activity b ON b.id = q.activity_id
WHERE a.kind = 1 AND b.kind = 1 AND a.provider_id = '' AND b.provider_id = '' AND a.rep_id = b.rep_id
    AND a.direction = b.direction AND (b.moment < a.moment OR b.moment = a.moment AND b.id < a.id) AND a.moment <= b.moment + INTERVAL 60 SECOND;

CREATE TABLE present AS
SELECT p.activity_id, max(c.seniority) FILTER (WHERE p.attended NOT IN (2, 3)) AS top,
    count(*) = count(*) FILTER (WHERE p.attended = 3) AS all_declined, arg_min(c.account_id, p.id) AS account_id
FROM activitycontact p JOIN contact c ON c.id = p.contact_id GROUP BY 1;

CREATE TABLE counted AS
SELECT a.*, local_day(a.moment) AS day, team_then(a.rep_id, local_day(a.moment)) AS team_id,
    coalesce(a.booked_by_id, a.rep_id) AS booker_id, local_day(a.booked_at) AS booked_day,
    team_then(coalesce(a.booked_by_id, a.rep_id), local_day(a.booked_at)) AS booked_team_id,
    coalesce(a.account_id, d.account_id, p.account_id) AS company_id, coalesce(p.top, 0) AS top,
    -- what each kind amounts to
    a.kind = 1 AND a.direction = 1 AS is_dial,
    a.outcome = 1 OR a.outcome = 0 AND a.duration_s >= setting_on('inferred_reach_seconds', local_day(a.moment)) AS is_reached,
    a.kind = 2 AND a.direction = 1 AND a.outcome <> 6 AS is_mail_sent,
    a.kind = 2 AND a.direction = 1 AND a.outcome = 6 AS is_bounced,
    a.kind = 3 AND a.direction = 1 AS is_text_sent,
    a.kind = 4 AND a.status = 2 AND NOT coalesce(p.all_declined, false) AS is_meeting_held
FROM activity a LEFT JOIN present p ON p.activity_id = a.id LEFT JOIN deal d ON d.id = a.deal_id
WHERE NOT a.is_internal AND a.id NOT IN (SELECT id FROM repeated);

-- Mails to people, each with the first human mail that came back: from that person, or, from somebody not on file,
-- in reply to it. Bounces and automatic replies are no answers, and our own mails never are.
CREATE TABLE mailed AS
WITH heard AS (
    SELECT a.*, p.contact_id FROM counted a LEFT JOIN activitycontact p ON p.activity_id = a.id AND p.part IN (0, 1)
    WHERE a.kind = 2 AND a.direction = 2 AND a.outcome NOT IN (6, 7)
)
SELECT a.id, p.contact_id, a.rep_id, a.team_id, a.moment, a.day,
    (SELECT min(h.moment) FROM heard h WHERE h.moment > a.moment
        AND (h.contact_id = p.contact_id OR h.contact_id IS NULL AND h.in_reply_to_id = a.id)) AS answered_at
FROM counted a JOIN activitycontact p ON p.activity_id = a.id
WHERE a.is_mail_sent AND p.part IN (0, 2) AND p.outcome <> 6;

CREATE TABLE two_way AS
SELECT DISTINCT a.deal_id, c.department, a.day
FROM counted a JOIN activitycontact p ON p.activity_id = a.id JOIN contact c ON c.id = p.contact_id
WHERE a.deal_id IS NOT NULL AND c.department <> '' AND (
    a.kind IN (2, 3) AND a.direction = 2 AND p.part IN (0, 1) AND a.outcome NOT IN (6, 7)
    OR a.is_meeting_held AND p.attended NOT IN (2, 3)
    OR a.kind = 1 AND a.is_reached);

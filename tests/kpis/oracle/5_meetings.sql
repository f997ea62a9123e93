-- What each deal's history had shown when an activity took place.
CREATE TABLE deal_then AS
SELECT a.id, arg_max(h.reached, h.ord) AS reached FROM counted a
JOIN history h ON h.deal_id = a.deal_id AND h.moment <= a.moment GROUP BY 1;

-- The part each person present had in the deal then: the deal's last word on them, else, where it has said none, their own.
CREATE TABLE role_then AS
WITH told AS (
    SELECT a.id, p.contact_id, c.buying_role, d.role, d.deal_id IS NOT NULL AS is_named,
        d.deal_id IS NOT NULL AND (d.from_at IS NULL OR d.from_at <= a.moment) AS is_known,
        coalesce(d.from_at, TIMESTAMPTZ '0001-01-01 00:00:00+00') AS since
    FROM counted a JOIN activitycontact p ON p.activity_id = a.id JOIN contact c ON c.id = p.contact_id
    LEFT JOIN dealcontact d ON d.deal_id = a.deal_id AND d.contact_id = p.contact_id
    WHERE a.is_meeting_held AND a.type = 'proposal_presentation' AND p.attended NOT IN (2, 3)
)
SELECT id, contact_id, CASE
    WHEN bool_or(is_named) AND NOT bool_or(is_known) THEN ''
    ELSE coalesce(nullif(arg_max(role, since) FILTER (WHERE is_known), ''), any_value(buying_role)) END AS role
FROM told GROUP BY 1, 2;

CREATE TABLE presenting AS
SELECT * FROM counted WHERE id IN (
    SELECT id FROM role_then GROUP BY 1
    HAVING count_if(role IN ('decision_maker', 'economic_buyer')) >= 1
        AND count_if(role IN ('decision_maker', 'economic_buyer', 'champion', 'influencer', 'procurement', 'legal', 'user')) >= 2);

-- From the reopening (the first time: from ever) to the close; on that very day where only the day of the close is known.
CREATE TABLE presented AS
WITH begun AS (SELECT deal_id, episode, min(moment) AS moment FROM history GROUP BY 1, 2
), dated AS (SELECT DISTINCT deal_id, episode, moment, milestone = 6 AS is_won FROM history WHERE is_dated AND milestone >= 6)
SELECT DISTINCT c.deal_id, c.episode FROM closing c
JOIN begun b ON b.deal_id = c.deal_id AND b.episode = c.episode
LEFT JOIN begun n ON n.deal_id = c.deal_id AND n.episode = c.episode + 1
LEFT JOIN dated d ON d.deal_id = c.deal_id AND d.episode = c.episode AND d.moment = c.closed_at AND d.is_won = c.is_won
JOIN presenting a ON a.deal_id = c.deal_id AND (c.episode = 1 OR a.moment >= b.moment)
    AND (n.moment IS NULL OR a.moment < n.moment) AND (a.moment <= c.closed_at OR d.deal_id IS NOT NULL AND a.day <= c.day);

CREATE VIEW handed_over AS
SELECT a.key, a.id, a.rep_id, a.team_id, m.type FROM done a JOIN activitymaterial l ON l.activity_id = a.id
JOIN material m ON m.id = l.material_id WHERE a.is_mail_sent OR a.is_dial OR a.is_text_sent OR a.is_meeting_held;

CREATE TABLE mail_cohort AS
WITH judged AS (
    SELECT p.key, m.*, setting_on('reply_window_days', m.day)::INTEGER AS days FROM mailed m
    JOIN period p ON m.day >= p.start_on AND m.day < p.end_on
)
SELECT *, day + days >= getvariable('today')::DATE AS inside, day + days < getvariable('today')::DATE
    AND coalesce(epoch_us(answered_at) - epoch_us(moment) <= days * 86400000000, false) AS hit,
    id IN (SELECT activity_id FROM activitymaterial) AS has_material
FROM judged;

INSERT INTO facts (measure, key, rep, team)
SELECT 'qualified_meetings', key, rep_id, team_id FROM done JOIN deal_then t USING (id) WHERE is_meeting_held AND t.reached >= 2
UNION ALL SELECT 'proposal_presentations', key, rep_id, team_id FROM done WHERE id IN (SELECT id FROM presenting)
UNION ALL SELECT 'proposal_presentations/sent', key, rep_id, team_id FROM done WHERE type = 'proposal_sent' AND outcome <> 6
UNION ALL SELECT 'materials_shared', key, rep_id, team_id FROM handed_over;

INSERT INTO facts (measure, key, rep, team, hit)
SELECT 'presentation_win_rate', key, rep_id, team_id, is_won FROM closed SEMI JOIN presented USING (deal_id, episode);

INSERT INTO facts (measure, key, rep, team, hit, inside)
SELECT 'material_response', key, rep_id, team_id, hit, inside FROM mail_cohort WHERE has_material
UNION ALL SELECT 'material_response/none', key, rep_id, team_id, hit, inside FROM mail_cohort WHERE NOT has_material;

INSERT INTO facts (measure, key, rep, team, hit, inside, grp)
SELECT 'materials_shared/types', key, rep_id, team_id, NULL, NULL, type FROM handed_over
UNION ALL SELECT 'materials_shared/' || CASE WHEN t.is_first THEN 'first' ELSE 'follow_up' END, key, rep_id, team_id, NULL, NULL, type
    -- somebody's first attempt is one, whoever else it followed up
    FROM handed_over h JOIN (SELECT activity_id, bool_or(is_first) AS is_first FROM attempting GROUP BY 1) t ON t.activity_id = h.id
UNION ALL SELECT 'material_response/types', c.key, c.rep_id, c.team_id, c.hit, c.inside, t.type FROM mail_cohort c
    JOIN (SELECT DISTINCT l.activity_id, m.type FROM activitymaterial l JOIN material m ON m.id = l.material_id) t ON t.activity_id = c.id;

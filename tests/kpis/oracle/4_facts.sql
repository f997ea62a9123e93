-- One row per thing counted: the measure, the period, who is credited, and what the row brings.
CREATE TABLE facts (measure VARCHAR, key VARCHAR, rep BIGINT, team BIGINT, hit BOOLEAN, inside BOOLEAN, cents BIGINT,
    thing BIGINT, us BIGINT, stage BIGINT, still BOOLEAN, grp VARCHAR);
CREATE VIEW done AS SELECT p.key, a.* FROM counted a JOIN period p ON a.day >= p.start_on AND a.day < p.end_on;
CREATE VIEW booked AS SELECT p.key, a.* FROM counted a JOIN period p ON a.booked_day >= p.start_on AND a.booked_day < p.end_on
    WHERE a.kind = 4;
CREATE VIEW closed AS SELECT p.key, c.* FROM closing c JOIN period p ON c.day >= p.start_on AND c.day < p.end_on;
CREATE VIEW created AS SELECT p.key, c.* FROM creating c JOIN period p ON c.day >= p.start_on AND c.day < p.end_on;
CREATE VIEW dialled AS SELECT a.key, a.rep_id, a.team_id, a.is_reached, a.moment, a.id, p.contact_id FROM done a
    JOIN activitycontact p ON p.activity_id = a.id WHERE a.is_dial;

INSERT INTO facts (measure, key, rep, team)
SELECT 'emails_sent', key, rep_id, team_id FROM done WHERE is_mail_sent
UNION ALL SELECT 'emails_sent/bounced', key, rep_id, team_id FROM done WHERE is_bounced
UNION ALL SELECT 'calls_made', key, rep_id, team_id FROM done WHERE is_dial
UNION ALL SELECT 'meetings_booked', key, booker_id, booked_team_id FROM booked
UNION ALL SELECT 'meetings_booked/cancelled', key, booker_id, booked_team_id FROM booked WHERE status = 3
UNION ALL SELECT 'meetings_held', key, rep_id, team_id FROM done WHERE is_meeting_held
UNION ALL SELECT 'meetings_held/cancelled', key, rep_id, team_id FROM done WHERE kind = 4 AND status = 3
UNION ALL SELECT 'meetings_held/no_show', key, rep_id, team_id FROM done WHERE kind = 4 AND status = 4
UNION ALL SELECT 'executive_meetings/unknown', key, rep_id, team_id FROM done WHERE is_meeting_held AND top = 0
UNION ALL SELECT 'pipeline_created/count', key, rep_id, team_id FROM created
UNION ALL SELECT 'deals_won', key, rep_id, team_id FROM closed WHERE is_won
UNION ALL SELECT 'deals_won/lost', key, rep_id, team_id FROM closed WHERE NOT is_won
UNION ALL SELECT 'prospects_open', key, rep_id, team_id FROM standing WHERE reached >= 3
UNION ALL SELECT 'nda_signed/unknown', key, rep_id, team_id FROM standing WHERE reached >= 3 AND nda = ''
UNION ALL SELECT 'reply_rate/sent', p.key, m.rep_id, m.team_id FROM mailed m JOIN period p ON m.day >= p.start_on AND m.day < p.end_on;

INSERT INTO facts (measure, key, rep, team, hit)
SELECT 'win_rate', key, rep_id, team_id, is_won FROM closed WHERE reached >= 2
UNION ALL SELECT 'reach_rate', key, rep_id, team_id, is_reached FROM done WHERE is_dial
UNION ALL SELECT 'executive_meetings', key, rep_id, team_id, top >= setting_on('executive_threshold', day) FROM done
    WHERE is_meeting_held AND top > 0
UNION ALL SELECT 'nda_signed', key, rep_id, team_id, is_nda_signed FROM standing WHERE reached >= 3 AND nda = 'needed';

INSERT INTO facts (measure, key, rep, team, hit, inside)
WITH firsts AS (
    SELECT p.key, m.* FROM mailed m JOIN period p ON m.day >= p.start_on AND m.day < p.end_on
    QUALIFY row_number() OVER (PARTITION BY p.key, m.rep_id, m.contact_id ORDER BY m.moment, m.id) = 1
), judged AS (SELECT *, setting_on('reply_window_days', day)::INTEGER AS days FROM firsts)
SELECT 'reply_rate', key, rep_id, team_id,
    day + days < getvariable('today')::DATE AND coalesce(epoch_us(answered_at) - epoch_us(moment) <= days * 86400000000, false),
    day + days >= getvariable('today')::DATE
FROM judged;

INSERT INTO facts (measure, key, rep, team, cents)
SELECT 'won_value', key, rep_id, team_id, cents FROM closed WHERE is_won
UNION ALL SELECT 'pipeline_created', key, rep_id, team_id, cents FROM created
UNION ALL SELECT 'prospects_volume', key, rep_id, team_id, cents FROM standing WHERE reached >= 3;

INSERT INTO facts (measure, key, rep, team, thing)
SELECT 'companies_contacted', key, rep_id, team_id, company_id FROM done
    WHERE company_id IS NOT NULL AND (is_mail_sent OR is_dial OR is_text_sent OR is_meeting_held);

-- Each of a rep's people once a period, credited to the team of the first dial (that reached them).
INSERT INTO facts (measure, key, rep, team)
SELECT 'reach_rate/people_dialled', key, rep_id, arg_min({'team': team_id}, (moment, id)).team FROM dialled
    GROUP BY key, rep_id, contact_id
UNION ALL SELECT 'reach_rate/people_reached', key, rep_id, arg_min({'team': team_id}, (moment, id)).team FROM dialled
    WHERE is_reached GROUP BY key, rep_id, contact_id;

INSERT INTO facts (measure, key, rep, team, us)
SELECT 'sales_cycle_days', key, rep_id, team_id, cycle_us FROM closed WHERE is_won AND cycle_us >= 0
UNION ALL SELECT 'sales_cycle_days/lost', key, rep_id, team_id, cycle_us FROM closed WHERE NOT is_won AND cycle_us >= 0
UNION ALL SELECT 'stage_days', key, rep_id, team_id, in_stage_us FROM standing
UNION ALL SELECT 'departments_involved', key, rep_id, team_id, departments FROM standing;

INSERT INTO facts (measure, key, rep, team, us, stage, still)
SELECT 'stage_days/visits', p.key, v.rep_id, v.team_id, v.us, v.stage_id, false
    FROM visiting v JOIN period p ON v.day >= p.start_on AND v.day < p.end_on
UNION ALL SELECT 'stage_days/visits', key, rep_id, team_id, in_stage_us, stage_id, true FROM standing;

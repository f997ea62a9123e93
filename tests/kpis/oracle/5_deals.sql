-- What was told of a deal and when; of each field the last word is the record's. A struct, since unknown is a word, too.
CREATE TABLE telling AS
SELECT c.deal_id, c.field, c.moment, {'value': CASE
    WHEN row_number() OVER (PARTITION BY c.deal_id, c.field ORDER BY c.moment DESC) > 1 THEN nullif(c.value, '')
    WHEN c.field = 'amount' THEN d.amount::VARCHAR WHEN c.field = 'cost' THEN d.cost::VARCHAR
    WHEN c.field = 'forecast' THEN d.forecast ELSE d.expected_close_on::VARCHAR END} AS told
FROM dealchange c JOIN deal d ON d.id = c.deal_id;
CREATE MACRO told_before(deal, what, instant, record) AS coalesce(
    (SELECT arg_max(told, moment) FROM telling t WHERE t.deal_id = deal AND t.field = what AND t.moment < instant),
    (SELECT arg_min(told, moment) FROM telling t WHERE t.deal_id = deal AND t.field = what), {'value': record::VARCHAR}).value;

CREATE TABLE qualifying AS
WITH passed AS (
    SELECT deal_id, episode, min(moment) FILTER (WHERE milestone BETWEEN 2 AND 6) AS moment,
        min(moment) FILTER (WHERE milestone BETWEEN 3 AND 6) AS requested_at
    FROM history GROUP BY ALL
)
SELECT *, local_day(moment) AS day, local_day(requested_at) - local_day(moment) AS days,
    owner_before(deal_id, just_after(moment)) AS rep_id, setting_on('qualified_window_days', local_day(moment))::INTEGER AS allowed
FROM passed WHERE moment IS NOT NULL;

CREATE TABLE pricing AS SELECT deal_id, "on" FROM dealfact WHERE kind IN ('pricing', 'procurement');

CREATE TABLE margins AS
SELECT c.*, cents(told_before(c.deal_id, 'cost', just_after(c.closed_at), d.cost)::DECIMAL(16,2), rate_on(c.currency, c.day)) AS cost_cents
FROM closed c JOIN deal d ON d.id = c.deal_id;

-- A word that changed the amount or the expected close, and what it said before.
CREATE TABLE turning AS
SELECT t.deal_id, t.field, t.moment, local_day(t.moment) AS day, t.told.value AS value
FROM telling t JOIN deal d ON d.id = t.deal_id
WHERE t.field IN ('amount', 'expected_close_on')
    AND t.told.value IS DISTINCT FROM told_before(t.deal_id, t.field, t.moment, NULL)
    -- 1000 and 1000.00 are one amount
    AND (t.field <> 'amount' OR TRY_CAST(t.told.value AS DECIMAL(16,2))
        IS DISTINCT FROM TRY_CAST(told_before(t.deal_id, t.field, t.moment, NULL) AS DECIMAL(16,2)));

CREATE TABLE prospects AS
SELECT s.key, s.deal_id, s.rep_id, s.team_id, s.as_of, s.over_at, d.amount AS own_amount, d.expected_close_on
FROM standing s JOIN deal d ON d.id = s.deal_id WHERE s.reached >= 3;

-- The last time each of the three was noted by then, and what the deal was worth and expected when that day was over.
CREATE TABLE noting AS
WITH noted AS (
    SELECT p.*, f.kind, max(f."on") AS noted_on FROM prospects p
    JOIN dealfact f ON f.deal_id = p.deal_id AND f."on" <= p.as_of AND f.kind IN ('scope', 'discount_range', 'timing') GROUP BY ALL
), measured AS (
    SELECT *, told_before(deal_id, 'amount', midnight(noted_on + 1), own_amount)::DECIMAL(16,2) AS amount,
        told_before(deal_id, 'expected_close_on', midnight(noted_on + 1), expected_close_on)::DATE AS close_on
    FROM noted
)
SELECT key, deal_id, kind FROM measured m WHERE NOT EXISTS (
    SELECT 1 FROM turning t WHERE t.deal_id = m.deal_id AND t.day > m.noted_on AND t.moment < m.over_at AND (
        t.field = 'amount' AND abs(TRY_CAST(t.value AS DECIMAL(16,2)) - m.amount) * 100 > abs(m.amount) * setting_on('manoeuvre_amount_change', t.day)
        OR t.field = 'expected_close_on' AND TRY_CAST(t.value AS DATE) - m.close_on > setting_on('manoeuvre_slip_days', t.day)));

CREATE TABLE attended AS
SELECT a.deal_id, a.day, a.booked_day,
    is_dial OR is_mail_sent OR is_text_sent OR is_meeting_held OR a.kind IN (2, 3) AND direction = 2 AND outcome NOT IN (6, 7)
        OR a.kind = 1 AND is_reached AS is_touch,
    a.kind = 4 AND status <> 3 AND NOT coalesce(p.all_declined, false) AS is_meeting
FROM counted a LEFT JOIN present p ON p.activity_id = a.id WHERE a.deal_id IS NOT NULL;

INSERT INTO facts (measure, key, rep, team, hit, inside)
SELECT 'qualified_conversion', p.key, q.rep_id, team_then(q.rep_id, q.day),
    coalesce(q.days <= q.allowed, false) AND q.day + q.allowed < getvariable('today')::DATE, q.day + q.allowed >= getvariable('today')::DATE
FROM qualifying q JOIN period p ON q.day >= p.start_on AND q.day < p.end_on;

INSERT INTO facts (measure, key, rep, team, us)
SELECT 'pricing_days#0', key, rep_id, team_id, (as_of - min("on")) * 86400000000 FROM standing s JOIN pricing p ON p.deal_id = s.deal_id
    WHERE p."on" <= s.as_of GROUP BY key, rep_id, team_id, as_of, s.deal_id
UNION ALL SELECT 'pricing_days/last_event', key, rep_id, team_id, (as_of - max("on")) * 86400000000
    FROM standing s JOIN pricing p ON p.deal_id = s.deal_id WHERE p."on" <= s.as_of GROUP BY key, rep_id, team_id, as_of, s.deal_id
UNION ALL SELECT 'pricing_days#1', key, rep_id, team_id, (day - min("on")) * 86400000000 FROM closed c JOIN pricing p ON p.deal_id = c.deal_id
    WHERE c.is_won AND p."on" <= c.day GROUP BY key, rep_id, team_id, day, c.deal_id, c.episode;

INSERT INTO facts (measure, key, rep, team, hit)
SELECT 'manoeuvre_known', key, rep_id, team_id, (SELECT count(*) FROM noting n WHERE n.key = p.key AND n.deal_id = p.deal_id) = 3 FROM prospects p
UNION ALL SELECT 'manoeuvre_known/' || kind, key, rep_id, team_id,
    EXISTS (SELECT 1 FROM noting n WHERE n.key = p.key AND n.deal_id = p.deal_id AND n.kind = k.kind)
    FROM prospects p, (VALUES ('scope'), ('discount_range'), ('timing')) k(kind)
UNION ALL SELECT 'manoeuvre_known/infosec', key, rep_id, team_id,
    EXISTS (SELECT 1 FROM dealfact f WHERE f.deal_id = p.deal_id AND f.kind = 'infosec_review' AND f."on" <= p.as_of) FROM prospects p
UNION ALL SELECT 'untouched_deals', key, rep_id, team_id, NOT EXISTS (
        SELECT 1 FROM attended a WHERE a.deal_id = s.deal_id AND (
            a.is_touch AND a.day <= s.as_of AND a.day > s.as_of - setting_on('untouched_days', s.as_of)::INTEGER
            OR a.is_meeting AND a.day > s.as_of AND coalesce(a.booked_day <= s.as_of, true)))
    FROM standing s
UNION ALL SELECT 'gross_margin/unknown_cost', key, rep_id, team_id, cost_cents IS NULL FROM margins WHERE is_won;

INSERT INTO facts (measure, key, rep, team, cents)
SELECT 'gross_margin#bottom', key, rep_id, team_id, cents FROM margins WHERE is_won AND cents IS NOT NULL AND cost_cents IS NOT NULL
UNION ALL SELECT 'gross_margin#top', key, rep_id, team_id, cents - cost_cents FROM margins
    WHERE is_won AND cents IS NOT NULL AND cost_cents IS NOT NULL;

CREATE TABLE awaited AS
WITH expecting AS (
    SELECT s.*, p.start_on, p.end_on, told_before(s.deal_id, 'expected_close_on', s.over_at, d.expected_close_on)::DATE AS close_on,
        told_before(s.deal_id, 'forecast', s.over_at, d.forecast) AS sure
    FROM standing s JOIN deal d ON d.id = s.deal_id JOIN period p ON p.key = s.key
)
SELECT * FROM expecting WHERE close_on >= start_on AND close_on < end_on;

INSERT INTO facts (measure, key, rep, team, cents, grp)
SELECT 'forecast_value', key, rep_id, team_id, cents, reached::VARCHAR FROM awaited;

INSERT INTO facts (measure, key, rep, team, hit, grp)
SELECT 'forecast_value/chances', key, rep_id, team_id, is_won, reached::VARCHAR FROM closed WHERE reached IS NOT NULL;

INSERT INTO facts (measure, key, rep, team, cents)
SELECT 'forecast_value/open', key, rep_id, team_id, cents FROM awaited
UNION ALL SELECT 'forecast_value/committed', key, rep_id, team_id, cents FROM awaited WHERE sure = 'committed'
UNION ALL SELECT 'forecast_value/best_case', key, rep_id, team_id, cents FROM awaited WHERE sure = 'best_case';

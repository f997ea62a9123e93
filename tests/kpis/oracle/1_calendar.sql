-- Days are the organisation's; periods are half-open; a state is looked at when the last day described is over.
SET VARIABLE zone = (SELECT coalesce(max(time_zone), 'UTC') FROM organisation);
SET VARIABLE own_currency = (SELECT coalesce(max(currency), 'EUR') FROM organisation);
SET VARIABLE fiscal_start = (SELECT coalesce(max(fiscal_year_start), 1) FROM organisation);

CREATE MACRO local_day(instant) AS CAST(instant AT TIME ZONE getvariable('zone') AS DATE);
CREATE MACRO midnight(day) AS timezone(getvariable('zone'), CAST(day AS TIMESTAMP));

CREATE TABLE fiscal AS
SELECT day, make_date(year(day) - (month(day) < getvariable('fiscal_start'))::INTEGER, getvariable('fiscal_start'), 1) AS year_on
FROM (SELECT unnest(generate_series(getvariable('first_day')::DATE, getvariable('today')::DATE, INTERVAL 1 DAY))::DATE AS day);

CREATE TABLE period AS
WITH named AS (
    SELECT strftime(day, '%G-W%V') AS key, date_trunc('week', day)::DATE AS start_on, (date_trunc('week', day) + INTERVAL 7 DAY)::DATE AS end_on
    FROM fiscal
    UNION SELECT strftime(day, '%Y-%m'), date_trunc('month', day)::DATE, (date_trunc('month', day) + INTERVAL 1 MONTH)::DATE FROM fiscal
    UNION SELECT year(year_on) || '-Q' || (number + 1), (year_on + to_months(3 * number))::DATE, (year_on + to_months(3 * number + 3))::DATE
    FROM (SELECT *, (datediff('month', year_on, date_trunc('month', day)) // 3)::INTEGER AS number FROM fiscal)
    UNION SELECT year(year_on)::VARCHAR, year_on, (year_on + INTERVAL 12 MONTH)::DATE FROM fiscal
    UNION SELECT 'last-30', getvariable('today')::DATE - 29, getvariable('today')::DATE + 1
    UNION SELECT 'last-90', getvariable('today')::DATE - 89, getvariable('today')::DATE + 1
    UNION SELECT 'rolling-12', (getvariable('today')::DATE + 1 - INTERVAL 12 MONTH)::DATE, getvariable('today')::DATE + 1
    UNION SELECT 'all', DATE '1900-01-01', getvariable('today')::DATE + 1
)
SELECT *, least(end_on - 1, getvariable('today')::DATE) AS as_of, midnight(least(end_on - 1, getvariable('today')::DATE) + 1) AS over_at
FROM named;

-- Each setting by the days it holds; the default holds until the first of its own.
CREATE TABLE setting_span AS
WITH known AS (
    SELECT * FROM (VALUES ('reply_window_days', '14', NULL::DATE, 0), ('inferred_reach_seconds', '120', NULL, 0),
        ('first_attempt_days', '180', NULL, 0), ('executive_threshold', 'director', NULL, 0), ('two_way_days', '90', NULL, 0),
        ('qualified_window_days', '90', NULL, 0), ('manoeuvre_amount_change', '10', NULL, 0), ('manoeuvre_slip_days', '30', NULL, 0),
        ('rating_stale_days', '90', NULL, 0), ('untouched_days', '14', NULL, 0),
        ('pressure_touches', '5', NULL, 0), ('pressure_days', '14', NULL, 0)) AS d(key, value, from_on, is_set)
    UNION ALL SELECT key, value, from_on, 1 FROM setting
), dated AS (SELECT *, coalesce(from_on, DATE '0001-01-01') AS since FROM known)
SELECT key, since, lead(since, 1, DATE '9999-01-01') OVER (PARTITION BY key ORDER BY since, is_set) AS until,
    CASE value WHEN 'staff' THEN 1 WHEN 'manager' THEN 2 WHEN 'director' THEN 3 WHEN 'vp' THEN 4 WHEN 'c_level' THEN 5
        WHEN 'owner' THEN 6 ELSE TRY_CAST(value AS DOUBLE) END AS value
FROM dated;
CREATE MACRO setting_on(name, day) AS (SELECT value FROM setting_span s WHERE s.key = name AND s.since <= day AND day < s.until);

-- The team a rep was in on a day; before the first known move, the first team known.
CREATE TABLE belonging AS
SELECT rep_id, team_id, CASE WHEN row_number() OVER moves = 1 THEN DATE '0001-01-01' ELSE from_on END AS since,
    lead(from_on, 1, DATE '9999-01-01') OVER moves AS until
FROM teammove WINDOW moves AS (PARTITION BY rep_id ORDER BY from_on)
UNION ALL SELECT id, team_id, DATE '0001-01-01', DATE '9999-01-01' FROM rep
WHERE team_id IS NOT NULL AND id NOT IN (SELECT rep_id FROM teammove);
CREATE MACRO team_then(rep, day) AS (SELECT team_id FROM belonging b WHERE b.rep_id = rep AND b.since <= day AND day < b.until);

CREATE TABLE above AS
WITH RECURSIVE line(team, above) AS (
    SELECT id, id FROM team UNION SELECT line.team, t.parent_id FROM line JOIN team t ON t.id = line.above WHERE t.parent_id IS NOT NULL
) SELECT * FROM line;

CREATE MACRO rate_on(money, day) AS CASE WHEN money IN ('', getvariable('own_currency')) THEN 1::DECIMAL(18,8) ELSE
    (SELECT arg_max(rate, "on") FROM exchangerate r WHERE r.currency = money AND r."on" <= day) END;
CREATE MACRO cents(amount, rate) AS CAST(round(amount * rate * 100, 0) AS BIGINT);

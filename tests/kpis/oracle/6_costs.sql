-- What selling cost: hours at the job's cost of the day, and a month's spend, that on a source by first attempts on it.
INSERT INTO facts (measure, key, rep, team, cents, grp)
WITH priced AS (
    SELECT e.rep_id, e."on" AS day, team_then(e.rep_id, e."on") AS team_id, cents(e.hours * j.hourly_cost, rate_on(j.currency, e."on")) AS cents,
        (e.hours * 100)::BIGINT AS hundredths
    FROM timeentry e JOIN rep r ON r.id = e.rep_id
    ASOF LEFT JOIN jobcost j ON j.job = r.job AND j.from_on <= e."on"
), tried AS (
    SELECT s.id AS spend_id, f.rep_id, f.team_id, f.day, row_number() OVER (PARTITION BY s.id ORDER BY f.day, f.rep_id, f.team_id NULLS LAST) AS place,
        count(*) OVER (PARTITION BY s.id) AS of_all
    FROM spend s JOIN attempting f ON f.is_first AND date_trunc('month', f.day) = s.month
    JOIN contact c ON c.id = f.contact_id JOIN account o ON o.id = c.account_id AND o.lead_source_id = s.lead_source_id
    WHERE f.rep_id IS NOT NULL AND (s.team_id IS NULL OR EXISTS (SELECT 1 FROM above u WHERE u.team = f.team_id AND u.above = s.team_id))
), spent AS (
    SELECT s.*, cents(s.amount, rate_on(s.currency, s.month)) AS cents FROM spend s
), cost AS (
    SELECT 'time' AS kind, day, rep_id, team_id, NULL AS source_id, cents FROM priced
    UNION ALL
    SELECT s.kind, t.day, t.rep_id, t.team_id, s.lead_source_id,
        sum(s.cents * t.place // t.of_all - s.cents * (t.place - 1) // t.of_all)
    FROM spent s JOIN tried t ON t.spend_id = s.id GROUP BY ALL
    UNION ALL
    SELECT kind, month, NULL, team_id, lead_source_id, cents FROM spent WHERE id NOT IN (SELECT spend_id FROM tried)
), placed AS (SELECT p.key, c.* FROM cost c JOIN period p ON c.day >= p.start_on AND c.day < p.end_on)
SELECT 'cost_per_conversion#top', key, rep_id, team_id, cents, NULL FROM placed
UNION ALL SELECT 'cost_per_conversion/by_kind', key, rep_id, team_id, cents,
    CASE kind WHEN 'time' THEN '1' WHEN 'lead' THEN '2' WHEN 'telephony' THEN '3' ELSE '4' END FROM placed
UNION ALL SELECT 'cost_per_conversion/by_source', key, rep_id, team_id, cents, source_id::VARCHAR FROM placed WHERE source_id IS NOT NULL
UNION ALL SELECT 'time_per_conversion#top', p.key, e.rep_id, e.team_id, e.hundredths, NULL
    FROM priced e JOIN period p ON e.day >= p.start_on AND e.day < p.end_on;

INSERT INTO facts (measure, key, rep, team, grp)
SELECT 'cost_per_conversion#bottom', key, rep_id, team_id, NULL FROM closed WHERE is_won
UNION ALL SELECT 'time_per_conversion#bottom', key, rep_id, team_id, NULL FROM closed WHERE is_won
UNION ALL SELECT 'cost_per_conversion/won_by_source', key, c.rep_id, c.team_id, d.lead_source_id::VARCHAR
    FROM closed c JOIN deal d ON d.id = c.deal_id WHERE c.is_won AND d.lead_source_id IS NOT NULL;

-- Leads by their source, and what became of them.
CREATE VIEW leads AS SELECT c.key, c.rep_id, c.team_id, d.lead_source_id::VARCHAR AS source, q.day IS NOT NULL AS is_qualified,
    coalesce(w.is_won, false) AS is_won, w.cents
FROM created c JOIN deal d ON d.id = c.deal_id
LEFT JOIN (SELECT deal_id, min(local_day(moment)) AS day FROM history WHERE milestone BETWEEN 2 AND 6 AND episode = 1 GROUP BY ALL) q ON q.deal_id = d.id
LEFT JOIN closing w ON w.deal_id = d.id AND w.episode = 1
WHERE d.lead_source_id IS NOT NULL;
INSERT INTO facts (measure, key, rep, team, hit, cents, grp)
SELECT 'source_quality', key, rep_id, team_id, is_qualified, NULL, NULL FROM leads
UNION ALL SELECT 'source_quality/by_source', key, rep_id, team_id, is_qualified, NULL, source FROM leads
UNION ALL SELECT 'source_quality/leads', key, rep_id, team_id, NULL, NULL, source FROM leads
UNION ALL SELECT 'source_quality/won', key, rep_id, team_id, NULL, NULL, source FROM leads WHERE is_won
UNION ALL SELECT 'source_quality/value', key, rep_id, team_id, NULL, cents, source FROM leads WHERE is_won;

-- The rappel: the highest tier an account's whole won value of the calendar year has reached, on each of its contracts.
INSERT INTO facts (measure, key, rep, team, cents)
WITH won AS (
    SELECT c.*, d.account_id, year(c.day) AS of_year FROM closing c JOIN deal d ON d.id = c.deal_id WHERE c.is_won
), bought AS (
    SELECT account_id, of_year, coalesce(sum(cents), 0) AS cents FROM won GROUP BY ALL
), rated AS (
    SELECT b.account_id, b.of_year, coalesce(arg_max(t.percent, t.from_amount) FILTER (WHERE t.from_amount * 100 <= b.cents), 0) AS percent
    FROM bought b JOIN rebatetier t ON t.account_id = b.account_id AND t.year = b.of_year GROUP BY ALL
)
SELECT 'rebate_accrued', p.key, w.rep_id, w.team_id, CAST(round(w.cents * r.percent / 100, 0) AS BIGINT)
FROM won w JOIN rated r ON r.account_id = w.account_id AND r.of_year = w.of_year
JOIN period p ON w.day >= p.start_on AND w.day < p.end_on WHERE w.cents IS NOT NULL;

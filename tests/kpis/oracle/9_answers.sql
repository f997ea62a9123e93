-- Everybody a row counts for: its rep, the team then and those above it, the organisation.
CREATE TABLE answers AS
WITH credited AS (
    SELECT 'organisation' AS kind, 0::BIGINT AS subject, * FROM facts
    UNION ALL SELECT 'rep', rep, * FROM facts WHERE rep IS NOT NULL
    UNION ALL SELECT 'team', above.above, facts.* FROM facts JOIN above ON above.team = facts.team
)
SELECT kind, subject, key, measure, count(*) AS n, count(*) FILTER (WHERE hit) AS hits, count(*) FILTER (WHERE inside) AS inside,
    coalesce(sum(cents), 0)::BIGINT AS cents, count(cents) AS known, list(DISTINCT thing ORDER BY thing) AS things,
    list(us ORDER BY us) AS sample
FROM credited WHERE stage IS NULL AND grp IS NULL GROUP BY ALL;

CREATE TABLE visit_answers AS
WITH credited AS (
    SELECT 'organisation' AS kind, 0::BIGINT AS subject, * FROM facts WHERE stage IS NOT NULL
    UNION ALL SELECT 'rep', rep, * FROM facts WHERE rep IS NOT NULL AND stage IS NOT NULL
    UNION ALL SELECT 'team', above.above, facts.* FROM facts JOIN above ON above.team = facts.team WHERE stage IS NOT NULL
)
SELECT kind, subject, key, measure, stage, list(us ORDER BY us) FILTER (WHERE NOT still) AS ended, list(us ORDER BY us) FILTER (WHERE still) AS open
FROM credited GROUP BY ALL;

-- Splits: the same figures for each group.
CREATE TABLE split_answers AS
WITH credited AS (
    SELECT 'organisation' AS kind, 0::BIGINT AS subject, * FROM facts WHERE grp IS NOT NULL
    UNION ALL SELECT 'rep', rep, * FROM facts WHERE rep IS NOT NULL AND grp IS NOT NULL
    UNION ALL SELECT 'team', above.above, facts.* FROM facts JOIN above ON above.team = facts.team WHERE grp IS NOT NULL
)
SELECT kind, subject, key, measure, grp, count(*) AS n, count(*) FILTER (WHERE hit) AS hits, count(*) FILTER (WHERE inside) AS inside,
    coalesce(sum(cents), 0)::BIGINT AS cents, count(cents) AS known, list(DISTINCT thing ORDER BY thing) AS things,
    list(us ORDER BY us) AS sample
FROM credited GROUP BY ALL;

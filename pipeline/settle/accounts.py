"""Accounts settled: whose each one was from which local day until which, cut wherever that rep changed team."""

from pipeline.models import Organisation

# An account begins when it was created or first given to somebody, whichever came first; where nobody knows, when we
# learnt of it. Its first known owner had it from the beginning; of several moves on one day the last one holds.
SPANS = """
CREATE TEMP TABLE settling_accounts ON COMMIT DROP AS
WITH begun AS (
    SELECT a.id, a.owner_id, coalesce(least(a.created_at, f.from_at), a.recorded_at) AS at, f.owner_id AS first_owner_id
    FROM pipeline_account a LEFT JOIN LATERAL (
        SELECT m.from_at, m.owner_id FROM pipeline_accountmove m WHERE m.account_id = a.id ORDER BY m.from_at LIMIT 1
    ) f ON true WHERE true {among}
), given AS (
    SELECT id AS account_id, at, coalesce(first_owner_id, owner_id) AS owner_id, 0 AS step FROM begun
    UNION ALL SELECT m.account_id, m.from_at, m.owner_id, 1 FROM pipeline_accountmove m JOIN begun b ON b.id = m.account_id
), daily AS (
    SELECT DISTINCT ON (account_id, day) account_id, owner_id, (at AT TIME ZONE %(zone)s)::date AS day
    FROM given ORDER BY account_id, day, at DESC, step DESC
), changed AS (
    SELECT *, row_number() OVER line = 1 OR owner_id <> lag(owner_id) OVER line AS is_new FROM daily
    WINDOW line AS (PARTITION BY account_id ORDER BY day)
), owned AS (
    SELECT account_id, owner_id, day AS from_day,
        coalesce(lead(day) OVER (PARTITION BY account_id ORDER BY day), date '2200-01-01') AS to_day
    FROM changed WHERE is_new
)
SELECT o.account_id, o.owner_id, t.team_id, greatest(o.from_day, t.from_on) AS from_day,
    nullif(least(o.to_day, t.to_on), date '2200-01-01') AS to_day
FROM owned o LEFT JOIN pipeline_team_span t
    ON t.rep_id = o.owner_id AND t.from_on < o.to_day AND t.to_on > o.from_day
"""
COLUMNS = ("account_id", "owner_id", "team_id", "from_day", "to_day")
ALIKE = "s.account_id = t.account_id AND " + " AND ".join(
    f"s.{name} IS NOT DISTINCT FROM t.{name}" for name in COLUMNS
)
DELETED = f"""
DELETE FROM pipeline_accountspan t
WHERE true {{among_spans}} AND NOT EXISTS (SELECT 1 FROM settling_accounts s WHERE {ALIKE})
"""
INSERTED = f"""
INSERT INTO pipeline_accountspan ({", ".join(COLUMNS)}) SELECT {", ".join(COLUMNS)} FROM settling_accounts s
WHERE NOT EXISTS (SELECT 1 FROM pipeline_accountspan t WHERE {ALIKE})
"""
MANY = 1_000  # so many new rows, and the planner must be told of them
AMONG = {"among": "AND a.id = ANY(%(ids)s)", "among_spans": "AND t.account_id = ANY(%(ids)s)"}
EVERYTHING = dict.fromkeys(AMONG, "")


def settle_accounts(cursor, ids: list[int] | None) -> None:
    """Write the spans of the accounts with these ids; None: of all. Rows that stay as they were are not touched."""
    if ids is not None and not ids:
        return
    params = {"zone": Organisation.current().time_zone, "ids": ids}
    among = EVERYTHING if ids is None else AMONG
    for statement in (SPANS, DELETED, INSERTED):
        cursor.execute(statement.format(**among), params)
    if cursor.rowcount > MANY:
        cursor.execute("ANALYZE pipeline_accountspan")
    cursor.execute("DROP TABLE settling_accounts")

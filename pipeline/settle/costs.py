"""What selling cost, by rep and day: logged hours at their job's cost, and the months' spend shared by first attempts.

Small tables beside the activities: each settling writes what differs of all of them.
"""

from datetime import date

from pipeline.models import Organisation

# Units of the organisation's currency on a day; none where no rate is known.
RATE = """CASE WHEN {currency} IN ('', %(own)s) THEN 1 ELSE (SELECT x.rate FROM pipeline_exchangerate x
    WHERE x.currency = {currency} AND x."on" <= {day} ORDER BY x."on" DESC LIMIT 1) END"""

TIME = f"""
SELECT 1 AS kind, e."on" AS day, e.rep_id, t.team_id, NULL::bigint AS lead_source_id,
    round(e.hours * 100)::int AS hours_100, round(e.hours * j.hourly_cost * j.rate * 100)::bigint AS cents,
    e.id AS time_entry_id, NULL::bigint AS spend_id
FROM pipeline_timeentry e JOIN pipeline_rep r ON r.id = e.rep_id
LEFT JOIN pipeline_team_span t ON t.rep_id = e.rep_id AND e."on" >= t.from_on AND e."on" < t.to_on
LEFT JOIN LATERAL (SELECT c.hourly_cost, {RATE.format(currency="c.currency", day='e."on"')} AS rate
    FROM pipeline_jobcost c WHERE c.job = r.job AND c.from_on <= e."on" ORDER BY c.from_on DESC LIMIT 1) j ON true
"""

# A month's lead spend goes to the first attempts on people of that source's accounts, each an equal share; whole cents
# by running total, so that the shares add up to the spend.
SPEND = f"""
SELECT CASE s.kind WHEN 'lead' THEN 2 WHEN 'telephony' THEN 3 ELSE 4 END, coalesce(f.day, s.month), f.rep_id,
    CASE WHEN f.day IS NULL THEN s.team_id ELSE f.team_id END, s.lead_source_id, NULL::int,
    CASE WHEN f.day IS NULL THEN s.cents ELSE s.cents * f.upto / f.total - s.cents * (f.upto - f.n) / f.total END,
    NULL::bigint, s.id
FROM (
    SELECT q.id, q.month, q.kind, q.lead_source_id, q.team_id,
        round(q.amount * {RATE.format(currency="q.currency", day="q.month")} * 100)::bigint AS cents
    FROM pipeline_spend q WHERE true {{among}}
) s LEFT JOIN (
    SELECT b.spend_id, b.day, b.rep_id, b.team_id, b.n, sum(b.n) OVER shares::bigint AS upto,
        sum(b.n) OVER (PARTITION BY b.spend_id)::bigint AS total
    FROM (
        SELECT s.id AS spend_id, a.day, a.rep_id, a.team_id, count(*) AS n
        FROM (SELECT * FROM pipeline_spend q WHERE true {{among}}) s
        JOIN pipeline_activity a ON a.attempt = 0 AND a.day >= s.month AND a.day < s.month + interval '1 month'
        JOIN pipeline_activitycontact p ON p.activity_id = a.id AND p.attempt = 0
        JOIN pipeline_contact c ON c.id = p.contact_id
        JOIN pipeline_account o ON o.id = c.account_id AND o.lead_source_id = s.lead_source_id
        WHERE a.rep_id IS NOT NULL AND (s.team_id IS NULL OR a.team_id IN (
            WITH RECURSIVE below(id) AS (
                SELECT s.team_id UNION SELECT u.id FROM pipeline_team u JOIN below ON u.parent_id = below.id
            ) SELECT id FROM below))
        GROUP BY 1, 2, 3, 4
    ) b WINDOW shares AS (PARTITION BY b.spend_id ORDER BY b.day, b.rep_id, b.team_id)
) f ON f.spend_id = s.id
"""
# A spend's shares lie where the first attempts on people of its source's accounts do.
LEAD_SPENDS = """
SELECT s.id FROM pipeline_spend s WHERE s.kind = 'lead' AND EXISTS (
    SELECT 1 FROM unnest(%s::bigint[], %s::date[]) m(lead_source_id, month)
    WHERE m.lead_source_id = s.lead_source_id AND coalesce(m.month = s.month, true))
"""
LEAD_MONTHS = """
SELECT DISTINCT o.lead_source_id, date_trunc('month', a.day)::date
FROM pipeline_activitycontact p JOIN pipeline_activity a ON a.id = p.activity_id
JOIN pipeline_contact c ON c.id = p.contact_id
JOIN pipeline_account o ON o.id = c.account_id AND o.lead_source_id IS NOT NULL
WHERE p.attempt = 0 AND p.contact_id = ANY(%s)
"""
COLUMNS = "kind, day, rep_id, team_id, lead_source_id, hours_100, cents, time_entry_id, spend_id"


def settle_costs(cursor) -> None:
    """Write what differs of all costs."""
    _write(cursor, [TIME, SPEND.format(among="")], "true", {})


def lead_months(cursor, contacts: set[int]) -> set[tuple[int, date | None]]:
    """(lead source, month) of the first attempts on these contacts, as settled so far; no month where a day was lost."""
    if not contacts:
        return set()
    cursor.execute(LEAD_MONTHS, [sorted(contacts)])
    return set(cursor.fetchall())


def settle_lead_spend(cursor, months: set[tuple[int, date | None]] | None) -> None:
    """Share the spend on these (lead source, month)s anew, None: on all: first attempts may have changed."""
    if months is None:
        cursor.execute("SELECT id FROM pipeline_spend WHERE kind = 'lead'")
    else:
        cursor.execute(LEAD_SPENDS, [[source for source, _ in months], [month for _, month in months]])
    if spends := [row[0] for row in cursor]:
        among = "t.kind = 2 AND t.spend_id = ANY(%(spends)s)"
        _write(cursor, [SPEND.format(among="AND q.id = ANY(%(spends)s)")], among, {"spends": spends})


def _write(cursor, selects: list[str], among: str, params: dict) -> None:
    """Make the costs `among` which these select the very rows they select."""
    params = params | {"own": Organisation.current().currency}
    cursor.execute(
        f"CREATE TEMP TABLE settling ON COMMIT DROP AS SELECT {COLUMNS} FROM pipeline_cost LIMIT 0"
    )
    for select in selects:
        cursor.execute(f"INSERT INTO settling ({COLUMNS}) {select}", params)
    same = " AND ".join(f"s.{name} IS NOT DISTINCT FROM t.{name}" for name in COLUMNS.split(", "))
    cursor.execute(
        f"DELETE FROM pipeline_cost t WHERE {among}"
        f" AND NOT EXISTS (SELECT 1 FROM settling s WHERE s.day = t.day AND {same})",
        params,
    )
    cursor.execute(
        f"INSERT INTO pipeline_cost ({COLUMNS}) SELECT {COLUMNS} FROM settling s"
        f" WHERE NOT EXISTS (SELECT 1 FROM pipeline_cost t WHERE t.day = s.day AND {same})"
    )
    cursor.execute("DROP TABLE settling")

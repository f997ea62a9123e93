"""Rebates (rappel): what each contract earns its account back, at the highest tier the account has reached in its year."""

# The account's whole won value of the year decides the tier, whoever won it; where it has tiers and reached none, nought.
REBATES = """
WITH tiered AS (SELECT DISTINCT account_id, year FROM pipeline_rebatetier),
won AS (
    SELECT e.id, d.account_id, extract(year FROM e.closed_day)::int AS year, e.amount_cents
    FROM pipeline_episode e JOIN pipeline_deal d ON d.id = e.deal_id
    WHERE e.outcome = 1 AND d.account_id IN (SELECT account_id FROM tiered)
), reached AS (
    SELECT t.account_id, t.year, coalesce((
        SELECT r.percent FROM pipeline_rebatetier r
        WHERE r.account_id = t.account_id AND r.year = t.year AND r.from_amount * 100 <= coalesce(sum(w.amount_cents), 0)
        ORDER BY r.from_amount DESC LIMIT 1), 0) AS percent
    FROM tiered t LEFT JOIN won w USING (account_id, year) GROUP BY 1, 2
), earned AS (
    SELECT w.id, round(w.amount_cents * r.percent / 100)::bigint AS cents FROM won w JOIN reached r USING (account_id, year)
)
UPDATE pipeline_episode e SET rebate_cents = x.cents
FROM (
    SELECT o.id, n.cents FROM pipeline_episode o LEFT JOIN earned n ON n.id = o.id
    WHERE o.rebate_cents IS NOT NULL OR n.cents IS NOT NULL
) x
WHERE x.id = e.id AND e.rebate_cents IS DISTINCT FROM x.cents
"""


def settle_rebates(cursor) -> None:
    """Write what differs; only accounts with tiers are looked at, and they are few."""
    cursor.execute(
        "SELECT EXISTS (SELECT 1 FROM pipeline_rebatetier)"
        " OR EXISTS (SELECT 1 FROM pipeline_episode WHERE rebate_cents IS NOT NULL)"
    )
    if cursor.fetchone()[0]:
        cursor.execute(REBATES)

"""What a sale took: the follow-ups of each episode, and which first attempt opened it. Settled after attempts."""

# Everybody a closed episode is about, each with the last first attempt on them before its end and after its
# beginning: those on file as the deal's contacts, and those who took part in its activities.
TRIES = """
WITH closes AS (
    SELECT e.id, e.deal_id, e.outcome, e.closed_at, lag(e.closed_at) OVER (PARTITION BY e.deal_id ORDER BY e.number) AS since
    FROM pipeline_episode e WHERE true {among}
), people AS (
    SELECT e.id, c.contact_id FROM closes e JOIN pipeline_dealcontact c ON c.deal_id = e.deal_id WHERE e.outcome <> 0
    UNION
    SELECT e.id, p.contact_id FROM closes e
    JOIN pipeline_activity a ON a.deal_id = e.deal_id AND a.at < e.closed_at AND a.duplicate_of_id IS NULL
        AND NOT a.is_internal
    JOIN pipeline_activitycontact p ON p.activity_id = a.id
    WHERE e.outcome <> 0
), tries AS (
    SELECT DISTINCT ON (e.id, p.contact_id) e.id AS episode_id, e.outcome, e.closed_at, q.id AS person_id, q.contact_id,
        a.id AS activity_id, a.at
    FROM people p JOIN closes e ON e.id = p.id
    JOIN pipeline_activitycontact q ON q.contact_id = p.contact_id AND q.attempt = 0
    JOIN pipeline_activity a ON a.id = q.activity_id AND a.at < e.closed_at AND (e.since IS NULL OR a.at >= e.since)
    ORDER BY e.id, p.contact_id, a.at DESC, a.id DESC
)
"""

FOLLOW_UPS = (
    TRIES
    + """, counted AS (
    SELECT t.episode_id, count(f.id) AS number
    FROM tries t LEFT JOIN (
        SELECT q.id, q.contact_id, a.at FROM pipeline_activitycontact q JOIN pipeline_activity a ON a.id = q.activity_id
        WHERE q.attempt > 0 AND q.contact_id IN (SELECT contact_id FROM tries)
    ) f ON f.contact_id = t.contact_id AND f.at >= t.at AND f.at < t.closed_at
    GROUP BY 1
)
UPDATE pipeline_episode e SET follow_ups = found.number
FROM (SELECT c.id, n.number FROM closes c LEFT JOIN counted n ON n.episode_id = c.id) found
WHERE found.id = e.id AND e.follow_ups IS DISTINCT FROM found.number
"""
)

# A sale counts once, for the earliest of its people's first attempts.
OPENED = (
    TRIES
    + """, opened AS (
    SELECT DISTINCT ON (episode_id) person_id, extract(epoch FROM closed_at - at) / 86400.0 AS days
    FROM tries WHERE outcome = 1 ORDER BY episode_id, at, activity_id, person_id
), soonest AS (SELECT person_id, min(days)::double precision AS days FROM opened GROUP BY 1)
UPDATE pipeline_activitycontact q SET won_days = found.days
FROM (
    SELECT p.id, s.days FROM pipeline_activitycontact p LEFT JOIN soonest s ON s.person_id = p.id
    WHERE p.won_days IS DISTINCT FROM s.days {among_people}
) found
WHERE found.id = q.id
"""
)
PEOPLE_IN = "SELECT contact_id FROM pipeline_activitycontact WHERE activity_id = ANY(%(ids)s)"
PEOPLE_OF = """
SELECT contact_id FROM pipeline_dealcontact WHERE deal_id = ANY(%(ids)s)
UNION SELECT p.contact_id FROM pipeline_activity a JOIN pipeline_activitycontact p ON p.activity_id = a.id
WHERE a.deal_id = ANY(%(ids)s)
"""
DEALS_IN = "SELECT deal_id FROM pipeline_activity WHERE id = ANY(%(ids)s) AND deal_id IS NOT NULL"
DEALS_OF = """
SELECT deal_id FROM pipeline_dealcontact WHERE contact_id = ANY(%(ids)s)
UNION SELECT a.deal_id FROM pipeline_activitycontact p JOIN pipeline_activity a ON a.id = p.activity_id
WHERE p.contact_id = ANY(%(ids)s) AND a.deal_id IS NOT NULL
"""


def settle_every_sale(cursor) -> None:
    """Work out follow-ups and openings of all deals."""
    cursor.execute(FOLLOW_UPS.format(among=""))
    cursor.execute(OPENED.format(among="", among_people=""))


def settle_sales(cursor, deals: set[int], contacts: set[int]) -> None:
    """Work out follow-ups and openings of these deals and of those of the contacts."""
    deals = deals | deals_of(cursor, contacts)
    # Whom a sale counts for depends on all of its people, and a first attempt may have opened another sale.
    people = contacts | people_of(cursor, deals)
    every = deals | deals_of(cursor, people)
    params = {"deals": sorted(every), "people": sorted(people)}
    cursor.execute(FOLLOW_UPS.format(among="AND e.deal_id = ANY(%(deals)s)"), params)
    cursor.execute(
        OPENED.format(
            among="AND e.deal_id = ANY(%(deals)s)", among_people="AND p.contact_id = ANY(%(people)s)"
        ),
        params,
    )


def people_of(cursor, deals) -> set[int]:
    """The contacts on file for these deals, and those who took part in their activities."""
    return _column(cursor, PEOPLE_OF, deals)


def people_in(cursor, activities) -> set[int]:
    return _column(cursor, PEOPLE_IN, activities)


def deals_in(cursor, activities) -> set[int]:
    return _column(cursor, DEALS_IN, activities)


def deals_of(cursor, contacts) -> set[int]:
    """The deals these contacts are on file for, or were touched in."""
    return _column(cursor, DEALS_OF, contacts)


def _column(cursor, sql: str, ids) -> set[int]:
    if not ids:
        return set()
    cursor.execute(sql, {"ids": sorted(ids)})
    return {row[0] for row in cursor}

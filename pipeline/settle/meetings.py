"""What deals and their people say of activities: how far the deal was, who was presented to, what was handed over.

And what that says of a deal's episodes in turn: how many presentations led to their close.
"""

from pipeline.models import Activity
from pipeline.settle.sources import STAGE_CHANGES

DECIDERS = "'decision_maker', 'economic_buyer'"
DECISION_TEAM = f"{DECIDERS}, 'champion', 'influencer', 'procurement', 'legal', 'user'"

# As its history told the deal at that moment: a win implies every milestone before it, a loss none. Changes and
# activities of a deal in one line, changes first where they fall together: what was reached runs along it.
REACHED = f"""
WITH history AS ({STAGE_CHANGES}), line AS (
    SELECT deal_id, at, NULL AS id, CASE WHEN milestone < 6 THEN milestone WHEN milestone = 6 THEN 5 END AS milestone
    FROM history
    UNION ALL SELECT deal_id, at, id, NULL FROM pipeline_activity WHERE deal_id = ANY(%(ids)s)
), reached AS (
    SELECT id, max(milestone) OVER (PARTITION BY deal_id ORDER BY at, id NULLS FIRST ROWS UNBOUNDED PRECEDING) AS milestone
    FROM line
)
UPDATE pipeline_activity a SET deal_reached = r.milestone FROM reached r
WHERE r.id = a.id AND a.deal_reached IS DISTINCT FROM r.milestone
"""
WITHOUT_DEAL = """
UPDATE pipeline_activity a SET deal_reached = NULL
WHERE a.deal_id IS NULL AND a.deal_reached IS NOT NULL {among}
"""

# The deal's own word on a contact's role goes before the contact's, and holds from when it says.
PRESENTED = f"""
WITH present AS (
    SELECT DISTINCT a.id, a.deal_id, a.at, p.contact_id, c.buying_role
    FROM pipeline_activity a JOIN pipeline_activitycontact p ON p.activity_id = a.id AND p.attended NOT IN (2, 3)
    JOIN pipeline_contact c ON c.id = p.contact_id
    WHERE a.kind = 4 AND a.status = 2 AND a.type = %(presented)s {{among}}
), cast_then AS (
    SELECT p.id, CASE WHEN r.role <> '' THEN r.role WHEN r.role IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM pipeline_dealcontact d WHERE d.deal_id = p.deal_id AND d.contact_id = p.contact_id
    ) THEN p.buying_role END AS role
    FROM present p LEFT JOIN LATERAL (
        SELECT d.role FROM pipeline_dealcontact d
        WHERE d.deal_id = p.deal_id AND d.contact_id = p.contact_id AND coalesce(d.from_at <= p.at, true)
        ORDER BY d.from_at DESC NULLS LAST LIMIT 1
    ) r ON true
), presented AS (
    SELECT id FROM cast_then GROUP BY 1
    HAVING count(*) FILTER (WHERE role IN ({DECIDERS})) >= 1 AND count(*) FILTER (WHERE role IN ({DECISION_TEAM})) >= 2
), said AS (
    SELECT a.id, EXISTS (SELECT 1 FROM presented r WHERE r.id = a.id) AS is_presentation,
        EXISTS (SELECT 1 FROM pipeline_activitymaterial m WHERE m.activity_id = a.id) AS has_material
    FROM pipeline_activity a WHERE true {{among}}
)
UPDATE pipeline_activity a SET is_presentation = s.is_presentation, has_material = s.has_material FROM said s
WHERE s.id = a.id AND (a.is_presentation, a.has_material) IS DISTINCT FROM (s.is_presentation, s.has_material)
"""

# Up to the close, or to the end of its day where no more than the day is known; the first episode's from ever.
PRESENTATIONS = f"""
WITH dated AS (
    SELECT DISTINCT h.deal_id, h.at, h.milestone FROM ({STAGE_CHANGES}) h WHERE h.is_dated
), life AS (
    SELECT e.*, lead(e.opened_at) OVER (PARTITION BY e.deal_id ORDER BY e.number) AS reopened_at,
        d.deal_id IS NOT NULL AS is_dated
    FROM pipeline_episode e
    LEFT JOIN dated d ON d.deal_id = e.deal_id AND d.at = e.closed_at AND d.milestone = e.outcome + 5
    WHERE e.deal_id = ANY(%(ids)s)
), counted AS (
    SELECT l.id, count(a.id) AS presentations FROM life l
    LEFT JOIN pipeline_activity a ON a.deal_id = l.deal_id AND a.is_presentation AND a.duplicate_of_id IS NULL
        AND NOT a.is_internal AND (l.number = 1 OR a.at >= l.opened_at) AND coalesce(a.at < l.reopened_at, true)
        AND (l.closed_at IS NULL OR a.at <= l.closed_at OR l.is_dated AND a.day <= l.closed_day)
    GROUP BY 1
)
UPDATE pipeline_episode e SET presentations = c.presentations FROM counted c
WHERE c.id = e.id AND e.presentations <> c.presentations
"""


def settle_meetings(cursor, activity_ids: list[int] | None) -> None:
    """Settle who was presented to and what was handed over in these activities; None: in all of them."""
    if activity_ids is not None and not activity_ids:
        return
    among = "" if activity_ids is None else "AND a.id = ANY(%(ids)s)"
    params = {"ids": activity_ids, "presented": Activity.PROPOSAL_PRESENTED}
    for statement in (PRESENTED, WITHOUT_DEAL):
        cursor.execute(statement.format(among=among), params)


def settle_meetings_of_deals(cursor, deal_ids: list[int]) -> None:
    """Settle how far these deals were at each of their activities, and their episodes' presentations."""
    for statement in (REACHED, PRESENTATIONS):
        cursor.execute(statement, {"ids": deal_ids})


def deals_of(cursor, activity_ids: list[int]) -> set[int]:
    """The deals these activities are about."""
    cursor.execute(
        "SELECT DISTINCT deal_id FROM pipeline_activity WHERE id = ANY(%s) AND deal_id IS NOT NULL",
        [activity_ids],
    )
    return {row[0] for row in cursor}

"""Attempts: which touches of a person were the organisation's first, and which followed them up.

The clock is the contact's, whoever of us touched them: a person's touches are worked out together, from the first on.
"""

from pipeline.settle.held import setting_on

# A mail counts for those it was sent to, unless it bounced; one that came in, for its human sender.
OUT = """a.direction = 1 AND (a.kind IN (1, 3)
    OR a.kind = 2 AND a.outcome <> 6 AND p.part IN (0, 2) AND p.outcome <> 6)"""
IN = """a.direction = 2 AND a.outcome NOT IN (6, 7) AND (a.kind IN (1, 3) OR a.kind = 2 AND p.part IN (0, 1))"""
HELD = "a.kind = 4 AND a.status = 2 AND NOT a.is_declined AND p.attended NOT IN (2, 3)"

# A run is a line of touches without a silence of so many days; only its first touch can be a first attempt, and
# the run is over for us once a deal the person has a part in is won or lost after that.
ATTEMPTS = f"""
WITH touches AS (
    SELECT p.id, p.contact_id, a.id AS activity_id, a.at, a.day, a.deal_id, a.kind <> 4 AND a.direction = 1 AS is_ours,
        a.at - lag(a.at) OVER line AS silence, a.id IS NOT DISTINCT FROM lag(a.id) OVER line AS is_repeat
    FROM pipeline_activitycontact p JOIN pipeline_activity a ON a.id = p.activity_id
    WHERE a.duplicate_of_id IS NULL AND NOT a.is_internal AND ({OUT} OR {IN} OR {HELD}) {{among}}
    WINDOW line AS (PARTITION BY p.contact_id ORDER BY a.at, a.id, p.id)
), parted AS (
    SELECT *, NOT is_repeat AND (silence IS NULL OR silence >= make_interval(secs => 86400.0 * {{days}})) AS is_start
    FROM touches
), runs AS (
    SELECT *, count(*) FILTER (WHERE is_start) OVER line AS run FROM parted
    WINDOW line AS (PARTITION BY contact_id ORDER BY at, activity_id, id)
), attempted AS (
    SELECT *, first_value(is_ours) OVER line AS is_attempted, first_value(at) OVER line AS first_at,
        count(*) FILTER (WHERE is_ours AND NOT is_repeat) OVER line - 1 AS number
    FROM runs WINDOW line AS (PARTITION BY contact_id, run ORDER BY at, activity_id, id)
), parts AS (
    SELECT contact_id, run, first_at, deal_id, min(at) AS since FROM attempted
    WHERE is_attempted AND deal_id IS NOT NULL GROUP BY 1, 2, 3, 4
    UNION ALL
    SELECT a.contact_id, a.run, a.first_at, d.deal_id, a.first_at
    FROM attempted a JOIN pipeline_dealcontact d ON d.contact_id = a.contact_id WHERE a.is_attempted AND a.number = 0
), ends AS (
    SELECT t.contact_id, t.run, min(greatest(t.since, e.closed_at)) AS at
    FROM parts t JOIN pipeline_episode e ON e.deal_id = t.deal_id AND e.outcome <> 0 AND e.closed_at > t.first_at
    GROUP BY 1, 2
), judged AS (
    SELECT a.id, a.number FROM attempted a LEFT JOIN ends e ON e.contact_id = a.contact_id AND e.run = a.run
    WHERE a.is_attempted AND a.is_ours AND NOT a.is_repeat AND (e.at IS NULL OR a.at < e.at)
)
UPDATE pipeline_activitycontact q SET attempt = found.number
FROM (
    SELECT p.id, j.number FROM pipeline_activitycontact p LEFT JOIN judged j ON j.id = p.id
    WHERE p.attempt IS DISTINCT FROM j.number {{among}}
) found
WHERE found.id = q.id
"""
AMONG = "AND p.contact_id = ANY(%(contacts)s)"

BEST = """
UPDATE pipeline_activity b SET attempt = found.attempt
FROM (
    SELECT a.id, min(p.attempt) AS attempt
    FROM pipeline_activity a LEFT JOIN pipeline_activitycontact p ON p.activity_id = a.id
    WHERE true {among} GROUP BY a.id HAVING a.attempt IS DISTINCT FROM min(p.attempt)
) found
WHERE found.id = b.id
"""
AMONG_THEIRS = """AND a.id IN (SELECT unnest(%(activities)s::bigint[])
    UNION SELECT activity_id FROM pipeline_activitycontact WHERE contact_id = ANY(%(contacts)s))"""


def settle_attempts(cursor, contacts: list[int] | None, activities: list[int]) -> None:
    """Work out the attempts on these contacts and note the best one of each activity; None: of everybody."""
    params = {"contacts": contacts, "activities": activities}
    among, theirs = ("", "") if contacts is None else (AMONG, AMONG_THEIRS)
    days = setting_on("first_attempt_days", "day")
    cursor.execute(ATTEMPTS.format(among=among, days=days), params)
    cursor.execute(BEST.format(among=theirs), params)
    if contacts is None:  # the planner last saw a column without attempts
        cursor.execute("ANALYZE pipeline_activitycontact (attempt, contact_id, activity_id)")

"""Activities settled by set-based SQL: local days, teams then, company meant, seniority present, repeats."""

from pipeline.models import Organisation

# A meeting's attendee counts as present unless said otherwise.
PRESENT = "p.attended NOT IN (2, 3)"

PEOPLE = """
UPDATE pipeline_activitycontact p SET rep_id = a.rep_id
FROM pipeline_activity a
WHERE a.id = p.activity_id AND p.rep_id IS DISTINCT FROM a.rep_id {among_people}
"""

SETTLED = f"""
WITH people AS (
    SELECT p.activity_id, max(c.seniority) FILTER (WHERE {PRESENT}) AS top, bool_and(p.attended = 3) AS all_declined,
        (array_agg(c.account_id ORDER BY p.id))[1] AS account_id
    FROM pipeline_activitycontact p JOIN pipeline_contact c ON c.id = p.contact_id
    WHERE true {{among_people}} GROUP BY 1
), local AS (
    SELECT a.id, (a.at AT TIME ZONE %(zone)s)::date AS day, (a.booked_at AT TIME ZONE %(zone)s)::date AS booked_day,
        coalesce(a.booked_by_id, a.rep_id) AS booker_id, coalesce(a.account_id, d.account_id, p.account_id) AS company_id,
        coalesce(p.top, 0) AS top, a.kind = 4 AND coalesce(p.all_declined, false) AS is_declined
    FROM pipeline_activity a LEFT JOIN people p ON p.activity_id = a.id LEFT JOIN pipeline_deal d ON d.id = a.deal_id
    WHERE true {{among}}
), settled AS (
    SELECT l.*, t.team_id, b.team_id AS booked_team_id FROM local l JOIN pipeline_activity a ON a.id = l.id
    LEFT JOIN pipeline_team_span t ON t.rep_id = a.rep_id AND l.day >= t.from_on AND l.day < t.to_on
    LEFT JOIN pipeline_team_span b ON b.rep_id = l.booker_id AND l.booked_day >= b.from_on AND l.booked_day < b.to_on
)
UPDATE pipeline_activity a SET day = s.day, booked_day = s.booked_day, booker_id = s.booker_id, team_id = s.team_id,
    booked_team_id = s.booked_team_id, company_id = s.company_id, top_seniority = s.top, is_declined = s.is_declined
FROM settled s
WHERE s.id = a.id AND (a.day, a.booked_day, a.booker_id, a.team_id, a.booked_team_id, a.company_id, a.top_seniority,
    a.is_declined) IS DISTINCT FROM (s.day, s.booked_day, s.booker_id, s.team_id, s.booked_team_id, s.company_id,
    s.top::smallint, s.is_declined)
"""

# The same mail or meeting, by its provider's id, counts once: the row we learnt first stands.
REPEATED_BY_ID = """
WITH kin AS (
    SELECT a.id, first_value(a.id) OVER (PARTITION BY a.kind, a.provider_id ORDER BY a.id) AS first_id
    FROM pipeline_activity a WHERE a.provider_id <> '' {among_kin}
)
UPDATE pipeline_activity a SET duplicate_of_id = nullif(k.first_id, k.id) FROM kin k
WHERE k.id = a.id AND a.duplicate_of_id IS DISTINCT FROM nullif(k.first_id, k.id)
RETURNING a.id
"""
AMONG_KIN = """AND (a.kind, a.provider_id) IN (
    SELECT kind, provider_id FROM pipeline_activity WHERE id = ANY(%(ids)s) AND provider_id <> '')"""

# A call without a provider's id repeats the one by the same rep to the same person up to 60 s before.
REPEATED_CALLS = """
WITH kin AS (
    SELECT a.id, lag(a.id) OVER person AS before_id, a.at - lag(a.at) OVER person AS gap
    FROM pipeline_activity a JOIN pipeline_activitycontact p ON p.activity_id = a.id
    WHERE a.kind = 1 AND a.provider_id = '' AND a.rep_id IS NOT NULL {among_calls}
    WINDOW person AS (PARTITION BY a.rep_id, p.contact_id, a.direction ORDER BY a.at, a.id)
), judged AS (
    SELECT id, min(before_id) FILTER (WHERE before_id <> id AND gap <= interval '60 seconds') AS before_id
    FROM kin GROUP BY id
)
UPDATE pipeline_activity a SET duplicate_of_id = j.before_id FROM judged j
WHERE j.id = a.id AND a.duplicate_of_id IS DISTINCT FROM j.before_id {among_judged}
RETURNING a.id
"""
# Calls to the same people are judged anew, each by everybody who was on the line.
AMONG_JUDGED = """AND a.id IN (SELECT p.activity_id FROM pipeline_activitycontact p WHERE p.contact_id IN (
    SELECT contact_id FROM pipeline_activitycontact WHERE activity_id = ANY(%(ids)s)))"""
AMONG_CALLS = (
    """AND p.contact_id IN (
    SELECT line.contact_id FROM pipeline_activitycontact line JOIN pipeline_activity a ON a.id = line.activity_id
    WHERE a.kind = 1 """
    + AMONG_JUDGED
    + ")"
)

# What can repeat nothing any more: no provider's id, and no call by a known rep to a known person.
UNREPEATED = """
UPDATE pipeline_activity a SET duplicate_of_id = NULL
WHERE a.duplicate_of_id IS NOT NULL AND a.provider_id = '' AND (a.kind <> 1 OR a.rep_id IS NULL
    OR NOT EXISTS (SELECT 1 FROM pipeline_activitycontact p WHERE p.activity_id = a.id)) {among}
RETURNING a.id
"""

AMONG = {
    "among": "AND a.id = ANY(%(ids)s)",
    "among_people": "AND p.activity_id = ANY(%(ids)s)",
    "among_kin": AMONG_KIN,
    "among_calls": AMONG_CALLS,
    "among_judged": AMONG_JUDGED,
}
EVERYTHING = dict.fromkeys(AMONG, "")


def settle_activities(cursor, ids: list[int] | None) -> list[int]:
    """Settle the activities with these ids; None: all of them. Returns those that began or ceased to be repeats."""
    if ids is not None and not ids:
        return []
    params = {"zone": Organisation.current().time_zone, "ids": ids}
    among = EVERYTHING if ids is None else AMONG
    for statement in (PEOPLE, SETTLED):
        cursor.execute(statement.format(**among), params)
    changed = []
    for statement in (UNREPEATED, REPEATED_BY_ID, REPEATED_CALLS):
        cursor.execute(statement.format(**among), params)
        changed += [row[0] for row in cursor]
    return changed

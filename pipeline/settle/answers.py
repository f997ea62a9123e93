"""When each person answered: a mail by their first human mail to us after it, in the thread or not; a text by a text."""

# Direction follows the sender's domain, so a rep's own follow-up in the thread is never an answer; nor are
# bounces (6) and automatic replies (7). What came in the very same instant is none either. (Said by `EXCLUDE GROUP`, a
# busy address would take the square of its mails.)
ANSWERS = """
WITH sent AS (
    SELECT p.id, p.contact_id, a.id AS activity_id, a.at, a.kind,
        a.direction = 1 AND (a.kind = 3 OR p.part IN (0, 2)) AS is_ours,
        a.direction = 2 AND p.part IN (0, 1) AND a.outcome NOT IN (6, 7) AS is_theirs
    FROM pipeline_activitycontact p JOIN pipeline_activity a ON a.id = p.activity_id
    WHERE a.kind IN (2, 3) AND a.duplicate_of_id IS NULL AND NOT a.is_internal {among}
), next AS (
    SELECT m.id, m.contact_id, m.activity_id, m.at, m.kind, m.is_ours, min(m.at) FILTER (WHERE m.is_theirs) OVER (
        PARTITION BY m.contact_id, m.kind ORDER BY m.at DESC
        RANGE BETWEEN UNBOUNDED PRECEDING AND interval '1 microsecond' PRECEDING
    ) AS person_at
    FROM sent m
), thread AS (
    -- a reply whose sender is not on file still answers the mail it replies to
    SELECT m.activity_id, min(r.at) AS thread_at FROM sent m
    JOIN pipeline_activity r ON r.in_reply_to_id = m.activity_id AND r.kind = 2 AND r.direction = 2
        AND r.outcome NOT IN (6, 7) AND r.at > m.at AND r.duplicate_of_id IS NULL AND NOT r.is_internal
    WHERE m.is_ours AND m.kind = 2 AND NOT EXISTS (
        SELECT 1 FROM pipeline_activitycontact f WHERE f.activity_id = r.id AND f.part IN (0, 1))
    GROUP BY 1
), answered AS (
    SELECT n.id, n.contact_id, n.activity_id, n.kind, n.at AS sent_at,
        CASE WHEN n.is_ours THEN least(n.person_at, t.thread_at) END AS at
    FROM next n LEFT JOIN thread t USING (activity_id)
), found AS (
    SELECT n.id, n.at, extract(epoch FROM n.at - n.sent_at) / 86400.0 AS days,
        least(min(p.activity_id), min(r.id)) AS answer_id FROM answered n
    LEFT JOIN sent p ON p.contact_id = n.contact_id AND p.kind = n.kind AND p.at = n.at AND p.is_theirs
    LEFT JOIN pipeline_activity r ON r.in_reply_to_id = n.activity_id AND n.kind = 2 AND r.at = n.at AND r.kind = 2
        AND r.direction = 2 AND r.duplicate_of_id IS NULL
    GROUP BY 1, 2, 3
)
UPDATE pipeline_activitycontact p SET answered_at = f.at, answer_id = f.answer_id, answer_days = f.days FROM found f
WHERE f.id = p.id AND (p.answered_at, p.answer_id, p.answer_days)
    IS DISTINCT FROM (f.at, f.answer_id, f.days::double precision)
"""

AMONG = """AND p.contact_id IN (
    SELECT contact_id FROM pipeline_activitycontact WHERE activity_id = ANY(%(ids)s)
    UNION SELECT contact_id FROM pipeline_activitycontact q JOIN pipeline_activity r ON r.in_reply_to_id = q.activity_id
        WHERE r.id = ANY(%(ids)s)
    UNION SELECT unnest(%(contacts)s::bigint[]))"""


def match_answers(cursor, activity_ids: list[int] | None, contact_ids) -> None:
    """Match mails, texts and answers of everyone who is part of these activities; None: of everyone."""
    if activity_ids is not None and not activity_ids and not contact_ids:
        return
    among = "" if activity_ids is None else AMONG
    cursor.execute(ANSWERS.format(among=among), {"ids": activity_ids, "contacts": list(contact_ids)})

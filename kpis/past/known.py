"""Known then, known now: a figure as it stood at the end of a past day, from the versions `kpis.past.triggers` keeps.

What weighs a figure from outside its records (targets, the organisation's chances) is taken as it is now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import orjson
from django.db import connection

from kpis.past.triggers import DAYS_KEPT
from kpis.periods import STORED, Calendar, Period
from kpis.readings import Card, put_together
from kpis.subjects import Subject

KINDS = {"rep": "member"}
DAY = timedelta(days=1)
# Of each snapshot the version in force at a moment: the past one valid then, else today's if it is older.
VERSIONS = """
SELECT DISTINCT ON (kind, subject_id, team_id, period) kind, subject_id, period, pieces::text, known_from FROM (
    SELECT kind, subject_id, team_id, period, pieces, known_from FROM kpis_pastsnapshot
    WHERE (kind, subject_id) IN (SELECT * FROM unnest(%(kinds)s::text[], %(ids)s::bigint[]))
        AND period = ANY(%(periods)s) AND known_from < %(moment)s AND known_until >= %(moment)s
    UNION ALL
    SELECT kind, subject_id, team_id, period, pieces, computed_at FROM kpis_snapshot
    WHERE (kind, subject_id) IN (SELECT * FROM unnest(%(kinds)s::text[], %(ids)s::bigint[]))
        AND period = ANY(%(periods)s) AND computed_at < %(moment)s
) versions ORDER BY kind, subject_id, team_id, period, known_from DESC
"""
FIRST = """
SELECT kind, subject_id, min(at) FROM (
    SELECT kind, subject_id, computed_at AS at FROM kpis_snapshot UNION ALL
    SELECT kind, subject_id, known_from FROM kpis_pastsnapshot
) versions WHERE (kind, subject_id) IN (SELECT * FROM unnest(%(kinds)s::text[], %(ids)s::bigint[]))
GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Known:
    """Cards by (subject, period key) as they stood; absent where nothing had been computed of the subject yet."""

    moment: datetime
    cards: dict[tuple[Subject, str], Card]
    first_at: dict[Subject, datetime]

    def card(self, subject: Subject, period: Period) -> Card | None:
        return self.cards.get((subject, period.key))


def known_on(subjects: Sequence[Subject], periods: Sequence[Period], day: date) -> Known:
    """What was known of these subjects and calendar periods when a local day ended; a fixed number of queries.

    Periods that are no calendar periods have no past, and cards of them are absent.
    """
    calendar = Calendar.current()
    moment = calendar.midnight(day + DAY)
    dated = [period for period in periods if period.kind in STORED]
    asked: dict[str, Any] = {
        "kinds": [KINDS.get(subject.kind, subject.kind) for subject in subjects],
        "ids": [subject.id for subject in subjects],
        "periods": [period.key for period in dated],
        "moment": moment,
    }
    by_key = {(kind, pk): s for kind, pk, s in zip(asked["kinds"], asked["ids"], subjects, strict=True)}
    pieces, latest = _versions(by_key, asked)
    with connection.cursor() as cursor:
        cursor.execute(FIRST, asked)
        first_at = {by_key[kind, pk]: at for kind, pk, at in cursor}
    begun = [subject for subject in subjects if subject in first_at and first_at[subject] < moment]
    if day < oldest_day(calendar.today()):
        begun = []
    fresh = {subject: (latest.get(subject, first_at[subject]), 0) for subject in begun}
    return Known(moment, put_together(begun, dated, pieces, fresh), first_at)


def oldest_day(today: date) -> date:
    """The first day of which everything that was known is still kept."""
    return today - (DAYS_KEPT - 1) * DAY


def _versions(by_key: dict, asked: dict) -> tuple[dict, dict]:
    """(pieces by subject and period key, the moment the newest of each subject's was computed)."""
    pieces: dict[tuple[Subject, str], list[dict]] = {}
    latest: dict[Subject, datetime] = {}
    with connection.cursor() as cursor:
        cursor.execute(VERSIONS, asked)
        for kind, pk, period, text, at in cursor:
            subject = by_key[kind, pk]
            pieces.setdefault((subject, period), []).append(orjson.loads(text))
            latest[subject] = max(at, latest.get(subject, at))
    return pieces, latest

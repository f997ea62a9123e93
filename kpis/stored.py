"""What the recompute has left for the pages: pieces of snapshots, how fresh they are, since when each is captured."""

from collections.abc import Sequence
from datetime import date, datetime

import orjson
from django.db import connection

from kpis.models import Capture, Freshness
from kpis.periods import Period
from kpis.subjects import Subject


def versions(subjects: Sequence[Subject]) -> dict[Subject, int]:
    """How often each subject's figures changed; a subject never computed has no version."""
    return {subject: version for subject, (_at, version) in freshness(list(subjects)).items()}


def captured() -> dict[str, date]:
    return dict(Capture.objects.values_list("measure", "first_on"))


def freshness(subjects: list[Subject]) -> dict[Subject, tuple[datetime, int]]:
    found = Freshness.objects.filter(subject_id__in=[subject.id for subject in subjects])
    kinds = {"member": "rep"}
    rows = {
        Subject(kinds.get(row.kind, row.kind), row.subject_id): (row.computed_at, row.version)
        for row in found
    }
    return {subject: rows[subject] for subject in subjects if subject in rows}


def named_pieces(
    subjects: list[Subject], periods: list[Period], names: list[str]
) -> dict[tuple[Subject, str], list[dict]]:
    """Only the pieces of these names, of calendar periods, by subject and period key."""
    kinds = {"rep": "member"}
    wanted = {(kinds.get(s.kind, s.kind), s.id): s for s in subjects}
    found: dict[tuple[Subject, str], dict[int, dict]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.id, s.kind, s.subject_id, s.period, n.name, (s.pieces -> n.name)::text"
            " FROM kpis_snapshot s, unnest(%s::text[]) n(name) WHERE (s.kind, s.subject_id) IN"
            " (SELECT * FROM unnest(%s::text[], %s::bigint[])) AND s.period = ANY(%s) AND s.pieces ? n.name",
            [names, [kind for kind, _ in wanted], [pk for _, pk in wanted], [p.key for p in periods]],
        )
        for row, kind, pk, key, name, piece in cursor:
            pieces = found.setdefault((wanted[kind, pk], key), {}).setdefault(row, {})
            pieces[name] = orjson.loads(piece)
    return {place: list(rows.values()) for place, rows in found.items()}


def stored_pieces(subjects: list[Subject], periods: list[Period]) -> dict[tuple[Subject, str], list[dict]]:
    """Pieces by subject and period key; a rolling snapshot of another day does not stand for today's."""
    kinds = {"rep": "member"}
    wanted = {(kinds.get(s.kind, s.kind), s.id): s for s in subjects}
    ends = {period.key: period.end for period in periods}
    found: dict[tuple[Subject, str], list[dict]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT kind, subject_id, period, "end", pieces::text FROM kpis_snapshot'
            " WHERE (kind, subject_id) IN (SELECT * FROM unnest(%s::text[], %s::bigint[])) AND period = ANY(%s)",
            [[kind for kind, _ in wanted], [pk for _, pk in wanted], list(ends)],
        )
        for kind, pk, key, end, pieces in cursor:
            if end == ends[key]:
                found.setdefault((wanted[kind, pk], key), []).append(orjson.loads(pieces))
    return found

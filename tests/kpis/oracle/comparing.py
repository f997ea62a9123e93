"""Holds the stored snapshots against the oracle, figure by figure."""

from kpis.catalogue import CATALOGUE
from kpis.catalogue.measures import (
    CohortPer,
    CohortShare,
    Concentration,
    Count,
    Distinct,
    FirstCount,
    FirstShare,
    Mean,
    Median,
    Share,
    StateShare,
    Sum,
    SumShare,
    Survival,
)
from kpis.catalogue.splits import Split
from kpis.models import Snapshot
from kpis.periods import Calendar
from kpis.pieces import merged, opened
from tests.kpis.oracle.answers import Answers

SHAPES = {
    Count: lambda a: [a["n"]],
    FirstCount: lambda a: [a["n"]],
    Share: lambda a: [a["hits"], a["n"]],
    SumShare: lambda a: [a["hits"], a["n"]],
    StateShare: lambda a: [a["hits"], a["n"]],
    FirstShare: lambda a: [a["hits"], a["n"] - a["inside"], a["inside"]],
    CohortPer: lambda a: [a["hits"], a["n"] - a["inside"], a["inside"]],
    CohortShare: lambda a: [a["hits"], a["n"] - a["inside"], a["inside"]],
    Mean: lambda a: [a["cents"], a["known"]],
    Concentration: lambda a: [a["cents"], a["known"]],
    Sum: lambda a: [a["cents"], a["known"], a["n"] - a["known"]],
    Distinct: lambda a: {"s": a["things"]},
    Median: lambda a: {"v": a["sample"]},
    Survival: lambda a: {"g": a["stages"]},
}


def disagreements(answers: Answers) -> list[str]:
    """One line per figure on which the snapshots and the oracle differ; what is nowhere recorded is in neither.

    Periods too old to be stored are left out.
    """
    stored = _stored()
    calendar = Calendar.current()
    keys = {key for _kind, _subject, key in stored.keys() | answers.keys()}
    kept = {key for key in keys if calendar.parse(key).is_stored}
    found = []
    for place in sorted(place for place in stored.keys() | answers.keys() if place[2] in kept):
        found += quarrels_over(place, stored.get(place, {}), answers.get(place, {}))
    return found


def quarrels_over(place: tuple, pieces: dict, answer: dict) -> list[str]:
    """What the pieces of one subject and period differ in from its answers."""
    measures = {name: measure for kpi in CATALOGUE.values() for name, measure in kpi.measures.items()}
    found = []
    for name, measure in measures.items():
        expected = _shaped(measure, answer[name]) if name in answer else None
        if expected != (computed := opened(pieces.get(name))):
            found.append(f"{name} of {place}: computed {computed}, oracle {expected}")
    return found


def _shaped(measure, answer: dict):
    """An answer in the shape of the measure's opened piece."""
    if isinstance(measure, Split):
        return {"b": {group: _shaped(measure.each, one) for group, one in answer["groups"].items()}}
    return SHAPES[type(measure)](answer)


def _stored() -> dict[tuple[str, int, str], dict]:
    """Pieces by subject and period; a rep's are those of all their teams together."""
    parts: dict[tuple[str, int, str], list] = {}
    for row in Snapshot.objects.all():
        if row.kind == Snapshot.Kind.MEMBER and not row.subject_id:
            continue  # rows without a rep count for the organisation only
        kind = "rep" if row.kind == Snapshot.Kind.MEMBER else row.kind
        parts.setdefault((kind, row.subject_id, row.period), []).append(row.pieces)
    return {place: merged(pieces) for place, pieces in parts.items()}

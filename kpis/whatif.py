"""What a change would do to the running figures before anybody makes it: tried in memory, and undone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from kpis.catalogue import CATALOGUE
from kpis.chances import chances_of
from kpis.free import computed
from kpis.models import Capture
from kpis.periods import Calendar, Period
from kpis.readings import Reading, reading_of
from kpis.subjects import Subject
from pipeline.models import Team
from pipeline.settle import settle_marked

Pieces = dict[tuple[Subject, str], dict]


@dataclass(frozen=True)
class Moved:
    """A KPI that reads differently afterwards."""

    subject: Subject
    period: Period
    before: Reading
    after: Reading


class _Undo(Exception):
    """Raised to leave a transaction without a trace."""


def moved_by(change: Callable[[], object]) -> list[Moved]:
    """Readings of the organisation and every team that the change moves, in the running month and quarter.

    What is settled follows the change as it would for the workers; the transaction it happens in is rolled back.
    """
    calendar = Calendar.current()
    today = calendar.today()
    periods = [calendar.month(today), calendar.quarter(today)]
    subjects = [
        Subject.organisation(),
        *(Subject.team(pk) for pk in Team.objects.values_list("pk", flat=True)),
    ]
    before, after = _tried(change, subjects, periods)
    captured = dict(Capture.objects.values_list("measure", "first_on"))
    return [
        moved
        for period in periods
        for subject in subjects
        for moved in _moved(subject, period, before, after, captured)
    ]


def _tried(
    change: Callable[[], object], subjects: list[Subject], periods: list[Period]
) -> tuple[Pieces, Pieces]:
    before: Pieces = {}
    after: Pieces = {}
    try:
        with transaction.atomic():
            _settle()
            before = computed(subjects, periods)
            change()
            _settle()
            after = computed(subjects, periods)
            raise _Undo
    except _Undo:
        pass
    return before, after


def _settle() -> None:
    while settle_marked():
        pass


def _moved(subject: Subject, period: Period, before: Pieces, after: Pieces, captured: dict[str, date]):
    chances = chances_of([period])[period.key]
    for kpi in CATALOGUE.values():
        old, new = (
            reading_of(kpi, pieces[subject, period.key] | chances, period, captured)
            for pieces in (before, after)
        )
        if _said(old) != _said(new):
            yield Moved(subject, period, old, new)


def _said(reading: Reading) -> tuple:
    return reading.value, reading.reason, reading.numerator, reading.denominator, reading.evidence_count

"""How many working days reps were at work: who was away is paused, not idle."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from kpis.periods import BEGINNING, Period
from pipeline.models import Absence, Rep

DAY = timedelta(days=1)
WEEKEND = 5
# Of the working days of a period; who was there for less is not held against who was there.
AWAY_FOR = 0.5


def days_present(reps: Collection[Rep], period: Period, today: date) -> dict[int, int]:
    """Rep id -> working days (Monday to Friday) in the part of the period that has passed, within the rep's time with the

    organisation and without absences. One query.
    """
    return {pk: days for (pk, _key), days in days_at_work(reps, [period], today).items()}


def days_at_work(
    reps: Collection[Rep], periods: Collection[Period], today: date
) -> dict[tuple[int, str], int]:
    """(Rep id, period key) -> the same in each of these periods. One query."""
    spans = {period.key: passed(period, today) for period in periods}
    away = _absences(reps, spans.values())
    return {
        (rep.pk, key): len(_employed(rep, *span) - away.get(rep.pk, set()))
        for rep in reps
        for key, span in spans.items()
    }


def was_there(present: int, whole: int) -> bool:
    """Whether so many of the working days say anything of the rep."""
    return bool(whole) and present >= AWAY_FOR * whole


def _absences(reps: Collection[Rep], spans: Iterable[tuple[date, date]]) -> dict[int, set[date]]:
    """Rep id -> working days of an absence between the first and the last day of all the spans."""
    first, end = min(start for start, _end in spans), max(end for _start, end in spans)
    found: dict[int, set[date]] = {}
    rows = Absence.objects.filter(rep__in=[rep.pk for rep in reps], from_on__lt=end, to_on__gte=first)
    for rep, begins, ends in rows.values_list("rep", "from_on", "to_on"):
        found.setdefault(rep, set()).update(working_days(max(first, begins), min(end, ends + DAY)))
    return found


def _employed(rep: Rep, first: date, end: date) -> set[date]:
    start = max(first, rep.started_on or first)
    return working_days(start, min(end, rep.ended_on + DAY) if rep.ended_on else end)


def working_days(first: date, end: date) -> set[date]:
    """Mondays to Fridays in [first, end)."""
    return {
        day
        for number in range(max((end - first).days, 0))
        if (day := first + number * DAY).weekday() < WEEKEND
    }


def passed(period: Period, today: date) -> tuple[date, date]:
    """[first, end) of the part of the period that has passed; of all time the last ten years stand for the whole."""
    first = period.start
    if first == BEGINNING:
        first = today.replace(day=1, month=1, year=today.year - 10)
    return first, min(period.end, today + DAY)

"""How many working days reps were there: weekdays between joining and leaving, less their absences."""

from collections.abc import Iterable
from datetime import date

import numpy as np

from kpis.periods import Period
from pipeline.models import Absence, Rep


def present_days(reps: Iterable[Rep], periods: Iterable[Period]) -> dict[tuple[int, str], int]:
    """(rep id, period key) -> working days present; one query whatever the number of reps and periods."""
    reps, periods = list(reps), list(periods)
    away: dict[int, list[Absence]] = {}
    for absence in Absence.objects.filter(rep__in=[rep.pk for rep in reps]):
        away.setdefault(absence.rep_id, []).append(absence)
    return {
        (rep.pk, period.key): _present(rep, away.get(rep.pk, []), period)
        for rep in reps
        for period in periods
    }


def _present(rep: Rep, absences: list[Absence], period: Period) -> int:
    first = max(filter(None, (period.start, rep.started_on)))
    days = _days(first, period.end)
    if rep.ended_on:
        days = days[days <= np.datetime64(rep.ended_on)]
    for absence in absences:
        from_on, to_on = np.datetime64(absence.from_on), np.datetime64(absence.to_on)
        days = days[(days < from_on) | (days > to_on)]
    return int(np.is_busday(days).sum()) if days.size else 0


def _days(first: date, end: date) -> np.ndarray:
    return np.arange(np.datetime64(first, "D"), np.datetime64(max(first, end), "D"))

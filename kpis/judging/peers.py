"""Role peers: whom a rep can fairly be held against, who is set apart and why, and how many days each was at work."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kpis.periods import BEGINNING, Period
from pipeline.models import Absence, Rep

DAY = timedelta(days=1)
WEEKEND = 5
# Of the working days of a period; who was there for less is not held against who was there.
AWAY_FOR = 0.5


@dataclass(frozen=True)
class Presence:
    """Working days of reps in a period, and why the figures of some are held against nobody's: {rep id: ...}."""

    days: dict[int, int]
    apart: dict[int, str]


def presence(reps: Collection[Rep], period: Period, today: date) -> Presence:
    """One query."""
    days = days_present(reps, period, today)
    whole = len(working_days(*_span(period, today)))
    reasons = {rep.pk: _reason(rep, period.as_of(today), days[rep.pk], whole) for rep in reps}
    return Presence(days, {pk: reason for pk, reason in reasons.items() if reason})


def comparable(
    team_ids: Iterable[int] | None, period: Period, today: date, job: str | None = None
) -> list[Rep]:
    """Reps of one job (any where None) in these teams (everywhere where None) who are neither machines nor set apart."""
    reps = Rep.objects.filter(is_machine=False, role=Rep.Role.REP)
    if team_ids is not None:
        reps = reps.filter(team__in=list(team_ids))
    if job is not None:
        reps = reps.filter(job=job)
    found = list(reps.order_by("name_key", "pk"))
    apart = presence(found, period, today).apart
    return [rep for rep in found if rep.pk not in apart]


def _reason(rep: Rep, last: date, present: int, whole: int) -> str:
    """What sets a rep apart on the last day of a period, most lasting first."""
    if rep.is_machine:
        return _("a machine: not compared with people")
    if rep.role != Rep.Role.REP:
        return _("%(role)s: not compared with reps") % {"role": rep.get_role_display()}
    if rep.ended_on and rep.ended_on < last:
        return _("left on %(day)s") % {"day": _day(rep.ended_on)}
    if rep.ramped_on and rep.ramped_on > last:
        return _("still ramping, until %(day)s: growing into the job is not judged") % {
            "day": _day(rep.ramped_on)
        }
    if present < AWAY_FOR * whole or not whole:
        return _("at work on %(present)d of %(whole)d working days: too few to compare") % {
            "present": present,
            "whole": whole,
        }
    return ""


def days_present(reps: Collection[Rep], period: Period, today: date) -> dict[int, int]:
    """Rep id -> working days (Monday to Friday) in the part of the period that has passed, within the rep's time with the

    organisation and without absences. One query.
    """
    first, end = _span(period, today)
    away: dict[int, set[date]] = {}
    for rep, *span in Absence.objects.filter(
        rep__in=[rep.pk for rep in reps], from_on__lt=end, to_on__gte=first
    ).values_list("rep", "from_on", "to_on"):
        away.setdefault(rep, set()).update(working_days(max(first, span[0]), min(end, span[1] + DAY)))
    return {
        rep.pk: len(
            working_days(
                max(first, rep.started_on or first), min(end, rep.ended_on + DAY if rep.ended_on else end)
            )
            - away.get(rep.pk, set())
        )
        for rep in reps
    }


def working_days(first: date, end: date) -> set[date]:
    """Mondays to Fridays in [first, end)."""
    return {
        day
        for number in range(max((end - first).days, 0))
        if (day := first + number * DAY).weekday() < WEEKEND
    }


def _span(period: Period, today: date) -> tuple[date, date]:
    """[first, end) of the part of the period that has passed; of all time the last ten years stand for the whole."""
    first = period.start
    if first == BEGINNING:
        first = today.replace(day=1, month=1, year=today.year - 10)
    return first, min(period.end, today + DAY)


def _day(day: date) -> str:
    return date_format(day, "j M Y")

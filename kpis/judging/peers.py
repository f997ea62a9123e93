"""Role peers: whom a rep can fairly be held against, who is set apart and why."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kpis.judging.attendance import days_present, passed, was_there, working_days
from kpis.periods import Period
from pipeline.models import Rep


@dataclass(frozen=True)
class Presence:
    """Working days of reps in a period, and why the figures of some are held against nobody's: {rep id: ...}."""

    days: dict[int, int]
    apart: dict[int, str]


def presence(reps: Collection[Rep], period: Period, today: date) -> Presence:
    """One query."""
    days = days_present(reps, period, today)
    whole = len(working_days(*passed(period, today)))
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
    if not was_there(present, whole):
        return _("at work on %(present)d of %(whole)d working days: too few to compare") % {
            "present": present,
            "whole": whole,
        }
    return ""


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")

"""Whose figures a verdict compares: the windows of a commitment, and the comparable reps nobody coached on the skill."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

import numpy as np
from django.db.models import Q

from coaching.effects import Pair
from coaching.models import Commitment, Session
from kpis.catalogue.kpi import Kpi
from kpis.periods import Calendar, Period
from kpis.presence import present_days
from kpis.readings import Reading, read
from kpis.subjects import Subject
from kpis.window_samples import Sample, samples, size_of
from pipeline.models import Rep

# A cohort's window is cut so that it has ripened on the day of the review, where this much of it is left.
LEAST_DAYS = timedelta(days=14)
PRESENT = 0.5


@dataclass(frozen=True)
class Windows:
    """The baseline, the review window after it, and the first day on which the review window can be read."""

    before: Period
    after: Period
    readable_on: date

    @classmethod
    def of(cls, commitment: Commitment, kpi: Kpi) -> "Windows":
        first, start = cast(date, commitment.baseline_from), cast(date, commitment.baseline_to)
        end = max(commitment.review_on, start + timedelta(days=1))
        wait = timedelta(days=_waits(kpi, end))
        if end - wait - start >= LEAST_DAYS:
            end -= wait
        return cls(_period(first, start), _period(start, end), end + wait)

    @classmethod
    def stored(cls, facts: dict) -> "Windows":
        before, after = (_period(*map(date.fromisoformat, facts[name])) for name in ("baseline", "review"))
        return cls(before, after, date.fromisoformat(facts["readable_on"]))

    @property
    def earlier(self) -> "Windows":
        """The same comparison one baseline earlier, when nobody had been coached: what it could have told."""
        before = self.before
        return Windows(_period(before.start - (before.end - before.start), before.start), before, before.end)

    def as_facts(self) -> dict:
        return {
            "baseline": [self.before.start.isoformat(), self.before.end.isoformat()],
            "review": [self.after.start.isoformat(), self.after.end.isoformat()],
            "readable_on": self.readable_on.isoformat(),
        }


def _period(start: date, end: date) -> Period:
    return Period("range", f"{start}..{end}", start, end)


def _waits(kpi: Kpi, day: date) -> int:
    """Days until a cohort's rows of this day have ripened; none for what is known at once."""
    within = getattr(kpi.measure, "within", None)
    if within is None:
        return 0
    return int(within.on_days(np.array([day], "datetime64[D]").astype(np.int64))[0])


@dataclass(frozen=True)
class Compared:
    """The coached rep's readings, sizes and samples in both windows, and the pairs of the reps compared with."""

    readings: tuple[Reading, Reading]
    sizes: tuple[float, float]
    own: tuple[Sample | None, Sample | None]
    controls: list[Pair]

    @property
    def pair(self) -> Pair | None:
        before, after = self.own
        return Pair(before, after) if before and after else None


def compared(rep: Rep, kpi: Kpi, windows: Windows, least: float) -> Compared:
    """Both windows of the rep and of the controls, those of them with at least so much behind either figure."""
    periods = [windows.before, windows.after]
    reps = [rep, *controls_of(rep, kpi.key, windows)]
    present = present_days(reps, periods)
    reps = [rep, *(one for one in reps[1:] if all(_was_there(one, p, present) for p in periods))]
    cards = read([Subject.rep(one.pk) for one in reps], periods, keys=[kpi.key])
    readings = [
        {one.pk: cards[Subject.rep(one.pk), period.key][kpi.key] for one in reps} for period in periods
    ]
    days = [{one.pk: float(present[one.pk, period.key]) for one in reps} for period in periods]
    before, after = (samples(kpi, *side) for side in zip(readings, days, strict=True))
    enough = [
        pk for pk in before.keys() & after.keys() - {rep.pk} if min(before[pk].size, after[pk].size) >= least
    ]
    sizes = [size_of(kpi, side[rep.pk], there[rep.pk]) for side, there in zip(readings, days, strict=True)]
    return Compared(
        (readings[0][rep.pk], readings[1][rep.pk]),
        (sizes[0], sizes[1]),
        (before.get(rep.pk), after.get(rep.pk)),
        [Pair(before[pk], after[pk]) for pk in sorted(enough)],
    )


def _was_there(rep: Rep, period: Period, present: dict[tuple[int, str], int]) -> bool:
    """Half the weekdays of a window at least."""
    whole = sum(
        (period.start + timedelta(days=n)).weekday() < 5 for n in range((period.end - period.start).days)
    )
    return present[rep.pk, period.key] >= PRESENT * whole


def controls_of(rep: Rep, key: str, windows: Windows) -> Iterable[Rep]:
    """Reps of the same job, there and ramped in both windows, whom nobody coached on this skill in either."""
    start, end = windows.before.start, windows.after.end
    there = Q(started_on=None) | Q(started_on__lte=start)
    there &= Q(ramped_on=None) | Q(ramped_on__lte=start)
    there &= Q(ended_on=None) | Q(ended_on__gte=end - timedelta(days=1))
    same = Rep.objects.filter(there, job=rep.job, role=Rep.Role.REP, is_machine=False).exclude(pk=rep.pk)
    return same.exclude(pk__in=_coached(key, start, end)).order_by("pk")


def _coached(key: str, start: date, end: date) -> set[int]:
    """Ids of the reps with a session or a commitment on this skill between two days."""
    calendar = Calendar.current()
    agreed = Commitment.objects.filter(kpi=key, review_on__gte=start, created_at__lt=calendar.midnight(end))
    talked = Session.objects.filter(
        skill=key, at__gte=calendar.midnight(start), at__lt=calendar.midnight(end)
    ).exclude(state=Session.State.CANCELLED)
    return {*agreed.values_list("rep", flat=True), *talked.values_list("rep", flat=True)}

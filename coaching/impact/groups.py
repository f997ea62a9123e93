"""Whose figures a verdict compares: the windows of a commitment, and the comparable reps nobody coached on the skill."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

import numpy as np

from coaching.impact.effects import Pair
from coaching.models import Commitment, Session
from kpis.catalogue.kpi import Kpi
from kpis.judging.attendance import days_present
from kpis.judging.peers import comparable
from kpis.judging.window_samples import Sample, samples, size_of
from kpis.periods import Calendar, Period
from kpis.readings import Reading, read
from kpis.subjects import Subject
from pipeline.models import Rep

# A cohort's window is cut so that it has ripened on the day of the review, where this much of it is left.
LEAST_DAYS = timedelta(days=14)
YEAR = timedelta(days=365)


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
    def year(self) -> Period:
        """The twelve months before the baseline: what was known of everybody when it began."""
        return _period(self.before.start - YEAR, self.before.start)

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
    """The coached rep's readings and sizes in both windows, their pair if both have a value, and the controls' pairs."""

    readings: tuple[Reading, Reading]
    sizes: tuple[float, float]
    pair: Pair | None
    controls: list[Pair]


def compared(rep: Rep, kpi: Kpi, windows: Windows, least: float, today: date) -> Compared:
    """Both windows of the rep and of the controls, those of them with at least so much behind either figure."""
    reps = [rep, *controls_of(rep, kpi.key, windows, today)]
    periods = [windows.before, windows.after, windows.year]
    cards = read([Subject.rep(one.pk) for one in reps], periods, keys=[kpi.key])
    readings = [
        {one.pk: cards[Subject.rep(one.pk), period.key][kpi.key] for one in reps} for period in periods
    ]
    days = [days_present(reps, period, today) for period in periods]
    before, after, year = (samples(kpi, *side) for side in zip(readings, days, strict=True))
    pairs = {
        pk: Pair(before[pk], after[pk], _enough(year.get(pk), least)) for pk in sorted(before.keys() & after)
    }
    sizes = [size_of(kpi, side[rep.pk], there[rep.pk]) for side, there in zip(readings, days, strict=True)]
    return Compared(
        (readings[0][rep.pk], readings[1][rep.pk]),
        (sizes[0], sizes[1]),
        pairs.get(rep.pk),
        [pair for pk, pair in pairs.items() if pk != rep.pk and _is_enough(pair, least)],
    )


def _enough(sample: Sample | None, least: float) -> Sample | None:
    return sample if sample and sample.size >= least else None


def _is_enough(pair: Pair, least: float) -> bool:
    return min(pair.before.size, pair.after.size) >= least


def controls_of(rep: Rep, key: str, windows: Windows, today: date) -> list[Rep]:
    """Reps of the same job, comparable in both windows and ramped since the first, whom nobody coached on this skill."""
    first, second = (comparable(None, period, today, rep.job) for period in (windows.before, windows.after))
    start, end = windows.before.start, windows.after.end
    there, coached = {one.pk for one in second}, _coached(key, start, end) | {rep.pk}
    in_both = [one for one in first if one.pk in there and one.pk not in coached]
    return [one for one in in_both if not (one.ramped_on and one.ramped_on > start)]


def _coached(key: str, start: date, end: date) -> set[int]:
    """Ids of the reps with a session or a commitment on this skill between two days."""
    calendar = Calendar.current()
    agreed = Commitment.objects.filter(kpi=key, review_on__gte=start, created_at__lt=calendar.midnight(end))
    talked = Session.objects.filter(
        skill=key, at__gte=calendar.midnight(start), at__lt=calendar.midnight(end)
    ).exclude(state=Session.State.CANCELLED)
    return {*agreed.values_list("rep", flat=True), *talked.values_list("rep", flat=True)}

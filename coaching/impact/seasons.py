"""Sums rise and fall with the season by a factor, not by so many: windows are brought to one level before they compare."""

from collections.abc import Sequence
from dataclasses import replace

from coaching.impact.effects import Pair
from kpis.judging.window_samples import MONTH, Sample

# A factor taken from fewer is chance.
LEAST_COUNTED = 20


def factors(controls: Sequence[Pair]) -> tuple[float, float]:
    """How the uncoached went from the baseline to the review window, and from the year before to the baseline."""
    years = [(pair.history, pair.before) for pair in controls if pair.history]
    return _factor([(pair.before, pair.after) for pair in controls]), _factor(years)


def levelled(pair: Pair, season: float, year: float) -> Pair:
    """Baseline and year at the level of the review window."""
    history = pair.history and _scaled(pair.history, season * year)
    return replace(pair, before=_scaled(pair.before, season), history=history)


def _factor(sides: Sequence[tuple[Sample, Sample]]) -> float:
    """The later over the earlier, all reps together; 1 where too little was counted."""
    totals = [sum(side[at].value * side[at].size for side in sides) / MONTH for at in (0, 1)]
    if min(totals) < LEAST_COUNTED:
        return 1.0
    days = [sum(side[at].size for side in sides) for at in (0, 1)]
    return (totals[1] / days[1]) / (totals[0] / days[0])


def _scaled(sample: Sample, factor: float) -> Sample:
    return Sample(sample.value * factor, sample.variance * factor**2, sample.size)

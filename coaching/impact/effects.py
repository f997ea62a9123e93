"""Did it work, as arithmetic: one coached rep's change against uncoached ones', on a baseline freed from luck.

Difference in differences with an empirical-Bayes baseline: who was picked because the figure was low rises by itself,
so the start counts as what the role and its noise make of it (James & Stein 1961; DerSimonian & Laird 1986).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt
from statistics import NormalDist

from kpis.judging.tails import student_limit
from kpis.judging.window_samples import Sample

# The rule, fixed before anybody looks: two-sided 5 %, so that at most one harmless commitment in forty "worked".
FALSE_WORKED = 0.025
LEAST_CONTROLS = 3
POWER = NormalDist().inv_cdf(0.8)
# Keeps weights finite where rows tell nothing of their noise and nobody moved.
TINY = 1e-12


@dataclass(frozen=True)
class Pair:
    """A rep's samples of one KPI in the baseline and the review window, and in the year before both if there was one."""

    before: Sample
    after: Sample
    history: Sample | None = None

    @property
    def change(self) -> float:
        return self.after.value - self.before.value


@dataclass(frozen=True)
class Effect:
    """The difference the coached rep made beyond what was to be expected, in the KPI's unit.

    `start` is what the baseline counts as, `trend` how far the uncoached moved from theirs; `limit` times `error` is
    half the 95 % interval.
    """

    estimate: float
    error: float
    limit: float
    start: float
    trend: float
    controls: int

    @property
    def low(self) -> float:
        return self.estimate - self.limit * self.error

    @property
    def high(self) -> float:
        return self.estimate + self.limit * self.error

    def kind(self, good: str) -> str:
        """`worked` where the whole interval lies on the good side, `worse` on the other, else `no_evidence`."""
        low, high = (self.low, self.high) if good == "up" else (-self.high, -self.low)
        return "worked" if low > 0 else "worse" if high < 0 else "no_evidence"

    @property
    def detectable(self) -> float:
        """The least change that such a comparison shows in four cases of five."""
        return (self.limit + POWER) * self.error

    def power(self, change: float) -> float:
        """How often such a comparison shows a change of this size."""
        return NormalDist().cdf(abs(change) / self.error - self.limit)


def difference(coached: Pair, controls: Sequence[Pair]) -> Effect:
    """The coached rep's change beyond that of at least three uncoached ones.

    How much people's changes differ beyond chance is taken from the uncoached; half of it is noise of either window.
    """
    wander = spread([pair.change for pair in controls], [_noise(pair) for pair in controls]).between / 2
    starts = _starts([coached, *controls], wander)
    rest = [(pair.after.value - start, error + pair.after.variance + wander) for pair, (start, error) in
            zip([coached, *controls], starts, strict=True)]  # fmt: skip
    (own, own_error), others = rest[0], rest[1:]
    weights = [1 / max(error, TINY) for _value, error in others]
    trend = sum(weight * value for weight, (value, _) in zip(weights, others, strict=True)) / sum(weights)
    freedom = len(controls) - 1
    seen = sum(w * (value - trend) ** 2 for w, (value, _) in zip(weights, others, strict=True)) / freedom
    return Effect(
        estimate=own - trend,
        error=sqrt(max(own_error + 1 / sum(weights), TINY) * max(1.0, seen)),
        limit=_limit(freedom),
        start=starts[0][0],
        trend=trend,
        controls=len(controls),
    )


@cache
def _limit(freedom: int) -> float:
    return student_limit(2 * FALSE_WORKED, freedom)


def _noise(pair: Pair) -> float:
    return pair.before.variance + pair.after.variance


def _starts(pairs: Sequence[Pair], wander: float) -> list[tuple[float, float]]:
    """Each baseline drawn towards what was known before it, with the variance that is left: (start, variance)."""
    starts = []
    for pair, (mean, variance) in zip(pairs, _known_before(pairs, wander), strict=True):
        noise = max(pair.before.variance + wander, TINY)
        weight = variance / (variance + noise)
        starts.append((mean + weight * (pair.before.value - mean), weight * noise))
    return starts


def _known_before(pairs: Sequence[Pair], wander: float) -> list[tuple[float, float]]:
    """What one would have expected of each baseline, (mean, variance): the rep's year before, drawn to the role's mean.

    Where too few have a year behind them it is the role's mean alone, with the variance between its reps.
    """
    histories = [pair.history for pair in pairs if pair.history]
    if len(histories) < LEAST_CONTROLS:
        noises = [max(pair.before.variance + wander, TINY) for pair in pairs]
        role = spread([pair.before.value for pair in pairs], noises)
        return [(role.mean, role.between)] * len(pairs)
    known = [
        (pair, pair.history, _year_noise(pair.before, pair.history, wander)) for pair in pairs if pair.history
    ]
    role = spread([year.value for _pair, year, _noise in known], [noise for _pair, _year, noise in known])
    shift = spread(
        [pair.before.value - year.value for pair, year, _noise in known],
        [pair.before.variance + wander + noise for pair, _year, noise in known],
    ).mean
    return [_expected(pair, role, shift, wander) for pair in pairs]


def _expected(pair: Pair, role: "Spread", shift: float, wander: float) -> tuple[float, float]:
    if pair.history is None:
        return role.mean + shift, role.between
    noise = _year_noise(pair.before, pair.history, wander)
    weight = role.between / (role.between + noise)
    return role.mean + shift + weight * (pair.history.value - role.mean), weight * noise


def _year_noise(before: Sample, year: Sample, wander: float) -> float:
    """Chance in a year's figure, and what is left of the wandering of as many windows as it is longer."""
    return max(year.variance + wander * min(1.0, before.size / year.size), TINY)


@dataclass(frozen=True)
class Spread:
    """A weighted mean, its error's square, and the variance between values beyond their own noise."""

    mean: float
    variance: float
    between: float


def spread(values: Sequence[float], variances: Sequence[float], rounds: int = 4) -> Spread:
    """Random-effects mean by moments, the weights brought up to date a few times."""
    between = 0.0
    for _ in range(rounds):
        weights = [1 / max(variance + between, TINY) for variance in variances]
        total = sum(weights)
        mean = sum(w * value for w, value in zip(weights, values, strict=True)) / total
        seen = sum(w * (value - mean) ** 2 for w, value in zip(weights, values, strict=True))
        own = sum(w * v * (1 - w / total) for w, v in zip(weights, variances, strict=True))
        scale = total - sum(w * w for w in weights) / total
        between = max(0.0, (seen - own) / scale) if scale > 0 else 0.0
    weights = [1 / max(variance + between, TINY) for variance in variances]
    mean = sum(w * value for w, value in zip(weights, values, strict=True)) / sum(weights)
    return Spread(mean, 1 / sum(weights), between)


@dataclass(frozen=True)
class Pooled:
    """What several commitments on one skill show together, with its 95 % interval."""

    mean: float
    low: float
    high: float
    count: int


def pooled(effects: Sequence[tuple[float, float]]) -> Pooled | None:
    """(estimate, error) of several commitments put together; None of fewer than two.

    Random effects with Hartung and Knapp's (2001) interval, never narrower than the plain one: a few studies know
    little of how much they differ.
    """
    if len(effects) < 2:
        return None
    values, variances = [value for value, _ in effects], [error**2 for _, error in effects]
    found, freedom = spread(values, variances), len(effects) - 1
    weights = [1 / max(variance + found.between, TINY) for variance in variances]
    seen = sum(w * (value - found.mean) ** 2 for w, value in zip(weights, values, strict=True)) / freedom
    half = _limit(freedom) * sqrt(found.variance * max(1.0, seen))
    return Pooled(found.mean, found.mean - half, found.mean + half, len(effects))

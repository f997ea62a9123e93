"""Invented roles in which coaching does nothing, or a known something: how often the verdict's own rule finds it.

Each kind of KPI is drawn as rows, read as the product reads them (`window_samples`), and judged by `difference`.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.random import Generator

from coaching.impact.effects import Pair, difference
from kpis.catalogue import CATALOGUE
from kpis.catalogue.kpi import Kpi, Unit
from kpis.catalogue.measures import Count, Measure, Median, Share, Sum
from kpis.judging.window_samples import Sample, samples
from kpis.readings import Reading
from kpis.values import DAY_US

# Of a year before the baseline, in windows.
PAST = 6
# What lies between reps, what a window is better or worse for a rep, how the whole role moves: relative to the mean.
BETWEEN, WANDER, TREND = 0.25, 0.15, 0.1
DRAW = Callable[[Generator, np.ndarray, np.ndarray], list[Reading]]


@dataclass(frozen=True)
class Kind:
    """A kind of KPI: its mean, what usually stands behind a window (rows, or days at work), and how rows are drawn."""

    mean: float
    size: int
    draw: DRAW
    kpi: Kpi


@dataclass(frozen=True)
class Role:
    """A role as simulated; `effect` is relative to the mean: 0.5 is half as much again. `size` None: the kind's usual."""

    kind: str = "share"
    reps: int = 9
    size: int | None = None
    effect: float = 0.0
    past: int = PAST
    picks_worst: bool = True


@dataclass(frozen=True)
class Tally:
    """Shares of the rounds by verdict, the mean effect found (relative), how often the comparisons said they'd find it."""

    worked: float
    worse: float
    mean: float
    stated: float


def simulate(role: Role, rounds: int, seed: int) -> Tally:
    """Verdicts of so many rounds in which one rep is coached."""
    chance, kind = np.random.default_rng(seed), KINDS[role.kind]
    found = [difference(*_round(role, kind, chance)) for _ in range(rounds)]
    verdicts = Counter(one.kind("up") for one in found)
    return Tally(
        verdicts["worked"] / rounds,
        verdicts["worse"] / rounds,
        float(np.mean([one.estimate for one in found])) / kind.mean,
        float(np.mean([one.power(role.effect * kind.mean) for one in found])),
    )


def _round(role: Role, kind: Kind, chance: Generator) -> tuple[Pair, list[Pair]]:
    """One role's windows; the coached rep is the one whose baseline looks worst, as managers pick, or any."""
    skill = kind.mean * np.exp(chance.normal(0, BETWEEN, role.reps))
    usual = role.size or kind.size
    window = partial(_window, kind, chance)
    before = window(skill, _sizes(usual, role.reps, chance))
    coached = min(before, key=lambda rep: before[rep].value) if role.picks_worst else 0
    gain = kind.mean * (TREND + role.effect * (np.arange(role.reps) == coached))
    after = window(skill, _sizes(usual, role.reps, chance), gain)
    year = window(skill, np.full(role.reps, usual * role.past), windows=role.past) if role.past else {}
    pairs = {rep: Pair(before[rep], after[rep], year.get(rep)) for rep in before}
    return pairs.pop(coached), list(pairs.values())


def _sizes(usual: int, reps: int, chance: Generator) -> np.ndarray:
    return chance.integers(max(usual // 2, 2), usual * 3 // 2 + 1, reps)


def _window(
    kind: Kind, chance: Generator, skill: np.ndarray, sizes: np.ndarray, gain=0.0, windows: int = 1
) -> dict[int, Sample]:
    """Rep -> sample of a window; of many windows at once the good and the bad days even out."""
    wander = chance.normal(0, WANDER / np.sqrt(2 * windows), len(skill))
    readings = dict(enumerate(kind.draw(chance, skill * np.exp(wander) + gain, sizes)))
    return samples(kind.kpi, readings, dict(enumerate(sizes.tolist())))


def _shares(kpi: Kpi, chance: Generator, level: np.ndarray, sizes: np.ndarray) -> list[Reading]:
    hits = chance.binomial(sizes, np.clip(level, 0.001, 0.999))
    return [
        Reading(kpi=kpi, value=hit / of, numerator=hit, denominator=of)
        for hit, of in zip(hits.tolist(), sizes.tolist(), strict=True)
    ]


def _counts(kpi: Kpi, chance: Generator, level: np.ndarray, sizes: np.ndarray) -> list[Reading]:
    """Levels are told per twenty days at work."""
    counts = chance.poisson(level * sizes / 20)
    return [Reading(kpi=kpi, value=count, numerator=count) for count in counts.tolist()]


def _sums(kpi: Kpi, chance: Generator, level: np.ndarray, sizes: np.ndarray) -> list[Reading]:
    """About six amounts in twenty days, large and small by a factor of two."""
    found = []
    for mean, days in zip((level / 6).tolist(), sizes.tolist(), strict=True):
        amounts = chance.lognormal(np.log(mean) - 0.7**2 / 2, 0.7, chance.poisson(6 * days / 20))
        found.append(Reading(kpi=kpi, value=float(amounts.sum()), evidence_count=len(amounts)))
    return found


def _medians(kpi: Kpi, chance: Generator, level: np.ndarray, sizes: np.ndarray) -> list[Reading]:
    found = []
    for middle, of in zip(level.tolist(), sizes.tolist(), strict=True):
        days = chance.lognormal(np.log(middle), 0.6, of)
        sample = (days * DAY_US).tolist()
        found.append(Reading(kpi=kpi, value=float(np.median(days)), sample=sample, evidence_count=of))
    return found


def _kind(mean: float, size: int, draw, measure: type[Measure]) -> Kind:
    """The first KPI of the catalogue that measures so stands for its kind."""
    alike = (kpi for kpi in CATALOGUE.values() if type(kpi.measure) is measure and not kpi.measure.of.until)
    kpi = next(kpi for kpi in alike if measure is not Median or kpi.unit == Unit.DAYS)
    return Kind(mean, size, partial(draw, kpi), kpi)


KINDS = {
    "share": _kind(0.2, 60, _shares, Share),
    "count": _kind(40, 20, _counts, Count),
    "sum": _kind(60_000, 20, _sums, Sum),
    "median": _kind(30, 15, _medians, Median),
}

"""Weeks of invented figures whose truth is known: how often flags are wrong, and which differences are found.

The figures go straight to `judging.decide`, the same that judges the real ones.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from kpis.judging.decision import FEWEST_PEERS, Family, decide
from kpis.judging.funnel import Peers
from kpis.judging.magnitudes import Ranks, Totals
from kpis.judging.tallies import Rates, Shares

# What a week's KPIs look like: (kind, typical size, typical value).
SHAPES = [
    ("counts", 5, 12.0),
    ("share", 60, 0.12),
    ("median", 10, 40.0),
    ("counts", 5, 1.6),
    ("share", 25, 0.4),
    ("sums", 8, 5000.0),
    ("counts", 5, 0.5),
    ("share", 12, 0.35),
    ("counts", 5, 30.0),
    ("share", 200, 0.3),
]


@dataclass(frozen=True)
class Setting:
    """`effect` 0.5: of one rep in three, a `share` of the figures (of shares: the odds) is truly half as high.

    `spread`: how much all reps differ as a rule (coefficient of variation), in part in all KPIs alike.
    """

    reps: int = 12
    kpis: int = 10
    effect: float = 0.0
    spread: float = 0.0
    share: float = 0.3


@dataclass
class Tally:
    """Over all weeks: comparisons, flags, wrong ones, false discovery proportions, and found of planted by kind."""

    weeks: int = 0
    comparisons: int = 0
    flags: int = 0
    wrong: int = 0
    weeks_with_wrong: int = 0
    proportions: float = 0.0
    planted: Counter = field(default_factory=Counter)
    found: Counter = field(default_factory=Counter)

    @property
    def false_share(self) -> float:
        """The false discovery rate: the mean over the weeks of wrong flags / flags, nought where none is raised."""
        return self.proportions / self.weeks

    @property
    def false_per_comparison(self) -> float:
        return self.wrong / self.comparisons

    @property
    def power(self) -> dict[str, float]:
        return {kind: self.found[kind] / of for kind, of in sorted(self.planted.items())}

    def add(self, findings: dict, truth: dict[tuple, str]) -> None:
        """A week's findings; `truth` has the kind of every figure that was made to differ."""
        flagged = {place for place, finding in findings.items() if finding.is_flag}
        wrong = flagged - truth.keys()
        self.weeks += 1
        self.comparisons += len(findings)
        self.flags += len(flagged)
        self.wrong += len(wrong)
        self.weeks_with_wrong += bool(wrong)
        self.proportions += len(wrong) / len(flagged) if flagged else 0.0
        self.planted.update(truth.values())
        self.found.update(truth[place] for place in flagged & truth.keys())


def rehearse(setting: Setting, weeks: int, seed: int) -> Iterator[Tally]:
    """The tally after each week."""
    if setting.reps < FEWEST_PEERS:
        raise ValueError(f"at least {FEWEST_PEERS} reps can be compared")
    chance, tally = np.random.default_rng(seed), Tally()
    for _week in range(weeks):
        families, truth = invented_week(setting, chance)
        tally.add(decide(families), truth)
        yield tally


def invented_week(setting: Setting, chance: np.random.Generator) -> tuple[list[Family], dict[tuple, str]]:
    families, truth = [], {}
    habit = chance.normal(size=setting.reps)  # what a rep brings to every KPI
    for number in range(setting.kpis):
        kind, size, value = SHAPES[number % len(SHAPES)]
        own = (habit + chance.normal(size=setting.reps)) / 2**0.5
        factors = np.exp(setting.spread * own - setting.spread**2 / 2)
        for rep in range(0, setting.reps, 3) if setting.effect else ():
            if chance.random() < setting.share:
                factors[rep] *= 1 - setting.effect
                truth[rep, str(number)] = kind
        peers = INVENTED[kind](chance, size, value, factors)
        families.append(Family("", str(number), range(setting.reps), peers))
    return families, truth


def _counts(chance, days: int, per_day: float, factors) -> Peers:
    present = chance.integers(max(days - 1, 1), days + 1, size=len(factors))
    return Rates(chance.poisson(per_day * present * factors).tolist(), present.tolist())


def _share(chance, rows: int, share: float, factors) -> Peers:
    sizes = np.maximum(chance.poisson(rows * np.exp(chance.normal(0, 0.4, len(factors)))), 5)
    odds = share / (1 - share) * factors
    return Shares(chance.binomial(sizes, odds / (1 + odds)).tolist(), sizes.tolist())


def _median(chance, rows: int, days: float, factors) -> Peers:
    sizes = np.maximum(chance.poisson(rows, len(factors)), 5)
    return Ranks(
        [
            np.round(chance.lognormal(np.log(days * f), 0.6, n)).tolist()
            for f, n in zip(factors, sizes, strict=True)
        ]
    )


def _sums(chance, rows: int, amount: float, factors) -> Peers:
    sums = [
        chance.lognormal(np.log(amount), 0.8, max(5, chance.poisson(rows))).sum() * factor
        for factor in factors
    ]
    return Totals([float(value) for value in sums], [1.0] * len(sums), by_ratio=True)


INVENTED = {"counts": _counts, "share": _share, "median": _median, "sums": _sums}

"""Reps of a role compared by how large or long things are: by ranks where values are kept, else by their totals.

Samples are tested by ranks (Kruskal & Wallis 1952); of sums and means only the total is kept, so that what chance does
is the spread of the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, inf, log, sqrt
from statistics import median

from kpis.judging import shrinkage
from kpis.judging.funnel import NO_GAP, Gap, Peers
from kpis.judging.tails import MEDIAN_ERROR, student_beyond


@dataclass(frozen=True)
class Ranks(Peers):
    """Samples whose medians are shown; they are compared by where their values rank among all."""

    samples: Sequence[Sequence[float]]

    @cached_property
    def sizes(self) -> list[int]:  # type: ignore[override]
        return [len(sample) for sample in self.samples]

    @cached_property
    def all(self) -> list[float]:
        return sorted(value for sample in self.samples for value in sample)

    @cached_property
    def mean(self) -> float:  # type: ignore[override]
        return median(self.all)

    @cached_property
    def values(self) -> list[float]:  # type: ignore[override]
        return [median(sample) for sample in self.samples]

    @cached_property
    def gaps(self) -> list[Gap]:  # type: ignore[override]
        whole, ranks, ties = len(self.all), *_ranks(self.all)
        of_one = (whole * (whole + 1) - ties / (whole - 1)) / 12
        if of_one <= 0:
            return [NO_GAP] * len(self)
        gaps = []
        for sample in self.samples:
            n = len(sample)
            surplus = sum(ranks[value] for value in sample) - n * (whole + 1) / 2
            out = surplus / sqrt(n * (1 - n / whole) * of_one)
            gaps.append(Gap(out, out, student_beyond(out, inf), out / sqrt(n)))
        return gaps

    @cached_property
    def estimates(self) -> list[float]:  # type: ignore[override]
        alike = shrinkage.excess(self.chi_square, self.leverages, [n - 1 for n in self.sizes])
        return [
            shrinkage.towards(value, n, self.mean, alike)
            for value, n in zip(self.values, self.sizes, strict=True)
        ]

    @property
    def scale(self) -> float:
        return self.error(1)

    @cached_property
    def reaches(self) -> list[float]:  # type: ignore[override]
        """Taking rows to vary within a rep about as much as their mean is high, as waiting times do."""
        return [float(n) for n in self.sizes]

    def error(self, size: float) -> float:
        """Of a median, taking the spread from the middle half, as of a normal distribution."""
        quarter = len(self.all) // 4
        spread = (self.all[-1 - quarter] - self.all[quarter]) / 1.349
        return MEDIAN_ERROR * spread / sqrt(size)


@dataclass(frozen=True)
class Totals(Peers):
    """Sums and means of which only the total is kept: what chance does is read off the other reps.

    Amounts are compared as ratios (`by_ratio`), since twice and half are as far.
    """

    values: Sequence[float]  # type: ignore[assignment]
    sizes: Sequence[float]
    by_ratio: bool = False
    has_chance = False

    @cached_property
    def scaled(self) -> list[float]:
        return [log(value) for value in self.values] if self.by_ratio else list(self.values)

    @cached_property
    def centre(self) -> float:
        return sum(h * value for h, value in zip(self.leverages, self.scaled, strict=True))

    @cached_property
    def mean(self) -> float:  # type: ignore[override]
        return exp(self.centre) if self.by_ratio else self.centre

    @cached_property
    def gaps(self) -> list[Gap]:  # type: ignore[override]
        pairs = list(zip(self.scaled, self.sizes, self.leverages, strict=True))
        all_squares = sum(size * (value - self.centre) ** 2 for value, size, _h in pairs)
        gaps = []
        for value, size, h in pairs:
            own = size * (value - self.centre) ** 2 / (1 - h)
            rest = (all_squares - own) / (len(self) - 2)
            if rest <= 1e-9 * all_squares:
                gaps.append(NO_GAP)
                continue
            out = sqrt(own / rest) * (1 if value > self.centre else -1)
            gaps.append(Gap(out, out, student_beyond(out, len(self) - 2), 0.0))
        return gaps

    @property
    def estimates(self) -> list[float]:  # type: ignore[override]
        """As they are: without the rows, chance and difference cannot be told apart."""
        return list(self.values)

    @property
    def reaches(self) -> list[float]:  # type: ignore[override]
        """Not at all: what chance does is itself read off how much reps differ."""
        return [0.0] * len(self)

    def error(self, size: float) -> float:
        squares = sum(
            weight * (value - self.centre) ** 2 for value, weight in zip(self.scaled, self.sizes, strict=True)
        )
        return sqrt(squares / (len(self) - 1) / size) * (self.mean if self.by_ratio else 1)


def _ranks(ordered: Sequence[float]) -> tuple[dict[float, float], float]:
    """Each value's middle rank, and Σ (t³ − t) over its ties."""
    ranks, ties, place = {}, 0.0, 0
    while place < len(ordered):
        after = place
        while after < len(ordered) and ordered[after] == ordered[place]:
            after += 1
        ranks[ordered[place]] = (place + 1 + after) / 2
        ties += (after - place) ** 3 - (after - place)
        place = after
    return ranks, ties

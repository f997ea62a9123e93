"""The funnel: how far each rep of a role lies from the others, and where the limits of chance are.

Each kind of figure brings its exact test of one rep against the rest: hypergeometric for shares (Fisher), conditional
binomial for rates, ranks for samples (Kruskal & Wallis 1952), and for sums and means, of whose rows only the total is
kept, the spread of the others. What follows from a gap is decided in `flags`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, inf, log, sqrt
from statistics import median

from kpis import shrinkage
from kpis.dispersion import Others
from kpis.tails import MEDIAN_ERROR, binomial_tails, hypergeometric_tails, score, student_beyond


@dataclass(frozen=True)
class Gap:
    """One rep against the others, positive where higher.

    `residual` is Pearson's, divided by its own error; `score` the normal score of the exact tail; `chance` how often
    as large a gap on either side comes by chance alone; `distance` the gap on the scale on which reps differ: about a
    relative difference, as a logarithm, so that twice and half are as far.
    """

    residual: float
    score: float
    chance: float
    distance: float


NO_GAP = Gap(0.0, 0.0, 1.0, 0.0)


class Peers:
    """Figures of reps who are compared, in one order; `sizes` are what each figure stands on (rows, days)."""

    sizes: Sequence[float]
    has_chance = True  # whether the figure itself says how much of the spread is chance
    is_share = False

    mean: float
    values: list[float]
    gaps: list[Gap]
    estimates: list[float]

    def __len__(self):
        return len(self.sizes)

    @cached_property
    def leverages(self) -> list[float]:
        whole = sum(self.sizes)
        return [size / whole if whole else 0.0 for size in self.sizes]

    @cached_property
    def chi_square(self) -> float:
        """Pearson's: of reps who differ by chance alone about one less than their number."""
        return sum((1 - h) * gap.residual**2 for h, gap in zip(self.leverages, self.gaps, strict=True))

    @property
    def reaches(self) -> list[float]:
        """How strongly a difference between reps shows in each figure, in variances of chance: see `Others.reach`."""
        raise NotImplementedError

    @property
    def scale(self) -> float:
        """What a distance of one (about a doubling) is in the figures' unit, at the mean."""
        return self.mean

    def others(self, without: int | None = None) -> Others:
        """What the figures say of how much reps differ; `without` leaves one rep out.

        Chi-square then loses what that rep adds: the identity behind externally studentised residuals.
        """
        chi_square, df = self.chi_square, len(self) - 1
        if without is not None:
            chi_square, df = max(chi_square - self.gaps[without].residual ** 2, 0.0), df - 1
        kept = [place for place in range(len(self)) if place != without]
        weights = [1 - self.leverages[place] for place in kept]
        reach = sum(w * self.reaches[place] for w, place in zip(weights, kept, strict=True)) / sum(weights)
        return Others(chi_square, df, reach)

    def error(self, size: float) -> float:
        """Standard error by chance of a figure that stands on `size`."""
        raise NotImplementedError


@dataclass(frozen=True)
class Shares(Peers):
    """Hits of so many rows."""

    hits: Sequence[int]
    sizes: Sequence[int]
    is_share = True

    @cached_property
    def mean(self) -> float:  # type: ignore[override]
        return sum(self.hits) / sum(self.sizes)

    @cached_property
    def values(self) -> list[float]:  # type: ignore[override]
        return [hits / of for hits, of in zip(self.hits, self.sizes, strict=True)]

    @cached_property
    def gaps(self) -> list[Gap]:  # type: ignore[override]
        marked, whole = sum(self.hits), sum(self.sizes)
        if marked in (0, whole):
            return [NO_GAP] * len(self)
        return [
            _gap(
                hypergeometric_tails(hits, of, marked, whole),
                hits - of * self.mean,
                of * self.mean * (1 - self.mean) * (1 - of / whole),
                (1 - self.mean) * (_log_odds(hits, of) - _log_odds(marked - hits, whole - of)),
            )
            for hits, of in zip(self.hits, self.sizes, strict=True)
        ]

    @cached_property
    def estimates(self) -> list[float]:  # type: ignore[override]
        alike = shrinkage.excess(self.chi_square, self.leverages, [of - 1 for of in self.sizes])
        return [
            shrinkage.beta_binomial(hits, of, self.mean, alike)
            for hits, of in zip(self.hits, self.sizes, strict=True)
        ]

    @cached_property
    def reaches(self) -> list[float]:  # type: ignore[override]
        odds = self.mean / (1 - self.mean) if self.mean < 1 else 0.0
        return [of * odds for of in self.sizes]

    def error(self, size: float) -> float:
        return sqrt(self.mean * (1 - self.mean) / size)


@dataclass(frozen=True)
class Rates(Peers):
    """Counts in so many days, or per so many rows of another source."""

    counts: Sequence[int]
    sizes: Sequence[float]

    @cached_property
    def mean(self) -> float:  # type: ignore[override]
        return sum(self.counts) / sum(self.sizes)

    @cached_property
    def values(self) -> list[float]:  # type: ignore[override]
        return [count / size for count, size in zip(self.counts, self.sizes, strict=True)]

    @cached_property
    def gaps(self) -> list[Gap]:  # type: ignore[override]
        whole = sum(self.counts)
        if not whole:
            return [NO_GAP] * len(self)
        return [
            _gap(
                binomial_tails(count, whole, h),
                count - whole * h,
                whole * h * (1 - h),
                _log_odds(count, whole) - log(h / (1 - h)),
            )
            for count, h in zip(self.counts, self.leverages, strict=True)
        ]

    @cached_property
    def estimates(self) -> list[float]:  # type: ignore[override]
        differs = shrinkage.excess(self.chi_square, self.leverages, self.reaches)
        return [
            shrinkage.gamma_poisson(count, size, self.mean, differs)
            for count, size in zip(self.counts, self.sizes, strict=True)
        ]

    @cached_property
    def reaches(self) -> list[float]:  # type: ignore[override]
        return [self.mean * size for size in self.sizes]

    def error(self, size: float) -> float:
        return sqrt(self.mean / size)


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

    @property
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

    def error(self, size: float) -> float:
        squares = sum(
            weight * (value - self.centre) ** 2 for value, weight in zip(self.scaled, self.sizes, strict=True)
        )
        return sqrt(squares / (len(self) - 1) / size) * (self.mean if self.by_ratio else 1)


def _gap(tails: tuple[float, float], surplus: float, variance: float, distance: float) -> Gap:
    at_most, at_least = tails
    here = max(at_most + at_least - 1, 0.0)
    return Gap(
        surplus / sqrt(variance) if variance > 0 else 0.0,
        score(at_most, at_least, here),
        min(1.0, 2 * min(at_most, at_least)),
        distance,
    )


def _log_odds(hits: float, of: float) -> float:
    """With half a hit and half a miss more, so that none and all have some."""
    return log((hits + 0.5) / (of - hits + 0.5))


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

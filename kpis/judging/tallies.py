"""Reps of a role compared by what is counted: hits of so many rows, or so many in some days.

Each kind brings its exact test of one rep against the rest: hypergeometric for shares (Fisher), conditional binomial
for rates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log, sqrt

from kpis.judging import shrinkage
from kpis.judging.funnel import NO_GAP, Gap, Peers
from kpis.judging.tails import binomial_tails, hypergeometric_tails, score


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

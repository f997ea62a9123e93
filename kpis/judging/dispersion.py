"""Overdispersion: how much reps differ as a rule, so that ordinary differences raise no flag.

Spiegelhalter (2005) adds to chance a variance between units. Here it is a squared coefficient of variation, read off the
chi-square of the *other* reps. A few reps tell little of it, so no single value is trusted: p-values are averaged over
what is likely, and the KPIs lend each other what is usual (empirical Bayes on a grid, Laird 1978).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc

import numpy as np

# How much reps may differ: none, 5 %, 10 % … as much again as the mean; squared.
GRID = np.array([0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.7, 1.0, 1.5]) ** 2
# Before any KPI was looked at, every step is as likely; all of them together weigh as much as one KPI.
PRIOR = np.full(len(GRID), 2 / len(GRID))
ROUNDS = 25


@dataclass(frozen=True)
class Others:
    """What other reps' figures of one KPI say: their chi-square, its degrees of freedom, and how strongly a difference

    between reps shows in it (`reach`: the variance a squared coefficient of variation of 1 adds to chance's).
    """

    chi_square: float
    df: int
    reach: float

    @property
    def log_likelihoods(self) -> np.ndarray:
        """Of each step of the grid: chi-square over φ has the chi-square distribution, φ = 1 + step × reach."""
        phi = 1 + GRID * self.reach
        return -0.5 * (self.df * np.log(phi) + self.chi_square / phi)


def usual(kpis: Sequence[Others]) -> np.ndarray:
    """How likely each step of the grid is before a KPI of the role is looked at: the EM estimate over them all."""
    weights = PRIOR
    if not kpis:
        return weights
    logs = np.array([others.log_likelihoods for others in kpis])
    likelihoods = np.exp(logs - logs.max(axis=1, keepdims=True))
    for _round in range(ROUNDS):
        found = likelihoods * weights
        found /= found.sum(axis=1, keepdims=True)
        weights = (PRIOR + found.sum(axis=0)) / (PRIOR.sum() + len(kpis))
    return weights


@dataclass(frozen=True)
class Differences:
    """How likely each step of the grid is for one KPI."""

    weights: np.ndarray

    @classmethod
    def seen(cls, others: Others, prior: np.ndarray) -> "Differences":
        logs = others.log_likelihoods
        found = np.exp(logs - logs.max()) * prior
        return cls(found / found.sum())

    def beyond(self, score: float, distance: float, lever: float) -> float:
        """P of a gap as large on either side: `score` by chance alone, `distance` on the scale reps differ on.

        The mean of the others varies too, by the `lever` of the rep's own figure: 1 / (1 − lever) in all.
        """
        return float(self.weights @ _both_tails(self._outs(score, distance, lever)))

    def gap(self, score: float, distance: float, lever: float) -> float:
        """The gap in errors of chance and of what is usual together, with its sign."""
        return float(np.copysign(self.weights @ self._outs(score, distance, lever), score))

    def _outs(self, score: float, distance: float, lever: float) -> np.ndarray:
        if not score or not distance:
            return np.zeros(len(GRID))
        chance = (distance / score) ** 2
        return abs(distance) / np.sqrt(chance + GRID / (1 - lever))

    def limit(self, p: float, chance: float) -> float:
        """The distance that is exceeded with probability `p` where chance alone has this variance, by halving."""
        low, high = 0.0, 10 * float(chance + GRID[-1]) ** 0.5
        for _ in range(40):
            middle = (low + high) / 2
            is_short = self.weights @ _both_tails(middle / np.sqrt(chance + GRID)) > p
            low, high = (middle, high) if is_short else (low, middle)
        return high


def _both_tails(outs: np.ndarray) -> np.ndarray:
    return np.array([erfc(out / 2**0.5) for out in outs.tolist()])

"""Shrinkage: a rep's figure drawn towards the role's mean, the more so the fewer rows stand behind it.

How far is decided by how much reps differ beyond chance, taken by moments from Pearson's chi-square of all of them.
"""

from collections.abc import Sequence


def excess(chi_square: float, leverages: Sequence[float], sizes: Sequence[float]) -> float:
    """Variance between reps per unit of the variance of one row: E[X²] = Σ (1 − h)(1 + size × excess); 0 if none.

    For shares with size n − 1 it is Kleinman's (1973) moment estimate of the correlation within a rep; for rates with
    the expected count as size, the squared coefficient of variation between reps.
    """
    spread = sum((1 - h) * size for h, size in zip(leverages, sizes, strict=True))
    surplus = chi_square - sum(1 - h for h in leverages)
    return max(0.0, surplus / spread) if spread > 0 else 0.0


def beta_binomial(hits: float, of: float, mean: float, correlation: float) -> float:
    """The mean of a beta prior, of a + b = 1 / correlation − 1 imagined rows, after `hits` of `of` were seen."""
    if correlation <= 0:
        return mean
    imagined = max(1 / correlation - 1, 0)
    return (hits + imagined * mean) / (of + imagined)


def gamma_poisson(count: float, exposure: float, mean: float, variation: float) -> float:
    """The rate after `count` in `exposure`, by a gamma prior of this mean and squared coefficient of variation."""
    if variation <= 0 or mean <= 0:
        return mean
    shape = 1 / variation
    return (count + shape) / (exposure + shape / mean)


def towards(value: float, size: float, mean: float, correlation: float) -> float:
    """Normal theory (James & Stein 1961, as a one-way layout): the weight of one's own value is n ρ / (1 + (n − 1) ρ)."""
    if correlation <= 0:
        return mean
    weight = size * correlation / (1 + (size - 1) * correlation)
    return mean + min(weight, 1.0) * (value - mean)

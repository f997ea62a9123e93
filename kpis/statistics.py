"""Intervals and survival: the few formulas behind what a small sample can say."""

from collections import Counter
from math import sqrt

Z_95 = 1.959963984540054
# A product of many factors misses a half by a hair.
HALF = 0.5 + 1e-9


def wilson(hits: int, of: int, z: float = Z_95) -> tuple[float, float]:
    """Wilson score interval of a share (Wilson 1927); `of` must be positive."""
    share = hits / of
    centre = share + z * z / (2 * of)
    margin = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    scale = 1 + z * z / of
    # At either end the bound is the end itself, which rounding would miss by a hair.
    low = (centre - margin) / scale if hits else 0.0
    return low, (centre + margin) / scale if hits < of else 1.0


def kaplan_meier_median(ended: list[float], still: list[float]) -> float | None:
    """The time by which half have ended (Kaplan & Meier 1958), open ones censored; None if it is never reached.

    Those censored at a moment are still at risk for what ends in that moment.
    """
    ending, censored = Counter(ended), Counter(still)
    at_risk, survival = len(ended) + len(still), 1.0
    for time in sorted(ending.keys() | censored.keys()):
        survival *= 1 - ending[time] / at_risk
        if survival <= HALF:
            return time
        at_risk -= ending[time] + censored[time]
    return None

"""False discoveries: of many comparisons, the ones that may be called differences."""

from collections.abc import Sequence

FALSE_SHARE = 0.10


def discoveries(chances: Sequence[float], false_share: float = FALSE_SHARE) -> set[int]:
    """Places of the p-values to believe, so that of those believed a `false_share` at most is wrong on average.

    Benjamini & Hochberg 1995: the largest k with p(k) ≤ k / m × q, and everything up to it.
    """
    order = sorted(range(len(chances)), key=lambda place: chances[place])
    believed = 0
    for rank, place in enumerate(order, start=1):
        if chances[place] <= rank / len(chances) * false_share:
            believed = rank
    return set(order[:believed])


def false_alarms(flags: int, false_share: float = FALSE_SHARE) -> float:
    """How many of the flags to expect to be wrong, at most.

    What Benjamini & Hochberg's procedure holds is E[wrong / flags] ≤ q, so of R flags q × R.
    """
    return flags * false_share

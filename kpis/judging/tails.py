"""Tail probabilities: the few distributions behind funnel limits, so that no scientific library is needed."""

from itertools import count as numbers
from math import exp, inf, lgamma, log, log1p, pi, sqrt
from statistics import NormalDist

NORMAL = NormalDist()
TINY = 1e-300
PRECISION = 1e-14


def beta_share(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b), by its continued fraction (Lentz's method)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_share(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    return min(1.0, front * _fraction(x, a, b))


def _fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1 / _not_nought(1 - (a + b) * x / (a + 1))
    value = d
    for m in numbers(1):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d, c = 1 / _not_nought(1 + term * d), _not_nought(1 + term / c)
            value *= c * d
        if abs(c * d - 1) < PRECISION or m > 10_000:
            return value
    raise AssertionError("the loop ends by returning")


def _not_nought(value: float) -> float:
    return value if abs(value) > TINY else TINY


def binomial_tails(hits: int, of: int, share: float) -> tuple[float, float]:
    """P(at most `hits`) and P(at least `hits`) of a binomial count."""
    at_least = beta_share(share, hits, of - hits + 1) if hits else 1.0
    at_most = beta_share(1 - share, of - hits, hits + 1) if hits < of else 1.0
    return at_most, at_least


def hypergeometric_tails(hits: int, drawn: int, marked: int, of: int) -> tuple[float, float]:
    """The same when `drawn` are taken without putting back, `marked` of all `of` being hits (Fisher's exact test)."""
    here = exp(_log_choose(marked, hits) + _log_choose(of - marked, drawn - hits) - _log_choose(of, drawn))
    below = above = term = here
    for k in range(hits, min(drawn, marked)):
        term *= (marked - k) * (drawn - k) / ((k + 1) * (of - marked - drawn + k + 1))
        above += term
        if term < PRECISION * above:
            break
    term = here
    for k in range(hits, max(0, drawn + marked - of), -1):
        term *= k * (of - marked - drawn + k) / ((marked - k + 1) * (drawn - k + 1))
        below += term
        if term < PRECISION * below:
            break
    return min(1.0, below), min(1.0, above)


def _log_choose(of: int, take: int) -> float:
    return lgamma(of + 1) - lgamma(take + 1) - lgamma(of - take + 1)


def student_beyond(t: float, df: float) -> float:
    """P(|T| ≥ |t|) of Student's t; the normal distribution's for infinitely many degrees of freedom."""
    if df == inf:
        return 2 * NORMAL.cdf(-abs(t))
    return beta_share(df / (df + t * t), df / 2, 0.5)


def student_limit(p: float, df: float) -> float:
    """The t that is exceeded on either side with probability `p`, by halving."""
    low, high = 0.0, 1.0
    while student_beyond(high, df) > p:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if student_beyond(middle, df) > p else (low, middle)
    return high


def score(at_most: float, at_least: float, here: float = 0.0) -> float:
    """How far out a value lies, as a normal score of its tail; `here` is its own probability, half of which counts."""
    lower, upper = at_most - here / 2, at_least - here / 2
    tail = min(max(min(lower, upper), TINY), 0.5)
    return NORMAL.inv_cdf(tail) * (1 if lower <= upper else -1)


# The density of the standard normal at nought, for the error of a median.
MEDIAN_ERROR = sqrt(pi / 2)

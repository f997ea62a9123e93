"""Intervals and survival against published answers."""

import pytest

from kpis.statistics import kaplan_meier_median, wilson

# Times in remission, in weeks: Freireich et al. 1963, the usual example of Kaplan and Meier's estimate.
TREATED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
TREATED_STILL = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_newcombe_s_published_intervals(hits, of, low, high):
    """Newcombe 1998, method 3."""
    assert wilson(hits, of) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@pytest.mark.parametrize("of", [1, 2, 3, 7, 20, 1000])
def test_wilson_ends_exactly_at_none_and_all(of):
    assert wilson(0, of)[0] == 0.0
    assert wilson(of, of)[1] == 1.0


def test_kaplan_meier_gives_the_published_medians():
    assert kaplan_meier_median(TREATED, TREATED_STILL) == 23
    assert kaplan_meier_median(PLACEBO, []) == 8


def test_dropping_the_open_visits_would_shorten_the_median():
    """Of the nine treated who relapsed the median is 10 weeks; with those still in remission 23."""
    assert kaplan_meier_median(TREATED, []) == 10


def test_those_censored_at_a_moment_are_at_risk_for_what_ends_in_it():
    """4 at risk on day 5, of whom two end and two are censored: survival 2/4, the median is reached."""
    assert kaplan_meier_median([5, 5], [5, 5]) == 5


def test_a_median_never_reached_is_none():
    assert kaplan_meier_median([1], [2, 2]) is None
    assert kaplan_meier_median([], [1, 2, 3]) is None


@pytest.mark.parametrize("visits", range(2, 400, 2))
def test_half_of_an_even_number_ended_is_the_median_however_many_factors(visits):
    assert kaplan_meier_median(list(range(1, visits + 1)), []) == visits // 2

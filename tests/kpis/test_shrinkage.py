"""Small samples are drawn to the role's mean, large ones keep what they showed."""

import pytest

from kpis.judging.magnitudes import Ranks
from kpis.judging.shrinkage import beta_binomial, excess, gamma_poisson, towards
from kpis.judging.tallies import Rates, Shares


def test_a_prior_of_ten_rows_meets_ten_rows_half_way():
    """Correlation 1/11: a + b = 10 imagined rows at 40 %. 8 of 10 seen: (8 + 4) / 20 = 60 %."""
    assert beta_binomial(8, 10, 0.4, 1 / 11) == pytest.approx(0.6)


def test_the_more_rows_the_less_they_are_drawn():
    """80 of 100: (80 + 4) / 110."""
    assert beta_binomial(80, 100, 0.4, 1 / 11) == pytest.approx(84 / 110)


def test_without_rows_there_is_only_the_mean():
    assert beta_binomial(0, 0, 0.4, 0.1) == pytest.approx(0.4)


def test_reps_who_differ_by_chance_alone_all_have_the_mean():
    assert beta_binomial(8, 10, 0.4, 0) == 0.4
    assert gamma_poisson(8, 10, 0.4, 0) == 0.4
    assert towards(8, 10, 0.4, 0) == 0.4


def test_a_rate_is_drawn_by_a_gamma_prior():
    """Mean 2 a day, variation 1/4: shape 4, so 4 / 2 = 2 imagined days. 15 in 3 days: (15 + 4) / (3 + 2) = 3.8."""
    assert gamma_poisson(15, 3, 2.0, 0.25) == pytest.approx(3.8)


def test_a_median_is_drawn_by_its_weight():
    """ρ = 0.2, n = 4: 0.8 / (1 + 0.6) = 0.5, half the way from 50 to 30."""
    assert towards(30, 4, 50, 0.2) == pytest.approx(40)


def test_the_excess_is_what_chi_square_has_over_its_expectation():
    """Two reps, h = ½ each: expected (1 − ½) × 2 = 1. X² = 5 leaves 4, over (1 − ½) × (10 + 10) = 10: 0.4."""
    assert excess(5, [0.5, 0.5], [10, 10]) == pytest.approx(0.4)
    assert excess(0.7, [0.5, 0.5], [10, 10]) == 0


def test_shares_are_drawn_by_what_all_of_them_show():
    """
    rep      hits  of  share
    first       2  20   0.1     mean 40 / 80 = 0.5; X² = Σ 20 × (share − 0.5)² / 0.25
    second     18  20   0.9       = 80 × (0.16 + 0.16 + 0 + 0) = 25.6
    third      10  20   0.5     Σ(1 − h) = 3; ρ = (25.6 − 3) / (3 × 19) = 0.39649; a + b = 1 / ρ − 1 = 1.5221
    fourth     10  20   0.5     first: (2 + 0.76106) / 21.5221 = 0.12829
    """
    estimates = Shares([2, 18, 10, 10], [20, 20, 20, 20]).estimates
    assert estimates == pytest.approx([0.12829, 0.87171, 0.5, 0.5], abs=1e-5)


def test_figures_that_are_alike_are_all_drawn_to_their_mean():
    assert Shares([4, 6, 5, 5], [10] * 4).estimates == [0.5] * 4
    assert Rates([9, 11, 10, 10], [5] * 4).estimates == [2.0] * 4
    assert Ranks([[1, 3, 5], [2, 3, 4], [1, 3, 5], [2, 3, 4]]).estimates == [3.0] * 4


def test_no_estimate_passes_what_was_seen():
    rates = Rates([2, 30, 60, 8], [10, 10, 10, 2])
    for estimate, value in zip(rates.estimates, rates.values, strict=True):
        assert min(value, rates.mean) <= estimate <= max(value, rates.mean)

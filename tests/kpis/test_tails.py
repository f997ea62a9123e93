"""Tail probabilities against printed tables."""

from math import inf

import pytest

from kpis.judging.tails import (
    beta_share,
    binomial_tails,
    hypergeometric_tails,
    score,
    student_beyond,
    student_limit,
)


def test_binomial_tails_add_up_by_hand():
    """Ten tosses of a coin: at most three (1 + 10 + 45 + 120) / 1024, at least three 1 − (1 + 10 + 45) / 1024."""
    assert binomial_tails(3, 10, 0.5) == (pytest.approx(176 / 1024), pytest.approx(968 / 1024))
    assert binomial_tails(0, 4, 0.25) == (pytest.approx(0.75**4), 1.0)
    assert binomial_tails(4, 4, 0.25) == (1.0, pytest.approx(0.25**4))


def test_the_lady_tasting_tea():
    """Fisher 1935: of eight cups, four with the milk first, three guessed right or better in 17 of 70 ways."""
    at_most, at_least = hypergeometric_tails(3, 4, 4, 8)
    assert at_least == pytest.approx(17 / 70)
    assert at_most == pytest.approx(69 / 70)


def test_tails_of_many_rows_stay_exact():
    """The same share seen in ever more rows becomes ever rarer, without an overflow; both tails share the value."""
    rare = [hypergeometric_tails(3 * n, 10 * n, 50 * n, 100 * n)[0] for n in (1, 10, 100)]
    assert rare == sorted(rare, reverse=True)
    assert 0 < rare[-1] < 1e-30
    assert sum(binomial_tails(5000, 10_000, 0.5)) == pytest.approx(1 + 0.0079787, abs=1e-5)


@pytest.mark.parametrize(
    ("df", "five", "fifth"), [(1, 12.706, 318.31), (5, 2.571, 5.893), (10, 2.228, 4.144), (inf, 1.960, 3.090)]
)
def test_student_s_limits_are_those_of_the_table(df, five, fifth):
    """Two-sided 5 % and 0.2 %."""
    assert student_limit(0.05, df) == pytest.approx(five, abs=6e-4)
    assert student_limit(0.002, df) == pytest.approx(fifth, rel=1e-3)
    assert student_beyond(five, df) == pytest.approx(0.05, abs=5e-5)


def test_a_tail_s_score_is_its_normal_deviate():
    """2.5 % below is 1.96 errors low; half of the value's own probability counts on either side."""
    assert score(0.025, 0.975) == pytest.approx(-1.96, abs=1e-3)
    assert score(0.975, 0.025) == pytest.approx(1.96, abs=1e-3)
    assert score(0.6, 0.6, 0.2) == 0


def test_the_incomplete_beta_is_symmetric_and_known_in_the_middle():
    assert beta_share(0.5, 3, 3) == pytest.approx(0.5)
    assert beta_share(0.2, 1, 1) == pytest.approx(0.2)
    assert beta_share(0.3, 2, 5) == pytest.approx(1 - beta_share(0.7, 5, 2))

"""How far a rep lies from the others, and the limits around them."""

from math import sqrt

import pytest

from kpis.judging.decision import Family, decide, limits
from kpis.judging.dispersion import GRID, Differences, Others, usual
from kpis.judging.magnitudes import Ranks, Totals
from kpis.judging.tallies import Rates, Shares


def family(peers, key="share"):
    return Family("", key, range(len(peers)), peers)


def test_chi_square_of_shares_is_the_table_s():
    """
    hits   2  18  10  10   expected 10 each, variance 20 × ½ × ½ = 5
    misses 18  2  10  10   X² = (64 + 64) / 5 = 25.6
    """
    assert Shares([2, 18, 10, 10], [20] * 4).chi_square == pytest.approx(25.6)


def test_a_rep_is_left_out_of_what_the_others_say():
    """Without the first: 18, 10, 10 of 20, mean 38/60; X² = Σ (n − 12.667)² / 4.6444 = (28.44 + 7.11 + 7.11) / 4.6444.

    The identity keeps the variance of all (5 instead of 4.64): 42.667 / 5 = 8.5333.
    """
    others = Shares([2, 18, 10, 10], [20] * 4).others(without=0)
    assert others.df == 2
    assert others.chi_square == pytest.approx(42.6667 / 5, abs=1e-3)


def test_a_rate_against_the_rest_is_a_coin_toss_of_their_total():
    """Two reps, 2 and 8 in as many days: P(at most 2 of 10 at ½) = 56 / 1024, twice."""
    assert Rates([2, 8], [5, 5]).gaps[0].chance == pytest.approx(112 / 1024)


def test_a_share_against_the_rest_is_fisher_s_test():
    """1 of 4 against 3 of 4: P(at most 1 of 4) = 17 / 70, twice."""
    gap = Shares([1, 3], [4, 4]).gaps[0]
    assert gap.chance == pytest.approx(34 / 70)
    assert gap.score < 0 < Shares([1, 3], [4, 4]).gaps[1].score


def test_ranks_give_kruskal_and_wallis_h():
    """Three samples of three, apart: H = 12 / (9 × 10) × (6² + 15² + 24²) / 3 − 3 × 10 = 7.2."""
    assert Ranks([[1, 2, 3], [4, 5, 6], [7, 8, 9]]).chi_square == pytest.approx(7.2)


def test_totals_are_held_against_the_spread_of_the_others():
    """1, 2, 3 and 10: the others' variance is 1, their mean 2: t = 8 / √(1 + 1/3) = 6.928 on 2 degrees of freedom."""
    gap = Totals([1.0, 2.0, 3.0, 10.0], [1.0] * 4).gaps[3]
    assert gap.score == pytest.approx(8 / sqrt(4 / 3))
    assert gap.chance == pytest.approx(0.0202, abs=1e-4)


def test_what_all_have_alike_is_no_gap():
    for peers in (
        Shares([0] * 5, [9] * 5),
        Shares([9] * 5, [9] * 5),
        Rates([0] * 5, [3] * 5),
        Ranks([[4, 4, 4]] * 5),
        Totals([2.0] * 5, [1.0] * 5),
    ):
        assert {gap.chance for gap in peers.gaps} == {1.0}


def test_without_differences_between_reps_chance_alone_is_likely():
    """Chi-square of 9 on 9 degrees of freedom, of figures that would show a difference well."""
    weights = usual([Others(9.0, 9, 50.0)] * 10)
    assert weights[GRID <= 0.1**2].sum() > 0.8


def test_reps_who_differ_by_a_third_are_seen_to():
    """φ = 1 + 0.3² × 100 = 10."""
    weights = usual([Others(90.0, 9, 100.0)] * 10)
    assert 0.2**2 < (weights @ GRID) < 0.45**2


def test_where_reps_differ_as_a_rule_the_same_gap_is_no_flag():
    """40 of 100 beside 60: among reps who all have about 60 a flag, among reps from 35 to 85 nothing."""
    alike = [family(Shares([40, 60, 59, 61, 60, 58, 62, 60], [100] * 8), str(n)) for n in range(5)]
    apart = [family(Shares([40, 60, 75, 45, 85, 35, 70, 50], [100] * 8), str(n)) for n in range(5)]
    assert decide(alike)[0, "0"].is_flag
    assert not any(finding.is_flag for finding in decide(apart).values())


def test_an_outlier_does_not_hide_in_the_spread_it_makes():
    findings = decide([family(Shares([5, 60, 59, 61, 60, 58], [100] * 6))])
    assert findings[0, "share"].level == "alarm"
    assert [rep for (rep, _key), finding in findings.items() if finding.is_flag] == [0]


def test_four_reps_are_too_few_to_say_what_is_usual():
    assert decide([family(Shares([1, 60, 59, 61], [100] * 4))]) == {}


def test_limits_narrow_as_rows_are_added_and_the_alarm_lies_outside_the_alert():
    one = family(Shares([40, 42, 38, 41, 39, 40], [100] * 6))
    few, many = limits(one, [one], [25, 400])
    assert few.alarm[0] < few.alert[0] < 0.4 < few.alert[1] < few.alarm[1]
    assert many.alert[1] - many.alert[0] < few.alert[1] - few.alert[0]


def test_without_overdispersion_the_limits_are_near_the_textbook_s():
    """Spiegelhalter's 95 % limits of a share of 40 % in 100 rows: 0.4 ± 1.96 × 0.049; a little wider for what is unknown."""
    kpis = [family(Shares([40, 42, 38, 41, 39, 40, 43, 37], [100] * 8), str(n)) for n in range(10)]
    low, high = limits(kpis[0], kpis, [100])[0].alert
    assert 0.096 < high - 0.4 < 0.13
    assert high - 0.4 == pytest.approx(0.4 - low)


def test_a_spread_s_p_falls_with_the_distance():
    seen = Differences.seen(Others(5.0, 5, 20.0), usual([]))
    ps = [seen.beyond(score, score / 5, 0.1) for score in (0.5, 1, 2, 4)]
    assert ps == sorted(ps, reverse=True)

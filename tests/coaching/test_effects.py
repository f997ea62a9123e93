"""The arithmetic of “did it work”, by hand; and by dice, that it errs no oftener than promised."""

from io import StringIO
from math import isclose

import pytest
from django.core.management import call_command

from coaching.impact.effects import FALSE_WORKED, Effect, Pair, difference, pooled, spread
from coaching.impact.simulated import Role, simulate
from kpis.judging.window_samples import Sample


def pair(before: float, after: float, noise: float = 0.0, year: float | None = None) -> Pair:
    history = Sample(year, 0.0, 240) if year is not None else None
    return Pair(Sample(before, noise, 20), Sample(after, noise, 20), history)


def test_without_noise_it_is_the_plain_difference_of_differences():
    """
    | who      | before | after | change |
    | coached  |     10 |    16 |     +6 |
    | three    | 12, 14, 16 | 13, 15, 17 | +1 each |
    6 − 1 = 5, and nobody's change differs from the others': no error.
    """
    found = difference(pair(10, 16), [pair(12, 13), pair(14, 15), pair(16, 17)])
    assert isclose(found.estimate, 5, abs_tol=1e-6)
    assert isclose(found.trend, 1, abs_tol=1e-6)
    assert found.error < 1e-5
    assert found.kind("up") == "worked"
    assert found.kind("down") == "worse"


def test_a_low_start_is_drawn_to_the_role_by_its_noise():
    """
    Baselines 1, 3, 3, 5 (the coached rep's first), each with noise 2/3: mean 3, variance 8/3, so 8/3 − 2/3 = 2 lies
    between reps and 2 / (2 + 2/3) = 3/4 of one's own distance counts: the start of 1 counts as 3 − 3/4 × 2 = 1.5.
    Everybody stays as they are: the coached rep's 0 becomes 1 − 1.5 = −0.5 against uncoached 0 (3), 0 (3), +0.5 (5).
    """
    found = difference(pair(1, 1, 2 / 3), [pair(3, 3, 2 / 3), pair(3, 3, 2 / 3), pair(5, 5, 2 / 3)])
    assert isclose(found.start, 1.5, abs_tol=1e-3)
    assert isclose(found.trend, 0.5 / 3, abs_tol=1e-3)
    assert isclose(found.estimate, -0.5 - 0.5 / 3, abs_tol=1e-3)


def test_the_year_before_says_who_was_always_low():
    """With a year in which the rep stood at 1 as well, a start of 1 is no bad luck and hardly drawn upwards."""
    controls = [(3, 3, 2 / 3, 3), (3, 3, 2 / 3, 3), (5, 5, 2 / 3, 5)]
    found = difference(pair(1, 1, 2 / 3, 1), [pair(*one) for one in controls])
    assert isclose(found.start, 1, abs_tol=0.05)
    assert isclose(found.estimate, 0, abs_tol=0.1)


def test_the_spread_of_the_uncoached_widens_the_interval():
    calm = difference(pair(10, 16), [pair(12, 13), pair(14, 15.1), pair(16, 16.9)])
    restless = difference(pair(10, 16), [pair(12, 8), pair(14, 20), pair(16, 17)])
    assert calm.kind("up") == "worked"
    assert restless.kind("up") == "no_evidence"
    assert restless.error > 5 * calm.error


def test_a_kpi_where_less_is_better_worked_when_it_fell():
    found = Effect(estimate=-8, error=2, limit=2, start=20, trend=0, controls=5)
    assert (found.low, found.high) == (-12, -4)
    assert found.kind("down") == "worked"
    assert found.kind("up") == "worse"


def test_power_is_one_in_forty_for_no_change_and_four_in_five_for_the_detectable_one():
    found = Effect(estimate=0, error=2, limit=1.96, start=20, trend=0, controls=500)
    assert isclose(found.power(0), 0.025, abs_tol=0.0001)
    assert isclose(found.power(found.detectable), 0.8, abs_tol=0.001)


def test_commitments_are_pooled_by_how_much_they_know():
    """
    | effect | error | weight 1/error² |
    |      2 |     1 |  1   |
    |      4 |     2 | 1/4  |
    (2 × 1 + 4 × 1/4) / 1.25 = 2.4; they differ no more than their errors: nothing lies between them.
    """
    found = pooled([(2, 1), (4, 2)])
    assert isclose(found.mean, 2.4)
    assert found.low < 0 < found.high  # two commitments: t with one degree of freedom
    assert pooled([(2, 1)]) is None


def test_what_lies_between_values_is_what_their_noise_leaves():
    """1, 3, 3, 5 with noise 2/3 each: 8/3 − 2/3 = 2."""
    assert isclose(spread([1, 3, 3, 5], [2 / 3] * 4).between, 2)
    assert spread([2.9, 3, 3.1], [1] * 3).between == 0


@pytest.mark.parametrize("past", [0, 6])
@pytest.mark.parametrize("picks_worst", [True, False])
def test_coaching_that_does_nothing_worked_no_oftener_than_promised(past, picks_worst):
    """A thousand rounds err by half a point either way; the worst rep rises by luck, which must not count."""
    found = simulate(Role(past=past), 1000, seed=4, picks_worst=picks_worst)
    assert found.worked <= FALSE_WORKED + 0.005
    assert found.worse <= FALSE_WORKED + 0.005


def test_the_plain_change_of_the_worst_would_err_far_oftener():
    """What the baseline is drawn for: the rep who looked worst rises by some points without any coaching."""
    found = simulate(Role(between=0.03, wander=0.0, past=0), 400, seed=4)
    assert abs(found.mean) < 0.015


@pytest.mark.parametrize("effect", [0.1, 0.2])
def test_an_effect_is_found_as_often_as_stated_and_at_its_size(effect):
    found = simulate(Role(rows=120), 400, seed=5, effect=effect)
    assert abs(found.worked - found.stated) < 0.07
    assert abs(found.mean - effect) < 0.015


def test_the_command_prints_both_rates():
    out = StringIO()
    call_command("simulate_coaching", "--rounds", "20", "--effect", "0.2", stdout=out)
    assert "worst" in out.getvalue()
    assert "+0.20" in out.getvalue()

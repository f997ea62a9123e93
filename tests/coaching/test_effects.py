"""The arithmetic of “did it work”, by hand; and by dice, that it errs no oftener than promised."""

from io import StringIO
from math import isclose

import pytest
from django.core.management import CommandError, call_command

from coaching.impact.effects import FALSE_WORKED, Effect, Pair, difference, pooled, spread
from coaching.impact.simulated import KINDS, Role, simulate
from kpis.judging.window_samples import OF_MEDIAN, PER_MAD, Sample, samples
from kpis.readings import Reading
from kpis.values import DAY_US


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


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("past", [0, 6])
@pytest.mark.parametrize("picks_worst", [True, False])
def test_coaching_that_does_nothing_worked_no_oftener_than_promised(kind, past, picks_worst):
    """A thousand rounds err by half a point either way; the worst rep rises by luck, which must not count."""
    found = simulate(Role(kind, past=past, picks_worst=picks_worst), 1000, seed=4)
    assert found.worked <= FALSE_WORKED + 0.005
    assert found.worse <= FALSE_WORKED + 0.005


def test_the_plain_change_of_the_worst_would_err_far_oftener():
    """What the baseline is drawn for: the rep who looked worst rises by some points without any coaching."""
    found = simulate(Role(past=0), 400, seed=4)
    assert abs(found.mean) < 0.075


# What of an effect is found of each kind; sums tell least, since few amounts stand behind them.
@pytest.mark.parametrize(("kind", "effect"), [("share", 1.0), ("count", 0.5), ("sum", 1.5), ("median", 1.0)])
def test_an_effect_is_found_about_as_often_as_stated_and_at_its_size(kind, effect):
    found = simulate(Role(kind, effect=effect, size=40 if kind == "sum" else None), 400, seed=5)
    assert abs(found.worked - found.stated) < 0.08
    assert abs(found.mean / effect - 1) < 0.08
    assert found.worked > 5 * FALSE_WORKED


def test_more_rows_find_more():
    few, many = (simulate(Role("sum", effect=1.0, size=size), 300, seed=5) for size in (20, 80))
    assert many.worked > few.worked + 0.1
    assert many.stated > few.stated + 0.1


def reading(kind: str, value: float, rows: int = 0, **more) -> Reading:
    return Reading(kpi=KINDS[kind].kpi, value=value, evidence_count=rows, **more)


def test_chance_in_a_sum_is_that_of_its_amounts():
    """
    Both there for twenty days: 2,000 in four amounts and 4,000 in eight, 500 on average, the role's level 3,000.
    An amount's deviation taken to be its mean, a sum of about 3,000 varies by 2 x 500 x 3,000.
    """
    found = samples(
        KINDS["sum"].kpi, {1: reading("sum", 2000, 4), 2: reading("sum", 4000, 8)}, {1: 20, 2: 20}
    )
    assert found == {1: Sample(2000, 3_000_000, 20), 2: Sample(4000, 3_000_000, 20)}


def test_chance_in_a_count_grows_with_it():
    """Forty and sixty in twenty days: the role's rate is 50, and who has more varies by what they have."""
    found = samples(KINDS["count"].kpi, {1: reading("count", 40), 2: reading("count", 60)}, {1: 20, 2: 20})
    assert found == {1: Sample(40, 50, 20), 2: Sample(60, 60, 20)}


def test_chance_in_a_median_is_read_off_all_samples_and_grows_with_it():
    """
    8, 10, 12 and 18, 20, 22: values lie 2 from their middles, but for the middles themselves: 2 is the median distance.
    The usual middle is 15: the lower varies by it, the higher by 20 / 15 of it.
    """
    days = {1: [8, 10, 12], 2: [18, 20, 22]}
    given = {
        rep: reading("median", sorted(one)[1], 3, sample=[value * DAY_US for value in one])
        for rep, one in days.items()
    }
    found = samples(KINDS["median"].kpi, given, {})
    of_one = OF_MEDIAN * (PER_MAD * 2) ** 2 / 3
    assert isclose(found[1].variance, of_one)
    assert isclose(found[2].variance, of_one * (20 / 15) ** 2)


def test_the_command_prints_both_rates_for_every_kind():
    out = StringIO()
    call_command("simulate_coaching", "--rounds", "20", "--effect", "0.5", stdout=out)
    assert [line.partition(":")[0] for line in out.getvalue().splitlines() if "rounds" in line] == list(KINDS)
    assert out.getvalue().count("worst") == len(KINDS)


def test_the_command_refuses_a_role_without_colleagues():
    with pytest.raises(CommandError, match="4 reps"):
        call_command("simulate_coaching", "--reps", "3")

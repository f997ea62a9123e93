"""Standing: a reading against its target, in a word."""

import pytest

from kpis.catalogue import CATALOGUE
from kpis.readings import Reading
from kpis.standing import Standing, standing
from kpis.statistics import wilson
from kpis.targets import Due


def due(value, share=1.0):
    return Due(value=value, due=value * share, stretch=None, share=share, is_own=True)


def figure(key, value, **more):
    return Reading(kpi=CATALOGUE[key], value=value, **more)


def share(key, hits, of):
    low, high = wilson(hits, of)
    return figure(key, hits / of, denominator=of, evidence_count=of, low=low, high=high)


def test_without_a_target_there_is_no_standing():
    assert standing(CATALOGUE["calls_made"], figure("calls_made", 3), None) is None


@pytest.mark.parametrize(
    ("calls", "word"), [(100, "on_track"), (99, "watch"), (80, "watch"), (79, "off_track")]
)
def test_a_sum_is_watched_within_a_fifth_of_what_is_due(calls, word):
    assert standing(CATALOGUE["calls_made"], figure("calls_made", calls), due(100)) == word


def test_a_sum_is_held_against_the_part_that_has_passed():
    """Half the month is over: 50 of 100 are due."""
    assert standing(CATALOGUE["calls_made"], figure("calls_made", 50), due(100, 0.5)) == Standing.ON_TRACK


@pytest.mark.parametrize(
    ("days", "word"), [(40, "on_track"), (41, "watch"), (50, "watch"), (51, "off_track")]
)
def test_fewer_days_are_better(days, word):
    """A target of 40 days is near up to 40 / 0.8 = 50."""
    reading = figure("sales_cycle_days", days, evidence_count=9)
    assert standing(CATALOGUE["sales_cycle_days"], reading, due(40)) == word


def test_a_share_is_off_track_only_when_its_whole_interval_misses():
    """The target is 50 %. 4 of 20 has the interval 8 % to 42 %; 8 of 20 has 22 % to 61 %."""
    kpi = CATALOGUE["win_rate"]
    assert standing(kpi, share("win_rate", 4, 20), due(0.5)) == Standing.OFF_TRACK
    assert standing(kpi, share("win_rate", 8, 20), due(0.5)) == Standing.WATCH
    assert standing(kpi, share("win_rate", 10, 20), due(0.5)) == Standing.ON_TRACK


def test_a_share_of_too_few_says_nothing():
    """The win rate needs five closed deals: 0 of 4 is too few to say, 0 of 5 can be judged."""
    kpi = CATALOGUE["win_rate"]
    assert standing(kpi, share("win_rate", 0, 4), due(0.9)) == Standing.TOO_FEW
    assert standing(kpi, share("win_rate", 0, 5), due(0.9)) == Standing.OFF_TRACK


def test_no_value_is_too_few_to_say_and_never_off_track():
    reading = figure("win_rate", None, reason="no_denominator", denominator=0)
    assert standing(CATALOGUE["win_rate"], reading, due(0.5)) == Standing.TOO_FEW


def test_a_sum_of_nought_is_a_value():
    assert standing(CATALOGUE["calls_made"], figure("calls_made", 0), due(10)) == Standing.OFF_TRACK

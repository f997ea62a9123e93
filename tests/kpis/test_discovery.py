"""Which of many p-values to believe."""

import pytest

from kpis.judging.discovery import discoveries, false_alarms

# Benjamini & Hochberg 1995, section 3.2: fifteen hypotheses of a trial of thrombolysis.
TRIAL = [
    0.0001,
    0.0004,
    0.0019,
    0.0095,
    0.0201,
    0.0278,
    0.0298,
    0.0344,
    0.0459,
    0.3240,
    0.4262,
    0.5719,
    0.6528,
    0.7590,
    1.0,
]


def test_the_paper_s_own_example():
    """At 5 %: p(4) = 0.0095 ≤ 4/15 × 0.05 = 0.013 and p(5) = 0.0201 > 0.0167, so that four are believed."""
    assert discoveries(TRIAL, 0.05) == {0, 1, 2, 3}


def test_at_ten_percent_nine_of_them_are_believed():
    """p(9) = 0.0459 ≤ 9/15 × 0.1 = 0.06, and p(10) = 0.3240 > 0.067."""
    assert discoveries(TRIAL) == set(range(9))


def test_a_later_one_carries_an_earlier_one_that_misses_its_own_line():
    """Of three at 10 %: lines at 0.033, 0.067, 0.1. The first misses its own, the third meets its: all are believed."""
    assert discoveries([0.04, 0.06, 0.09]) == {0, 1, 2}


def test_places_are_those_of_the_order_given():
    assert discoveries([0.9, 0.001, 0.5]) == {1}


def test_nothing_is_found_among_nothing():
    assert discoveries([]) == set()
    assert discoveries([1.0, 0.8]) == set()


def test_of_ten_flags_one_may_be_wrong():
    assert false_alarms(3) == pytest.approx(0.3)
    assert false_alarms(0) == 0

"""Where thirteen weeks lead, if anywhere."""

from datetime import date, timedelta

import pytest

from kpis.catalogue import CATALOGUE
from kpis.judging.trends import Week, _of_order, completed, trend
from kpis.periods import Period
from kpis.readings import Reading

COUNT = next(k for k in CATALOGUE.values() if k.key == "calls_made")
SHARE = CATALOGUE["reach_rate"]
MEDIAN = CATALOGUE["sales_cycle_days"]
STOCK = CATALOGUE["prospects_open"]
PER = CATALOGUE["attempts_per_conversion"]
SUM = CATALOGUE["won_value"]


MONDAY = date(2026, 3, 2)


def weeks(readings, days=()) -> list[Week]:
    """One after the other from 2 March on; days at work five, or as told."""
    there = [*days, *[5] * (len(readings) - len(days))]
    return [
        Week(Period("week", str(n), start := MONDAY + timedelta(7 * n), start + timedelta(7)), one, of)
        for n, (one, of) in enumerate(zip(readings, there, strict=True))
    ]


def counts(kpi, *values, days=()):
    found = [None if n is None else Reading(kpi=kpi, value=n, numerator=n, evidence_count=n) for n in values]
    return weeks(found, days)


def shares(kpi, *pairs):
    return weeks(
        [Reading(kpi=kpi, value=n / d, numerator=n, denominator=d, evidence_count=d) for n, d in pairs]
    )


def medians(*values):
    return weeks([Reading(kpi=MEDIAN, value=v, sample=[v] * 5, evidence_count=5) for v in values])


def test_calls_that_rise_week_by_week_rise():
    found = trend(COUNT, counts(COUNT, *range(20, 72, 4)))
    assert found.direction == "up"
    assert found.why.startswith("Rising over 13 weeks")


def test_calls_that_fall_fall():
    assert trend(COUNT, counts(COUNT, *range(72, 20, -4))).direction == "down"


def test_ups_and_downs_are_no_trend():
    found = trend(COUNT, counts(COUNT, 40, 52, 38, 45, 55, 41, 39, 50, 44, 53, 40, 47, 46))
    assert found.direction == ""
    assert found.why == "Up and down over 13 weeks, as chance has it: no trend."


def test_weeks_that_swing_more_than_chance_need_a_steeper_slope():
    """The same slope among even weeks is a trend, among weeks of 5 and 90 none."""
    even = [30, 31, 33, 34, 36, 37, 39, 40, 42, 43, 45, 46, 48]
    wild = [n + (45 if week % 2 else -25) for week, n in enumerate(even)]
    assert trend(COUNT, counts(COUNT, *[3 * n for n in even])).direction == "up"
    assert trend(COUNT, counts(COUNT, *[3 * n for n in wild])).direction == ""


def test_a_share_weighs_its_rows():
    """A week of one row at nought says little beside twelve of fifty."""
    rising = [(5 + 2 * week, 50) for week in range(12)]
    assert trend(SHARE, shares(SHARE, *rising, (0, 1))).direction == "up"


def test_more_attempts_per_contract_is_a_rise():
    """Hits fall from 24 to 0 of 60, so that each takes ever more attempts."""
    found = [
        Reading(kpi=PER, value=60 / n, numerator=60, denominator=n, evidence_count=60)
        for n in range(26, 1, -2)
    ]
    assert trend(PER, weeks(found)).direction == "up"


def test_medians_go_by_their_order():
    assert trend(MEDIAN, medians(20, 22, 25, 24, 30, 31, 35, 34, 40, 44, 43, 50, 60)).direction == "up"
    assert trend(MEDIAN, medians(20, 60, 25, 50, 30, 43, 35, 44, 40, 34, 31, 24, 22)).direction == ""


def test_kendall_s_s_by_hand():
    """1, 3, 2, 4: five pairs rise, one falls: S = 4; variance 4 × 3 × 13 / 18 = 8.667; z = 3 / 2.944 = 1.019."""
    assert _of_order([1, 3, 2, 4]) == (4.0, pytest.approx(0.3082, abs=5e-4))


def test_a_stock_goes_by_its_steps():
    """A stock that wandered from 10 to 15 in steps up and down has no trend; one that gains every week has."""
    wandered = [10, 13, 11, 14, 17, 15, 12, 14, 18, 16, 14, 17, 15]
    assert trend(STOCK, counts(STOCK, *wandered)).direction == ""
    assert trend(STOCK, counts(STOCK, *[10 + 2 * n + n % 2 for n in range(13)])).direction == "up"


def test_seven_weeks_are_too_few():
    found = trend(COUNT, counts(COUNT, None, None, 1, None, None, None, 9, 18, 30, 40, 60, 90, None))
    assert (found.direction, found.p) == ("", None)
    assert found.why == "Figures of 7 weeks: a trend takes 8."


def test_few_rows_are_no_trend_however_they_fall():
    assert trend(COUNT, counts(COUNT, *[0] * 9, 1, 2, 2, 3)).why == (
        "Only 8 in all these weeks: too few for a trend."
    )


def test_a_forecast_has_no_trend():
    forecast = CATALOGUE["forecast_value"]
    assert trend(forecast, counts(forecast, *range(13))).why == "No trend is read from this figure."


def test_the_running_week_is_left_out():
    found = counts(COUNT, 5, 6, 1)
    assert completed(found, MONDAY + timedelta(16)) == found[:2]


def test_weeks_away_are_left_out():
    """Thirteen even weeks, in the last three of which Ada was on holiday: no calls, and no fall."""
    called, away = [40] * 10 + [0] * 3, [5] * 10 + [0] * 3
    assert trend(COUNT, counts(COUNT, *called)).direction == "down"
    found = trend(COUNT, counts(COUNT, *called, days=away))
    assert (found.direction, found.why) == ("", "Up and down over 10 weeks, as chance has it: no trend.")


def test_a_week_counts_by_its_days_at_work():
    """Eight calls a day throughout; of the last five weeks only three days each were worked."""
    called = [40] * 8 + [24] * 5
    assert trend(COUNT, counts(COUNT, *called)).direction == "down"
    assert trend(COUNT, counts(COUNT, *called, days=[5] * 8 + [3] * 5)).direction == ""


def test_half_of_the_days_make_a_week():
    """Three of five are more than half, two are not."""
    reading = Reading(kpi=COUNT, value=9, numerator=9, evidence_count=9)
    assert [week.is_silent(COUNT) for week in weeks([reading] * 2, days=[3, 2])] == [False, True]


def test_what_stands_at_a_week_s_end_stands_whoever_was_away():
    reading = Reading(kpi=STOCK, value=9, numerator=9, evidence_count=9)
    assert [week.value(STOCK) for week in weeks([reading], days=[0])] == [9]


def test_sums_are_held_against_their_days():
    """€ 500 a day at work all along: by the weeks' own sums it would fall."""
    amounts = [2500 - n for n in range(8)] + [1500 - n for n in range(5)]
    found = [Reading(kpi=SUM, value=v, numerator=v, evidence_count=5) for v in amounts]
    assert trend(SUM, weeks(found)).direction == "down"
    even = [5] * 8 + [3] * 5
    assert trend(SUM, weeks(found, even)).direction == "", "per day neither rises nor falls throughout"

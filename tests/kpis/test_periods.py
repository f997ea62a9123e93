"""Periods and calendars: keys, edges, the days a period describes. Rome's clocks change on 29 March 2026."""

from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from kpis.periods import Calendar, Grid

ROME = Calendar(ZoneInfo("Europe/Rome"))
JULY = Calendar(ZoneInfo("Europe/Rome"), fiscal_start=7)
TODAY = date(2026, 6, 15)


def edges(calendar, key, today=TODAY):
    period = calendar.parse(key, today)
    return f"{period.start}..{period.end}"


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("2026", "2026-01-01..2027-01-01"),
        ("2026-Q1", "2026-01-01..2026-04-01"),
        ("2026-Q4", "2026-10-01..2027-01-01"),
        ("2026-02", "2026-02-01..2026-03-01"),
        ("2028-02", "2028-02-01..2028-03-01"),
        ("2026-12", "2026-12-01..2027-01-01"),
        ("2026-W01", "2025-12-29..2026-01-05"),
        ("2026-W53", "2026-12-28..2027-01-04"),
        ("last-30", "2026-05-17..2026-06-16"),
        ("last-90", "2026-03-18..2026-06-16"),
        ("rolling-12", "2025-06-16..2026-06-16"),
        ("2026-03-10..2026-03-11", "2026-03-10..2026-03-11"),
    ],
)
def test_a_key_names_a_range_of_days_whose_end_is_out(key, found):
    assert edges(ROME, key) == found


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("2025", "2025-07-01..2026-07-01"),
        ("2025-Q1", "2025-07-01..2025-10-01"),
        ("2025-Q3", "2026-01-01..2026-04-01"),
        ("2025-Q4", "2026-04-01..2026-07-01"),
        ("2026-03", "2026-03-01..2026-04-01"),
    ],
)
def test_a_fiscal_year_is_named_by_the_year_it_begins_in(key, found):
    assert edges(JULY, key) == found


@pytest.mark.parametrize("month", range(1, 13))
def test_every_day_is_in_the_period_its_calendar_names_whatever_month_the_year_begins(month):
    calendar = Calendar(ZoneInfo("Europe/Rome"), fiscal_start=month)
    for day in (date(2026, 1, 1), date(2026, 3, 29), date(2028, 2, 29), date(2026, 12, 31)):
        for kind in ("week", "month", "quarter", "year"):
            period = calendar.of_kind(kind, day)
            assert period.start <= day < period.end
            assert calendar.parse(period.key) == period


@pytest.mark.parametrize(
    "key",
    ["", "2026-13", "2026-00", "2026-Q5", "2025-W53", "2026-W00", "0000", "soon", "2026-03-10",
     "2026-03-10..2026-03-10", "2026-03-11..2026-03-10", "2026-02-29..2026-03-01", "2026-03-10.."],
)  # fmt: skip
def test_what_names_no_period_is_said_with_what_would(key):
    with pytest.raises(ValueError, match="is no period: use 2026, 2026-Q4"):
        ROME.parse(key, TODAY)


def test_twelve_months_ending_on_a_leap_day_begin_on_the_last_of_february():
    assert edges(ROME, "rolling-12", date(2028, 2, 28)) == "2027-02-28..2028-02-29"


def test_a_period_describes_its_last_day_and_while_it_runs_today():
    day = {
        key: ROME.parse(key, TODAY).as_of(TODAY) for key in ("2026-05", "2026-06", "2026", "last-30", "all")
    }
    assert day == {"2026-05": date(2026, 5, 31)} | dict.fromkeys(("2026-06", "2026", "last-30", "all"), TODAY)


def test_of_a_period_that_has_not_begun_nothing_is_described():
    assert ROME.parse("2026-07", TODAY).as_of(TODAY) < date(1901, 1, 1)


def test_midnights_follow_the_clock():
    """Sunday 29 March 2026 has 23 hours in Rome, Sunday 25 October 25."""
    days = np.array(["2026-03-29", "2026-03-30", "2026-10-25", "2026-10-26"], "datetime64[D]").astype(
        np.int64
    )
    midnights = ROME.midnights_us(days)
    assert midnights[0] == np.datetime64("2026-03-28T23:00", "us").astype(np.int64)
    assert [(midnights[n + 1] - midnights[n]) / 3.6e9 for n in (0, 2)] == [23, 25]


def test_the_grid_holds_every_stored_period_from_the_first_day_to_the_running_one_once():
    """From 1 April to 15 June 2026: weeks 14 to 25, three months, one quarter, one year, three rolling, all time."""
    periods = ROME.grid(date(2026, 4, 1), TODAY)
    kinds = [period.kind for period in periods]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "week": 12,
        "month": 3,
        "quarter": 1,
        "year": 1,
        "rolling": 3,
        "all": 1,
    }
    assert len({period.key for period in periods}) == len(periods)


def test_a_period_read_from_snapshots_is_in_the_grid_that_writes_them(now):
    """Months as far back as records go; weeks for a year, older ones are computed when asked for."""
    grid = ROME.grid(date(2019, 1, 1), TODAY)
    assert sum(period.kind == "month" for period in grid) == 7 * 12 + 6
    assert all(period.is_stored for period in grid if period.kind != "week")
    weeks = [ROME.week(date.fromordinal(TODAY.toordinal() - 7 * ago)) for ago in range(150)]
    stored = [week for week in weeks if week.is_stored]
    assert set(stored) <= set(grid)
    assert 53 <= len(stored) < 70
    assert not ROME.parse("2026-03-01..2026-04-01").is_stored


def test_no_two_periods_of_a_band_overlap():
    grid = Grid(ROME.grid(date(2024, 1, 1), TODAY), ROME, TODAY)
    assert sorted(np.concatenate(grid.bands)) == list(range(len(grid.periods)))
    for band in grid.bands:
        assert (grid.hi[band][:-1] <= grid.lo[band][1:]).all()


def test_a_trail_ends_with_the_running_period():
    assert [period.key for period in ROME.trail(3, "month", TODAY)] == ["2026-04", "2026-05", "2026-06"]
    assert [period.key for period in ROME.trail(2, "quarter", date(2026, 1, 1))] == ["2025-Q4", "2026-Q1"]


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("2026-03", "March 2026"),
        ("2026-Q1", "quarter 1, 2026"),
        ("2026-W09", "week 9, 2026"),
        ("2026", "2026"),
        ("last-30", "last 30 days"),
        ("rolling-12", "last 12 months"),
        ("all", "all time"),
    ],
)
def test_a_period_is_called(key, label):
    assert str(ROME.parse(key, TODAY).label) == label

"""Targets in force: whose they are, and what they ask for in the period looked at. Today is 15 June 2026."""

import pytest

from kpis.models import Target
from kpis.periods import Calendar
from kpis.targets import targets_for


def aim(who, kpi, period, value, from_on="2026-01-01", stretch=None):
    side = "rep" if hasattr(who, "job") else "team"
    Target.objects.create(
        kpi=kpi, period=period, from_on=from_on, value=value, stretch=stretch, **{side: who}
    )


def due(world, who, kpi, period):
    subject = world.subject(who)
    return targets_for([subject], Calendar.current().parse(period), [kpi]).get((subject, kpi))


def test_a_rep_s_own_target_goes_before_the_team_s(world):
    """The win rate: North is asked for 40 %, Ada for 55 %."""
    aim(world.north, "win_rate", "month", "0.40")
    aim(world.ada, "win_rate", "month", "0.55")
    found = [due(world, who, "win_rate", "2026-03") for who in (world.ada, world.ben, world.north)]
    assert [(d.value, d.is_own) for d in found] == [(0.55, True), (0.4, False), (0.4, True)]
    assert due(world, world.olga, "win_rate", "2026-03") is None


def test_a_team_s_sum_is_asked_of_no_single_rep(world):
    aim(world.north, "deals_won", "month", 30)
    assert due(world, world.north, "deals_won", "2026-03").value == 30
    assert due(world, world.ada, "deals_won", "2026-03") is None


@pytest.mark.parametrize(
    ("period", "value"),
    [
        ("2026-02", 12),
        ("2026-Q1", 36),
        ("2026", 144),
        ("2026-02-01..2026-02-15", 6),
        ("2026-W10", 12 * 7 / 31),
    ],
)
def test_a_monthly_sum_asks_as_much_of_every_month_however_long(world, period, value):
    """Twelve a month: half of February's 28 days six, a week of March 7 / 31 of it."""
    aim(world.ada, "calls_made", "month", 12)
    assert due(world, world.ada, "calls_made", period).value == pytest.approx(value)


def test_a_yearly_sum_asks_a_month_for_its_days(world):
    """365 a year: March is 31 days of it."""
    aim(world.ada, "calls_made", "year", 365)
    assert due(world, world.ada, "calls_made", "2026-03").value == pytest.approx(31)


def test_a_running_period_is_due_by_the_days_that_have_passed(world):
    """15 of June's 30 days, today included; a quarter of 10 + 10 + 10 has 10 + 10 + 5 due; July nothing yet."""
    aim(world.ada, "calls_made", "month", 10)
    june, quarter, july, march = (
        due(world, world.ada, "calls_made", p) for p in ("2026-06", "2026-Q2", "2026-07", "2026-03")
    )
    assert (june.value, june.due, june.share) == (10, 5, 0.5)
    assert (quarter.value, quarter.due) == (30, 25)
    assert (july.value, july.due) == (10, 0)
    assert (march.value, march.due) == (10, 10)


def test_a_share_or_a_state_is_due_in_full_from_the_first_day(world):
    """The win rate is no sum; open prospects are a state: neither grows with the days nor with the period."""
    aim(world.ada, "win_rate", "month", "0.5", stretch="0.6")
    aim(world.ada, "prospects_open", "month", 8)
    for period in ("2026-06", "2026-W25", "2026"):
        rate, prospects = (due(world, world.ada, key, period) for key in ("win_rate", "prospects_open"))
        assert (rate.value, rate.due, rate.stretch) == (0.5, 0.5, 0.6)
        assert (prospects.value, prospects.due) == (8, 8)


def test_old_periods_keep_their_target(world):
    """10 a month, 20 from March on: January to March are asked for 10 + 10 + 20."""
    aim(world.ada, "calls_made", "month", 10, stretch=15)
    aim(world.ada, "calls_made", "month", 20, "2026-03-01", stretch=30)
    found = [due(world, world.ada, "calls_made", p) for p in ("2026-02", "2026-03", "2026-Q1")]
    assert [(d.value, d.stretch) for d in found] == [(10, 15), (20, 30), (40, 60)]


def test_before_the_first_target_nothing_is_asked(world):
    """Ten a month from March on: none in February, ten in the first quarter."""
    aim(world.ada, "calls_made", "month", 10, "2026-03-01")
    assert due(world, world.ada, "calls_made", "2026-02") is None
    assert due(world, world.ada, "calls_made", "2026-Q1").value == 10


def test_the_target_set_for_this_kind_of_period_goes_before_another(world):
    """A year's 100 is no twelve months' 10, whichever was set first."""
    aim(world.ada, "deals_won", "month", 10)
    aim(world.ada, "deals_won", "year", 100)
    assert due(world, world.ada, "deals_won", "2026").value == 100
    assert due(world, world.ada, "deals_won", "2026-03").value == 10


def test_targets_of_many_reps_cost_two_queries(world, django_assert_num_queries):
    """Targets, the reps' teams, and the organisation's calendar."""
    aim(world.north, "win_rate", "month", "0.40")
    subjects = [world.subject(rep) for rep in (world.ada, world.ben, world.cleo, world.dario, world.olga)]
    period = Calendar.current().parse("2026-03")
    with django_assert_num_queries(3):
        assert len(targets_for(subjects, period, ["win_rate", "reply_rate", "calls_made"])) == 3

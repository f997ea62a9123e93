"""How long a skill takes to act comes from the deals that were won, and says what is too late."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache

from coaching.attention.lead_times import LeadTime, lead_times, learn
from kpis.recompute import drain
from tests.kpis.world import World

pytestmark = pytest.mark.django_db
START = date(2026, 1, 5)
TODAY = date(2026, 6, 1)


@pytest.fixture
def world(db) -> World:
    cache.clear()
    world = World()
    world.boss = world.contact("Boss", seniority="c_level")
    return world


def won(world: World, meetings: list[list[int]]) -> None:
    """A deal each, qualified on day 0, proposed on day 20, won on day 50, with an executive met on these days."""
    for days in meetings:
        deal = world.deal(
            world.ada,
            *[(stage, _on(day)) for stage, day in (("qualified", 0), ("proposal", 20), ("won", 50))],
        )
        for day in days:
            world.meeting(world.ada, _on(day), (world.boss, "attendee", "yes"), deal=deal)
    drain()


def _on(day: int) -> str:
    return f"{START + timedelta(days=day)}T10:00"


def test_it_is_the_median_wait_until_the_next_step(world):
    # met on day | next step | wait | deals
    #     12     |    20     |   8  |   5
    #     10     |    20     |  10  |   4
    #  12 and 20 | 20 and 50 | 8, 30: 19 for the deal |  1
    # 8 8 8 8 8 10 10 10 10 19: the median is (8 + 10) / 2
    won(world, [[12]] * 5 + [[10]] * 4 + [[12, 20]])
    assert learn(["executive_meetings"], TODAY)["executive_meetings"] == LeadTime(9.0, 10)


def test_below_ten_deals_it_is_what_a_step_usually_takes(world):
    # nine deals spoke; steps of the ten won took 20 and 30 days each
    won(world, [[12]] * 9 + [[]])
    assert learn(["executive_meetings"], TODAY)["executive_meetings"] == LeadTime(25.0, 0)


def test_without_won_deals_it_is_a_fortnight(world):
    won(world, [[12]] * 9)
    assert learn(["executive_meetings"], TODAY)["executive_meetings"] == LeadTime(14.0, 0)


def test_deals_won_more_than_a_year_ago_do_not_speak(world):
    won(world, [[12]] * 10)
    closed = START + timedelta(days=50)
    assert learn(["executive_meetings"], closed + timedelta(days=364))["executive_meetings"].deals == 10
    assert learn(["executive_meetings"], closed + timedelta(days=365))["executive_meetings"].deals == 0


def test_it_is_learnt_once_and_then_remembered(world, django_assert_num_queries):
    won(world, [[12]] * 10)
    found = lead_times(["executive_meetings", "calls_made"], TODAY)
    with django_assert_num_queries(0):
        assert lead_times(["executive_meetings", "calls_made"], TODAY) == found


@pytest.mark.parametrize(
    ("left", "chance", "is_too_late"),
    [
        # 1 - 2^(-left / 14); too late below a quarter, that is below 14 x log2(4/3) = 5.81 days
        (0, 0.0, True),
        (5, 0.219, True),
        (6, 0.257, False),
        (14, 0.5, False),
        (28, 0.75, False),
        (-3, 0.0, True),
        (None, 0.5, False),
    ],
)
def test_the_chance_grows_with_the_days_left(left, chance, is_too_late):
    lead = LeadTime(14.0, 12)
    assert lead.chance(left) == pytest.approx(chance, abs=0.001)
    assert lead.is_too_late(left) == is_too_late

"""What it would take: from the rep's own year, with its interval; or why nothing can be said."""

from math import isclose

import pytest
import time_machine

from coaching.asked import Asked
from coaching.impact.would_take import gain, would_take
from kpis.catalogue import CATALOGUE
from kpis.models import Target
from kpis.periods import Calendar
from kpis.readings import Reading
from kpis.recompute import drain
from tests.kpis.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    with time_machine.travel("2026-06-15T10:00:00Z", tick=False):
        yield World()


def reading(key: str, n: int, d: int | None = None) -> Reading:
    value = n / d if d else n
    return Reading(kpi=CATALOGUE[key], value=value, numerator=n, denominator=d, numbers={"n": n, "d": d})


def asked(world) -> Asked:
    return Asked(Calendar.current(), Calendar.current().parse("last-30"))


def closed(world, rep, won: int, lost: int) -> None:
    for number in range(won + lost):
        end = "won" if number < won else "lost"
        deal = world.deal(rep, ("qualified", "2026-03-01T10:00"), (end, "2026-04-01T10:00"), amount="1000")
        deal.closed_at = deal.stage_changes.order_by("at").last().at
        deal.save()


def test_missing_hits_times_what_a_hit_brought():
    """20 of 100 answered and 10 meetings came: at 30 % ten more answers a year, half a meeting each, 5 / 12 a month."""
    found = gain(reading("reply_rate", 20, 100), reading("meetings_booked", 10), goal=0.3, months=12)
    assert isclose(found.more, 10 * 0.5 / 12)
    assert found.low < found.more < found.high
    assert (found.per_hit, found.came) == (0.5, 10)


def test_more_rows_narrow_the_interval():
    few = gain(reading("reply_rate", 20, 100), reading("meetings_booked", 10), 0.3, 12)
    many = gain(reading("reply_rate", 200, 1000), reading("meetings_booked", 100), 0.3, 120)
    assert isclose(few.more, many.more)
    assert many.high - many.low < (few.high - few.low) / 2


def test_a_hit_brings_one_at_the_most():
    """Meetings that came some other way do not count for the answers."""
    found = gain(reading("reply_rate", 20, 100), reading("meetings_booked", 90), goal=0.3, months=12)
    assert isclose(found.more, 10 / 12)


@pytest.mark.parametrize(("hits", "came"), [(4, 10), (20, 4), (0, 0)])
def test_too_few_of_either_say_nothing(hits, came):
    assert gain(reading("reply_rate", hits, 100), reading("meetings_booked", came), 0.3, 12) is None


def test_without_enough_team_mates_the_target_is_the_aim(world):
    """8 of 16 closed were won; at 75 % it were 12, four more in twelve months: 0.3 a month."""
    closed(world, world.ada, won=8, lost=8)
    Target.objects.create(
        kpi="win_rate", period="month", from_on="2020-01-01", value="0.75", team=world.north
    )
    drain()
    found = would_take(world.ada, "win_rate", asked(world), "EUR")
    assert found.sentences[0].startswith("Were it the target (75")
    assert "about 0.3 more deals won a month" in found.sentences[0]
    assert "8 of 16 qualified deals closed were won" in found.basis


def test_the_teams_median_is_the_aim_from_five_people_on(world):
    """Win rates of 50 % and four times 75 %: the median is 75 %; nobody of another team or job counts."""
    closed(world, world.ada, won=8, lost=8)
    for name in ("Ben", "Cleo", "Emil", "Fred"):
        mate = getattr(world, name.lower(), None) or world.rep(name, world.north)
        closed(world, mate, won=6, lost=2)
    closed(world, world.olga, won=9, lost=0)
    drain()
    found = would_take(world.ada, "win_rate", asked(world), "EUR")
    assert found.sentences[0].startswith("Were it the team's twelve-month median (75")


def test_who_is_there_already_is_told_so(world):
    closed(world, world.ada, won=8, lost=2)
    Target.objects.create(
        kpi="win_rate", period="month", from_on="2020-01-01", value="0.75", team=world.north
    )
    drain()
    found = would_take(world.ada, "win_rate", asked(world), "EUR")
    assert (found.sentences, found.basis[:14]) == ([], "Already there:")


def test_too_few_deals_and_no_aim_are_said(world):
    closed(world, world.ada, won=2, lost=2)
    drain()
    assert "Too few" in would_take(world.ada, "win_rate", asked(world), "EUR").basis
    closed(world, world.ada, won=8, lost=2)
    drain()
    assert "neither a team median" in would_take(world.ada, "win_rate", asked(world), "EUR").basis


def test_a_kpi_that_feeds_nothing_has_no_such_part(world):
    assert would_take(world.ada, "emails_sent", asked(world), "EUR") is None


def test_whatever_feeds_and_is_fed_is_in_the_catalogue():
    fed = {key for kpi in CATALOGUE.values() for key in kpi.feeds}
    assert fed
    assert fed <= CATALOGUE.keys()

"""follow_ups_per_sale: the median of follow-ups from first attempt to close over the deals won."""

from datetime import datetime, timedelta

import pytest

from tests.kpis.world import ROME


@pytest.fixture
def sold(world):
    def sell(follow_ups: int, closed: str, stage="won", rep=None):
        """A deal with a person of its own, called once on 5 January and so many times more, day by day."""
        person = world.contact("Buyer")
        for day in range(follow_ups + 1):
            world.call(rep or world.ada, datetime(2026, 1, 5, 9, tzinfo=ROME) + timedelta(day), person)
        deal = world.deal(rep or world.ada, ("lead", "2026-01-02 09:00"), (stage, closed))
        world.buyers(deal, person)
        return deal

    return sell


def test_the_median_is_over_deals_won_and_of_those_lost_beside_it(world, sold):
    """
    | Ada's deals closed in March | follow-ups          | median     |
    |-----------------------------|---------------------|------------|
    | won                         | 0, 2, 3, 7, 9       | 3          |
    | won, nobody ever attempted  | unknown             | left out   |
    | lost                        | 1, 1, 4, 6, 8       | 4          |
    """
    for number in (0, 2, 3, 7, 9):
        sold(number, "2026-03-10 09:00")
    for number in (1, 1, 4, 6, 8):
        sold(number, "2026-03-11 09:00", "lost")
    world.deal(world.ada, ("lead", "2026-01-02 09:00"), ("won", "2026-03-12 09:00"))
    reading = world.reading("follow_ups_per_sale", world.ada, "2026-03")
    assert (reading.value, reading.sample, reading.beside["lost"][1]) == (3, [0, 2, 3, 7, 9], 4)
    assert reading.sentence == "median of 5 deals won"
    assert world.left_out("follow_ups_per_sale", world.ada, "2026-03") == {"no first attempt on record": 1}


def test_four_deals_are_too_few(world, sold):
    for number in (0, 2, 3, 7):
        sold(number, "2026-03-10 09:00")
    reading = world.reading("follow_ups_per_sale", world.ada, "2026-03")
    assert (reading.value, reading.reason, reading.sample) == (None, "too_few", [0, 2, 3, 7])


def test_follow_ups_count_up_to_the_close_from_whoever_made_them(world):
    """Called on the 2nd; Ben's mail of the 3rd and a text of 9 March 08:59:59 count, the call at the close does not."""
    deal = world.deal(world.ada, ("lead", "2026-02-01 09:00"), ("won", "2026-03-09 09:00"))
    world.buyers(deal, world.carla)
    world.call(world.ada, "2026-03-02 09:00", world.carla)
    world.mail(world.ben, "2026-03-03 09:00", world.carla)
    world.text(world.ada, "2026-03-09 08:59:59", world.carla)
    world.call(world.ada, "2026-03-09 09:00", world.carla)
    assert world.reading("follow_ups_per_sale", world.ada, "2026-03").sample == [2]
    assert world.reading("follow_ups_per_sale", world.ben, "2026-03").sample == [], "the sale is Ada's"


def test_the_sale_is_credited_to_the_owner_s_team_at_the_close_by_rome_s_days(world, sold):
    """Rome's March is [28 Feb 23:00Z, 31 March 22:00Z); Ada is in South from 1 April."""
    world.moves(world.ada, north="2026-01-01", south="2026-04-01")
    moments = ("2026-02-28T22:59:59Z", "2026-02-28T23:00:00Z", "2026-03-31T21:59:59Z", "2026-03-31T22:00:00Z")
    for number, at in enumerate(moments):
        sold(number, at)
    found = {
        who: [world.reading("follow_ups_per_sale", who, f"2026-0{month}").sample for month in (2, 3, 4)]
        for who in (world.ada, world.north, world.south)
    }
    assert found == {
        world.ada: [[0], [1, 2], [3]],
        world.north: [[0], [1, 2], []],
        world.south: [[], [], [3]],
    }


def test_a_reopened_deal_that_is_won_again_counts_what_it_took_since(world, sold):
    """Won in March after three; reopened in April, a new buyer attempted and followed up once, won in May."""
    deal = sold(3, "2026-03-10 09:00")
    world.enters(deal, "negotiation", "2026-04-01 09:00")
    world.buyers(deal, world.carla)
    for day in (2, 3):
        world.call(world.ada, f"2026-04-0{day} 09:00", world.carla)
    world.enters(deal, "won", "2026-05-10 09:00")
    assert [world.reading("follow_ups_per_sale", world.ada, f"2026-0{m}").sample for m in (3, 5)] == [
        [3],
        [1],
    ]

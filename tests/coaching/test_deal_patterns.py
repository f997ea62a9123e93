"""What won deals had when they moved on: judged as of that day, and what follows for a deal at the same stage."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache

from coaching.deals.limits import Limits
from coaching.deals.patterns import Usual, patterns, usual_of, won_before
from kpis.recompute import drain
from pipeline.models.deals import Milestone
from tests.coaching.deals_world import NOW, TODAY, DealsWorld

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield DealsWorld()


def usual(milestone: Milestone) -> Usual:
    drain()
    return usual_of(won_before(TODAY), Limits.on(TODAY)).get(milestone, Usual())


def test_a_won_deal_is_judged_as_of_the_day_it_moved_on(world):
    """
    Both moved from prospect to proposal on 30 April.

    | deal | executive met | scope, discount, timing | fine on 30 April |
    |------|---------------|-------------------------|------------------|
    | 1    | 10 April      | 20 April                | executive, room  |
    | 2    | 5 May         | 3 May                   | none             |
    """
    world.won_deal(is_met=True, scope_on="2026-04-20")
    world.won_deal(is_met=False, scope_on="2026-05-03")
    found = usual(Milestone.PROSPECT)
    assert found.deals == 2
    assert {key: n for key, n in found.fine.items() if n} == {"executive": 1, "room": 1}
    assert found.mean == 1.0


def test_by_the_next_stage_what_came_later_counts_as_well(world):
    """They left the proposal on 20 May: by then both had met an executive and talked terms."""
    world.won_deal(is_met=True, scope_on="2026-04-20")
    world.won_deal(is_met=False, scope_on="2026-05-03")
    found = usual(Milestone.PROPOSAL)
    assert (found.fine["executive"], found.fine["room"]) == (2, 2)


def test_the_day_they_moved_on_still_counts(world):
    deal = world.won_deal(is_met=True, scope_on="2026-04-30")
    assert usual(Milestone.PROSPECT).fine["room"] == 1
    deal.facts.filter(kind="timing").update(on="2026-05-01")
    assert usual(Milestone.PROSPECT).fine["room"] == 0


def test_open_and_lost_deals_and_wins_of_today_or_over_a_year_ago_say_nothing(world):
    world.open_deal()
    for end, closed in (
        ("lost", "2026-05-20"),
        ("won", str(TODAY)),
        ("won", str(TODAY - timedelta(days=366))),
    ):
        start = "2025-01-10 09:00"
        world.deal(
            world.olga, ("prospect", start), ("proposal", "2025-02-01 09:00"), (end, f"{closed} 09:00")
        )
    assert usual(Milestone.PROSPECT).deals == 0


def test_nine_are_too_few_and_ten_say_something(world):
    for n in range(9):
        world.won_deal(is_met=True, day=10 + n)
    deal = world.open_deal(("prospect", "2026-06-08 09:00"))
    found = world.of(deal)
    assert [check.key for check in found.asking] == ["room", "departments"]
    assert "too few to compare with" in found.against_won
    world.won_deal(is_met=True, day=19)
    assert "too few" not in world.of(deal).against_won


def test_what_most_won_deals_had_asks_even_where_nothing_is_known_and_what_most_lacked_does_not(world):
    """
    Ten won deals left the prospect stage: all had met an executive, none had talked terms (room off), and of
    each no department was known. Fine checks on average: 1 of 6.

    | check of the open deal | state | won deals        | asks |
    |------------------------|-------|------------------|------|
    | executive              | quiet | 10 of 10 had it  | yes  |
    | room                   | off   | 0 of 10 had it   | no   |
    | departments            | off   | 0 of 10 had it   | no   |
    | NDA                    | off   | none said a word | yes  |
    """
    for n in range(10):
        world.won_deal(is_met=True, day=10 + n)
    found = world.of(world.open_deal(("prospect", "2026-06-08 09:00"), nda="needed"))
    assert [check.key for check in found.asking] == ["executive", "nda"]
    assert found.against_won == (
        "When won deals moved on from here they had 1.0 of 6 checks fine; this one has 0."
    )
    assert found.next_step == "Get in touch and book the next meeting, or close the deal."


def test_a_deal_ahead_of_won_deals_with_a_meeting_booked_may_run(world):
    """One fine check (NDA not needed, 1 of 6) would be as many as they had; the executive is the second."""
    for n in range(10):
        world.won_deal(is_met=True, day=10 + n)
    deal = world.open_deal(("prospect", "2026-06-08 09:00"))
    world.meeting(world.ada, "2026-06-10 09:00", world.contact("Chief", seniority="c_level"), deal=deal)
    world.meeting(world.ada, "2026-06-18 09:00", world.carla, deal=deal, status="planned")
    found = world.of(deal)
    assert (found.fine, found.needs, found.needs_less) == (2, 0, True)
    assert "at least what won deals had" in found.sum_sentence


def test_the_patterns_of_a_day_are_computed_once(world, django_assert_num_queries):
    world.won_deal(is_met=True)
    drain()
    limits = Limits.on(TODAY)
    first = patterns(TODAY, limits)
    with django_assert_num_queries(1):  # whether a further win has come
        assert patterns(TODAY, limits) == first

"""Which open deals need somebody: named checks and signs, each worth one, and what to do next."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.cache import cache

from coaching.deals.advice import ADVICE, PHASES
from kpis.models import Threshold
from pipeline.models import Deal
from tests.coaching.deals_world import NOW, TODAY, DealsWorld

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield DealsWorld()


def signs(attention) -> list[str]:
    return [sign.key for sign in attention.signs]


def asking(attention) -> list[str]:
    return [check.key for check in attention.asking]


def ago(days: int, time: str = "10:00") -> str:
    return f"{TODAY - timedelta(days=days)} {time}"


def test_a_deal_whose_six_checks_are_fine_with_a_meeting_ahead_needs_less(world):
    """
    | check       | as of 15 June                       | fine |
    |-------------|-------------------------------------|------|
    | answers     | 1 of 1 mailed answered, 10 June     | yes  |
    | executive   | 1 of 1 meetings held                | yes  |
    | pricing     | since 11 June, 4 of 45 days         | yes  |
    | room        | scope, discount range, timing       | yes  |
    | NDA         | not needed                          | yes  |
    | departments | IT, Legal, Management               | yes  |
    """
    found = world.of(world.fine_deal())
    assert (found.fine, found.needs, signs(found)) == (6, 0, [])
    assert found.needs_less
    assert found.next_step == "Let it run."
    assert found.group == "less"


def test_without_a_meeting_ahead_it_does_not_run_by_itself(world):
    deal = world.fine_deal()
    deal.activities.filter(status=1).delete()
    found = world.of(deal)
    assert (found.needs, found.needs_less, found.group) == (0, False, "fine")
    assert found.next_step == "Nothing asks for work; book the next meeting."


def test_the_checks_carry_the_day_they_rest_on(world):
    days = {check.key: check.on for check in world.of(world.fine_deal()).ledger}
    assert days["answers"] == date(2026, 6, 10)
    assert days["executive"] == days["pricing"] == days["room"] == date(2026, 6, 11)


def test_the_sum_is_that_of_the_checks_that_ask_and_the_signs(world):
    """Room off (1), departments off (1), untouched (1): three. No mail, no meeting, no pricing: these say nothing."""
    found = world.of(world.open_deal(("prospect", "2026-06-08 09:00")))
    assert (asking(found), signs(found), found.needs) == (["room", "departments"], ["untouched"], 3)
    assert found.sum_sentence == "3 things ask for work: Room for manoeuvre, Departments, Untouched."


@pytest.mark.parametrize(("days", "is_stalled"), [(30, False), (31, True)])
def test_a_stay_longer_than_thirty_days_is_stalled_while_too_few_stays_say_what_is_usual(
    world, days, is_stalled
):
    found = world.of(world.open_deal(("prospect", ago(days))))
    assert ("stalled" in signs(found)) == is_stalled
    assert found.days_in_stage == days


@pytest.mark.parametrize(("days", "is_stalled"), [(16, False), (17, True)])
def test_ten_stays_say_what_is_usual(world, days, is_stalled):
    """
    Stays as a lead: 2, 4, 6, 8, 10, 12, 14, 16, 18, 20 days. The third quartile lies at place 0.75 × 9 = 6.75 of 0..9:
    14 + 0.75 × (16 − 14) = 15.5, rounded up to 16 whole days: more is stalled.
    """
    for stay in range(2, 21, 2):
        world.deal(world.olga, ("lead", ago(60)), ("qualified", ago(60 - stay)))
    found = world.of(world.open_deal(("lead", ago(days))))
    assert ("stalled" in signs(found)) == is_stalled


def test_nine_stays_say_nothing(world):
    for stay in range(2, 20, 2):
        world.deal(world.olga, ("lead", ago(60)), ("qualified", ago(60 - stay)))
    assert "stalled" not in signs(world.of(world.open_deal(("lead", ago(25)))))


def test_a_team_may_say_itself_what_is_long(world):
    Threshold.objects.create(team=world.north, key="stalled_days", value=5)
    assert "stalled" in signs(world.of(world.open_deal(("lead", ago(6)))))


@pytest.mark.parametrize(("days", "is_untouched"), [(13, False), (14, True)])
def test_a_deal_untouched_for_fourteen_days_is_said_to_be(world, days, is_untouched):
    deal = world.open_deal()
    world.mail(world.ada, ago(days), world.carla, deal=deal)
    assert ("untouched" in signs(world.of(deal))) == is_untouched


def test_what_came_in_is_a_touch_too_and_a_meeting_ahead_is_as_good(world):
    heard, met = world.open_deal(), world.open_deal()
    world.answer(world.ada, ago(2), world.carla, deal=heard)
    world.meeting(world.ada, "2026-07-01 10:00", world.carla, deal=met, status="planned")
    found = world.attention(heard, met)
    assert [signs(found[deal.pk]) for deal in (heard, met)] == [[], []]


def test_a_cancelled_meeting_lies_not_ahead(world):
    deal = world.open_deal()
    world.meeting(world.ada, "2026-07-01 10:00", world.carla, deal=deal, status="cancelled")
    assert signs(world.of(deal)) == ["untouched"]


@pytest.mark.parametrize("field", ["expected_close_on", "next_step_on"])
def test_a_date_is_overdue_from_the_day_after(world, field):
    today, passed = world.open_deal(**{field: TODAY}), world.open_deal(**{field: TODAY - timedelta(days=1)})
    found = world.attention(today, passed)
    assert ["overdue" in signs(found[deal.pk]) for deal in (today, passed)] == [False, True]


def test_days_left_are_counted_to_the_expected_close(world):
    assert world.of(world.open_deal(expected_close_on=date(2026, 6, 19))).days_left == 4
    assert world.of(world.open_deal(expected_close_on=date(2026, 6, 10))).days_left == -5
    assert world.of(world.open_deal()).days_left is None


@pytest.mark.parametrize(
    ("touches", "answered", "is_pressed"),
    [
        ([13, 9, 6, 3, 1], None, True),  # five within 14 days
        ([9, 6, 3, 1], None, False),  # four
        ([14, 9, 6, 3, 1], None, False),  # the first lies outside
        ([13, 9, 6, 3, 1], 5, False),  # three of them were answered
        ([13, 9, 6, 3, 1], 14, True),  # an answer before the first of them
    ],
)
def test_five_touches_of_one_person_without_an_answer_in_fourteen_days_are_pressure(
    world, touches, answered, is_pressed
):
    deal = world.open_deal()
    for days in touches:
        world.mail(world.ada, ago(days), world.carla, deal=deal)
    if answered:
        world.answer(world.ada, ago(answered), world.carla, deal=deal)
    found = world.of(deal)
    assert ("pressure" in signs(found)) == is_pressed
    if is_pressed:
        assert "5 touches to Carla within 14 days" in found.signs[-1].sentence


def test_five_touches_of_five_people_are_not_pressure(world):
    deal = world.open_deal()
    for n in range(5):
        world.mail(world.ada, ago(n + 1), world.contact(f"Person {n}"), deal=deal)
    assert "pressure" not in signs(world.of(deal))


@pytest.mark.parametrize(
    ("ratings", "is_against"),
    [
        ([(-1, 90)], True),
        ([(-1, 91)], False),  # old
        ([(-2, 40), (1, 5)], False),  # has come round since
        ([(2, 40), (-1, 5)], True),
        ([(0, 5)], False),
    ],
)
def test_whoever_was_last_rated_below_zero_is_named_while_the_rating_is_not_old(world, ratings, is_against):
    deal = world.open_deal()
    world.buyers(deal, world.carla)
    for score, days in ratings:
        world.rated(world.carla, score, str(TODAY - timedelta(days=days)))
    found = world.of(deal)
    assert ("negative" in signs(found)) == is_against


def test_a_rating_of_somebody_who_is_not_on_the_deal_is_not_its_sign(world):
    world.rated(world.carla, -3, "2026-06-10")
    other = world.open_deal()
    world.buyers(other, world.carla)
    assert "negative" not in signs(world.of(world.open_deal()))


def test_what_to_do_next_follows_the_phase(world):
    """Early the silence comes first, close to the decision the date that has passed."""
    late = {"expected_close_on": date(2026, 6, 1)}
    early = world.of(world.open_deal(("lead", "2026-06-08 09:00"), **late))
    closing = world.of(world.open_deal(("negotiation", "2026-06-08 09:00"), **late))
    assert set(signs(early)) == set(signs(closing)) == {"untouched", "overdue"}
    assert early.next_step == "Get in touch and book the next meeting, or close the deal."
    assert closing.next_step == "Agree a new date with the buyer, or close the deal."


def test_advice_on_a_person_names_them(world):
    deal = world.fine_deal()
    world.buyers(deal, world.carla)
    world.rated(world.carla, -2, "2026-06-10")
    found = world.of(deal)
    assert found.next_step == "Meet Carla first and ask what stands against it."
    assert not found.needs_less


def test_every_phase_orders_everything_that_can_be_named():
    assert all(sorted(phase.order) == sorted(ADVICE) for phase in PHASES)


def test_the_most_named_comes_first_then_the_one_that_closes_soonest(world):
    bare = {"nda": "not_needed"}
    soon = world.open_deal(expected_close_on=date(2026, 6, 20), **bare)
    later = world.open_deal(expected_close_on=date(2026, 7, 20), **bare)
    worse = world.open_deal(expected_close_on=date(2026, 8, 20), nda="needed")
    found = sorted(world.attention(soon, later, worse).values(), key=lambda one: one.rank)
    assert [one.deal for one in found] == [worse, soon, later]


def test_amounts_are_in_the_organisations_currency(world):
    world.rate("USD", "2026-06-01", "0.9")
    found = world.attention(
        dollars := world.open_deal(amount="1000", currency="USD"),
        euros := world.open_deal(amount="500"),
        unknown := world.open_deal(amount="700", currency="CHF"),
    )
    assert [found[deal.pk].amount for deal in (dollars, euros, unknown)] == [900, 500, None]


def test_a_teams_own_thresholds_judge_its_deals_only(world):
    Threshold.objects.create(team=world.south, key="untouched_days", value=3)
    deals = [world.open_deal(), world.deal(world.olga, ("prospect", "2026-06-08 09:00"))]
    for deal in deals:
        world.mail(deal.owner, ago(5), world.carla, deal=deal)
    found = world.attention(*deals)
    assert ["untouched" in signs(found[deal.pk]) for deal in deals] == [False, True]


def test_the_number_of_queries_does_not_grow_with_the_deals(world, django_assert_num_queries):
    from coaching.deals.attention import attention_of

    def asked(count: int) -> int:
        deals = list(Deal.objects.all()[:count])
        attention_of(deals, TODAY)
        return len(deals)

    for _n in range(12):
        world.fine_deal()
    world.attention()  # the patterns of the day
    with django_assert_num_queries(18):
        assert asked(2) == 2
    with django_assert_num_queries(18):
        assert asked(12) == 12

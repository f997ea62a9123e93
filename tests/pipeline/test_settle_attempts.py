"""Settled attempts: whose first, which follow-up, and what a sale took. The clock is the contact's."""

from datetime import datetime, timedelta

import pytest

from pipeline.models import Activity, ActivityContact, DealContact, Episode, Unsettled
from pipeline.settle import settle_all, settle_marked
from tests.kpis.world import ROME, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def settle() -> None:
    while settle_marked():
        pass


def attempts(contact) -> list[int | None]:
    """Of the contact's touches in order of time; none: neither a first attempt nor a follow-up."""
    settle()
    rows = ActivityContact.objects.filter(contact=contact).order_by("activity__at", "activity_id", "pk")
    return list(rows.values_list("attempt", flat=True))


def follow_ups(deal) -> list[int | None]:
    settle()
    return list(Episode.objects.filter(deal=deal).order_by("number").values_list("follow_ups", flat=True))


def test_the_first_touch_is_the_attempt_and_what_follows_is_numbered(world):
    """
    | Carla's touch | by  | attempt |
    |---------------|-----|---------|
    | 2 March, call | Ada | 0       |
    | 3 March, mail | Ben | 1, the clock is the contact's |
    | 4 March, Carla answers | | none, hers |
    | 5 March, meeting held | Ada | none, neither call, mail nor text |
    | 6 March, text | Ada | 2       |
    """
    world.call(world.ada, "2026-03-02 09:00", world.carla)
    world.mail(world.ben, "2026-03-03 09:00", world.carla)
    world.answer(world.ada, "2026-03-04 09:00", world.carla)
    world.meeting(world.ada, "2026-03-05 09:00", world.carla)
    world.text(world.ada, "2026-03-06 09:00", world.carla)
    assert attempts(world.carla) == [0, 1, None, None, 2]


def test_a_silence_of_the_setting_s_days_makes_a_new_first_attempt(world):
    """180 days of 24 hours after 1 January 09:00 is 30 June 10:00, the clocks having changed.

    | touch                | silence        | attempt |
    |----------------------|----------------|---------|
    | 1 January 09:00      |                | 0       |
    | 30 June 09:59:59     | 1 s too short  | 1       |
    | 27 December 08:59:59 | 180 d exactly  | 0       |
    """
    for at in ("2025-01-01 09:00", "2025-06-30 09:59:59", "2025-12-27 08:59:59"):
        world.call(world.ada, at, world.carla)
    assert attempts(world.carla) == [0, 1, 0]


def test_a_silence_is_broken_by_touches_either_way(world):
    """An inbound mail, a meeting or an inbound call in between: no new first attempt half a year after the first."""
    for kind, contact in zip(["answer", "meeting", "call", "text", "nothing"], range(5), strict=True):
        person = world.contact(f"Person {contact}")
        world.call(world.ada, "2025-01-01 09:00", person)
        if kind == "answer":
            world.answer(world.ada, "2025-05-01 09:00", person)
        elif kind == "meeting":
            world.meeting(world.ada, "2025-05-01 09:00", person)
        elif kind == "call":
            world.call(world.ada, "2025-05-01 09:00", person, direction="in")
        elif kind == "text":
            world.text(world.ada, "2025-05-01 09:00", person, direction="in")
        world.call(world.ada, "2025-09-01 09:00", person)
        assert attempts(person) == ([0, 0] if kind == "nothing" else [0, None, 1]), kind


def test_who_wrote_first_was_never_attempted(world):
    """Carla writes first; our calls after it are neither, until a silence ends what she began."""
    world.answer(world.ada, "2025-01-01 09:00", world.carla)
    world.call(world.ada, "2025-01-02 09:00", world.carla)
    world.call(world.ada, "2025-01-03 09:00", world.carla)
    world.call(world.ada, "2025-12-01 09:00", world.carla)
    assert attempts(world.carla) == [None, None, None, 0]


def test_what_reached_nobody_is_no_touch(world):
    """
    | touch                              | attempt |
    |------------------------------------|---------|
    | a mail that bounced                | none    |
    | a mail in which Carla was copied in | none   |
    | a mail to Carla whose copy bounced | none    |
    | an automatic reply                 | none    |
    | a meeting cancelled                | none    |
    | a meeting held without Carla       | none    |
    | an internal call                   | none    |
    | a call                             | 0       |
    | the same call again, 30 s later    | none    |
    """
    world.mail(world.ada, "2026-03-01 09:00", world.carla, outcome="bounced")
    world.mail(world.ada, "2026-03-02 09:00", (world.carla, "cc"))
    bounced = world.mail(world.ada, "2026-03-03 09:00", world.carla)
    bounced.people.update(outcome=Activity.Outcome.BOUNCED)
    world.answer(world.ada, "2026-03-04 09:00", world.carla, outcome="auto_reply")
    world.meeting(world.ada, "2026-03-05 09:00", world.carla, status="cancelled")
    world.meeting(world.ada, "2026-03-06 09:00", (world.carla, "attendee", "no"), world.contact("Dora"))
    world.call(world.ada, "2026-03-07 09:00", world.carla, is_internal=True)
    world.call(world.ada, "2026-03-08 09:00", world.carla)
    world.call(world.ada, "2026-03-08 09:00:30", world.carla)
    assert attempts(world.carla) == [None] * 7 + [0, None]


def test_a_person_twice_in_an_activity_counts_once(world):
    call = world.call(world.ada, "2026-03-02 09:00", world.carla, (world.carla, "attendee"))
    assert attempts(world.carla) == [0, None]
    call.refresh_from_db()
    assert call.attempt == 0


def test_an_activity_s_attempt_is_the_best_of_its_people(world):
    """Carla was called before, Dora never: the mail to both is a first attempt, on Dora."""
    dora = world.contact("Dora")
    world.call(world.ada, "2026-03-02 09:00", world.carla)
    mail = world.mail(world.ada, "2026-03-03 09:00", world.carla, dora)
    held = world.meeting(world.ada, "2026-03-04 09:00", dora)
    settle()
    assert [Activity.objects.get(pk=row.pk).attempt for row in (mail, held)] == [0, None]
    mail.people.get(contact=dora).delete()
    settle()
    assert Activity.objects.get(pk=mail.pk).attempt == 1


def test_an_earlier_touch_found_later_moves_the_first_attempt(world):
    world.call(world.ada, "2026-03-02 09:00", world.carla)
    assert attempts(world.carla) == [0]
    found = world.call(world.ben, "2026-02-02 09:00", world.carla)
    assert attempts(world.carla) == [0, 1]
    found.delete()
    assert attempts(world.carla) == [0]


def test_a_person_taken_out_of_an_activity_is_attempted_later(world):
    dora = world.contact("Dora")
    first = world.call(world.ada, "2026-03-02 09:00", world.carla)
    world.call(world.ada, "2026-03-03 09:00", world.carla)
    assert attempts(world.carla) == [0, 1]
    ActivityContact.objects.filter(activity=first).update(contact=dora)
    assert (attempts(world.carla), attempts(dora)) == ([0], [0])


@pytest.mark.parametrize("end", ["won", "lost"])
def test_follow_ups_end_with_the_deal(world, end):
    """Carla is on file for the deal that closes on 10 March 09:00: the last follow-up is the one just before.

    A silence after it makes a new first attempt.
    """
    deal = world.deal(world.ada, ("lead", "2025-02-01 09:00"), (end, "2025-03-10 09:00"))
    world.buyers(deal, world.carla)
    for at in ("2025-03-02 09:00", "2025-03-10 08:59:59", "2025-03-10 09:00", "2025-04-01 09:00"):
        world.call(world.ada, at, world.carla)
    world.call(world.ada, "2025-12-01 09:00", world.carla)
    assert attempts(world.carla) == [0, 1, None, None, 0]
    assert follow_ups(deal) == [1]


def test_a_deal_closed_before_the_first_attempt_ends_nothing(world):
    deal = world.deal(world.ada, ("lead", "2025-02-01 09:00"), ("lost", "2025-03-02 09:00"))
    world.buyers(deal, world.carla)
    for day in (2, 3):
        world.call(world.ada, f"2025-03-0{day} 09:00", world.carla)
    assert attempts(world.carla) == [0, 1]
    assert follow_ups(deal) == [None], "nobody had been attempted"


def test_a_touch_on_the_deal_ties_the_person_to_it_from_then_on(world):
    """The deal closes on 10 March; Carla is touched in it on 5 March, Dora only on 20 March, Emil never.

    | touch    | Carla         | Dora          | Emil |
    |----------|---------------|---------------|------|
    | 2 March  | 0             | 0             | 0    |
    | 5 March  | 1, on the deal | 1            | 1    |
    | 15 March | none          | 2             | 2    |
    | 20 March |               | none, on the deal that is closed |  |
    """
    deal = world.deal(world.ada, ("lead", "2026-02-01 09:00"), ("won", "2026-03-10 09:00"))
    dora, emil = world.contact("Dora"), world.contact("Emil")
    for person in (world.carla, dora, emil):
        world.call(world.ada, "2026-03-02 09:00", person)
        world.mail(world.ada, "2026-03-05 09:00", person, deal=deal if person is world.carla else None)
        world.call(world.ada, "2026-03-15 09:00", person)
    world.call(world.ada, "2026-03-20 09:00", dora, deal=deal)
    assert [attempts(person) for person in (world.carla, dora, emil)] == [
        [0, 1, None],
        [0, 1, 2, None],
        [0, 1, 2],
    ]
    assert follow_ups(deal) == [1]


def test_a_close_that_is_recorded_later_ends_follow_ups_already_settled(world):
    deal = world.deal(world.ada, ("lead", "2026-02-01 09:00"))
    world.buyers(deal, world.carla)
    for day in (2, 12):
        world.call(world.ada, f"2026-03-{day:02} 09:00", world.carla)
    assert (attempts(world.carla), follow_ups(deal)) == ([0, 1], [None])
    world.enters(deal, "won", "2026-03-10 09:00")
    assert (attempts(world.carla), follow_ups(deal)) == ([0, None], [0])
    DealContact.objects.all().delete()
    assert (attempts(world.carla), follow_ups(deal)) == ([0, 1], [None])


def test_the_setting_holds_from_its_day(world):
    """30 days from 1 May on: 40 silent days are too short for the touch of 30 April, enough for that of 10 June."""
    for at in ("2026-03-21 09:00", "2026-04-30 09:00", "2026-06-09 09:00"):
        world.call(world.ada, at, world.carla)
    assert attempts(world.carla) == [0, 1, 2]
    world.setting("first_attempt_days", "30", "2026-05-01")
    assert attempts(world.carla) == [0, 1, 0]
    world.setting("first_attempt_days", "20")
    assert attempts(world.carla) == [0, 0, 0]


def test_what_a_sale_took_is_that_of_all_its_people(world):
    """Carla on file: attempted 2 March, followed up twice. Dora took part in a meeting: attempted 3 March, once.

    The first attempt of 2025 on Carla belongs to another story. Reopened, lost: nobody was attempted meanwhile.
    """
    deal = world.deal(world.ada, ("lead", "2026-02-01 09:00"), ("won", "2026-03-20 09:00"))
    dora = world.contact("Dora")
    world.buyers(deal, world.carla)
    world.call(world.ada, "2025-01-02 09:00", world.carla)
    world.call(world.ada, "2025-01-03 09:00", world.carla)
    for day, people in ((2, [world.carla]), (3, [dora]), (4, [world.carla]), (5, [world.carla, dora])):
        world.mail(world.ada, f"2026-03-{day:02} 09:00", *people)
    world.meeting(world.ada, "2026-03-06 09:00", dora, deal=deal)
    world.call(world.ada, "2026-03-21 09:00", world.carla)
    assert follow_ups(deal) == [3]
    days = ActivityContact.objects.filter(won_days__isnull=False).values_list("contact__name", "won_days")
    assert list(days) == [("Carla", 18.0)], "the sale counts once, for the earliest of its first attempts"
    world.enters(deal, "negotiation", "2026-04-01 09:00")
    world.enters(deal, "lost", "2026-04-20 09:00")
    assert follow_ups(deal) == [3, None]


def test_a_text_is_answered_by_a_text_and_a_mail_by_a_mail(world):
    text = world.text(world.ada, "2026-03-02 09:00", world.carla)
    mail = world.mail(world.ada, "2026-03-02 09:00", world.carla)
    world.answer(world.ada, "2026-03-03 09:00", world.carla)
    world.text(world.ada, "2026-03-04 09:00", world.carla, direction="in")
    settle()
    found = {row.pk: row.people.get().answer_days for row in (text, mail)}
    assert found == {text.pk: 2.0, mail.pk: 1.0}


def test_settling_one_by_one_ends_as_settling_all(world):
    """Touches written in an order of their own, with a deal that closes between them."""
    deal = world.deal(world.ada, ("lead", "2026-01-01 09:00"), ("lost", "2026-02-10 09:00"))
    start = datetime(2025, 3, 1, 9, tzinfo=ROME)
    for days in (400, 0, 300, 340, 390, 10, 345):
        world.call(world.ada, start + timedelta(days), world.carla, deal=deal if days == 340 else None)
        settle()
    before = list(ActivityContact.objects.order_by("pk").values())
    assert attempts(world.carla) == [0, 1, 0, 1, 2, None, None]
    settle_all()
    assert list(ActivityContact.objects.order_by("pk").values()) == before
    assert not Unsettled.objects.exists()

"""Settled columns of activities: local day, team then, company, seniority present, repeats and answers."""

import pytest

from pipeline.models import Activity, ActivityContact, Unsettled
from pipeline.settle import settle_all, settle_marked
from tests.kpis.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def settled(activity) -> Activity:
    while settle_marked():
        pass
    activity.refresh_from_db()
    return activity


def answered(mail) -> list[str]:
    """When each person mailed answered, in Rome's time; empty where they did not."""
    settled(mail)
    moments = mail.people.order_by("pk").values_list("answered_at", flat=True)
    return [f"{at:%m-%d %H:%M}" if at else "" for at in moments]


def test_the_day_is_the_organisations(world):
    assert str(settled(world.call(world.ada, "2026-03-10T23:30:00Z")).day) == "2026-03-11"


def test_the_team_is_that_of_the_day_and_the_first_one_before_any_move(world):
    world.moves(world.ada, south="2026-02-01", north="2026-03-01")
    days = ("2025-12-01", "2026-02-28 23:59", "2026-03-01 00:00")
    assert [settled(world.call(world.ada, day)).team for day in days] == [
        world.south,
        world.south,
        world.north,
    ]


def test_the_highest_seniority_is_that_of_those_present(world):
    staff, boss = world.contact("Staff", seniority="staff"), world.contact("Boss", seniority="owner")
    both = world.meeting(world.ada, "2026-03-02 09:00", staff, boss)
    absent = world.meeting(world.ada, "2026-03-03 09:00", staff, (boss, "attendee", "no"))
    assert [settled(both).top_seniority, settled(absent).top_seniority] == [6, 1]
    boss.seniority = 0
    boss.save()
    assert settled(both).top_seniority == 1, "the contact was edited, the meeting follows"


def test_a_conference_call_is_judged_by_everybody_on_the_line(world):
    """B repeats A through Carla and C through Dora; moving A away leaves it a repeat of C."""
    dora = world.contact("Dora")
    a = world.call(world.ada, "2026-03-02 09:00:00", world.carla)
    c = world.call(world.ada, "2026-03-02 09:00:10", dora)
    b = world.call(world.ada, "2026-03-02 09:00:30", world.carla, dora)
    assert settled(b).duplicate_of in (a, c)
    a.at = a.at.replace(hour=3)
    a.save()
    assert settled(b).duplicate_of == c


def test_a_repeat_that_loses_its_id_or_its_rep_counts_again(world):
    mails = [world.mail(world.ada, "2026-03-02 09:00", world.carla, provider_id="<1@x>") for _ in range(2)]
    calls = [world.call(world.ada, f"2026-03-02 09:00:{second}", world.carla) for second in ("00", "20")]
    assert [settled(row).duplicate_of for row in (*mails, *calls)] == [None, mails[0], None, calls[0]]
    Activity.objects.filter(pk=mails[1].pk).update(provider_id="")
    Activity.objects.filter(pk=calls[1].pk).update(rep=None)
    assert [settled(row).duplicate_of for row in (mails[1], calls[1])] == [None, None]


def test_an_answer_is_the_persons_first_human_mail_afterwards(world):
    mail = world.mail(world.ada, "2026-03-02 09:00", world.carla)
    world.answer(world.ada, "2026-03-01 09:00", world.carla)
    world.answer(world.ada, "2026-03-02 09:00", world.carla)
    world.answer(world.ada, "2026-03-02 09:05", world.carla, outcome="auto_reply")
    world.answer(world.ada, "2026-03-02 09:06", world.carla, outcome="bounced")
    world.mail(world.ada, "2026-03-03 09:00", world.carla, in_reply_to=mail)
    assert answered(mail) == [""]
    world.answer(world.ben, "2026-03-05 09:00", world.carla)
    world.answer(world.ada, "2026-03-06 09:00", world.carla, in_reply_to=mail)
    assert answered(mail) == ["03-05 08:00"], "whichever colleague they wrote to"


def test_a_reply_from_an_address_not_on_file_answers_the_mail_it_replies_to(world):
    mail, other = (world.mail(world.ada, f"2026-03-0{day} 09:00", world.carla) for day in (2, 3))
    reply = world.answer(world.ada, "2026-03-04 09:00", in_reply_to=mail)
    assert (answered(mail), answered(other)) == (["03-04 08:00"], [""])
    reply.in_reply_to = other
    reply.save()
    assert (answered(mail), answered(other)) == ([""], ["03-04 08:00"])


def test_an_answer_that_turns_out_a_repeat_answers_no_more(world):
    """The two mails carry the same Message-ID: the row learnt first, from somebody else, is the mail there was."""
    mail = world.mail(world.ada, "2026-03-02 09:00", world.carla)
    first = world.answer(world.ada, "2026-03-03 09:00", world.contact("Dora"))
    world.answer(world.ada, "2026-03-04 09:00", world.carla, provider_id="<7@x>")
    assert answered(mail) == ["03-04 08:00"]
    first.provider_id = "<7@x>"
    first.save()
    assert answered(mail) == [""]


def test_settling_marks_nothing_itself(world):
    world.call(world.ada, "2026-03-02 09:00", world.carla)
    settle_all()
    while settle_marked():
        pass
    assert not Unsettled.objects.exists()
    rows = list(ActivityContact.objects.values())
    settle_all()
    assert not Unsettled.objects.exists()
    assert list(ActivityContact.objects.values()) == rows

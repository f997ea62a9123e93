"""Settled from deals and their people: how far a deal was at an activity, and who a proposal was presented to."""

import pytest

from pipeline.models import Activity, DealContact, Unsettled
from pipeline.settle import settle_all, settle_marked
from tests.kpis.world import World, moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def settled(row):
    while settle_marked():
        pass
    row.refresh_from_db()
    return row


def presentations(deal) -> list[int]:
    """How many presentations led to the end of each of the deal's episodes."""
    while settle_marked():
        pass
    return list(deal.episodes.order_by("number").values_list("presentations", flat=True))


def plays(deal, contact, role, from_at=None) -> DealContact:
    return DealContact.objects.create(
        deal=deal, contact=contact, role=role, from_at=moment(from_at) if from_at else None
    )


@pytest.fixture
def shown(world):
    """Carla decides and Elio uses; Ada presents to both on 10 March at nine."""
    world.deal_shown = world.deal(world.ada, ("qualified", "2026-02-02 09:00"))
    world.elio = world.contact("Elio")
    world.carla_decides = plays(world.deal_shown, world.carla, "decision_maker")
    world.elio_uses = plays(world.deal_shown, world.elio, "user")
    return world.meeting(
        world.ada, "2026-03-10 09:00", world.carla, world.elio, deal=world.deal_shown, type="proposal_presentation"
    )  # fmt: skip


def test_a_deal_is_as_far_as_its_history_had_shown(world):
    """
    | call          | the deal                         | reached     |
    |---------------|----------------------------------|-------------|
    | 1 Feb         | not yet begun                    | none        |
    | 2 Feb 09:00   | a lead from this instant on      | lead        |
    | 9 Feb 08:59   | still a lead                     | lead        |
    | 9 Feb 09:00   | at proposal                      | proposal    |
    | 20 Feb        | back to qualified                | proposal    |
    | 2 March       | lost                             | proposal    |
    | 2 April       | reopened as a lead               | proposal    |
    | 2 May         | won: every milestone before it   | negotiation |
    """
    deal = world.deal(
        world.ada, ("lead", "2026-02-02 09:00"), ("proposal", "2026-02-09 09:00"), ("qualified", "2026-02-16"),
        ("lost", "2026-03-01"), ("lead", "2026-04-01"), ("won", "2026-05-01"),
    )  # fmt: skip
    calls = [
        world.call(world.ada, at, deal=deal)
        for at in (
            "2026-02-01", "2026-02-02 09:00", "2026-02-09 08:59", "2026-02-09 09:00", "2026-02-20", "2026-03-02",
            "2026-04-02", "2026-05-02",
        )
    ]  # fmt: skip
    assert [settled(call).deal_reached for call in calls] == [None, 1, 1, 4, 4, 4, 4, 5]
    assert settled(world.call(world.ada, "2026-03-02")).deal_reached is None


def test_a_deal_without_a_history_is_as_far_as_its_record_says_since_it_was_created(world):
    deal = world.deal(world.ada, created="2026-02-02 09:00")
    deal.stage = world.stages["prospect"]
    deal.save()
    calls = [world.call(world.ada, f"2026-02-0{day} 09:00", deal=deal) for day in (1, 2)]
    assert [settled(call).deal_reached for call in calls] == [None, 3]


def test_a_history_told_later_moves_the_activities_it_concerns(world):
    deal = world.deal(world.ada, ("lead", "2026-02-02 09:00"))
    call = world.call(world.ada, "2026-03-02 09:00", deal=deal)
    assert settled(call).deal_reached == 1
    world.enters(deal, "qualified", "2026-03-02 08:00")
    assert settled(call).deal_reached == 2
    Activity.objects.filter(pk=call.pk).update(deal=None)
    assert settled(call).deal_reached is None


@pytest.mark.parametrize(
    ("roles", "presented"),
    [
        (["decision_maker", "user"], True),
        (["economic_buyer", "legal"], True),
        (["decision_maker", "economic_buyer"], True),
        (["decision_maker", "blocker"], False),
        (["decision_maker", ""], False),
        (["decision_maker"], False),
        (["champion", "influencer", "procurement"], False),
        ([], False),
    ],
)
def test_a_presentation_needs_one_who_decides_among_two_of_the_team(world, roles, presented):
    deal, people = world.deal(world.ada, ("proposal", "2026-02-02")), []
    for number, role in enumerate(roles):
        people.append(world.contact(f"Buyer {number}"))
        plays(deal, people[-1], role)
    meeting = world.meeting(world.ada, "2026-03-10 09:00", *people, deal=deal, type="proposal_presentation")
    assert settled(meeting).is_presentation is presented


def test_only_who_is_there_counts_and_once(world, shown):
    """Elio did not come, then declined, then came as attendee and organiser both; then it is Carla twice, and no Elio."""
    assert settled(shown).is_presentation
    part = shown.people.get(contact=world.elio)
    for attended, presented in ((2, False), (3, False), (1, True), (0, True)):
        part.attended = attended
        part.save()
        assert settled(shown).is_presentation is presented, attended
    part.delete()
    shown.people.create(contact=world.carla, part=5)
    assert not settled(shown).is_presentation


@pytest.mark.parametrize(
    "change", [{"status": 3}, {"status": 1}, {"type": "demo"}, {"kind": Activity.Kind.CALL}, {"deal": None}]
)
def test_what_is_no_held_meeting_of_that_type_on_the_deal_presents_nothing(world, shown, change):
    assert settled(shown).is_presentation
    Activity.objects.filter(pk=shown.pk).update(**change)
    assert not settled(shown).is_presentation


def test_roles_are_as_they_were_when_the_meeting_began(world, shown):
    """Elio's part in the deal, moved about; the meeting is on 10 March at nine."""
    for since, presented in (("2026-03-10 09:00", True), ("2026-03-10 09:01", False), ("2026-02-01", True)):
        world.elio_uses.from_at = moment(since)
        world.elio_uses.save()
        assert settled(shown).is_presentation is presented, since
    later = plays(world.deal_shown, world.elio, "blocker", "2026-03-11")
    assert settled(shown).is_presentation
    later.from_at = moment("2026-03-09")
    later.save()
    assert not settled(shown).is_presentation
    later.delete()
    assert settled(shown).is_presentation


def test_the_contacts_own_role_stands_in_where_the_deal_says_nothing(world, shown):
    """
    | the deal says of Elio        | Elio's own  | presented |
    |------------------------------|-------------|-----------|
    | nothing                      |             | no        |
    | nothing                      | champion    | yes       |
    | he has a part, not which     | champion    | yes       |
    | blocker                      | champion    | no        |
    | user, from the day after     | champion    | no, he was nobody yet |
    """
    world.elio_uses.delete()
    assert not settled(shown).is_presentation
    world.elio.buying_role = "champion"
    world.elio.save()
    assert settled(shown).is_presentation
    part = plays(world.deal_shown, world.elio, "")
    assert settled(shown).is_presentation
    part.role = "blocker"
    part.save()
    assert not settled(shown).is_presentation
    part.role, part.from_at = "user", moment("2026-03-11")
    part.save()
    assert not settled(shown).is_presentation


def test_a_presentation_counts_for_the_episode_it_led_to(world, shown):
    """
    | on Ada's deal, lost 1 April 12:00, reopened 1 May, won 1 June (day only) | counts for |
    |---------------------------------------------------------------------------|------------|
    | 10 March                                                                  | the loss   |
    | 1 April 12:00                                                             | the loss   |
    | 1 April 12:01                                                             | none       |
    | 1 May 00:00                                                               | the win    |
    | 1 June 17:00                                                              | the win    |
    | 2 June 00:00                                                              | none       |
    """
    deal = world.deal_shown
    for stage, at in (("lost", "2026-04-01 12:00"), ("qualified", "2026-05-01"), ("won", "2026-06-01")):
        world.enters(deal, stage, at)
    assert presentations(deal) == [1, 0]
    for at in ("04-01 12:00", "04-01 12:01", "05-01 00:00", "06-01 17:00", "06-02 00:00"):
        world.meeting(
            world.ada, f"2026-{at}", world.carla, world.elio, deal=deal, type="proposal_presentation"
        )
    assert presentations(deal) == [2, 2]


def test_a_presentation_moved_deleted_or_repeated_counts_where_it_stands(world, shown):
    other = world.deal(world.ben, ("qualified", "2026-02-02"))
    plays(other, world.carla, "decision_maker")
    plays(other, world.elio, "user")
    Activity.objects.filter(pk=shown.pk).update(deal=other)
    assert (presentations(other), presentations(world.deal_shown)) == ([1], [0])
    again = world.meeting(
        world.ada, "2026-03-10 09:00", world.carla, world.elio, deal=other, type="proposal_presentation",
        provider_id="uid/1",
    )  # fmt: skip
    assert presentations(other) == [2]
    Activity.objects.filter(pk=shown.pk).update(provider_id="uid/1")
    assert presentations(other) == [1]
    assert settled(again).duplicate_of == shown
    shown.delete()
    assert presentations(other) == [1]
    again.delete()
    assert presentations(other) == [0]


def test_material_handed_over_and_taken_back_is_known_of_the_activity(world):
    mail = world.mail(world.ada, "2026-03-03 09:00", world.carla)
    world.material(mail, "brochure")
    assert settled(mail).has_material
    mail.handed_over.all().delete()
    assert not settled(mail).has_material


def test_settling_everything_again_changes_nothing(world, shown):
    settled(shown)
    Activity.objects.filter(pk=shown.pk).update(deal_reached=1, is_presentation=False, has_material=True)
    Unsettled.objects.all().delete()
    settle_all()
    shown.refresh_from_db()
    assert (shown.deal_reached, shown.is_presentation, shown.has_material) == (2, True, False)
    assert presentations(world.deal_shown) == [1]

"""proposal_presentations: meetings held to present a proposal to one who decides among two of the decision team."""

import pytest


@pytest.fixture
def deal(world):
    """Ada's deal with Brenta: Carla decides, Elio pays, Franca uses, Gino blocks."""
    made = world.deal(world.ada, ("qualified", "2026-01-05"))
    for name, role in (
        ("carla", "decision_maker"),
        ("elio", "economic_buyer"),
        ("franca", "user"),
        ("gino", "blocker"),
    ):
        contact = getattr(world, name, None) or world.contact(name.title())
        setattr(world, name, contact)
        world.buyers(made, contact, role=role)
    return made


def present(world, rep, at, *people, **more):
    return world.meeting(rep, at, *people, type="proposal_presentation", **more)


def test_proposals_presented_count_where_the_decision_team_was_there(world, deal):
    """
    | Ada in March                             | counted |
    |------------------------------------------|---------|
    | 2nd, to Carla and Franca                 | 1       |
    | 3rd, to Carla and Franca again           | 1       |
    | 4th, to Elio and Franca                  | 1, who pays decides |
    | 5th, to Carla and Elio                   | 1, who decides is one of the two |
    | 6th, to Carla alone                      | team not there |
    | 9th, to Franca alone                     | team not there |
    | 10th, to Carla and Gino                  | team not there |
    | 11th, to Carla; Franca did not come      | team not there |
    | 12th, to Carla and Franca, cancelled     | not held |
    | 13th, to Carla and Franca, both declined | not held |
    | 16th, a demo to Carla and Franca         | no      |
    | 17th, a proposal mailed to both          | only sent |
    | 18th, a proposal mailed, bounced         | no      |
    """
    carla, elio, franca, gino = world.carla, world.elio, world.franca, world.gino
    for day, people in (
        (2, [carla, franca]), (3, [carla, franca]), (4, [elio, franca]), (5, [carla, elio]), (6, [carla]), (9, [franca]),
        (10, [carla, gino]), (11, [carla, (franca, "attendee", "no")]),
        (13, [(carla, "attendee", "declined"), (franca, "attendee", "declined")]),
    ):  # fmt: skip
        present(world, world.ada, f"2026-03-{day:02} 09:00", *people, deal=deal)
    present(world, world.ada, "2026-03-12 09:00", carla, franca, deal=deal, status="cancelled")
    world.meeting(world.ada, "2026-03-16 09:00", carla, franca, deal=deal, type="demo")
    world.mail(world.ada, "2026-03-17 09:00", carla, franca, deal=deal, type="proposal_sent")
    world.mail(world.ada, "2026-03-18 09:00", carla, deal=deal, type="proposal_sent", outcome="bounced")
    reading = world.reading("proposal_presentations", world.ada, "2026-03")
    assert (reading.value, reading.sentence) == (4, "4 proposals presented to the decision team")
    assert reading.beside["sent"][1] == 1
    assert world.left_out("proposal_presentations", world.ada, "2026-03") == {
        "decision team not present": 4,
        "not held": 2,
        "only sent": 1,
    }


def test_roles_are_those_the_deal_knew_then(world, deal):
    """Franca turns blocker on 10 March: what was presented to Carla and her before still counts."""
    present(world, world.ada, "2026-03-09 09:00", world.carla, world.franca, deal=deal)
    present(world, world.ada, "2026-03-11 09:00", world.carla, world.franca, deal=deal)
    assert world.value("proposal_presentations", world.ada, "2026-03") == 2
    world.buyers(deal, world.franca, role="blocker", from_at="2026-03-10T00:00:00Z")
    rows = world.evidence("proposal_presentations", world.ada, "2026-03").counted
    assert [row.day.day for row in rows] == [9]
    assert world.value("proposal_presentations", world.ada, "2026-03") == 1


def test_a_presentation_on_no_deal_counts_by_the_people_s_own_roles(world, deal):
    """Carla's and Franca's parts are known in the deal only: nought, until their own are."""
    present(world, world.ada, "2026-03-09 09:00", world.carla, world.franca)
    assert world.left_out("proposal_presentations", world.ada, "2026-03") == {"decision team not present": 1}
    for contact, role in ((world.carla, "decision_maker"), (world.franca, "legal")):
        contact.buying_role = role
        contact.save()
    assert world.value("proposal_presentations", world.ada, "2026-03") == 1


def test_proposal_presentations_take_a_month_s_first_instant_and_not_its_end(world, deal):
    """Rome's March is [28 Feb 23:00Z, 31 March 22:00Z)."""
    for at in (
        "2026-02-28T22:59:59Z",
        "2026-02-28T23:00:00Z",
        "2026-03-31T21:59:59Z",
        "2026-03-31T22:00:00Z",
    ):
        present(world, world.ada, at, world.carla, world.elio, deal=deal)
        world.mail(world.ada, at, world.carla, type="proposal_sent")
    months = [world.reading("proposal_presentations", world.ada, f"2026-0{m}") for m in (2, 3, 4)]
    assert [(month.value, month.beside["sent"][1]) for month in months] == [(1, 1), (2, 2), (1, 1)]


def test_a_presentation_counts_for_who_held_it_and_their_team_then(world, deal):
    """Ada moves south on 16 March; Dario of Coast presents on Ada's deal; one is nobody's, one Olga's."""
    world.moves(world.ada, north="2026-01-01", south="2026-03-16")
    who = ((world.ada, 15), (world.ada, 16), (world.dario, 16), (None, 17), (world.olga, 18))
    for rep, day in who:
        present(world, rep, f"2026-03-{day} 09:00", world.carla, world.elio, deal=deal)
        world.mail(rep, f"2026-03-{day} 10:00", world.carla, type="proposal_sent")
    subjects = (world.ada, world.north, world.coast, world.south, None)
    found = [world.reading("proposal_presentations", subject, "2026-03") for subject in subjects]
    assert [reading.value for reading in found] == [2, 2, 1, 2, 5]
    assert [reading.beside["sent"][1] for reading in found] == [2, 2, 1, 2, 5]


def test_proposal_presentations_tell_nought_from_nothing_captured(world, deal):
    assert world.reading("proposal_presentations", world.ada, "2026-03").reason == "not_captured"
    present(world, world.ben, "2026-03-03 09:00", world.carla, world.elio, deal=deal)
    found = [world.value("proposal_presentations", who, "2026-03") for who in (world.ada, world.ben)]
    assert found == [0, 1]


def test_the_same_presentation_counts_once_and_an_internal_one_never(world, deal):
    for _ in range(2):
        present(world, world.ada, "2026-03-03 09:00", world.carla, world.elio, deal=deal, provider_id="uid/1")
    present(world, world.ada, "2026-03-04 09:00", world.carla, world.elio, deal=deal, is_internal=True)
    assert world.value("proposal_presentations", world.ada, "2026-03") == 1
    found = world.left_out("proposal_presentations", world.ada, "2026-03")
    assert found == {"logged twice": 1, "internal only": 1}

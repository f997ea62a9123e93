"""companies_contacted: different accounts with an outbound touch; weeks do not add up to a month."""

import pytest


@pytest.fixture
def piave(world):
    return world.account("Piave Pumps")


def test_a_company_counts_once_however_often_it_is_touched(world, piave):
    """
    | Ada's touch              | company | counted |
    |--------------------------|---------|---------|
    | 2 March, mail to Carla   | Brenta  | 1       |
    | 3 March, dial, no answer | Brenta  | again   |
    | 10 March, text           | Piave   | 1       |
    | 11 March, meeting held   | Piave   | again   |
    """
    world.mail(world.ada, "2026-03-02 09:00", world.carla)
    world.call(world.ada, "2026-03-03 09:00", world.carla, outcome="no_answer")
    world.activity(3, world.ada, "2026-03-10 09:00", account=piave, direction="out")
    world.meeting(world.ada, "2026-03-11 09:00", account=piave)
    assert world.value("companies_contacted", world.ada, "2026-03") == 2
    weeks = ("2026-W10", "2026-W11")
    assert [world.value("companies_contacted", world.ada, week) for week in weeks] == [1, 1]
    rows = list(world.evidence("companies_contacted", world.ada, "2026-03").counted)
    assert [(row.name, row.touch_count, str(row.last_touch)) for row in rows] == [
        ("Brenta Valves", 2, "2026-03-03"),
        ("Piave Pumps", 2, "2026-03-11"),
    ]


def test_a_company_two_reps_touch_counts_once_for_their_team(world):
    """Ada 1, Ben 1, their team 1: distinct within the subject, never the sum."""
    world.mail(world.ada, "2026-03-02 09:00", world.carla)
    world.mail(world.ben, "2026-03-03 09:00", world.carla)
    world.mail(world.olga, "2026-03-04 09:00", world.carla)
    values = [
        world.value("companies_contacted", who, "2026-03")
        for who in (world.ada, world.ben, world.north, None)
    ]
    assert values == [1, 1, 1, 1]


def test_what_is_no_outbound_touch_contacts_nobody(world, piave):
    """A bounced mail, an inbound mail and call, a meeting cancelled: Piave was not contacted."""
    world.mail(world.ada, "2026-03-01 09:00", world.carla)
    world.mail(world.ada, "2026-03-02 09:00", account=piave, outcome="bounced")
    world.answer(world.ada, "2026-03-02 10:00", account=piave)
    world.call(world.ada, "2026-03-02 11:00", account=piave, direction="in")
    world.meeting(world.ada, "2026-03-02 12:00", account=piave, status="cancelled")
    assert world.value("companies_contacted", world.ada, "2026-03") == 1


def test_the_company_is_the_account_named_else_the_deals_else_the_first_contacts(world, piave):
    """
    | account | deal's account | contact's account | company |
    |---------|----------------|-------------------|---------|
    | Piave   | Isonzo         | Brenta            | Piave   |
    |         | Isonzo         | Brenta            | Isonzo  |
    |         |                | Brenta            | Brenta  |
    |         |                |                   | left out |
    """
    isonzo = world.account("Isonzo Gears")
    deal = world.deal(world.ada, ("lead", "2026-02-01 09:00"), account=isonzo)
    world.call(world.ada, "2026-03-02 09:00", world.carla, account=piave, deal=deal)
    world.call(world.ada, "2026-03-03 09:00", world.carla, deal=deal)
    world.call(world.ada, "2026-03-04 09:00", world.carla)
    world.call(world.ada, "2026-03-05 09:00")
    rows = world.evidence("companies_contacted", world.ada, "2026-03").counted
    assert [row.name for row in rows] == ["Brenta Valves", "Isonzo Gears", "Piave Pumps"]
    assert world.value("companies_contacted", world.ada, "2026-03") == 3
    assert world.left_out("companies_contacted", world.ada, "2026-03") == {"touches without a company": 1}


def test_a_deal_moved_to_another_account_moves_its_touches(world, piave):
    """No touch was edited, yet what it touched is another company: Brenta and Piave become Piave alone."""
    deal = world.deal(world.ada, ("lead", "2026-02-01 09:00"))
    world.call(world.ada, "2026-03-03 09:00", deal=deal)
    world.call(world.ada, "2026-03-04 09:00", account=piave)
    assert world.value("companies_contacted", world.ada, "2026-03") == 2
    deal.account = piave
    deal.save()
    assert world.value("companies_contacted", world.ada, "2026-03") == 1


def test_a_company_is_contacted_on_the_local_day_of_the_touch(world, piave):
    """Rome's March is [28 Feb 23:00Z, 31 March 22:00Z): Brenta at its first instant, Piave at its end."""
    world.mail(world.ada, "2026-02-28T23:00:00Z", world.carla)
    world.call(world.ada, "2026-03-31T22:00:00Z", account=piave)
    months = ("2026-03", "2026-04", "2026")
    assert [world.value("companies_contacted", world.ada, month) for month in months] == [1, 1, 2]


def test_a_company_touched_before_and_after_a_move_is_contacted_by_both_teams(world):
    """Ada moves south on 16 March: Brenta is one company of hers, of each team's, and of the organisation's."""
    world.moves(world.ada, north="2026-01-01", south="2026-03-16")
    world.mail(world.ada, "2026-03-15 09:00", world.carla)
    world.mail(world.ada, "2026-03-16 09:00", world.carla)
    subjects = (world.ada, world.north, world.south, None)
    assert [world.value("companies_contacted", who, "2026-03") for who in subjects] == [1, 1, 1, 1]


def test_internal_and_repeated_touches_contact_nobody(world, piave):
    """Piave only by a mail within the house; Brenta once, by the first copy."""
    world.mail(world.ada, "2026-03-02 09:00", account=piave, is_internal=True)
    for rep in (world.ada, world.ben):
        world.mail(rep, "2026-03-02 09:00", world.carla, provider_id="<1@adige.example>")
    values = [world.value("companies_contacted", who, "2026-03") for who in (world.ada, world.ben)]
    assert values == [1, 0]

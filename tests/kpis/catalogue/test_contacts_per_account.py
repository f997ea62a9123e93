"""contacts_per_account: contacts on file / accounts assigned, as of the period's end."""

import pytest

from tests.kpis.world import moment


@pytest.fixture
def piave(world):
    """Ada's since 12 January, with Dora, of whom nobody knows since when she is on file."""
    piave = world.account("Piave Pumps", owner=world.ada, created_at=moment("2026-01-12 09:00"))
    world.contact("Dora", piave)
    return piave


def counts(world, who, period):
    reading = world.reading("contacts_per_account", who, period)
    return reading.numerator, reading.denominator


def test_contacts_per_account_counts_what_was_on_file_at_the_end(world, piave):
    """
    | Ada's account | from               | contacts                                     | Feb | Mar | Apr |
    |---------------|--------------------|----------------------------------------------|-----|-----|-----|
    | Piave Pumps   | 12 January         | Dora; Emil 31 Mar 23:59:59; Fritz 1 Apr 0:00 | 1   | 2   | 3   |
    | Isonzo Inks   | 1 March            | none                                         | -   | 0   | 0   |
    | Adda Axles    | 31 March 23:59:59  | Gina, 1 March                                | -   | 1   | 1   |
    | Tevere Tubes  | 1 April 0:00       | none                                         | -   | -   | 0   |

    1 / 1, 3 / 3 and 4 / 4.
    """
    world.contact("Emil", piave, created_at=moment("2026-03-31 23:59:59"))
    world.contact("Fritz", piave, created_at=moment("2026-04-01 00:00"))
    world.account("Isonzo Inks", owner=world.ada, created_at=moment("2026-03-01"))
    adda = world.account("Adda Axles", owner=world.ada, created_at=moment("2026-03-31 23:59:59"))
    world.contact("Gina", adda, created_at=moment("2026-03-01 09:00"))
    world.account("Tevere Tubes", owner=world.ada, created_at=moment("2026-04-01 00:00"))
    assert [counts(world, world.ada, f"2026-0{month}") for month in (2, 3, 4)] == [(1, 1), (3, 3), (4, 4)]
    march = world.reading("contacts_per_account", world.ada, "2026-03")
    assert (march.value, march.evidence_count) == (1, 3)
    assert march.sentence == "contacts: 3, on accounts: 3"
    assert march.beside["spread"][1] == {"no contact": 1, "one contact": 1, "2 or 3 contacts": 1}
    rows = world.evidence("contacts_per_account", world.ada, "2026-03").counted
    assert [(row.account.name, row.contacts) for row in rows] == [
        ("Adda Axles", 1), ("Isonzo Inks", 0), ("Piave Pumps", 2),
    ]  # fmt: skip
    assert world.value("contacts_per_account", world.ada, "2026-03-01..2026-03-31") == 0.5


def test_an_account_counts_for_whom_it_belonged_to_at_the_end(world, piave):
    """From Ada to Ben in the last second of March, and on to Cleo and Dario on 10 April: Dario had it last."""
    world.given(piave, ada="2026-01-20 09:00", ben="2026-03-31 23:59:59", cleo="2026-04-10 09:00")
    world.given(piave, dario="2026-04-10 15:00")
    assert counts(world, world.ada, "2026-01") == counts(world, world.ada, "2026-02") == (1, 1)
    assert counts(world, world.ada, "2026-03") == (0, 0)
    assert counts(world, world.ben, "2026-03") == (1, 1)
    assert counts(world, world.cleo, "2026-04") == (0, 0)
    assert counts(world, world.dario, "2026-04") == counts(world, world.north, "2026-04") == (1, 1)


def test_a_move_at_the_first_instant_of_april_leaves_march_alone(world, piave):
    world.given(piave, ada="2026-01-12 09:00", ben="2026-04-01 00:00")
    assert counts(world, world.ada, "2026-03") == (1, 1)
    assert counts(world, world.ben, "2026-04") == (1, 1)


def test_the_first_known_owner_had_it_from_the_beginning(world, piave):
    """The record names Ada today; the first move there is, of 2 March, names Ben."""
    world.given(piave, ben="2026-03-02 09:00")
    assert counts(world, world.ben, "2026-01") == (1, 1)
    assert counts(world, world.ada, "2026-03") == (0, 0)


def test_an_account_goes_with_its_rep_to_another_team(world, piave):
    world.moves(world.ada, north="2026-01-01", south="2026-03-01")
    assert counts(world, world.north, "2026-02") == (1, 1)
    assert counts(world, world.north, "2026-03") == (0, 0)
    assert counts(world, world.south, "2026-03") == (1, 1)
    assert counts(world, world.ada, "2026-03") == (1, 1)


def test_an_account_without_an_owner_is_not_assigned(world, piave):
    world.contact("Nobody's", world.account("Arno Arms", created_at=moment("2026-01-01")))
    assert counts(world, None, "2026-03") == (1, 1)
    assert world.reading("contacts_per_account", world.ben, "2026-03").reason == "no_denominator"


def test_a_contact_who_changes_company_moves_both_figures(world, piave):
    isonzo = world.account("Isonzo Inks", owner=world.ben, created_at=moment("2026-01-12"))
    dora = piave.contacts.get()
    assert (counts(world, world.ada, "2026-03"), counts(world, world.ben, "2026-03")) == ((1, 1), (0, 1))
    dora.account = isonzo
    dora.save()
    assert (counts(world, world.ada, "2026-03"), counts(world, world.ben, "2026-03")) == ((0, 1), (1, 1))

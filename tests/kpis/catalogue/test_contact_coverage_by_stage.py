"""contact_coverage beside itself: the same share by how far the account's furthest open deal is."""

import pytest

from tests.kpis.world import moment


def by_stage(world, who, period):
    beside = world.reading("contact_coverage", who, period).beside
    return beside["by_stage"][1], beside["accounts"][1]


def account(world, name, contacts, touched):
    """An account of Ada's since January with so many contacts, so many of them called in March."""
    made = world.account(name, owner=world.ada, created_at=moment("2026-01-12 09:00"))
    for number in range(contacts):
        contact = world.contact(f"{name} {number}", made)
        if number < touched:
            world.call(world.ada, "2026-03-20 09:00", contact, outcome="no_answer")
    return made


@pytest.fixture
def three(world):
    return [
        account(world, name, *n) for name, n in {"Adda": (4, 1), "Brembo": (2, 2), "Chiese": (4, 3)}.items()
    ]


def test_each_account_counts_where_its_furthest_open_deal_is(world, three):
    """
    | account | open deals as of 31 March            | stage    | touched of contacts |
    |---------|--------------------------------------|----------|---------------------|
    | Adda    | a lead; Olga's proposal; one lost    | proposal | 1 of 4              |
    | Brembo  | back from proposal to qualified      | qualified| 2 of 2              |
    | Chiese  | won in March                         | no open  | 3 of 4              |
    """
    adda, brembo, chiese = three
    world.deal(world.ada, ("lead", "2026-02-01"), account=adda)
    world.deal(world.olga, ("proposal", "2026-03-01"), account=adda)
    world.deal(world.ada, ("negotiation", "2026-03-01"), ("lost", "2026-03-05"), account=adda)
    world.deal(world.ada, ("proposal", "2026-03-01"), ("qualified", "2026-03-05"), account=brembo)
    world.deal(world.ada, ("proposal", "2026-03-01"), ("won", "2026-03-31"), account=chiese)
    shares, accounts = by_stage(world, world.ada, "2026-03")
    assert accounts == {"no open deal": 1, "qualified": 1, "proposal": 1}
    assert shares == {"no open deal": 3 / 4, "qualified": 1, "proposal": 1 / 4}
    assert list(shares) == ["no open deal", "qualified", "proposal"]
    february = by_stage(world, world.ada, "2026-02")[1]
    assert february == {"no open deal": 2, "lead": 1}
    found = world.evidence("contact_coverage", world.ada, "2026-03")
    assert {row.account.name: row.furthest for row in found.counted} == {
        "Adda": 4,
        "Brembo": 2,
        "Chiese": 0,
    }


def test_a_deal_that_moves_reaches_the_owner_of_the_account_at_once(world, three):
    """Olga's deal goes on to negotiation, then to another account of Ada's: Ada's split follows both."""
    deal = world.deal(world.olga, ("lead", "2026-03-01"), account=three[0])
    assert by_stage(world, world.ada, "2026-03")[1] == {"no open deal": 2, "lead": 1}
    world.enters(deal, "negotiation", "2026-03-10")
    assert by_stage(world, world.ada, "2026-03")[1] == {"no open deal": 2, "negotiation": 1}
    deal.account = three[1]
    deal.save()
    assert by_stage(world, world.ada, "2026-03")[0] == {"no open deal": 4 / 8, "negotiation": 1}

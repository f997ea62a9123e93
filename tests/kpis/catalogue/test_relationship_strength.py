"""relationship_strength: weighted mean of the latest ratings per account, mean over rated accounts."""

import pytest

from tests.kpis.world import moment


@pytest.fixture
def accounts(world):
    """Three accounts of Ada's since January."""
    return [
        world.account(name, owner=world.ada, created_at=moment("2026-01-12 09:00"))
        for name in ("Adda Axles", "Isonzo Inks", "Piave Pumps")
    ]


def strength(world, who, period):
    return world.reading("relationship_strength", who, period)


def test_relationship_strength_weighs_roles_and_counts_each_account_once(world, accounts):
    """
    | account | contact | role           | weight | ratings                        | account            |
    |---------|---------|----------------|--------|--------------------------------|--------------------|
    | Piave   | Dora    | decision maker | 3      | +3 on 2 March                  | (9 − 1) / 4 = 2    |
    |         | Emil    | user           | 1      | −1 on 3 March                  |                    |
    | Isonzo  | Fritz   | champion       | 2      | +3 on 1 March, −2 on 10 March  | (−4 + 3) / 5 = −0.2 |
    |         | Gina    | economic buyer | 3      | +1 on 31 March                 |                    |
    | Adda    | Hugo    | unknown        | 1      | +2 on 1 April                  | unrated            |

    March: (2 − 0.2) / 2 = 0.9; April, with Hugo: (2 − 0.2 + 2) / 3.
    """
    adda, isonzo, piave = accounts
    dora = world.contact("Dora", piave, buying_role="decision_maker")
    emil = world.contact("Emil", piave, buying_role="user")
    fritz = world.contact("Fritz", isonzo, buying_role="champion")
    gina = world.contact("Gina", isonzo, buying_role="economic_buyer")
    hugo = world.contact("Hugo", adda)
    for contact, score, on in (
        (dora, 3, "2026-03-02"), (emil, -1, "2026-03-03"), (fritz, 3, "2026-03-01"), (fritz, -2, "2026-03-10"),
        (gina, 1, "2026-03-31"), (hugo, 2, "2026-04-01"),
    ):  # fmt: skip
        world.rated(contact, score, on)
    march = strength(world, world.ada, "2026-03")
    assert (march.value, march.denominator, march.evidence_count) == (0.9, 2, 2)
    assert march.sentence == "mean over 2 rated accounts"
    assert {name: march.beside[name][1] for name in ("unrated", "negative", "stale", "lowest")} == {
        "unrated": 1, "negative": 2, "stale": 0, "lowest": {"opposes": 1, "doubts": 1},
    }  # fmt: skip
    rows = world.evidence("relationship_strength", world.ada, "2026-03").counted
    assert [(row.account.name, row.strength) for row in rows] == [("Isonzo Inks", -0.2), ("Piave Pumps", 2)]
    assert world.left_out("relationship_strength", world.ada, "2026-03") == {"no rating in force": 1}
    assert strength(world, world.ada, "2026-04").value == pytest.approx(3.8 / 3)
    assert strength(world, world.north, "2026-03").value == 0.9


def test_unrated_is_not_nought(world, accounts):
    world.rated(world.contact("Dora", accounts[0]), 0, "2026-03-02")
    assert strength(world, world.ada, "2026-03").value == 0
    february = strength(world, world.ada, "2026-02")
    assert (february.value, february.reason) == (None, "not_captured")
    nobody = strength(world, world.ben, "2026-03")
    assert (nobody.value, nobody.reason) == (None, "no_denominator")


def test_a_rating_older_than_ninety_days_is_shown_and_not_averaged(world, accounts):
    """As of 31 May: 2 March is 90 days before and in force, 1 March is 91 days before and stale."""
    world.rated(world.contact("Dora", accounts[0]), 3, "2026-03-02")
    world.rated(world.contact("Emil", accounts[1]), -3, "2026-03-01")
    assert strength(world, world.ada, "2026-04").value == 0
    may = strength(world, world.ada, "2026-05")
    assert (may.value, may.denominator, may.beside["stale"][1], may.beside["unrated"][1]) == (3, 1, 1, 2)


def test_the_days_of_a_rating_are_a_setting_that_holds_from_its_day(world, accounts):
    """14 days from 1 May on: a rating of 20 April is in force as of 30 April and stale as of 31 May."""
    world.rated(world.contact("Dora", accounts[0]), 3, "2026-04-20")
    world.setting("rating_stale_days", "14", "2026-05-01")
    assert strength(world, world.ada, "2026-04").value == 3
    assert strength(world, world.ada, "2026-05").reason == "no_denominator"


def test_of_several_ratings_of_a_day_the_last_entered_stands(world, accounts):
    dora = world.contact("Dora", accounts[0])
    world.rated(dora, 3, "2026-03-02")
    world.rated(dora, 1, "2026-03-02", by=world.ben)
    assert strength(world, world.ada, "2026-03").value == 1


def test_a_stale_rating_is_not_replaced_by_an_older_one_nor_kept_beside_a_newer(world, accounts):
    """Dora: −3 on 1 February, +2 on 20 May. As of 31 March −3 holds, as of 15 May none does, then +2."""
    dora = world.contact("Dora", accounts[0])
    world.rated(dora, -3, "2026-02-01")
    assert strength(world, world.ada, "2026-03").value == -3
    world.rated(dora, 2, "2026-05-20")
    assert strength(world, world.ada, "2026-05-01..2026-05-16").value is None
    may = strength(world, world.ada, "2026-05")
    assert (may.value, may.beside["stale"][1]) == (2, 0)


def test_ratings_go_with_the_account_and_a_new_role_weighs_all_its_time(world, accounts):
    """Dora +3, Emil −1: 1 while both weigh 1; (9 − 1) / 4 = 2 once Dora is on file as decision maker."""
    dora, emil = world.contact("Dora", accounts[0]), world.contact("Emil", accounts[0])
    world.rated(dora, 3, "2026-03-02")
    world.rated(emil, -1, "2026-03-02")
    world.given(accounts[0], ada="2026-01-12 09:00", ben="2026-04-01 00:00")
    assert strength(world, world.ada, "2026-03").value == 1
    assert strength(world, world.ben, "2026-04").value == 1
    dora.buying_role = "decision_maker"
    dora.save()
    assert strength(world, world.ada, "2026-03").value == strength(world, world.ben, "2026-04").value == 2

"""call_concentration beside itself: contacts under pressure, and open deals without a call in their stage."""

import pytest

from tests.kpis.world import moment


@pytest.fixture
def piave(world):
    return world.account("Piave Pumps", owner=world.ada, created_at=moment("2026-01-12 09:00"))


def beside(world, who, period):
    found = world.reading("call_concentration", who, period).beside
    return found["pressed"][1], found["uncalled"][1]


def listed(world, who, period):
    """Names of (contacts under pressure, deals without a call) by account, as the evidence lists them."""
    others = world.evidence("call_concentration", who, period).others
    return [{row.account.name: row.names for row in other.rows} for other in others]


def calls(world, contact, *days, rep=None, **more):
    for day in days:
        world.call(rep or world.ada, f"2026-{day} 09:00", contact, outcome="no_answer", **more)


def test_pressure_is_five_touches_in_fourteen_days_with_nothing_back(world, piave):
    """
    As of 31 March the days are 18 to 31 March:

    | contact | touches                                   | back                  | pressed |
    |---------|-------------------------------------------|-----------------------|---------|
    | Dora    | 18, 20, 22 by Ada, a mail 24, a text 31   | –                     | yes     |
    | Emil    | 17, 20, 22, 24, 31: four in the days      | –                     | no      |
    | Fritz   | five                                      | wrote on the 19th     | no      |
    | Gina    | five                                      | wrote on the 17th     | yes     |
    | Hugo    | four dials, and copied in on a mail       | –                     | no      |
    | Ines    | five, all Ben's                           | –                     | yes     |
    """
    people = {name: world.contact(name, piave) for name in ("Dora", "Emil", "Fritz", "Gina", "Hugo", "Ines")}
    calls(world, people["Dora"], "03-18", "03-20", "03-22")
    world.mail(world.ada, "2026-03-24 09:00", people["Dora"], (people["Hugo"], "cc"))
    world.text(world.ada, "2026-03-31 23:59", people["Dora"])
    calls(world, people["Emil"], "03-17", "03-20", "03-22", "03-24", "03-31")
    for name, wrote in (("Fritz", "03-19"), ("Gina", "03-17")):
        calls(world, people[name], "03-18", "03-20", "03-22", "03-24", "03-26")
        world.answer(world.ada, f"2026-{wrote} 12:00", people[name])
    calls(world, people["Hugo"], "03-18", "03-20", "03-22", "03-26")
    calls(world, people["Ines"], "03-18", "03-20", "03-22", "03-24", "03-26", rep=world.ben)
    assert beside(world, world.ada, "2026-03")[0] == 3
    assert listed(world, world.ada, "2026-03")[0] == {"Piave Pumps": ["Dora", "Gina", "Ines"]}
    assert (beside(world, world.north, "2026-03")[0], beside(world, world.ben, "2026-03")[0]) == (3, 0)
    assert beside(world, world.ada, "2026-04")[0] == 0


def test_the_settings_of_the_day_decide_how_many_touches_press(world, piave):
    calls(world, world.contact("Dora", piave), "03-20", "03-25")
    world.setting("pressure_touches", "2", "2026-03-31")
    world.setting("pressure_days", "6", "2026-04-01")
    assert (beside(world, world.ada, "2026-03")[0], listed(world, world.ada, "2026-03")[0]) == (
        1,
        {"Piave Pumps": ["Dora"]},
    )
    assert beside(world, world.ada, "2026-03-01..2026-03-31")[0] == 0
    assert beside(world, world.ada, "2026-03-01..2026-04-02")[0] == 0


def test_an_open_deal_is_absent_until_somebody_of_its_account_is_called_in_its_stage(world, piave):
    """
    | deal of Piave's  | in its stage since | dialled then             | no call in its stage |
    |------------------|--------------------|--------------------------|----------------------|
    | one, Olga's      | 10 March           | Dora on 5 March          | yes                  |
    | two              | 5 March            | Dora on 5 March, by Ben  | no                   |
    | three            | lost on 20 March   | –                        | not open             |

    A mail on the 12th is no call; the dial of 3 April is one for April.
    """
    dora = world.contact("Dora", piave)
    world.deal(world.olga, ("lead", "2026-03-01"), ("qualified", "2026-03-10"), name="One", account=piave)
    world.deal(world.ada, ("lead", "2026-03-01"), ("qualified", "2026-03-05"), name="Two", account=piave)
    world.deal(world.ada, ("lead", "2026-03-12"), ("lost", "2026-03-20"), name="Three", account=piave)
    calls(world, dora, "03-05", rep=world.ben)
    world.mail(world.ada, "2026-03-12 09:00", dora)
    assert beside(world, world.ada, "2026-03")[1] == 1
    assert listed(world, world.ada, "2026-03")[1] == {"Piave Pumps": ["One"]}
    call = world.call(world.cleo, "2026-04-03 09:00", dora)
    assert [beside(world, world.ada, period)[1] for period in ("2026-03", "2026-04")] == [1, 0]
    call.delete()
    assert beside(world, world.ada, "2026-04")[1] == 1


def test_both_go_with_the_account(world, piave):
    """Piave is Ben's from 10 April on, a hundred days after the only call that its deal ever had in its stage."""
    world.deal(world.ada, ("lead", "2026-01-13"), account=piave)
    dora = world.contact("Dora", piave)
    world.given(piave, ada="2026-01-12 09:00", ben="2026-04-28 09:00")
    assert (beside(world, world.ada, "2026-03")[1], beside(world, world.ben, "2026-05")[1]) == (1, 1)
    calls(world, dora, "01-15")
    assert (beside(world, world.ada, "2026-03")[1], beside(world, world.ben, "2026-05")[1]) == (0, 0)

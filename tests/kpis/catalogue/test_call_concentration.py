"""call_concentration: on how many contacts of an account a rep's dials effectively fall, mean over accounts."""

import pytest


@pytest.fixture
def people(world):
    piave = world.account("Piave Pumps")
    return [world.contact(name, piave) for name in ("Dora", "Emil")]


def dials(world, rep, contact, *moments, **more):
    for at in moments:
        world.call(rep, f"2026-{at}", contact, **more)


def figures(world, who, period):
    reading = world.reading("call_concentration", who, period)
    return reading.value, reading.evidence_count


def test_call_concentration_is_the_mean_of_effective_contacts(world, people):
    """
    | Ada's dials in March | per contact           | effective contacts   |
    |----------------------|-----------------------|----------------------|
    | Piave Pumps          | Dora 3, Emil 1        | 4² / (3² + 1²) = 1.6 |
    | Brenta Valves        | Carla 2               | 1                    |

    Mean 1.3. A call that came in, a mail, and a dial to nobody on file change nothing.
    """
    dora, emil = people
    dials(world, world.ada, dora, "03-01 00:00", "03-02 09:00", "03-31 23:59:59", outcome="no_answer")
    dials(world, world.ada, emil, "03-03 09:00")
    dials(world, world.ada, world.carla, "03-03 10:00", "03-04 10:00")
    dials(world, world.ada, emil, "02-28 23:59:59", "04-01 00:00")
    dials(world, world.ada, emil, "03-05 09:00", direction="in")
    world.mail(world.ada, "2026-03-05 10:00", emil)
    world.call(world.ada, "2026-03-06 09:00", account=people[0].account)
    reading = world.reading("call_concentration", world.ada, "2026-03")
    assert (reading.value, reading.denominator, reading.evidence_count) == (pytest.approx(1.3), 2, 2)
    assert reading.sentence == "mean over 2 accounts called"
    assert reading.beside["dials"][1] == 6
    found = world.evidence("call_concentration", world.ada, "2026-03")
    shown = [[str(show(row)) for _label, show in found.columns[:5]] for row in found.counted]
    assert shown == [["Brenta Valves", "Ada", "2", "1", "1.0"], ["Piave Pumps", "Ada", "4", "2", "1.6"]]
    assert figures(world, world.ada, "2026-04") == (1, 1)


def test_in_a_team_each_rep_s_calls_to_an_account_stand_by_themselves(world, people):
    """Ada dials Dora and Emil (2), Ben only Dora (1): North has 1.5 over two, though together they dialled 2 : 1."""
    dials(world, world.ada, people[0], "03-02 09:00")
    dials(world, world.ada, people[1], "03-03 09:00")
    dials(world, world.ben, people[0], "03-04 09:00")
    assert figures(world, world.ada, "2026-03") == (2, 1)
    assert figures(world, world.ben, "2026-03") == (1, 1)
    assert figures(world, world.north, "2026-03") == figures(world, None, "2026-03") == (1.5, 2)
    assert figures(world, world.cleo, "2026-03") == (None, 0)


def test_dials_before_and_after_a_change_of_team_stand_by_themselves(world, people):
    """Dora from North on the 10th, Emil from South on the 20th: 1 for each team, and for Ada 1 over two."""
    world.moves(world.ada, north="2026-01-01", south="2026-03-16")
    dials(world, world.ada, people[0], "03-10 09:00")
    dials(world, world.ada, people[1], "03-20 09:00")
    assert figures(world, world.north, "2026-03") == figures(world, world.south, "2026-03") == (1, 1)
    assert figures(world, world.ada, "2026-03") == (1, 2)


def test_a_dial_to_two_people_counts_for_both(world, people):
    world.call(world.ada, "2026-03-10 09:00", *people)
    assert figures(world, world.ada, "2026-03") == (2, 1)


def test_a_repeated_dial_weighs_once(world, people):
    """Dora at 9:00:00 and again within a minute, Emil once: half and half."""
    dials(world, world.ada, people[0], "03-10 09:00:00", "03-10 09:00:30")
    dials(world, world.ada, people[1], "03-11 09:00")
    assert figures(world, world.ada, "2026-03") == (2, 1)


def test_dials_nobody_owns_count_for_the_organisation_only(world, people):
    dials(world, None, people[0], "03-10 09:00")
    assert figures(world, None, "2026-03") == (1, 1)
    assert figures(world, world.north, "2026-03") == (None, 0)

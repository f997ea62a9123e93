"""contact_coverage: contacts touched in the 90 days before the period's end / known contacts."""

import pytest

from tests.kpis.world import moment


@pytest.fixture
def people(world):
    """Six contacts of Piave Pumps, Ada's since January."""
    piave = world.account("Piave Pumps", owner=world.ada, created_at=moment("2026-01-12 09:00"))
    return [world.contact(name, piave) for name in ("Dora", "Emil", "Fritz", "Gina", "Hugo", "Ines")]


def covered(world, who, period):
    reading = world.reading("contact_coverage", who, period)
    return reading.numerator, reading.denominator


def test_contact_coverage_counts_each_contact_touched_once(world, people):
    """
    | contact | in March                                       | touched |
    |---------|------------------------------------------------|---------|
    | Dora    | dialled twice, no answer; a meeting held       | yes     |
    | Emil    | mailed by Ben                                  | yes     |
    | Fritz   | a text                                         | yes     |
    | Gina    | copied in on Emil's mail; wrote to us          | no      |
    | Hugo    | a mail that bounced; a meeting he did not join | no      |
    | Ines    | a meeting cancelled                            | no      |
    """
    dora, emil, fritz, gina, hugo, ines = people
    for day in (2, 3):
        world.call(world.ada, f"2026-03-0{day} 09:00", dora, outcome="no_answer")
    world.mail(world.ben, "2026-03-04 09:00", emil, (gina, "cc"))
    world.answer(world.ada, "2026-03-05 09:00", gina)
    world.activity(3, world.ada, "2026-03-06 09:00", fritz, direction="out")
    world.mail(world.ada, "2026-03-09 09:00", hugo, outcome="bounced")
    world.meeting(world.ada, "2026-03-10 09:00", (dora, "attendee", "yes"), (hugo, "attendee", "no"))
    world.meeting(world.ada, "2026-03-11 09:00", ines, status="cancelled")
    reading = world.reading("contact_coverage", world.ada, "2026-03")
    assert (reading.numerator, reading.denominator, reading.value) == (3, 6, 0.5)
    assert reading.sentence == "3 of 6 known contacts touched"
    found = world.evidence("contact_coverage", world.ada, "2026-03")
    assert [row.contacts for row in found.counted] == [6]
    assert [row.touched for row in found.others[0].rows] == [3]
    assert covered(world, world.ben, "2026-03") == (0, 0)


def test_the_window_is_the_ninety_days_that_end_with_the_period(world, people):
    """As of 31 May: 3 March is 89 days before and counts, 2 March is 90 days before and does not."""
    world.call(world.ada, "2026-03-02 23:59:59", people[0])
    world.call(world.ada, "2026-03-03 00:00:00", people[1])
    assert covered(world, world.ada, "2026-04") == (2, 6)
    assert covered(world, world.ada, "2026-05") == (1, 6)
    assert covered(world, world.ada, "2026-02") == (0, 6)


def test_a_contact_not_yet_on_file_is_neither_known_nor_touched(world, people):
    """Gabi is called on 20 March and put on file on 1 April at 0:00: known and touched as of April, not of March."""
    gabi = world.contact("Gabi", people[0].account, created_at=moment("2026-04-01 00:00"))
    world.call(world.ada, "2026-03-20 09:00", gabi)
    assert covered(world, world.ada, "2026-03") == (0, 6)
    assert covered(world, world.ada, "2026-04") == (1, 7)


def test_a_colleague_s_touch_reaches_the_owner_at_once(world, people):
    assert covered(world, world.ada, "2026-03") == (0, 6)
    call = world.call(world.olga, "2026-03-20 09:00", people[0])
    assert covered(world, world.ada, "2026-03") == (1, 6)
    call.delete()
    assert covered(world, world.ada, "2026-03") == (0, 6)


def test_coverage_goes_with_the_account(world, people):
    """Ada called Dora in March; the account is Ben's from 10 April on, and so is what she covered."""
    world.call(world.ada, "2026-03-20 09:00", people[0])
    world.given(people[0].account, ada="2026-01-12 09:00", ben="2026-04-10 09:00")
    assert (covered(world, world.ada, "2026-03"), covered(world, world.ada, "2026-04")) == ((1, 6), (0, 0))
    assert covered(world, world.ben, "2026-04") == covered(world, world.north, "2026-04") == (1, 6)


def test_repeated_and_internal_touches_cover_nobody(world, people):
    world.mail(world.ada, "2026-03-10 09:00", people[0], provider_id="m1")
    world.mail(world.ben, "2026-03-10 09:00", people[1], provider_id="m1")
    world.call(world.ada, "2026-03-11 09:00", people[2], is_internal=True)
    assert covered(world, world.ada, "2026-03") == (1, 6)

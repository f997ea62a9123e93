"""executive_meetings: meetings held with an executive / meetings held with somebody of known seniority."""

import pytest


@pytest.fixture
def people(world):
    """A contact of Brenta's for each seniority; "nobody" stands for one whose seniority is unknown."""
    ranks = ("staff", "manager", "director", "vp", "c_level", "owner", None)
    return {rank or "unknown": world.contact(f"{rank} of Brenta", seniority=rank) for rank in ranks}


def share(world, who, period):
    reading = world.reading("executive_meetings", who, period)
    return reading.numerator, reading.denominator


def test_executive_meetings_looks_at_the_highest_present(world, people):
    """
    | Ada's meeting in March                    | counted  |
    |-------------------------------------------|----------|
    | 2nd, staff and a director                 | 1 of 1   |
    | 3rd, a manager                            | 0 of 1   |
    | 4th, the owner and one unknown            | 1 of 1   |
    | 5th, one unknown                          | apart    |
    | 6th, nobody on file                       | apart    |
    | 9th, staff; the c-level did not come      | 0 of 1   |
    | 10th, staff; the vp declined              | 0 of 1   |
    | 11th, a vp, cancelled                     | not held |
    | 12th, a vp, no-show                       | not held |
    | 13th, a vp, planned                       | not held |
    | 16th, the vp declined, alone              | not held |
    """
    for day, who, status in (
        (2, [people["staff"], people["director"]], "held"),
        (3, [people["manager"]], "held"),
        (4, [people["owner"], people["unknown"]], "held"),
        (5, [people["unknown"]], "held"),
        (6, [], "held"),
        (9, [(people["staff"], "attendee", "yes"), (people["c_level"], "attendee", "no")], "held"),
        (10, [(people["staff"], "attendee", "yes"), (people["vp"], "attendee", "declined")], "held"),
        (11, [people["vp"]], "cancelled"),
        (12, [people["vp"]], "no_show"),
        (13, [people["vp"]], "planned"),
        (16, [(people["vp"], "attendee", "declined")], "held"),
    ):
        world.meeting(world.ada, f"2026-03-{day:02} 09:00", *who, status=status)
    reading = world.reading("executive_meetings", world.ada, "2026-03")
    assert (reading.numerator, reading.denominator, reading.value) == (2, 5, 0.4)
    assert reading.sentence == "2 of 5 meetings with known seniority"
    assert reading.beside["unknown"][1] == 2
    assert world.left_out("executive_meetings", world.ada, "2026-03") == {"nobody's seniority known": 2}
    hits = [r.day.day for r in world.evidence("executive_meetings", world.ada, "2026-03").counted if r.is_hit]
    assert hits == [4, 2]


@pytest.mark.parametrize(
    ("threshold", "hits"), [("staff", 6), ("manager", 5), ("director", 4), ("c_level", 2), ("owner", 1)]
)
def test_who_is_an_executive_is_a_setting(world, people, threshold, hits):
    """One meeting with each rank: the threshold itself counts."""
    for day, rank in enumerate(("staff", "manager", "director", "vp", "c_level", "owner"), 2):
        world.meeting(world.ada, f"2026-03-{day:02} 09:00", people[rank])
    world.setting("executive_threshold", threshold)
    assert share(world, world.ada, "2026-03") == (hits, 6)


def test_managers_count_from_the_day_the_setting_says(world, people):
    """Managers count from 1 April on: the meeting of 31 March keeps its answer."""
    world.meeting(world.ada, "2026-03-31 23:30", people["manager"])
    world.meeting(world.ada, "2026-04-01 00:00", people["manager"])
    assert share(world, world.ada, "2026-Q2") == (0, 1)
    world.setting("executive_threshold", "manager", "2026-04-01")
    assert (share(world, world.ada, "2026-Q1"), share(world, world.ada, "2026-Q2")) == ((0, 1), (1, 1))


def test_a_seniority_learnt_later_counts_for_the_meetings_already_held(world, people):
    """One unknown is found to be a director: 0 of 0 becomes 1 of 1."""
    world.meeting(world.ada, "2026-03-03 09:00", people["unknown"])
    world.meeting(world.ben, "2026-03-03 09:00", people["staff"])
    before = world.reading("executive_meetings", world.ada, "2026-03")
    assert (before.value, before.reason, before.beside["unknown"][1]) == (None, "no_denominator", 1)
    people["unknown"].seniority = 3
    people["unknown"].save()
    assert share(world, world.ada, "2026-03") == (1, 1)


def test_executive_meetings_says_why_there_is_no_figure(world, people):
    """A meeting without known seniority captures nothing; a true zero needs one with."""
    world.meeting(world.ada, "2026-03-03 09:00", people["unknown"])
    assert world.reading("executive_meetings", world.ada, "2026-03").reason == "not_captured"
    world.meeting(world.ben, "2026-03-03 09:00", people["staff"])
    assert world.reading("executive_meetings", world.ada, "2026-03").reason == "no_denominator"
    assert world.value("executive_meetings", world.ben, "2026-03") == 0


def test_executive_meetings_takes_a_month_s_first_instant_and_not_its_end(world, people):
    """Rome's March is [28 Feb 23:00Z, 31 March 22:00Z); 10 March 23:30Z is the 11th."""
    for at in (
        "2026-02-28T22:59:59Z",
        "2026-02-28T23:00:00Z",
        "2026-03-10T23:30:00Z",
        "2026-03-31T22:00:00Z",
    ):
        world.meeting(world.ada, at, people["vp"])
    assert [share(world, world.ada, f"2026-0{m}")[1] for m in (2, 3, 4)] == [1, 2, 1]
    assert share(world, world.ada, "2026-03-11..2026-03-12") == (1, 1)


def test_a_meeting_counts_for_the_team_of_its_day(world, people):
    """Ada moves south on 16 March. A meeting without a rep is the organisation's only."""
    world.moves(world.ada, north="2026-01-01", south="2026-03-16")
    world.meeting(world.ada, "2026-03-15 23:30", people["vp"])
    world.meeting(world.ada, "2026-03-16 00:00", people["staff"])
    world.meeting(world.dario, "2026-03-16 09:00", people["staff"])
    world.meeting(None, "2026-03-16 09:00", people["owner"])
    found = [share(world, who, "2026-03") for who in (world.ada, world.north, world.coast, world.south, None)]
    assert found == [(1, 2), (1, 2), (0, 1), (0, 1), (2, 4)]


def test_the_same_meeting_and_internal_ones_count_once_and_never(world, people):
    world.meeting(world.ada, "2026-03-03 09:00", people["vp"], provider_id="uid/1")
    world.meeting(world.ada, "2026-03-03 09:00", people["vp"], provider_id="uid/1")
    world.meeting(world.ada, "2026-03-10 09:00", people["vp"], provider_id="uid/2")
    world.meeting(world.ada, "2026-03-11 09:00", people["vp"], is_internal=True)
    assert share(world, world.ada, "2026-03") == (2, 2)
    found = world.left_out("executive_meetings", world.ada, "2026-03")
    assert found == {"logged twice": 1, "internal only": 1}

"""meetings_held: external meetings recorded as held."""

import pytest


@pytest.mark.parametrize("status", ["cancelled", "no_show", "planned", None])
def test_a_meeting_that_did_not_take_place_is_not_held(world, status):
    world.meeting(world.ada, "2026-03-10 10:00", world.carla)
    world.meeting(world.ada, "2026-03-11 10:00", world.carla, status=status)
    assert world.value("meetings_held", world.ada, "2026-03") == 1


def test_meetings_not_held_are_named_with_their_reason(world):
    """
    | Ada's meetings in March             | counted |
    |-------------------------------------|---------|
    | held, Carla and Dora were there     | 1       |
    | held, Carla declined, Dora came     | 1       |
    | held, nobody on file                | 1       |
    | recorded as held, both declined     | declined by all |
    | cancelled                           | cancelled |
    | no-show                             | no-show |
    | planned                             | not yet recorded as held |
    | internal                            | internal only |
    """
    dora = world.contact("Dora")
    declined = (world.carla, "attendee", "declined")
    world.meeting(world.ada, "2026-03-02 10:00", world.carla, dora)
    world.meeting(world.ada, "2026-03-03 10:00", declined, dora)
    world.meeting(world.ada, "2026-03-04 10:00")
    world.meeting(world.ada, "2026-03-05 10:00", declined, (dora, "attendee", "declined"))
    for day, status in ((6, "cancelled"), (7, "no_show"), (8, "planned")):
        world.meeting(world.ada, f"2026-03-0{day} 10:00", world.carla, status=status)
    world.meeting(world.ada, "2026-03-09 10:00", is_internal=True)
    reading = world.reading("meetings_held", world.ada, "2026-03")
    assert reading.value == 3
    assert {name: value for name, (_, value, _) in reading.beside.items()} == {"cancelled": 1, "no_show": 1}
    assert world.left_out("meetings_held", world.ada, "2026-03") == {
        "declined by all": 1,
        "cancelled": 1,
        "no-show": 1,
        "not yet recorded as held": 1,
        "internal only": 1,
    }


def test_a_meeting_counts_in_the_month_it_took_place_not_when_booked(world):
    world.meeting(world.ada, "2026-03-31T21:59:00Z", booked_at="2026-02-01 10:00")
    world.meeting(world.ada, "2026-03-31T22:00:00Z", booked_at="2026-02-01 10:00")
    assert world.value("meetings_held", world.ada, "2026-03") == 1
    assert world.value("meetings_held", world.ada, "2026-04") == 1
    assert world.value("meetings_held", world.ada, "2026-02") is None


def test_the_last_to_decline_takes_the_meeting_away(world):
    meeting = world.meeting(world.ada, "2026-03-02 10:00", world.carla)
    assert world.value("meetings_held", world.ada, "2026-03") == 1
    meeting.people.update(attended=3)
    assert world.value("meetings_held", world.ada, "2026-03") == 0


def test_meetings_held_count_for_the_team_of_their_day(world):
    """Ada moves south on 16 March; a meeting without a rep is the organisation's only."""
    world.moves(world.ada, north="2026-01-01", south="2026-03-16")
    world.meeting(world.ada, "2026-03-15 23:30", world.carla, booked_at="2026-03-01 10:00")
    world.meeting(world.ada, "2026-03-16 00:00", world.carla, booked_at="2026-03-01 10:00")
    world.meeting(None, "2026-03-17 10:00", world.carla)
    subjects = (world.ada, world.north, world.south, None)
    assert [world.value("meetings_held", who, "2026-03") for who in subjects] == [2, 1, 1, 3]


def test_a_meeting_that_comes_round_each_week_is_held_each_week(world):
    """The same calendar id, told apart by the day it recurs on; the copy in Ben's calendar is the same meeting."""
    for day in ("03", "10"):
        for rep in (world.ada, world.ben):
            world.meeting(rep, f"2026-03-{day} 10:00", world.carla, provider_id=f"uid-7/202603{day}")
    values = [world.value("meetings_held", who, "2026-03") for who in (world.ada, world.ben, world.north)]
    assert values == [2, 0, 2]
    assert world.left_out("meetings_held", world.ben, "2026-03") == {"logged twice": 2}

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

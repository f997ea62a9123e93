"""meetings_booked: external meetings by the day they were booked, for who booked them."""


def test_meetings_booked_count_on_the_day_of_the_booking(world):
    """
    | meeting held or planned | booked            | counted in |
    |-------------------------|-------------------|------------|
    | 15 April                | 10 March          | March      |
    | 12 March                | 27 February       | February   |
    | 20 July, planned        | 31 March 21:59Z   | March      |
    | 20 July, planned        | 31 March 22:00Z   | April: midnight in Rome |
    | 12 March                | nobody knows      | no         |
    | 12 March, internal      | 2 March           | no         |
    """
    world.meeting(world.ada, "2026-04-15 10:00", world.carla, booked_at="2026-03-10 10:00")
    world.meeting(world.ada, "2026-03-12 10:00", world.carla, booked_at="2026-02-27 10:00")
    world.meeting(world.ada, "2026-07-20 10:00", status="planned", booked_at="2026-03-31T21:59:59Z")
    world.meeting(world.ada, "2026-07-20 11:00", status="planned", booked_at="2026-03-31T22:00:00Z")
    world.meeting(world.ada, "2026-03-12 10:00", world.carla)
    world.meeting(world.ada, "2026-03-12 10:00", booked_at="2026-03-02 10:00", is_internal=True)
    months = ("2026-02", "2026-03", "2026-04")
    assert [world.value("meetings_booked", world.ada, month) for month in months] == [1, 2, 1]


def test_a_cancelled_meeting_stays_booked_and_is_shown(world):
    world.meeting(world.ada, "2026-04-15 10:00", booked_at="2026-03-10 10:00", status="cancelled")
    world.meeting(world.ada, "2026-04-16 10:00", booked_at="2026-03-10 10:00", status="no_show")
    reading = world.reading("meetings_booked", world.ada, "2026-03")
    assert reading.value == 2
    assert reading.beside["cancelled"][1] == 1


def test_the_one_who_booked_is_credited_in_the_team_of_that_day(world):
    """Ben books for Ada while in North and moves to South before the meeting takes place."""
    world.moves(world.ben, north="2026-01-01", south="2026-03-20")
    world.meeting(world.ada, "2026-04-15 10:00", booked_at="2026-03-10 10:00", booked_by=world.ben)
    values = [
        world.value("meetings_booked", who, "2026-03")
        for who in (world.ben, world.ada, world.north, world.south)
    ]
    assert values == [1, 0, 1, 0]


def test_one_meeting_in_two_calendars_is_booked_once(world):
    for rep in (world.ada, world.ben):
        world.meeting(rep, "2026-04-15 10:00", booked_at="2026-03-10 10:00", provider_id="uid-7/20260415")
    assert world.value("meetings_booked", None, "2026-03") == 1
    assert world.left_out("meetings_booked", None, "2026-03") == {"logged twice": 1}


def test_no_bookings_are_nought_once_any_was_recorded(world):
    """A meeting nobody dated the booking of records no booking."""
    world.meeting(world.ben, "2026-03-12 10:00", world.carla)
    assert world.reading("meetings_booked", world.ada, "2026-03").reason == "not_captured"
    world.meeting(world.ben, "2026-03-12 11:00", world.carla, booked_at="2026-03-02 10:00")
    assert world.value("meetings_booked", world.ada, "2026-03") == 0


def test_a_booking_nobody_is_named_for_is_the_organisation_s_only(world):
    world.meeting(None, "2026-03-12 10:00", world.carla, booked_at="2026-03-02 10:00")
    world.meeting(None, "2026-03-12 11:00", world.carla, booked_at="2026-03-02 10:00", booked_by=world.ada)
    subjects = (world.ada, world.north, None)
    assert [world.value("meetings_booked", who, "2026-03") for who in subjects] == [1, 1, 2]

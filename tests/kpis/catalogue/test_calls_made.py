"""calls_made: outbound dials, answered or not, each once."""


def test_calls_made_counts_every_outbound_dial_whatever_came_of_it(world):
    """
    | Ada's call                   | counted |
    |------------------------------|---------|
    | out, reached                 | 1       |
    | out, no answer               | 1       |
    | out, voicemail               | 1       |
    | out, nobody on file          | 1       |
    | in                           | no      |
    | direction unknown            | no      |
    | out, to a colleague          | no, internal only |
    """
    world.call(world.ada, "2026-03-03 09:00", world.carla, outcome="reached")
    world.call(world.ada, "2026-03-03 10:00", world.carla, outcome="no_answer")
    world.call(world.ada, "2026-03-03 11:00", world.carla, outcome="voicemail")
    world.call(world.ada, "2026-03-03 12:00")
    world.call(world.ada, "2026-03-03 13:00", world.carla, direction="in")
    world.call(world.ada, "2026-03-03 14:00", world.carla, direction=None)
    world.call(world.ada, "2026-03-03 15:00", is_internal=True)
    assert world.value("calls_made", world.ada, "2026-03") == 4
    assert world.left_out("calls_made", world.ada, "2026-03") == {"internal only": 1}


def test_the_same_call_logged_twice_counts_once(world):
    """
    | call without an id | after the one before | counted |
    |--------------------|----------------------|---------|
    | 09:00:00 to Carla  |                      | 1       |
    | 09:01:00 to Carla  | 60 s                 | no      |
    | 09:02:01 to Carla  | 61 s                 | 1       |
    | 09:02:30 to Dora   | another person       | 1       |
    | 09:02:30 by Ben    | another rep          | 1, Ben's |
    | 09:02:40 from Carla| inbound              | no, but no repeat |
    """
    dora = world.contact("Dora")
    world.call(world.ada, "2026-03-03 09:00:00", world.carla)
    repeat = world.call(world.ada, "2026-03-03 09:01:00", world.carla)
    world.call(world.ada, "2026-03-03 09:02:01", world.carla)
    world.call(world.ada, "2026-03-03 09:02:30", dora)
    world.call(world.ben, "2026-03-03 09:02:30", world.carla)
    world.call(world.ada, "2026-03-03 09:02:40", world.carla, direction="in")
    assert world.value("calls_made", world.ada, "2026-03") == 3
    assert world.value("calls_made", world.ben, "2026-03") == 1
    assert world.left_out("calls_made", world.ada, "2026-03") == {"logged twice": 1}
    repeat.at = repeat.at.replace(minute=30)
    repeat.save()
    assert world.value("calls_made", world.ada, "2026-03") == 4


def test_calls_of_the_telephone_system_are_told_apart_by_their_id(world):
    """Two dials within ten seconds are two where their ids differ, one where they agree, days apart or not."""
    world.call(world.ada, "2026-03-03 09:00:00", world.carla, provider_id="pbx-1")
    world.call(world.ada, "2026-03-03 09:00:10", world.carla, provider_id="pbx-2")
    world.call(world.ada, "2026-03-05 09:00:10", world.carla, provider_id="pbx-2")
    assert world.value("calls_made", world.ada, "2026-03") == 2


def test_a_call_is_credited_to_the_team_its_rep_was_in_that_day(world):
    """
    Ada is in North until 9 March and in South from the 10th, midnight in Rome.

    | call                  | local day | team  |
    |-----------------------|-----------|-------|
    | 9 March 22:59:59Z     | 9 March   | North |
    | 9 March 23:00:00Z     | 10 March  | South |
    """
    world.moves(world.ada, north="2026-01-01", south="2026-03-10")
    world.call(world.ada, "2026-03-09T22:59:59Z")
    world.call(world.ada, "2026-03-09T23:00:00Z")
    world.call(world.dario, "2026-03-09 12:00")
    values = {who: world.value("calls_made", who, "2026-03") for who in (world.ada, world.south, world.coast)}
    assert values == {world.ada: 2, world.south: 1, world.coast: 1}
    assert world.value("calls_made", world.north, "2026-03") == 2, "Ada's first, and Dario's in the subteam"
    assert world.value("calls_made", None, "2026-03") == 3


def test_a_call_without_a_rep_counts_for_the_organisation_only(world):
    world.call(None, "2026-03-03 09:00")
    world.call(world.ada, "2026-03-03 09:00")
    assert world.value("calls_made", None, "2026-03") == 2
    assert world.value("calls_made", world.north, "2026-03") == 1


def test_no_calls_is_zero_once_calls_are_recorded_and_not_captured_before(world):
    """Missing records are not inactivity: Ben's zero is true from the month in which anybody's call was recorded."""
    world.call(world.ada, "2026-03-03 09:00")
    before, after = (world.reading("calls_made", world.ben, month) for month in ("2026-02", "2026-03"))
    assert (before.value, before.reason) == (None, "not_captured")
    assert (after.value, after.reason, after.numerator) == (0, None, 0)


def test_the_night_the_clock_changes_loses_and_doubles_no_call(world):
    """29 March has 23 hours in Rome (23:00Z to 22:00Z); 02:30 local does not exist and nothing falls out."""
    for at in (
        "2026-03-28T22:59:59Z",
        "2026-03-28T23:00:00Z",
        "2026-03-29T00:59:59Z",
        "2026-03-29T21:59:59Z",
    ):
        world.call(world.ada, at)
    world.call(world.ada, "2026-03-29T22:00:00Z")
    days = ("2026-03-28..2026-03-29", "2026-03-29..2026-03-30", "2026-03-30..2026-03-31")
    assert [world.value("calls_made", world.ada, day) for day in days] == [1, 3, 1]
    assert [world.value("calls_made", world.ada, key) for key in ("2026-W13", "2026-W14")] == [4, 1]

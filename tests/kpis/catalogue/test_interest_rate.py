"""interest_rate: talks with some or strong interest / talks with interest noted."""


def test_interest_rate_counts_talks_in_which_interest_was_noted(world):
    """
    | Ada's call in March          | interest  | noted | interested |
    |------------------------------|-----------|-------|------------|
    | out, reached                 | strong    | 1     | 1          |
    | out, 120 s without an outcome | some     | 1     | 1          |
    | out, reached                 | none      | 1     |            |
    | in, reached                  | some      | 1     | 1          |
    | out, reached                 | not noted | no    |            |
    | out, gatekeeper              | strong    | no    |            |
    | a meeting held               | strong    | no    |            |
    | an answer by mail            | strong    | no    |            |
    """
    for hour, outcome, interest, more in (
        (9, "reached", "strong", {}),
        (10, None, "some", {"duration_s": 120}),
        (11, "reached", "none", {}),
        (12, "reached", "some", {"direction": "in"}),
        (13, "reached", None, {}),
        (14, "gatekeeper", "strong", {}),
    ):
        world.call(
            world.ada, f"2026-03-03 {hour:02}:00", world.carla, outcome=outcome, interest=interest, **more
        )
    world.meeting(world.ada, "2026-03-04 09:00", world.carla, interest="strong")
    world.answer(world.ada, "2026-03-05 09:00", world.carla, interest="strong")
    reading = world.reading("interest_rate", world.ada, "2026-03")
    assert (reading.numerator, reading.denominator, reading.value) == (3, 4, 0.75)
    assert reading.sentence == "3 of 4 talks with interest noted"
    assert reading.beside["not_noted"][1] == 1
    assert world.left_out("interest_rate", world.ada, "2026-03") == {"interest not noted": 1}
    assert world.reading("interest_rate", world.ben, "2026-03").reason == "no_denominator"


def test_interest_is_credited_to_the_team_then_and_by_rome_s_days(world):
    """Rome's March is [28 Feb 23:00Z, 31 March 22:00Z); Ada is in South from 1 April."""
    world.moves(world.ada, north="2026-01-01", south="2026-04-01")
    for at in (
        "2026-02-28T22:58:59Z",
        "2026-02-28T23:00:00Z",
        "2026-03-31T21:58:59Z",
        "2026-03-31T22:00:00Z",
    ):
        world.call(world.ada, at, world.carla, outcome="reached", interest="some")
    found = {
        who: [world.reading("interest_rate", who, f"2026-0{month}").denominator for month in (2, 3, 4)]
        for who in (world.ada, world.north, world.south)
    }
    assert found == {world.ada: [1, 2, 1], world.north: [1, 2, 0], world.south: [0, 0, 1]}


def test_a_noted_interest_changes_a_figure_already_computed(world):
    call = world.call(world.ada, "2026-03-03 09:00", world.carla, outcome="reached", interest="none")
    assert world.value("interest_rate", world.ada, "2026-03") == 0
    call.interest = 3
    call.save()
    assert world.value("interest_rate", world.ada, "2026-03") == 1

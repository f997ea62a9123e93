"""follow_up_reach: follow-ups reached / follow-ups."""


def test_follow_ups_reach_as_first_attempts_do(world):
    """
    | Carla, March      | rep | follow-up | reached                                 |
    |-------------------|-----|-----------|-----------------------------------------|
    | 2nd, call         | Ada | no, the first attempt |                             |
    | 3rd, call         | Ada | 1         | no answer                               |
    | 4th, mail         | Ada | 1         | 1, answered on the 10th                 |
    | 5th, mail         | Ben | 1         | 1, the same answer came after it as well |
    | 11th, text        | Ada | 1         | no answer                               |
    | 12th, call        | Ben | 1         | 1                                       |
    """
    world.call(world.ada, "2026-03-02 09:00", world.carla, outcome="reached")
    world.call(world.ada, "2026-03-03 09:00", world.carla, outcome="no_answer")
    world.mail(world.ada, "2026-03-04 09:00", world.carla)
    world.mail(world.ben, "2026-03-05 09:00", world.carla)
    world.answer(world.ada, "2026-03-10 09:00", world.carla)
    world.text(world.ada, "2026-03-11 09:00", world.carla)
    world.call(world.ben, "2026-03-12 09:00", world.carla, outcome="reached")
    ada, ben, north = (
        world.reading("follow_up_reach", who, "2026-03") for who in (world.ada, world.ben, world.north)
    )
    assert [(r.numerator, r.denominator) for r in (ada, ben, north)] == [(1, 3), (2, 2), (3, 5)]
    assert ada.beside["by_kind"][1] == {"call": 0.0, "email": 1.0, "text": 0.0}
    assert ada.sentence == "1 of 3 follow-ups reached the person"


def test_follow_ups_inside_the_window_are_in_neither_number(world):
    """Today is 15 June: the mail of 1 June has until tonight."""
    world.call(world.ada, "2026-05-20 09:00", world.carla)
    world.mail(world.ada, "2026-05-31 09:00", world.carla)
    world.mail(world.ada, "2026-06-01 09:00", world.carla)
    reading = world.reading("follow_up_reach", world.ada, "2026")
    assert (reading.numerator, reading.denominator, reading.numbers["inside"]) == (0, 1, 1)


def test_follow_ups_are_taken_by_rome_s_days_and_the_team_then(world):
    """Rome's March is [28 Feb 23:00Z, 31 March 22:00Z); Ada is in South from 1 April."""
    world.moves(world.ada, north="2026-01-01", south="2026-04-01")
    world.call(world.ada, "2026-02-10 09:00", world.carla)
    for at in (
        "2026-02-28T22:58:59Z",
        "2026-02-28T23:00:00Z",
        "2026-03-31T21:58:59Z",
        "2026-03-31T22:00:00Z",
    ):
        world.call(world.ada, at, world.carla, outcome="reached")
    found = {
        who: [world.reading("follow_up_reach", who, f"2026-0{month}").denominator for month in (2, 3, 4)]
        for who in (world.ada, world.north, world.south)
    }
    assert found == {world.ada: [1, 2, 1], world.north: [1, 2, 0], world.south: [0, 0, 1]}

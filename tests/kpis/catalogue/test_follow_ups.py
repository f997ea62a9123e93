"""follow_ups: what comes after a first attempt, until the person's deal closes or a long silence."""


def test_follow_ups_are_counted_by_channel_and_for_who_makes_them(world):
    """
    | March          | Ada          | Ben        |
    |----------------|--------------|------------|
    | 2nd, call      | first attempt |           |
    | 3rd, mail      | 1            |            |
    | 4th, text      |              | 1          |
    | 5th, meeting   | no           |            |
    | 6th, bounced mail | no        |            |
    | 7th, copied in | no           |            |
    | 8th, call      | 1            |            |
    """
    world.call(world.ada, "2026-03-02 09:00", world.carla)
    world.mail(world.ada, "2026-03-03 09:00", world.carla)
    world.text(world.ben, "2026-03-04 09:00", world.carla)
    world.meeting(world.ada, "2026-03-05 09:00", world.carla)
    world.mail(world.ada, "2026-03-06 09:00", world.carla, outcome="bounced")
    world.mail(world.ada, "2026-03-07 09:00", (world.carla, "cc"))
    world.call(world.ada, "2026-03-08 09:00", world.carla)
    ada, ben, north = (
        world.reading("follow_ups", who, "2026-03") for who in (world.ada, world.ben, world.north)
    )
    assert (ada.value, ada.beside["by_kind"][1]) == (2, {"call": 1, "email": 1})
    assert (ben.value, ben.beside["by_kind"][1]) == (1, {"text": 1})
    assert (north.value, north.beside["by_kind"][1]) == (3, {"call": 1, "email": 1, "text": 1})
    rows = world.evidence("follow_ups", world.north, "2026-03").counted
    assert [row.attempt for row in rows] == [3, 2, 1], "newest first"


def test_follow_ups_end_when_the_deal_is_won(world):
    """Won on 10 March, 09:00: the call of that moment is no follow-up, nor is any later one. The loss of another deal
    with Dora alone changes nothing for Carla."""
    dora = world.contact("Dora")
    deal = world.deal(world.ada, ("lead", "2026-02-01 09:00"))
    lost = world.deal(world.ada, ("lead", "2026-02-01 09:00"), ("lost", "2026-03-03 12:00"))
    world.buyers(deal, world.carla)
    world.buyers(lost, dora)
    for at in ("2026-03-02 09:00", "2026-03-10 08:58:59", "2026-03-10 09:00", "2026-03-11 09:00"):
        world.call(world.ada, at, world.carla)
    assert world.value("follow_ups", world.ada, "2026-03") == 3
    world.enters(deal, "won", "2026-03-10 09:00")
    assert world.value("follow_ups", world.ada, "2026-03") == 1


def test_follow_ups_take_rome_s_days_and_the_team_of_the_day(world):
    """Attempted in February. | 28 Feb 23:00Z is March's first instant, 31 March 22:00Z April's | South from 1 April |"""
    world.moves(world.ada, north="2026-01-01", south="2026-04-01")
    for at in (
        "2026-02-10 09:00",
        "2026-02-28T22:59:59Z",
        "2026-02-28T23:00:00Z",
        "2026-03-31T21:59:59Z",
        "2026-03-31T22:00:00Z",
    ):
        world.mail(world.ada, at, world.carla)
    found = {
        who: [world.value("follow_ups", who, f"2026-0{month}") for month in (2, 3, 4)]
        for who in (world.ada, world.north, world.south)
    }
    assert found == {world.ada: [1, 2, 1], world.north: [1, 2, 0], world.south: [0, 0, 1]}

"""close_rate: contracts / people reached by phone; contracts / dials beside it."""


def test_close_rate_divides_contracts_by_people_reached(world):
    """
    | Ada in March                               | contract | person reached | dial |
    |--------------------------------------------|----------|----------------|------|
    | calls Carla twice, reached both times      |          | 1              | 2    |
    | calls Dora: no answer, then reached        |          | 1              | 2    |
    | calls Emil: voicemail                      |          |                | 1    |
    | Fulvia calls her, reached                  |          |                |      |
    | signs one deal, loses another              | 1        |                |      |
    """
    dora, emil, fulvia = (world.contact(name) for name in ("Dora", "Emil", "Fulvia"))
    for day in (2, 3):
        world.call(world.ada, f"2026-03-0{day} 09:00", world.carla, outcome="reached")
    world.call(world.ada, "2026-03-02 10:00", dora, outcome="no_answer")
    world.call(world.ada, "2026-03-03 10:00", dora, outcome="reached")
    world.call(world.ada, "2026-03-03 11:00", emil, outcome="voicemail")
    world.call(world.ada, "2026-03-03 12:00", fulvia, direction="in", outcome="reached")
    world.deal(world.ada, ("lead", "2026-01-10 09:00"), ("won", "2026-03-20 09:00"))
    world.deal(world.ada, ("lead", "2026-01-10 09:00"), ("lost", "2026-03-20 09:00"))
    reading = world.reading("close_rate", world.ada, "2026-03")
    assert (reading.numerator, reading.denominator, reading.value) == (1, 2, 0.5)
    assert reading.sentence == "contracts: 1, people reached: 2"
    assert reading.beside["per_dial"][1] == 1 / 5
    rows = world.evidence("close_rate", world.ada, "2026-03")
    assert {row.contact.name for row in rows.counted} == {"Carla", "Dora"}
    assert [other.rows.count() for other in rows.others] == [1]


def test_a_team_adds_up_contracts_and_people(world):
    """Ada 1 of 1, Ben 0 of 2, one of them Ada's Carla: North 1 of 3, not the mean of 100 % and 0 %."""
    world.call(world.ada, "2026-03-02 09:00", world.carla, outcome="reached")
    world.call(world.ben, "2026-03-03 09:00", world.carla, outcome="reached")
    world.call(world.ben, "2026-03-03 10:00", world.contact("Dora"), outcome="reached")
    world.deal(world.ada, ("lead", "2026-01-10 09:00"), ("won", "2026-03-20 09:00"))
    found = [
        world.reading("close_rate", who, "2026-03")
        for who in (world.ada, world.ben, world.north, world.south)
    ]
    assert [(r.numerator, r.denominator) for r in found] == [(1, 1), (0, 2), (1, 3), (0, 0)]
    assert [r.value for r in found] == [1.0, 0.0, 1 / 3, None]
    assert found[-1].reason == "no_denominator"


def test_both_numbers_take_rome_s_days_and_the_team_then(world):
    """Rome's March is [28 Feb 23:00Z, 31 March 22:00Z); Ada is in South from 1 April.

    | moment               | month    | team  |
    |----------------------|----------|-------|
    | 28 February 22:59:59Z | February | North |
    | 28 February 23:00:00Z | March    | North |
    | 31 March 21:59:59Z   | March    | North |
    | 31 March 22:00:00Z   | April    | South |
    """
    world.moves(world.ada, north="2026-01-01", south="2026-04-01")
    moments = ("2026-02-28T22:59:59Z", "2026-02-28T23:00:00Z", "2026-03-31T21:59:59Z", "2026-03-31T22:00:00Z")
    for number, at in enumerate(moments):
        world.call(world.ada, at, world.contact(f"Person {number}"), outcome="reached")
        world.deal(world.ada, ("lead", "2026-01-10 09:00"), ("won", at))
    found = {
        who: [
            (reading.numerator, reading.denominator)
            for month in (2, 3, 4)
            for reading in [world.reading("close_rate", who, f"2026-0{month}")]
        ]
        for who in (world.ada, world.north, world.south)
    }
    assert found == {
        world.ada: [(1, 1), (2, 2), (1, 1)],
        world.north: [(1, 1), (2, 2), (0, 0)],
        world.south: [(0, 0), (0, 0), (1, 1)],
    }

"""reach_rate: dials reached / dials; people reached of people dialled beside it."""

import pytest


def test_reach_rate_counts_live_talk_with_the_person_meant(world):
    """
    | Ada's call in March   | talk  | dial | reached                      |
    |-----------------------|-------|------|------------------------------|
    | 2nd, reached          |       | 1    | 1                            |
    | 3rd, no answer        |       | 1    |                              |
    | 4th, voicemail        | 300 s | 1    | a told outcome beats the talk |
    | 5th, gatekeeper       | 300 s | 1    |                              |
    | 6th, wrong number     |       | 1    |                              |
    | 9th, nothing told     | 119 s | 1    |                              |
    | 10th, nothing told    | 120 s | 1    | 1, inferred                  |
    | 11th, nothing told    |       | 1    |                              |
    | 12th, Carla calls her | 500 s | no   |                              |
    """
    for day, outcome, talk in (
        (2, "reached", None),
        (3, "no_answer", None),
        (4, "voicemail", 300),
        (5, "gatekeeper", 300),
        (6, "wrong_number", None),
        (9, None, 119),
        (10, None, 120),
        (11, None, None),
    ):
        world.call(world.ada, f"2026-03-{day:02} 09:00", world.carla, outcome=outcome, duration_s=talk)
    world.call(world.ada, "2026-03-12 09:00", world.carla, direction="in", outcome="reached", duration_s=500)
    reading = world.reading("reach_rate", world.ada, "2026-03")
    assert (reading.numerator, reading.denominator, reading.value) == (2, 8, 0.25)
    assert reading.sentence == "2 of 8 dials reached somebody"
    assert (reading.beside["people_dialled"][1], reading.beside["people_reached"][1]) == (1, 1)
    assert [
        row.day.day for row in world.evidence("reach_rate", world.ada, "2026-03").counted if row.is_hit
    ] == [
        10,
        2,
    ]


def test_reach_rate_tells_nought_from_nothing_to_measure_and_from_nothing_captured(world):
    """Nobody dialled before March; in March Ada reached nobody and Ben dialled nobody."""
    assert world.reading("reach_rate", world.ada, "2026-03").reason == "not_captured"
    for day in (3, 4, 5):
        world.call(world.ada, f"2026-03-0{day} 09:00", world.carla, outcome="no_answer")
    ada, ben = (world.reading("reach_rate", rep, "2026-03") for rep in (world.ada, world.ben))
    assert (ada.value, ada.reason, ada.low) == (0.0, None, 0.0)
    assert (ben.value, ben.reason) == (None, "no_denominator")
    earlier = world.reading("reach_rate", world.ada, "2026-02")
    assert (earlier.value, earlier.reason, earlier.denominator) == (None, "not_captured", None)
    assert earlier.sentence == "not captured: nobody has recorded this yet"


def test_reach_rate_takes_calls_by_rome_s_days(world):
    """March in Rome runs from 28 Feb 23:00Z to 31 March 22:00Z; 10 March 23:30Z is the 11th."""
    for at in (
        "2026-02-28T22:58:59Z",
        "2026-02-28T23:00:00Z",
        "2026-03-10T23:30:00Z",
        "2026-03-31T22:00:00Z",
    ):
        world.call(world.ada, at, world.carla, outcome="reached")
    months = [world.reading("reach_rate", world.ada, f"2026-0{month}").denominator for month in (2, 3, 4)]
    assert months == [1, 2, 1]
    assert world.reading("reach_rate", world.ada, "2026-03-11..2026-03-12").denominator == 1
    assert world.reading("reach_rate", world.ada, "2026-03-10..2026-03-11").denominator == 0


def test_reach_rate_counts_the_same_call_within_a_minute_once(world):
    """09:00:00 and 09:01:00 are one call, 09:02:01 is another; the internal one is no sales activity."""
    world.call(world.ada, "2026-03-03 09:00:00", world.carla, outcome="reached")
    world.call(world.ada, "2026-03-03 09:01:00", world.carla, outcome="reached")
    world.call(world.ada, "2026-03-03 09:02:01", world.carla, outcome="no_answer")
    world.call(world.ada, "2026-03-03 10:00:00", outcome="reached", is_internal=True)
    reading = world.reading("reach_rate", world.ada, "2026-03")
    assert (reading.numerator, reading.denominator) == (1, 2)
    assert world.left_out("reach_rate", world.ada, "2026-03") == {"logged twice": 1, "internal only": 1}


def test_a_provider_s_id_decides_whether_two_calls_are_one(world):
    """Two calls with their own ids 30 s apart are two; the same id three hours apart is one."""
    world.call(world.ada, "2026-03-03 09:00:00", world.carla, provider_id="a")
    world.call(world.ada, "2026-03-03 09:00:30", world.carla, provider_id="b")
    world.call(world.ada, "2026-03-03 12:00:00", world.carla, provider_id="b")
    assert world.reading("reach_rate", world.ada, "2026-03").denominator == 2


def test_two_minutes_of_talk_are_a_setting_that_holds_from_its_day(world):
    """60 s from April on: 90 s of talk are not reached on 31 March, and are on 1 April."""
    world.call(world.ada, "2026-03-31 09:00", world.carla, duration_s=90)
    world.call(world.ada, "2026-04-01 09:00", world.carla, duration_s=90)
    assert world.value("reach_rate", world.ada, "2026-04") == 0
    world.setting("inferred_reach_seconds", "60", "2026-04-01")
    assert world.value("reach_rate", world.ada, "2026-03") == 0
    assert world.value("reach_rate", world.ada, "2026-04") == 1


def test_a_team_is_credited_with_the_dials_made_while_the_rep_was_in_it(world):
    """Ada moves south on 16 March: 1 of 2 reached before, 2 of 2 after; Dario's one miss is North's through Coast.

    | subject      | dials | reached |
    |--------------|-------|---------|
    | Ada          | 4     | 3       |
    | North        | 3     | 1       |
    | South        | 2     | 2       |
    | organisation | 6     | 4       | with one reached by nobody on file
    """
    world.moves(world.ada, north="2026-01-01", south="2026-03-16")
    for day, outcome in ((10, "reached"), (15, "no_answer"), (16, "reached"), (20, "reached")):
        world.call(world.ada, f"2026-03-{day} 09:00", world.carla, outcome=outcome)
    world.call(world.dario, "2026-03-10 09:00", world.carla, outcome="voicemail")
    world.call(None, "2026-03-10 09:00", world.carla, outcome="reached")
    found = {
        name: (reading.numerator, reading.denominator)
        for name, who in (("Ada", world.ada), ("North", world.north), ("South", world.south), ("all", None))
        for reading in [world.reading("reach_rate", who, "2026-03")]
    }
    assert found == {"Ada": (3, 4), "North": (1, 3), "South": (2, 2), "all": (4, 6)}


def test_the_people_dialled_are_counted_once_in_each_period(world):
    """Ada dials Carla twice and Elio once in March, Elio again in April; only Carla's second dial is answered."""
    elio = world.contact("Elio")
    world.call(world.ada, "2026-03-03 09:00", world.carla, outcome="no_answer")
    world.call(world.ada, "2026-03-04 09:00", world.carla, outcome="reached")
    world.call(world.ada, "2026-03-05 09:00", elio, outcome="no_answer")
    world.call(world.ada, "2026-04-07 09:00", elio, outcome="no_answer")
    people = {
        period: [world.reading("reach_rate", world.ada, period).beside[name][1] for name in names]
        for names in [("people_dialled", "people_reached")]
        for period in ("2026-03", "2026-04", "2026-03-01..2026-05-01")
    }
    assert people == {"2026-03": [2, 1], "2026-04": [1, 0], "2026-03-01..2026-05-01": [2, 1]}


@pytest.mark.parametrize("period", ["2026-W11", "2026-03", "2026-Q1", "2026", "rolling-12", "all"])
def test_reach_rate_adds_hits_and_dials_never_ratios(world, period):
    """Ada 1 of 1, Ben 0 of 3: North has 1 of 4, not the mean of 100 % and 0 %."""
    world.call(world.ada, "2026-03-10 09:00", world.carla, outcome="reached")
    for hour in (9, 10, 11):
        world.call(world.ben, f"2026-03-10 {hour:02}:00", world.carla, outcome="no_answer")
    assert world.value("reach_rate", world.north, period) == 0.25

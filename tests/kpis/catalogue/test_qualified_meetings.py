"""qualified_meetings: meetings held on a deal that was qualified at that time."""


def test_qualified_meetings_looks_at_the_deal_as_it_was_then(world):
    """
    | Ada's meeting in March | on                                     | counted |
    |------------------------|----------------------------------------|---------|
    | 2nd                    | deal 1, a lead                         | not yet qualified |
    | 9th 08:59              | deal 1, qualified at nine              | not yet qualified |
    | 9th 09:00              | deal 1                                 | 1       |
    | 10th                   | deal 1, at proposal                    | 1       |
    | 17th                   | deal 1, back to a lead since the 16th  | 1, once qualified it stays so |
    | 24th                   | deal 1, lost on the 23rd               | 1       |
    | 25th                   | deal 2, lost as a lead                 | no      |
    | 26th                   | deal 3, a lead won outright on the 20th | 1, a win implies it |
    | 27th                   | none                                   | on no deal |
    | 28th                   | deal 1, cancelled                      | not held |
    | 29th                   | deal 1, a call                         | no meeting |
    """
    one = world.deal(
        world.ada, ("lead", "2026-02-02"), ("qualified", "2026-03-09 09:00"), ("proposal", "2026-03-09 17:00"),
        ("lead", "2026-03-16"), ("lost", "2026-03-23"),
    )  # fmt: skip
    two = world.deal(world.ada, ("lead", "2026-02-02"), ("lost", "2026-03-02"))
    three = world.deal(world.ada, ("lead", "2026-02-02"), ("won", "2026-03-20"))
    for at, deal in (
        ("02 09:00", one), ("09 08:59", one), ("09 09:00", one), ("10 09:00", one), ("17 09:00", one),
        ("24 09:00", one), ("25 09:00", two), ("26 09:00", three), ("27 09:00", None),
    ):  # fmt: skip
        world.meeting(world.ada, f"2026-03-{at}", world.carla, deal=deal)
    world.meeting(world.ada, "2026-03-28 09:00", world.carla, deal=one, status="cancelled")
    world.call(world.ada, "2026-03-29 09:00", world.carla, deal=one)
    reading = world.reading("qualified_meetings", world.ada, "2026-03")
    assert (reading.value, reading.sentence) == (5, "5 meetings with qualified leads")
    assert world.left_out("qualified_meetings", world.ada, "2026-03") == {
        "on no deal": 1,
        "not qualified then": 3,
    }


def test_a_deal_qualified_later_changes_no_meeting_before(world):
    """On a lead in March; qualified in April, March has nothing to show until the history itself is corrected."""
    deal = world.deal(world.ada, ("lead", "2026-02-02"))
    world.meeting(world.ada, "2026-03-03 09:00", world.carla, deal=deal)
    world.meeting(world.ada, "2026-04-03 09:00", world.carla, deal=deal)
    world.enters(deal, "qualified", "2026-04-01")
    assert [world.value("qualified_meetings", world.ada, f"2026-0{m}") for m in (3, 4)] == [None, 1]
    world.enters(deal, "qualified", "2026-03-01")
    assert [world.value("qualified_meetings", world.ada, f"2026-0{m}") for m in (3, 4)] == [1, 1]


def test_qualified_meetings_tells_nought_from_nothing_captured(world):
    assert world.reading("qualified_meetings", world.ada, "2026-03").reason == "not_captured"
    deal = world.deal(world.ben, ("qualified", "2026-02-02"))
    world.meeting(world.ben, "2026-03-03 09:00", deal=deal)
    assert [world.value("qualified_meetings", who, "2026-03") for who in (world.ada, world.ben)] == [0, 1]


def test_qualified_meetings_takes_a_month_s_first_instant_and_not_its_end(world):
    """Rome's March is [28 Feb 23:00Z, 31 March 22:00Z)."""
    deal = world.deal(world.ada, ("qualified", "2026-01-05"))
    for at in (
        "2026-02-28T22:59:59Z",
        "2026-02-28T23:00:00Z",
        "2026-03-31T21:59:59Z",
        "2026-03-31T22:00:00Z",
    ):
        world.meeting(world.ada, at, deal=deal)
    assert [world.value("qualified_meetings", world.ada, f"2026-0{m}") for m in (2, 3, 4)] == [1, 2, 1]


def test_credit_goes_to_who_met_and_their_team_then_not_to_the_deal_s_owner(world):
    """Ada, who moves south on 16 March, and Dario meet on Olga's deal; one meeting is nobody's."""
    world.moves(world.ada, north="2026-01-01", south="2026-03-16")
    deal = world.deal(world.olga, ("qualified", "2026-02-02"))
    for rep, at in (
        (world.ada, "15 23:30"),
        (world.ada, "16 00:00"),
        (world.dario, "16 09:00"),
        (None, "17 09:00"),
    ):
        world.meeting(rep, f"2026-03-{at}", deal=deal)
    subjects = (world.ada, world.olga, world.north, world.coast, world.south, None)
    assert [world.value("qualified_meetings", who, "2026-03") for who in subjects] == [2, 0, 2, 1, 1, 4]


def test_the_same_meeting_counts_once_and_an_internal_one_never(world):
    deal = world.deal(world.ada, ("qualified", "2026-02-02"))
    for _ in range(2):
        world.meeting(world.ada, "2026-03-03 09:00", deal=deal, provider_id="uid/1")
    world.meeting(world.ada, "2026-03-04 09:00", deal=deal, is_internal=True)
    assert world.value("qualified_meetings", world.ada, "2026-03") == 1
    assert world.left_out("qualified_meetings", world.ada, "2026-03") == {
        "logged twice": 1,
        "internal only": 1,
    }

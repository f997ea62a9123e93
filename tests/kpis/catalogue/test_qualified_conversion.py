"""qualified_conversion: of the deals that became qualified in the period, the share that were prospects in 90 days."""


def share_of(world, who, period):
    reading = world.reading("qualified_conversion", who, period)
    return reading.numerator, reading.denominator


def test_qualified_conversion_follows_the_deals_that_became_qualified(world):
    """
    | deal of Ada's | qualified   | prospect              | counted                                  |
    |---------------|-------------|-----------------------|------------------------------------------|
    | 1             | 2 February  | 12 February           | 1 of 1                                   |
    | 2             | 2 February  | 3 May, on day 90      | 1 of 1                                   |
    | 3             | 2 February  | 4 May, on day 91      | 0 of 1                                   |
    | 4             | 3 February  | lost on 10 February   | 0 of 1                                   |
    | 5             | 4 February  | still qualified       | 0 of 1                                   |
    | 6             | proposal at once, 5 February        | 1 of 1, in no days                       |
    | 7             | won at once, 6 February             | 1 of 1: won implies what comes before it |
    | 8             | lost at once, 6 February            | no: never qualified                      |
    | 9             | a lead since 6 February             | no                                       |
    """
    for history in (
        [("qualified", "2026-02-02 09:00"), ("prospect", "2026-02-12 09:00")],
        [("qualified", "2026-02-02 09:00"), ("prospect", "2026-05-03 23:00")],
        [("qualified", "2026-02-02 09:00"), ("prospect", "2026-05-04 00:00")],
        [("qualified", "2026-02-03 09:00"), ("lost", "2026-02-10 09:00")],
        [("lead", "2026-02-01 09:00"), ("qualified", "2026-02-04 09:00")],
        [("lead", "2026-02-01 09:00"), ("proposal", "2026-02-05 09:00")],
        [("won", "2026-02-06 09:00")],
        [("lost", "2026-02-06 09:00")],
        [("lead", "2026-02-06 09:00")],
    ):
        world.deal(world.ada, *history)
    reading = world.reading("qualified_conversion", world.ada, "2026-02")
    assert (reading.numerator, reading.denominator) == (4, 7)
    assert reading.sentence == "4 of 7 qualified deals became prospects in time"
    assert world.left_out("qualified_conversion", world.ada, "2026-02") == {}


def test_deals_whose_days_have_not_passed_are_kept_apart(world):
    """Today is 15 June: 90 days after 17 March are not over until the day is, those after 16 March are."""
    passed = [("qualified", "2026-03-16 09:00"), ("prospect", "2026-03-20 09:00")]
    inside = [("qualified", "2026-03-17 09:00"), ("prospect", "2026-03-20 09:00")]
    world.deal(world.ada, *inside)
    assert world.reading("qualified_conversion", world.ada, "2026-03").reason == "maturing"
    world.deal(world.ada, *passed)
    reading = world.reading("qualified_conversion", world.ada, "2026-03")
    assert (reading.numerator, reading.denominator, reading.numbers["inside"]) == (1, 1, 1)
    assert world.left_out("qualified_conversion", world.ada, "2026-03") == {"still inside the window": 1}


def test_the_window_is_the_one_in_force_when_the_deal_became_qualified(world):
    """30 days until the end of February, 60 since: 40 days are too many for the first deal and not for the second."""
    world.setting("qualified_window_days", "30")
    world.setting("qualified_window_days", "60", "2026-03-01")
    world.deal(world.ada, ("qualified", "2026-02-27 09:00"), ("prospect", "2026-04-08 09:00"))
    world.deal(world.ada, ("qualified", "2026-03-01 09:00"), ("prospect", "2026-04-10 09:00"))
    assert (share_of(world, world.ada, "2026-02"), share_of(world, world.ada, "2026-03")) == ((0, 1), (1, 1))


def test_a_deal_counts_on_the_local_day_it_became_qualified(world):
    """22:59:59Z on 31 January is its last second in Rome, 23:00Z is February."""
    for at in (
        "2026-01-31T22:59:59Z",
        "2026-01-31T23:00:00Z",
        "2026-02-28T22:59:59Z",
        "2026-02-28T23:00:00Z",
    ):
        world.deal(world.ada, ("qualified", at))
    assert [share_of(world, world.ada, f"2026-0{month}") for month in (1, 2, 3)] == [(0, 1), (0, 2), (0, 1)]


def test_credit_is_of_who_owned_the_deal_when_it_became_qualified_and_their_team_then(world):
    """Ada qualifies on 2 February, Olga makes it a prospect; Ada moves south on 1 March: it stays hers and North's."""
    deal = world.deal(world.ada, ("qualified", "2026-02-02 09:00"), ("prospect", "2026-02-20 09:00"))
    world.owned(deal, ada="2026-02-01 09:00", olga="2026-02-10 09:00")
    world.moves(world.ada, north="2026-01-01", south="2026-03-01")
    subjects = (world.ada, world.olga, world.north, world.south, None)
    counted = [share_of(world, who, "2026-02") for who in subjects]
    assert counted == [(1, 1), (0, 0), (1, 1), (0, 0), (1, 1)]


def test_a_deal_that_reopens_and_qualifies_counts_anew(world):
    """Lost as a qualified deal in January, reopened as one on 2 February, a prospect on the 9th."""
    world.deal(
        world.ada,
        ("qualified", "2026-01-05 09:00"),
        ("lost", "2026-01-20 09:00"),
        ("qualified", "2026-02-02 09:00"),
        ("prospect", "2026-02-09 09:00"),
    )
    assert (share_of(world, world.ada, "2026-01"), share_of(world, world.ada, "2026-02")) == ((0, 1), (1, 1))


def test_qualified_conversion_says_why_there_is_no_figure(world):
    assert world.reading("qualified_conversion", world.ada, "2026-02").reason == "not_captured"
    world.deal(world.ben, ("qualified", "2026-02-02 09:00"))
    assert world.reading("qualified_conversion", world.ada, "2026-02").reason == "no_denominator"
    assert world.value("qualified_conversion", world.ben, "2026-02") == 0

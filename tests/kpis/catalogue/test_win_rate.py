"""win_rate: won / (won + lost) among episodes closed in the period that had reached qualified."""

from kpis.statistics import wilson


def share(world, who, period):
    reading = world.reading("win_rate", who, period)
    return reading.numerator, reading.denominator


def test_win_rate_counts_closed_deals_that_had_been_qualified(world):
    """
    | Ada's deal, closed in March             | counted |
    |-----------------------------------------|---------|
    | 1 qualified, won                        | 1 of 1  |
    | 2 lead, won                             | 1 of 1, a win implies every earlier milestone |
    | 3 negotiation, lost                     | 0 of 1  |
    | 4 qualified, back to lead, lost         | 0 of 1, the highest milestone counts |
    | 5 lead, lost                            | never qualified |
    | 6 lost at once                          | never qualified |
    | 7 qualified, still open                 | no      |
    | 8 qualified, lost in April              | not yet |
    """
    for history in (
        [("qualified", "2026-02-02"), ("won", "2026-03-02")],
        [("lead", "2026-02-02"), ("won", "2026-03-03")],
        [("negotiation", "2026-02-02"), ("lost", "2026-03-04")],
        [("qualified", "2026-02-02"), ("lead", "2026-02-10"), ("lost", "2026-03-05")],
        [("lead", "2026-02-02"), ("lost", "2026-03-06")],
        [("lost", "2026-03-09")],
        [("qualified", "2026-02-02")],
        [("qualified", "2026-02-02"), ("lost", "2026-04-01")],
    ):
        world.deal(world.ada, *history)
    reading = world.reading("win_rate", world.ada, "2026-03")
    assert (reading.numerator, reading.denominator, reading.value) == (2, 4, 0.5)
    assert (reading.low, reading.high) == wilson(2, 4)
    assert reading.sentence == "2 of 4 qualified deals closed were won"
    assert world.left_out("win_rate", world.ada, "2026-03") == {"never qualified": 2}


def test_win_rate_ignores_deals_still_open(world):
    """Nine open deals beside one won: 1 of 1."""
    world.deal(world.ada, ("qualified", "2026-02-02"), ("won", "2026-03-02"))
    for _ in range(9):
        world.deal(world.ada, ("negotiation", "2026-02-02"))
    assert share(world, world.ada, "2026-03") == (1, 1)


def test_win_rate_tells_nought_from_nothing_to_measure(world):
    assert world.reading("win_rate", world.ada, "2026-03").reason == "not_captured"
    world.deal(world.ada, ("qualified", "2026-02-02"), ("lost", "2026-03-02"))
    world.deal(world.ben, ("lead", "2026-02-02"), ("lost", "2026-03-02"))
    ada, ben = (world.reading("win_rate", rep, "2026-03") for rep in (world.ada, world.ben))
    assert (ada.value, ada.reason) == (0.0, None)
    assert (ben.value, ben.reason, ben.low, ben.sentence) == (
        None,
        "no_denominator",
        None,
        "0 of 0 qualified deals closed were won",
    )


def test_a_reopened_deal_counts_in_both_periods_as_what_it_was_then(world):
    """Lost on 10 March, reopened on 1 April, won on 1 May: 0 of 1 in March stays, 1 of 1 in May."""
    deal = world.deal(world.ada, ("qualified", "2026-02-02"), ("lost", "2026-03-10"))
    assert share(world, world.ada, "2026-03") == (0, 1)
    world.enters(deal, "qualified", "2026-04-01")
    world.enters(deal, "won", "2026-05-01")
    assert [share(world, world.ada, f"2026-0{m}") for m in (3, 4, 5)] == [(0, 1), (0, 0), (1, 1)]
    assert share(world, world.ada, "2026") == (1, 2)


def test_a_reopened_deal_stays_qualified_by_what_it_once_reached(world):
    """Qualified, lost on 10 March; reopened as a lead and lost again on 10 April: 0 of 1 both times."""
    world.deal(
        world.ada, ("qualified", "2026-02-02"), ("lost", "2026-03-10"), ("lead", "2026-04-01"), ("lost", "2026-04-10")
    )  # fmt: skip
    assert [share(world, world.ada, f"2026-0{m}") for m in (3, 4)] == [(0, 1), (0, 1)]


def test_a_loss_corrected_into_a_win_counts_once_as_it_ended(world):
    """Lost on the 3rd, won on the 20th without an open stage between: nothing reopened, one end, won."""
    world.deal(world.ada, ("qualified", "2026-02-02"), ("lost", "2026-03-03"), ("won", "2026-03-20"))
    assert share(world, world.ada, "2026-03") == (1, 1)


def test_the_order_within_a_moment_decides(world):
    """Qualified and lost at the same instant, qualified first: it was a qualified deal."""
    deal = world.deal(world.ada)
    world.enters(deal, "lost", "2026-03-03 09:00", seq=2)
    world.enters(deal, "qualified", "2026-03-03 09:00", seq=1)
    assert share(world, world.ada, "2026-03") == (0, 1)


def test_a_deal_without_a_history_counts_by_what_its_record_says(world):
    """Closed on 10 March as its record says; won implies it was qualified, lost tells nothing."""
    for stage in ("won", "lost"):
        deal = world.deal(world.ada, created="2026-03-01 09:00")
        deal.stage, deal.closed_at = world.stages[stage], "2026-03-10T09:00:00Z"
        deal.save()
    assert share(world, world.ada, "2026-03") == (1, 1)
    assert world.left_out("win_rate", world.ada, "2026-03") == {"never qualified": 1}


def test_a_close_falls_into_its_local_day(world):
    """Rome's March is [28 Feb 23:00Z, 31 March 22:00Z)."""
    for at in (
        "2026-02-28T22:59:59Z",
        "2026-02-28T23:00:00Z",
        "2026-03-31T21:59:59Z",
        "2026-03-31T22:00:00Z",
    ):
        world.deal(world.ada, ("qualified", "2026-01-05"), ("won", at))
    assert [share(world, world.ada, f"2026-0{m}")[1] for m in (2, 3, 4)] == [1, 2, 1]


def test_credit_goes_to_the_owner_and_the_team_of_the_close(world):
    """Ada hands deal 1 to Olga two days after losing it, deal 2 before Olga wins it; Ada moves south on 16 March.

    | deal | closed            | owner then | team then |
    |------|-------------------|------------|-----------|
    | 1    | lost, 10 March    | Ada        | North     |
    | 2    | won, 12 March     | Olga       | South     |
    | 3    | won, 20 March     | Ada        | South     |
    | 4    | won, 20 March     | nobody     | none      |
    """
    world.moves(world.ada, north="2026-01-01", south="2026-03-16")
    start = ("qualified", "2026-02-02 09:00")
    one = world.deal(world.ada, start, ("lost", "2026-03-10 09:00"))
    world.owned(one, ada="2026-02-02 09:00", olga="2026-03-12 09:00")
    two = world.deal(world.ada, start, ("won", "2026-03-12 09:00"))
    world.owned(two, ada="2026-02-02 09:00", olga="2026-03-11 09:00")
    world.deal(world.ada, start, ("won", "2026-03-20 09:00"))
    world.deal(None, start, ("won", "2026-03-20 09:00"))
    subjects = (world.ada, world.olga, world.north, world.south, None)
    assert [share(world, who, "2026-03") for who in subjects] == [(1, 2), (1, 1), (0, 1), (2, 2), (3, 4)]

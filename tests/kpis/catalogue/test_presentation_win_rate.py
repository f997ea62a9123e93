"""presentation_win_rate: episodes won / episodes closed, among those with a proposal presentation before the close."""

from kpis.statistics import wilson


def share(world, who, period):
    reading = world.reading("presentation_win_rate", who, period)
    return reading.numerator, reading.denominator


def present(world, deal, at, **more):
    """Carla, who decides, and Elio, who uses it, are shown the proposal."""
    if not deal.deal_contacts.exists():
        world.elio = getattr(world, "elio", None) or world.contact("Elio")
        world.buyers(deal, world.carla, role="decision_maker")
        world.buyers(deal, world.elio, role="user")
    people = more.pop("people", (world.carla, world.elio))
    return world.meeting(world.ada, at, *people, deal=deal, type="proposal_presentation", **more)


def test_presentation_win_rate_counts_closed_deals_that_were_presented(world):
    """
    | Ada's deal, closed in March | presented                        | counted |
    |-----------------------------|----------------------------------|---------|
    | 1 won, 10th                 | 20 February                      | 1 of 1  |
    | 2 won, 10th                 | 20 and 27 February               | 1 of 1  |
    | 3 lost, 10th                | 1 January, before it was created | 0 of 1  |
    | 4 lost as a lead, 10th      | 2 March                          | 0 of 1, qualified or not |
    | 5 won, 10th                 | to Carla alone                   | never presented |
    | 6 won, 10th                 | cancelled                        | never presented |
    | 7 lost, 10th 09:00          | 10th 09:01                       | never presented |
    | 8 won, 10th                 | never                            | never presented |
    | 9 open                      | 20 February                      | no      |
    | 10 won, 1 April             | 20 February                      | not yet |
    """
    ends = {**dict.fromkeys((1, 2, 5, 6, 8), "won"), **dict.fromkeys((3, 4, 7), "lost")}
    deals = {}
    for number in range(1, 11):
        first = ("lead" if number == 4 else "qualified", "2026-02-02")
        close = [(ends[number], "2026-03-10 09:00")] if number in ends else []
        deals[number] = world.deal(world.ada, first, *(close or [("won", "2026-04-01")] * (number == 10)))
    for number, at in (
        (1, "02-20"), (2, "02-20"), (2, "02-27"), (3, "01-01"), (4, "03-02"), (7, "03-10 09:01"), (9, "02-20"),
        (10, "02-20"),
    ):  # fmt: skip
        present(world, deals[number], f"2026-{at}")
    present(world, deals[5], "2026-02-20", people=[world.carla])
    present(world, deals[6], "2026-02-20", status="cancelled")
    reading = world.reading("presentation_win_rate", world.ada, "2026-03")
    assert (reading.numerator, reading.denominator, reading.value) == (2, 4, 0.5)
    assert (reading.low, reading.high) == wilson(2, 4)
    assert reading.sentence == "2 of 4 deals presented and closed were won"
    assert world.left_out("presentation_win_rate", world.ada, "2026-03") == {"never presented": 4}


def test_a_close_known_to_the_day_includes_the_presentations_of_that_day(world):
    """Won on 10 March at no known hour, presented at nine; the next day's comes too late for the second deal."""
    one, two = (world.deal(world.ada, ("qualified", "2026-02-02"), ("won", "2026-03-10")) for _ in range(2))
    present(world, one, "2026-03-10 09:00")
    present(world, two, "2026-03-11 00:00")
    assert share(world, world.ada, "2026-03") == (1, 1)


def test_a_reopened_deal_starts_anew(world):
    """Presented in February, lost in March; reopened in April, won in May unpresented, or presented again meanwhile."""
    history = [
        ("qualified", "2026-02-02"),
        ("lost", "2026-03-10"),
        ("qualified", "2026-04-01"),
        ("won", "2026-05-04"),
    ]
    deal = world.deal(world.ada, *history)
    present(world, deal, "2026-02-20")
    present(world, deal, "2026-03-20")
    assert [share(world, world.ada, f"2026-0{m}") for m in (3, 5)] == [(0, 1), (0, 0)]
    present(world, deal, "2026-04-01 00:00")
    assert [share(world, world.ada, f"2026-0{m}") for m in (3, 5)] == [(0, 1), (1, 1)]


def test_a_presentation_recorded_late_reaches_the_quarter_of_the_close(world):
    deal = world.deal(world.ada, ("qualified", "2025-11-03"), ("won", "2026-03-10"))
    assert world.reading("presentation_win_rate", world.ada, "2026-Q1").reason == "not_captured"
    made = present(world, deal, "2025-12-01 09:00")
    assert share(world, world.ada, "2026-Q1") == (1, 1)
    made.delete()
    assert share(world, world.ada, "2026-Q1") == (0, 0)


def test_presentation_win_rate_says_why_there_is_no_figure(world):
    lost = world.deal(world.ada, ("qualified", "2026-02-02"), ("lost", "2026-03-10"))
    world.deal(world.ben, ("qualified", "2026-02-02"), ("won", "2026-03-10"))
    present(world, lost, "2026-02-20")
    ada, ben = (world.reading("presentation_win_rate", rep, "2026-03") for rep in (world.ada, world.ben))
    assert (ada.value, ada.reason) == (0.0, None)
    assert (ben.value, ben.reason) == (None, "no_denominator")


def test_a_close_falls_into_its_local_day(world):
    """Rome's March is [28 Feb 23:00Z, 31 March 22:00Z)."""
    for at in (
        "2026-02-28T22:59:59Z",
        "2026-02-28T23:00:00Z",
        "2026-03-31T21:59:59Z",
        "2026-03-31T22:00:00Z",
    ):
        present(world, world.deal(world.ada, ("qualified", "2026-01-05"), ("won", at)), "2026-02-20")
    assert [share(world, world.ada, f"2026-0{m}")[1] for m in (2, 3, 4)] == [1, 2, 1]


def test_credit_goes_to_the_owner_and_the_team_of_the_close_whoever_presented(world):
    """Ada presents them all; she moves south on 16 March.

    | deal | closed         | owner then | team then |
    |------|----------------|------------|-----------|
    | 1    | lost, 15 March | Ada        | North     |
    | 2    | won, 16 March  | Ada        | South     |
    | 3    | won, 16 March  | Dario      | Coast     |
    | 4    | won, 16 March  | nobody     | none      |
    """
    world.moves(world.ada, north="2026-01-01", south="2026-03-16")
    for rep, end, day in (
        (world.ada, "lost", 15),
        (world.ada, "won", 16),
        (world.dario, "won", 16),
        (None, "won", 16),
    ):
        deal = world.deal(rep, ("qualified", "2026-02-02"), (end, f"2026-03-{day} 09:00"))
        present(world, deal, "2026-02-20")
    subjects = (world.ada, world.dario, world.north, world.coast, world.south, None)
    found = [share(world, who, "2026-03") for who in subjects]
    assert found == [(1, 2), (1, 1), (1, 2), (1, 1), (1, 1), (3, 4)]

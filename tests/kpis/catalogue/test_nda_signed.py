"""nda_signed: open prospects with a signed NDA / those where one is needed."""

PROSPECT = ("prospect", "2026-02-02 09:00")


def share_of(world, who, period):
    reading = world.reading("nda_signed", who, period)
    return reading.numerator, reading.denominator


def share(world, period):
    return share_of(world, world.ada, period)


def test_nda_signed_counts_open_prospects_that_need_one(world):
    """
    | deal of Ada's                  | needed  | facts by 31 March             | counted |
    |--------------------------------|---------|-------------------------------|---------|
    | 1 prospect                     | yes     | requested 3rd, signed 10th    | 1 of 1  |
    | 2 proposal                     | yes     | requested 3rd                 | 0 of 1  |
    | 3 prospect                     | yes     | none                          | 0 of 1  |
    | 4 prospect                     | yes     | signed 3rd, expired 20th      | 0 of 1  |
    | 5 negotiation                  | unknown | signed 3rd                    | apart   |
    | 6 prospect                     | no      |                               | no      |
    | 7 qualified only               | yes     | signed 3rd                    | no      |
    | 8 prospect, won on 15 March    | yes     | signed 3rd                    | no      |
    """
    one, two, _three, four, five, _six, seven, eight = (
        world.deal(world.ada, *history, nda=need)
        for history, need in (
            ([PROSPECT], "needed"),
            ([("proposal", "2026-02-02 09:00")], "needed"),
            ([PROSPECT], "needed"),
            ([PROSPECT], "needed"),
            ([("negotiation", "2026-02-02 09:00")], ""),
            ([PROSPECT], "not_needed"),
            ([("qualified", "2026-02-02 09:00")], "needed"),
            ([PROSPECT, ("won", "2026-03-15 09:00")], "needed"),
        )
    )
    for deal, kind, day in (
        (one, "nda_requested", 3), (one, "nda_signed", 10), (two, "nda_requested", 3), (four, "nda_signed", 3),
        (four, "nda_expired", 20), (five, "nda_signed", 3), (seven, "nda_signed", 3), (eight, "nda_signed", 3),
    ):  # fmt: skip
        world.fact(deal, kind, f"2026-03-{day:02}")
    reading = world.reading("nda_signed", world.ada, "2026-03")
    assert (reading.numerator, reading.denominator, reading.value) == (1, 4, 0.25)
    assert reading.beside["unknown"][1] == 1
    assert reading.sentence == "1 of 4 deals that need one"
    assert world.left_out("nda_signed", world.ada, "2026-03") == {"need unknown": 1, "not needed": 1}
    hits = [row.deal_id for row in world.evidence("nda_signed", world.ada, "2026-03").counted if row.is_hit]
    assert hits == [one.pk]


def test_march_looked_at_in_june_gives_march_s_answer(world):
    """Signed on 10 April, expired on 20 May: not yet as of March, signed as of April, no more as of May."""
    deal = world.deal(world.ada, PROSPECT, nda="needed")
    world.fact(deal, "nda_signed", "2026-04-10")
    world.fact(deal, "nda_expired", "2026-05-20")
    assert [share(world, f"2026-0{month}") for month in (3, 4, 5)] == [(0, 1), (1, 1), (0, 1)]


def test_the_day_an_nda_is_signed_ends_signed(world):
    """Signed on Sunday 29 March, the day the clock changes: week 13 ends with it, week 12 without."""
    deal = world.deal(world.ada, PROSPECT, nda="needed")
    world.fact(deal, "nda_signed", "2026-03-29")
    assert (share(world, "2026-W12"), share(world, "2026-W13")) == ((0, 1), (1, 1))
    assert (share(world, "2026-03-01..2026-03-29"), share(world, "2026-03-29..2026-03-30")) == (
        (0, 1),
        (1, 1),
    )


def test_an_nda_of_the_account_counts_for_its_deals(world):
    """Brenta's NDA of January covers its two deals; the deal with Piave has none."""
    piave = world.account("Piave Pumps")
    world.deal(world.ada, PROSPECT, nda="needed")
    world.deal(world.ada, PROSPECT, nda="needed")
    world.deal(world.ada, PROSPECT, nda="needed", account=piave)
    world.account_fact(world.brenta, "nda_signed", "2026-01-05")
    assert share(world, "2026-03") == (2, 3)
    world.account_fact(world.brenta, "nda_expired", "2026-03-20")
    assert (share(world, "2026-02"), share(world, "2026-03")) == ((2, 3), (0, 3))


def test_a_signed_nda_of_the_account_covers_a_deal_whose_own_is_only_requested(world):
    deal = world.deal(world.ada, PROSPECT, nda="needed")
    world.fact(deal, "nda_requested", "2026-03-10")
    world.account_fact(world.brenta, "nda_signed", "2026-01-05")
    assert share(world, "2026-03") == (1, 1)


def test_nda_signed_says_why_there_is_no_figure(world):
    """Nothing recorded at all; then only a deal whose need is unknown; then another rep's that needs one."""
    assert world.reading("nda_signed", world.ada, "2026-03").reason == "not_captured"
    world.deal(world.ada, PROSPECT)
    assert world.reading("nda_signed", world.ada, "2026-03").reason == "not_captured"
    world.deal(world.ben, PROSPECT, nda="needed")
    ada = world.reading("nda_signed", world.ada, "2026-03")
    assert (ada.value, ada.reason, ada.beside["unknown"][1]) == (None, "no_denominator", 1)
    assert world.value("nda_signed", world.ben, "2026-03") == 0


def test_a_deal_counts_for_its_owner_and_the_owner_s_team_at_the_period_s_end(world):
    """Ada's deal goes to Olga on 10 April; Ada herself moves south on 1 May with the other one."""
    moved, kept = (world.deal(world.ada, PROSPECT, nda="needed") for _ in range(2))
    world.fact(moved, "nda_signed", "2026-02-10")
    world.owned(moved, ada="2026-02-02 09:00", olga="2026-04-10 09:00")
    world.moves(world.ada, north="2026-01-01", south="2026-05-01")
    subjects = (world.ada, world.olga, world.north, world.south, None)
    by_month = {m: [share_of(world, who, f"2026-0{m}") for who in subjects] for m in (3, 4, 5)}
    assert by_month == {
        3: [(1, 2), (0, 0), (1, 2), (0, 0), (1, 2)],
        4: [(0, 1), (1, 1), (0, 1), (1, 1), (1, 2)],
        5: [(0, 1), (1, 1), (0, 0), (1, 2), (1, 2)],
    }
    assert kept.owner == world.ada


def test_a_reopened_deal_counts_again_with_the_nda_it_has(world):
    """Lost in March, reopened on 10 April: in no denominator as of March, signed as of April."""
    deal = world.deal(
        world.ada, PROSPECT, ("lost", "2026-03-10 09:00"), ("proposal", "2026-04-10 09:00"), nda="needed"
    )
    world.fact(deal, "nda_signed", "2026-02-10")
    assert [share(world, f"2026-0{month}") for month in (2, 3, 4)] == [(1, 1), (0, 0), (1, 1)]

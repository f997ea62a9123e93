"""prospects_open: open deals whose buyer has made a request, as of the period's end."""


def counts(world, who, *periods):
    return [world.value("prospects_open", who, period) for period in periods]


def test_prospects_open_counts_open_deals_at_prospect_or_later(world):
    """
    | Ada's deal on 31 March              | counted |
    |-------------------------------------|---------|
    | lead                                |         |
    | qualified                           |         |
    | prospect                            | 1       |
    | negotiation, prospect skipped       | 1       |
    | proposal, then back to qualified    | 1, its buyer has made the request |
    | won on the 31st                     |         |
    | lost on the 2nd                     |         |
    | prospect from 1 April               |         |
    """
    for history in (
        [("lead", "2026-02-02")],
        [("qualified", "2026-02-02")],
        [("prospect", "2026-02-02")],
        [("negotiation", "2026-02-02")],
        [("proposal", "2026-02-02"), ("qualified", "2026-03-10")],
        [("prospect", "2026-02-02"), ("won", "2026-03-31")],
        [("prospect", "2026-02-02"), ("lost", "2026-03-02")],
        [("prospect", "2026-04-01")],
    ):
        world.deal(world.ada, *history)
    reading = world.reading("prospects_open", world.ada, "2026-03")
    assert (reading.value, reading.numerator, reading.sentence) == (3, 3, "3 open prospects")


def test_march_looked_at_in_june_gives_march_s_prospects(world):
    """Qualified in February, prospect on 10 March, won on 20 April, reopened on 5 May, lost on 10 June.

    | end of  | February | March | April | May | 15 June |
    |---------|----------|-------|-------|-----|---------|
    |         | 0        | 1     | 0     | 1   | 0       |
    """
    world.deal(
        world.ada, ("qualified", "2026-02-02"), ("prospect", "2026-03-10"), ("won", "2026-04-20"),
        ("negotiation", "2026-05-05"), ("lost", "2026-06-10"),
    )  # fmt: skip
    assert counts(world, world.ada, *(f"2026-0{m}" for m in (2, 3, 4, 5, 6))) == [None, 1, 0, 1, 0]
    assert world.reading("prospects_open", world.ada, "2026-02").reason == "not_captured"
    assert counts(world, world.ada, "2026-Q1", "2026-Q2", "2026", "all") == [1, 0, 0, 0]


def test_a_day_ends_at_midnight_in_rome(world):
    """Prospect at 21:59:59Z on 31 March belongs to March's end; at 22:00Z April has begun."""
    world.deal(world.ada, ("prospect", "2026-03-31T21:59:59Z"))
    world.deal(world.ada, ("prospect", "2026-03-31T22:00:00Z"))
    assert counts(world, world.ada, "2026-03", "2026-04") == [1, 2]


def test_a_deal_that_came_and_went_within_a_day_was_never_there_at_its_end(world):
    world.deal(world.ada, ("prospect", "2026-03-31 09:00"), ("lost", "2026-03-31 17:00"))
    world.deal(world.ben, ("prospect", "2026-03-31 09:00"))
    assert counts(world, world.ada, "2026-03", "2026-03-31..2026-04-01") == [0, 0]


def test_a_running_period_is_looked_at_today(world, now):
    """Today is 15 June; the deal planned to be lost tomorrow is still open in June and in the year."""
    world.deal(world.ada, ("prospect", "2026-06-15 11:00"), ("lost", "2026-06-16 09:00"))
    assert counts(world, world.ada, "2026-06", "2026", "last-30", "2026-06-01..2026-07-01") == [1, 1, 1, 1]


def test_a_prospect_counts_once_whatever_changed_within_the_day(world):
    """Three amounts, two owners and an NDA on 31 March: one prospect, of the last owner."""
    deal = world.deal(world.ada, ("prospect", "2026-03-02 09:00"))
    world.worth(deal, ("100", "2026-03-31 09:00"), ("200", "2026-03-31 10:00"), ("300", "2026-03-31 11:00"))
    world.owned(deal, ada="2026-03-02 09:00", ben="2026-03-31 10:30")
    world.fact(deal, "nda_signed", "2026-03-31")
    subjects = (world.ada, world.ben, world.north, None)
    assert [counts(world, who, "2026-03") for who in subjects] == [[0], [1], [1], [1]]


def test_a_prospect_counts_for_its_owner_and_the_owner_s_team_at_the_end(world):
    """Ada moves south on 16 April with her deal; Dario's counts for Coast and North; one has no owner."""
    world.moves(world.ada, north="2026-01-01", south="2026-04-16")
    for owner in (world.ada, world.dario, None):
        world.deal(owner, ("prospect", "2026-03-02"))
    subjects = (world.ada, world.north, world.coast, world.south, None)
    found = {period: [counts(world, who, period)[0] for who in subjects] for period in ("2026-03", "2026-04")}
    assert found == {"2026-03": [1, 2, 1, 0, 3], "2026-04": [1, 1, 1, 1, 3]}


def test_a_deal_without_a_history_stands_where_its_record_says_since_its_creation(world):
    """Created on 10 March, in proposal today."""
    deal = world.deal(world.ada, created="2026-03-10 09:00")
    deal.stage = world.stages["proposal"]
    deal.save()
    assert counts(world, world.ada, "2026-03-01..2026-03-10", "2026-03-10..2026-03-11", "2026-05") == [
        None,
        1,
        1,
    ]


def test_the_deals_behind_the_number_are_each_once_and_in_the_order_of_their_names(world):
    for name in ("Zeta", "alpha", "Élan"):
        deal = world.deal(world.ada, ("prospect", "2026-03-02"), name=name)
        world.worth(deal, ("100", "2026-03-02"), ("200", "2026-03-05"))
    rows = world.evidence("prospects_open", world.ada, "2026-03").counted
    assert [row.deal.name for row in rows] == ["alpha", "Élan", "Zeta"]

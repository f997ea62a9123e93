"""won_value: the total amount of the contracts signed in the period, at the close date's rate."""


def won(world, rep, closed, amount, **more):
    return world.deal(rep, ("qualified", "2026-01-05"), ("won", closed), amount=amount, **more)


def test_won_value_adds_the_amounts_of_the_contracts_signed(world):
    """
    | Ada's deal in March            | EUR      |
    |--------------------------------|----------|
    | won on the 2nd                 | 1,000.10 |
    | won on the 3rd                 | 2,500.25 |
    | won on the 4th for nothing     | 0.00     |
    | won on the 5th, amount unknown | said     |
    | lost on the 6th                |          |
    | open                           |          |
    |                                | 3,500.35 |
    """
    for day, amount in ((2, "1000.10"), (3, "2500.25"), (4, "0"), (5, None)):
        won(world, world.ada, f"2026-03-{day:02}", amount)
    world.deal(world.ada, ("qualified", "2026-01-05"), ("lost", "2026-03-06"), amount="9000")
    world.deal(world.ada, ("negotiation", "2026-01-05"), amount="9000")
    reading = world.reading("won_value", world.ada, "2026-03")
    assert (reading.value, reading.numerator, reading.evidence_count) == (3500.35, 350035, 3)
    assert reading.sentence == "3 contracts; 1 without amount or rate is left out"
    assert world.left_out("won_value", world.ada, "2026-03") == {"no amount, or no exchange rate": 1}


def test_won_value_converts_at_the_close_date_s_rate(world):
    """
    A dollar is 0.90 from 1 January, 0.80 from 15 March; nobody knows a rate for francs before 1 April.

    | won      | amount       | EUR    |
    |----------|--------------|--------|
    | 14 March | USD 1,000.00 | 900.00 |
    | 15 March | USD 1,000.00 | 800.00 |
    | 16 March | EUR 10.00    | 10.00  |
    | 17 March | CHF 500.00   | said   |
    |          |              | 1,710.00 |
    """
    world.rate("USD", "2026-01-01", "0.90")
    world.rate("USD", "2026-03-15", "0.80")
    world.rate("CHF", "2026-04-01", "1.05")
    for day, amount, currency in (
        (14, "1000", "USD"),
        (15, "1000", "USD"),
        (16, "10", "EUR"),
        (17, "500", "CHF"),
    ):
        won(world, world.ada, f"2026-03-{day}", amount, currency=currency)
    reading = world.reading("won_value", world.ada, "2026-03")
    assert (reading.value, reading.evidence_count) == (1710, 3)
    assert reading.sentence == "3 contracts; 1 without amount or rate is left out"
    assert world.left_out("won_value", world.ada, "2026-03") == {"no amount, or no exchange rate": 1}


def test_a_period_with_unconvertible_contracts_alone_says_so(world):
    won(world, world.ada, "2026-03-17", "500", currency="CHF")
    reading = world.reading("won_value", world.ada, "2026-03")
    assert (reading.value, reading.reason, reading.evidence_count) == (None, "unconvertible", 0)
    assert reading.reason_text == "no amount, or no exchange rate known"


def test_a_rate_learnt_later_converts_what_was_left_out(world):
    won(world, world.ada, "2026-03-17", "500", currency="CHF")
    assert world.value("won_value", world.ada, "2026-03") is None
    world.rate("CHF", "2026-03-01", "1.05")
    assert world.value("won_value", world.ada, "2026-03") == 525


def test_half_a_cent_is_rounded_up_deal_by_deal(world):
    """USD 0.05 at 0.5 is 2.5 cents: 3 each, 6 for two, not 5."""
    world.rate("USD", "2026-01-01", "0.5")
    for day in (2, 3):
        won(world, world.ada, f"2026-03-0{day}", "0.05", currency="USD")
    assert world.reading("won_value", world.ada, "2026-03").numerator == 6


def test_a_contract_keeps_the_amount_it_was_signed_with(world):
    """Asked for 1,000, signed for 1,200 on 10 March, corrected to 1,500 on 20 April."""
    deal = won(world, world.ada, "2026-03-10 09:00", None)
    world.worth(
        deal, ("1000", "2026-02-02 09:00"), ("1200", "2026-03-10 08:59"), ("1500", "2026-04-20 09:00")
    )
    assert world.value("won_value", world.ada, "2026-03") == 1200


def test_a_deal_won_twice_counts_each_time_with_what_it_was_worth_then(world):
    """Won for 1,000 on 10 March, reopened on 1 April, won again on 10 May for 400 more."""
    deal = world.deal(
        world.ada,
        ("qualified", "2026-02-02 09:00"),
        ("won", "2026-03-10 09:00"),
        ("negotiation", "2026-04-01 09:00"),
        ("won", "2026-05-10 09:00"),
    )
    world.worth(deal, ("1000", "2026-02-02 09:00"), ("1400", "2026-05-01 09:00"))
    assert [world.value("won_value", world.ada, f"2026-0{m}") for m in (3, 4, 5)] == [1000, 0, 1400]


def test_won_value_tells_nought_from_nothing_captured(world):
    assert world.reading("won_value", world.ada, "2026-03").reason == "not_captured"
    won(world, world.ben, "2026-03-02", "100")
    ada = world.reading("won_value", world.ada, "2026-03")
    assert (ada.value, ada.reason, ada.sentence) == (0, None, "0 contracts")


def test_won_value_falls_into_the_local_day_of_the_close(world):
    """Rome's March is [28 Feb 23:00Z, 31 March 22:00Z): 1, 2 + 4 and 8 euros."""
    for at, amount in (
        ("2026-02-28T22:59:59Z", 1),
        ("2026-02-28T23:00:00Z", 2),
        ("2026-03-31T21:59:59Z", 4),
        ("2026-03-31T22:00:00Z", 8),
    ):
        won(world, world.ada, at, amount)
    assert [world.value("won_value", world.ada, f"2026-0{m}") for m in (2, 3, 4)] == [1, 6, 8]


def test_a_contract_is_credited_to_owner_and_team_of_its_close(world):
    """1 € won by Ada in North, 2 € after she moved south, 4 € handed to Olga a week after, 8 € by nobody on file."""
    world.moves(world.ada, north="2026-01-01", south="2026-03-16")
    won(world, world.ada, "2026-03-10 09:00", 1)
    won(world, world.ada, "2026-03-20 09:00", 2)
    handed = won(world, world.ada, "2026-03-11 09:00", 4)
    world.owned(handed, ada="2026-01-05", olga="2026-03-18 09:00")
    won(world, None, "2026-03-10 09:00", 8)
    subjects = (world.ada, world.olga, world.north, world.south, None)
    assert [world.value("won_value", who, "2026-03") for who in subjects] == [7, 0, 5, 2, 15]

"""prospects_volume: what the open prospects ask for in all, each deal's amount then at that day's rate."""

PROSPECT = ("prospect", "2026-02-02 09:00")


def volumes(world, who, *periods):
    return [world.value("prospects_volume", who, period) for period in periods]


def test_prospects_volume_adds_what_the_open_prospects_ask_for(world):
    """
    | Ada's deal on 31 March   | EUR      |
    |--------------------------|----------|
    | prospect                 | 1,000.10 |
    | negotiation              | 2,000.20 |
    | proposal, amount 0       | 0.00     |
    | prospect, amount unknown | said     |
    | qualified only           |          |
    | won                      |          |
    |                          | 3,000.30 |
    """
    for history, amount in (
        ([PROSPECT], "1000.10"),
        ([("negotiation", "2026-02-02")], "2000.20"),
        ([("proposal", "2026-02-02")], "0"),
        ([PROSPECT], None),
        ([("qualified", "2026-02-02")], "9000"),
        ([PROSPECT, ("won", "2026-03-31 09:00")], "9000"),
    ):
        world.deal(world.ada, *history, amount=amount)
    reading = world.reading("prospects_volume", world.ada, "2026-03")
    assert (reading.value, reading.numerator, reading.evidence_count) == (3000.30, 300030, 3)
    assert reading.sentence == "3 open prospects; 1 without amount or rate is left out"
    assert world.left_out("prospects_volume", world.ada, "2026-03") == {"no amount, or no exchange rate": 1}


def test_each_end_has_the_amount_that_was_known_then(world):
    """1,000 from 10 February, 1,500 from 31 March 23:59, 900 from 1 May 00:00, closed on 10 June."""
    deal = world.deal(world.ada, PROSPECT, ("lost", "2026-06-10 09:00"))
    world.worth(deal, ("1000", "2026-02-10 09:00"), ("1500", "2026-03-31 23:59"), ("900", "2026-05-01 00:00"))
    found = volumes(
        world, world.ada, "2026-02", "2026-03-01..2026-03-31", "2026-03", "2026-04", "2026-05", "2026-06"
    )
    assert found == [1000, 1000, 1500, 1500, 900, 0]


def test_an_amount_first_known_later_is_taken_to_have_held_from_the_beginning(world):
    deal = world.deal(world.ada, PROSPECT)
    world.worth(deal, ("700", "2026-04-10 09:00"), ("800", "2026-05-10 09:00"))
    assert volumes(world, world.ada, "2026-02", "2026-04", "2026-05") == [700, 700, 800]


def test_an_amount_withdrawn_is_unknown_from_then_on(world):
    """1,000 until 10 April, then the buyer takes the figure back; Ben's deal keeps its 50."""
    deal = world.deal(world.ada, PROSPECT)
    deal.changes.create(field="amount", value="1000", at="2026-02-10T09:00:00Z")
    deal.changes.create(field="amount", value="", at="2026-04-10T09:00:00Z")
    world.deal(world.ben, PROSPECT, amount="50")
    assert volumes(world, world.north, "2026-03", "2026-04") == [1050, 50]
    assert world.left_out("prospects_volume", world.north, "2026-04") == {"no amount, or no exchange rate": 1}


def test_open_amounts_are_converted_at_the_rate_of_the_day_looked_at(world):
    """
    A dollar is 0.90 from 1 January, 0.80 from 31 March, 0.75 from 1 May; francs have a rate from 15 April.

    | end of | USD 1,000 | CHF 100 at 1.05 | EUR 10 | sum    |
    |--------|-----------|-----------------|--------|--------|
    | Feb    | 900       | said            | 10     | 910    |
    | March  | 800       | said            | 10     | 810    |
    | April  | 800       | 105             | 10     | 915    |
    | May    | 750       | 105             | 10     | 865    |
    """
    for on, rate in (("2026-01-01", "0.90"), ("2026-03-31", "0.80"), ("2026-05-01", "0.75")):
        world.rate("USD", on, rate)
    world.rate("CHF", "2026-04-15", "1.05")
    for amount, currency in (("1000", "USD"), ("100", "CHF"), ("10", "")):
        world.deal(world.ada, PROSPECT, amount=amount, currency=currency)
    assert volumes(world, world.ada, *(f"2026-0{m}" for m in (2, 3, 4, 5))) == [910, 810, 915, 865]
    march, april = (world.reading("prospects_volume", world.ada, f"2026-0{m}") for m in (3, 4))
    assert (march.evidence_count, march.numbers["unknown"]) == (2, 1)
    assert (april.evidence_count, april.numbers["unknown"]) == (3, 0)
    assert world.left_out("prospects_volume", world.ada, "2026-03") == {"no amount, or no exchange rate": 1}
    assert world.left_out("prospects_volume", world.ada, "2026-04") == {}


def test_prospects_that_cannot_be_converted_are_no_nought(world):
    world.deal(world.ada, PROSPECT, amount="500", currency="CHF")
    reading = world.reading("prospects_volume", world.ada, "2026-03")
    assert (reading.value, reading.reason) == (None, "unconvertible")
    assert world.left_out("prospects_volume", world.ada, "2026-03") == {"no amount, or no exchange rate": 1}


def test_half_a_cent_is_rounded_up(world):
    """USD 0.05 at 0.5 is 2.5 cents."""
    world.rate("USD", "2026-01-01", "0.5")
    world.deal(world.ada, PROSPECT, amount="0.05", currency="USD")
    assert world.reading("prospects_volume", world.ada, "2026-03").numerator == 3


def test_no_open_prospect_is_a_volume_of_nought_once_any_was_recorded(world):
    assert world.reading("prospects_volume", world.ada, "2026-03").reason == "not_captured"
    world.deal(world.ben, PROSPECT, amount="50")
    assert volumes(world, world.ada, "2026-03") == [0]


def test_the_volume_goes_with_the_owner_of_the_day(world):
    """1 € stays Ada's, 2 € go to Olga on 31 March, 4 € are nobody's; Ada moves south on 16 April."""
    world.moves(world.ada, north="2026-01-01", south="2026-04-16")
    world.deal(world.ada, PROSPECT, amount=1)
    handed = world.deal(world.ada, PROSPECT, amount=2)
    world.owned(handed, ada="2026-02-02 09:00", olga="2026-03-31 17:00")
    world.deal(None, PROSPECT, amount=4)
    subjects = (world.ada, world.olga, world.north, world.south, None)
    by_month = {m: [volumes(world, who, f"2026-0{m}")[0] for who in subjects] for m in (2, 3, 4)}
    assert by_month == {2: [3, 0, 3, 0, 7], 3: [1, 2, 1, 2, 7], 4: [1, 2, 0, 3, 7]}

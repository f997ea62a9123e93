"""pipeline_created: first known amount of the deals created in the period, credited to who created them."""


def created(world, owner, at, amount=None, **more):
    return world.deal(owner, ("lead", at), amount=amount, **more)


def volumes(world, who, *periods):
    return [world.value("pipeline_created", who, period) for period in periods]


def test_pipeline_created_adds_the_deals_created_whatever_became_of_them(world):
    """
    | Ada's deal                           | EUR   |
    |--------------------------------------|-------|
    | created on 2 March, open             | 100.5 |
    | created on 3 March, lost in April    | 200   |
    | created on 4 March, won in March     | 400   |
    | created on 5 March, amount unknown   | said  |
    | created in February                  |       |
    | created at no known time             |       |
    |                                      | 700.5 |
    """
    created(world, world.ada, "2026-03-02", "100.50")
    world.deal(world.ada, ("lead", "2026-03-03"), ("lost", "2026-04-03"), amount="200")
    world.deal(world.ada, ("lead", "2026-03-04"), ("won", "2026-03-20"), amount="400")
    created(world, world.ada, "2026-03-05")
    created(world, world.ada, "2026-02-28", "800")
    world.deal(world.ada, ("lead", "2026-03-06"), created=None, amount="1600")
    reading = world.reading("pipeline_created", world.ada, "2026-03")
    assert (reading.value, reading.evidence_count, reading.beside["count"][1]) == (700.5, 3, 4)
    assert reading.sentence == "3 deals created; 1 without amount or rate is left out"
    assert world.left_out("pipeline_created", world.ada, "2026-03") == {"no amount, or no exchange rate": 1}


def test_a_deal_was_created_with_the_first_amount_known_of_it(world):
    """Created on 2 March; 1,000 on 5 March, 5,000 on 10 April: 1,000, whatever it is worth today."""
    deal = created(world, world.ada, "2026-03-02 09:00")
    world.worth(deal, ("1000", "2026-03-05 09:00"), ("5000", "2026-04-10 09:00"))
    assert volumes(world, world.ada, "2026-03", "2026-04") == [1000, 0]


def test_amounts_are_converted_at_the_creation_date_s_rate(world):
    """A dollar is 0.90 until 15 March, then 0.80: 900 and 800. Francs are said, and counted beside."""
    world.rate("USD", "2026-01-01", "0.90")
    world.rate("USD", "2026-03-15", "0.80")
    created(world, world.ada, "2026-03-14", "1000", currency="USD")
    created(world, world.ada, "2026-03-15", "1000", currency="USD")
    created(world, world.ada, "2026-03-16", "1000", currency="CHF")
    reading = world.reading("pipeline_created", world.ada, "2026-03")
    assert (reading.value, reading.evidence_count, reading.beside["count"][1]) == (1700, 2, 3)
    assert reading.numbers == {"count": 2, "unknown": 1}


def test_the_creator_gets_the_credit_and_not_who_owns_the_deal(world):
    """Ada creates for Ben (1 €); Ben's deal of 2 € names no creator and goes to Olga in April; 4 € are nobody's."""
    created(world, world.ben, "2026-03-02 09:00", 1, created_by=world.ada)
    handed = created(world, world.olga, "2026-03-03 09:00", 2)
    world.owned(handed, ben="2026-03-03 09:00", olga="2026-04-03 09:00")
    created(world, None, "2026-03-04 09:00", 4)
    subjects = (world.ada, world.ben, world.olga, world.north, world.south, None)
    assert [volumes(world, who, "2026-03")[0] for who in subjects] == [1, 2, 0, 3, 0, 7]
    assert volumes(world, world.olga, "2026-04") == [0]


def test_a_creation_counts_for_the_team_its_creator_was_in(world):
    """Ada moves south on 16 March: 1 € on the 15th in North, 2 € on the 16th in South."""
    world.moves(world.ada, north="2026-01-01", south="2026-03-16")
    created(world, world.ada, "2026-03-15 23:59", 1)
    created(world, world.ada, "2026-03-16 00:00", 2)
    found = [volumes(world, who, "2026-03")[0] for who in (world.ada, world.north, world.south)]
    assert found == [3, 1, 2]


def test_a_creation_falls_into_its_local_day(world):
    """Rome's March is [28 Feb 23:00Z, 31 March 22:00Z); a bare 31 March is not shifted."""
    for at, amount in (
        ("2026-02-28T22:59:59Z", 1),
        ("2026-02-28T23:00:00Z", 2),
        ("2026-03-31T21:59:59Z", 4),
        ("2026-03-31T22:00:00Z", 8),
        ("2026-03-31", 16),
    ):
        created(world, world.ada, at, amount)
    assert volumes(world, world.ada, "2026-02", "2026-03", "2026-04") == [1, 22, 8]


def test_a_reopening_creates_nothing(world):
    """Created in February, lost in March, reopened in April."""
    world.deal(
        world.ada, ("lead", "2026-02-02"), ("lost", "2026-03-02"), ("lead", "2026-04-02"), amount="500"
    )
    assert volumes(world, world.ada, "2026-02", "2026-04", "2026") == [500, 0, 500]
    assert world.reading("pipeline_created", world.ada, "2026-04").beside["count"][1] == 0


def test_a_deal_counts_from_its_creation_and_not_from_its_first_stage(world):
    """Created on 28 February, entered its first stage on 5 March."""
    world.deal(world.ada, ("lead", "2026-03-05"), created="2026-02-28", amount="500")
    assert volumes(world, world.ada, "2026-02", "2026-03") == [500, 0]


def test_pipeline_created_says_why_there_is_no_figure(world):
    """Nothing captured; nought; only deals without an amount or rate."""
    assert world.reading("pipeline_created", world.ada, "2026-03").reason == "not_captured"
    created(world, world.ben, "2026-03-02", "50")
    created(world, world.cleo, "2026-03-02")
    assert volumes(world, world.ada, "2026-03") == [0]
    cleo = world.reading("pipeline_created", world.cleo, "2026-03")
    assert (cleo.value, cleo.reason, cleo.beside["count"][1]) == (None, "unconvertible", 1)

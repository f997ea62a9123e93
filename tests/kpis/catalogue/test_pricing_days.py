"""pricing_days: median days from the first talk of pricing to the close, or to the period's end."""


def days(world, who, period):
    return world.reading("pricing_days", who, period).sample_in_unit


def priced(world, rep, *facts, end=(), kind="pricing"):
    deal = world.deal(rep, ("proposal", "2026-02-01 09:00"), *end)
    for on in facts:
        world.fact(deal, kind, on)
    return deal


def test_pricing_days_run_from_the_first_talk_to_the_close_or_the_period_s_end(world):
    """
    As of 31 March:
    | deal of Ada's | price came up           | end                | days                  | since it last did |
    |---------------|-------------------------|--------------------|-----------------------|-------------------|
    | 1             | 11 March                | open               | 20                    | 20                |
    | 2             | 1 March, again the 21st | open               | 30                    | 10                |
    | 3             | 31 March                | open               | 0                     | 0                 |
    | 4             | procurement, 3 March    | open               | 28                    | 28                |
    | 5             | 2 March, 8 March        | won on 12 March    | 10                    |                   |
    | 6             | 2 March                 | won on 2 March     | 0                     |                   |
    | 7             | 2 March                 | lost on 20 March   | no                    |                   |
    | 8             | never                   | open               | left out              |                   |
    | 9             | 20 March                | won on 12 March    | no: after the close   |                   |
    | 10            | 1 April                 | open               | not yet               |                   |

    Sorted 0, 0, 10, 20, 28, 30: (10 + 20) / 2.
    """
    ada = world.ada
    priced(world, ada, "2026-03-11")
    priced(world, ada, "2026-03-01", "2026-03-21")
    priced(world, ada, "2026-03-31")
    priced(world, ada, "2026-03-03", kind="procurement")
    priced(world, ada, "2026-03-02", "2026-03-08", end=[("won", "2026-03-12 09:00")])
    priced(world, ada, "2026-03-02", end=[("won", "2026-03-02 09:00")])
    priced(world, ada, "2026-03-02", end=[("lost", "2026-03-20 09:00")])
    priced(world, ada)
    priced(world, ada, "2026-03-20", end=[("won", "2026-03-12 09:00")])
    priced(world, ada, "2026-04-01")
    reading = world.reading("pricing_days", ada, "2026-03")
    assert reading.sample_in_unit == [0, 0, 10, 20, 28, 30]
    assert (reading.value, reading.evidence_count) == (15, 6)
    assert reading.sentence == "median of 6 deals with pricing discussed"
    assert reading.beside["last_event"][1] is None, "four deals have no median"
    assert world.left_out("pricing_days", ada, "2026-03") == {"pricing not discussed yet": 2}


def test_march_looked_at_in_june_gives_march_s_answer(world):
    """Pricing on 11 March, won on 10 May: 20 days as of March, 50 as of April, 60 in May, then no more."""
    priced(world, world.ada, "2026-03-11", end=[("won", "2026-05-10 09:00")])
    assert [days(world, world.ada, f"2026-0{m}") for m in (2, 3, 4, 5, 6)] == [[], [20], [50], [60], []]


def test_days_since_price_last_came_up_stand_beside(world):
    """Five open deals, price last mentioned 1, 2, 3, 4 and 20 days before the end of March: 3."""
    for day in (30, 29, 28, 27, 11):
        priced(world, world.ada, "2026-03-01", f"2026-03-{day}")
    reading = world.reading("pricing_days", world.ada, "2026-03")
    assert (reading.value, reading.beside["last_event"][1]) == (30, 3)


def test_the_clock_does_not_start_again_when_a_deal_reopens(world):
    """Pricing on 1 March, lost on the 11th, reopened on 1 April, won on the 10th: 40 days."""
    deal = priced(world, world.ada, "2026-03-01", end=[("lost", "2026-03-11 09:00")])
    world.enters(deal, "proposal", "2026-04-01 09:00")
    world.enters(deal, "won", "2026-04-10 09:00")
    assert [days(world, world.ada, f"2026-0{m}") for m in (3, 4)] == [[], [40]]


def test_a_deal_counts_for_its_owner_and_the_owner_s_team_then(world):
    """Ada's open deal goes to Olga on 10 April; the one she won in March stays hers and North's when she moves south."""
    moved = priced(world, world.ada, "2026-03-01")
    world.owned(moved, ada="2026-02-01 09:00", olga="2026-04-10 09:00")
    priced(world, world.ada, "2026-03-01", end=[("won", "2026-03-06 09:00")])
    world.moves(world.ada, north="2026-01-01", south="2026-05-01")
    subjects = (world.ada, world.olga, world.north, world.south, None)
    assert [days(world, who, "2026-03") for who in subjects] == [[5, 30], [], [5, 30], [], [5, 30]]
    assert [days(world, who, "2026-04") for who in subjects] == [[], [60], [], [60], [60]]


def test_pricing_days_says_why_there_is_no_figure(world):
    assert world.reading("pricing_days", world.ada, "2026-03").reason == "not_captured"
    priced(world, world.ben, "2026-03-01")
    priced(world, world.ben, "2026-03-01", end=[("won", "2026-03-06 09:00")])
    assert world.reading("pricing_days", world.ben, "2026-03").reason == "too_few"
    assert world.reading("pricing_days", world.ada, "2026-03").reason == "no_denominator"

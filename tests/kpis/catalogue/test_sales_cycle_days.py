"""sales_cycle_days: median days from creation to close over deals won; the mean, and deals lost, beside it."""


def cycles(world, who, period):
    return world.reading("sales_cycle_days", who, period).sample_in_unit


def won(world, rep, created, closed):
    return world.deal(rep, ("qualified", created), ("won", closed))


def test_sales_cycle_days_is_the_median_over_the_deals_won(world):
    """
    | deal | created           | won               | days                              |
    |------|-------------------|-------------------|-----------------------------------|
    | 1    | 1 March           | 11 March          | 10, both days alone known         |
    | 2    | 1 March           | 31 March          | 30, although a clock changed      |
    | 3    | 2 March 09:00     | 3 March 21:00     | 1.5                               |
    | 4    | 28 March 12:00    | 29 March 12:00    | 23/24, the night the clock changed |
    | 5    | 2 March 18:00     | 12 March          | 10, one end known to the day only |
    | 6    | 1 March           | lost on 20 March  | no                                |
    | 7    | 1 March           | open              | no                                |

    Sorted 0.96, 1.5, 10, 10, 30: the median is 10.
    """
    for created, closed in (
        ("2026-03-01", "2026-03-11"),
        ("2026-03-01", "2026-03-31"),
        ("2026-03-02 09:00", "2026-03-03 21:00"),
        ("2026-03-28 12:00", "2026-03-29 12:00"),
        ("2026-03-02 18:00", "2026-03-12"),
    ):
        won(world, world.ada, created, closed)
    world.deal(world.ada, ("qualified", "2026-03-01"), ("lost", "2026-03-20"))
    world.deal(world.ada, ("qualified", "2026-03-01"))
    reading = world.reading("sales_cycle_days", world.ada, "2026-03")
    assert reading.sample_in_unit == [23 / 24, 1.5, 10, 10, 30]
    assert (reading.value, reading.evidence_count, reading.sentence) == (10, 5, "median of 5 deals won")
    assert abs(reading.beside["mean"][1] - (23 / 24 + 51.5) / 5) < 1e-9
    assert reading.beside["lost"][1] is None


def test_the_deals_lost_have_a_median_of_their_own_beside(world):
    """Five lost after 1, 2, 3, 4 and 20 days: 3. None was won: nothing to measure."""
    for days in (1, 2, 3, 4, 20):
        world.deal(world.ada, ("qualified", "2026-03-01"), ("lost", f"2026-03-{days + 1:02}"))
    won(world, world.ben, "2026-03-01", "2026-03-11")
    reading = world.reading("sales_cycle_days", world.ada, "2026-03")
    assert (reading.value, reading.reason, reading.beside["lost"][1]) == (None, "no_denominator", 3)


def test_an_even_sample_has_the_middle_of_two_as_its_median(world):
    """1, 2, 3, 5, 8 and 13 days: (3 + 5) / 2."""
    for days in (1, 2, 3, 5, 8, 13):
        won(world, world.ada, "2026-03-01", f"2026-03-{days + 1:02}")
    assert world.value("sales_cycle_days", world.ada, "2026-03") == 4


def test_a_team_s_median_is_recomputed_from_its_deals(world):
    """Ada's 1 2 3 4 5 have the median 3, Ben's one of 30 days has none; together (3 + 4) / 2, no mean of medians."""
    assert world.reading("sales_cycle_days", world.ada, "2026-03").reason == "not_captured"
    for days in (1, 2, 3, 4, 5):
        won(world, world.ada, "2026-03-01", f"2026-03-{days + 1:02}")
    won(world, world.ben, "2026-03-01", "2026-03-31")
    assert world.value("sales_cycle_days", world.ada, "2026-03") == 3
    assert world.reading("sales_cycle_days", world.ben, "2026-03").reason == "too_few"
    assert world.value("sales_cycle_days", world.north, "2026-03") == 3.5


def test_a_deal_created_after_its_close_or_at_no_known_time_is_left_out_and_said(world):
    won(world, world.ada, "2026-03-01", "2026-03-11")
    for closed, created in (("2026-03-12", "2026-03-20"), ("2026-03-13", None)):
        world.deal(world.ada, ("won", closed), created=created)
    assert cycles(world, world.ada, "2026-03") == [10]
    assert world.left_out("sales_cycle_days", world.ada, "2026-03") == {
        "creation date unknown or after the close": 2
    }


def test_won_on_the_day_it_was_created_took_no_days(world):
    """Created on 10 March at 15:00, won that day, hour unknown: 0 days, not minus fifteen hours."""
    world.deal(world.ada, ("won", "2026-03-10"), created="2026-03-10 15:00")
    assert cycles(world, world.ada, "2026-03") == [0]


def test_a_deal_won_a_second_time_took_as_long_as_since_its_creation(world):
    """Created on 1 February, lost on 1 March, reopened on the 10th, won on 1 April: 59 days; lost: 28."""
    world.deal(
        world.ada,
        ("qualified", "2026-02-01"),
        ("lost", "2026-03-01"),
        ("qualified", "2026-03-10"),
        ("won", "2026-04-01"),
    )
    assert (cycles(world, world.ada, "2026-03"), cycles(world, world.ada, "2026-04")) == ([], [59])


def test_a_cycle_falls_into_the_local_day_of_the_close(world):
    """Won at 22:00Z on 31 March, which is midnight of 1 April in Rome."""
    won(world, world.ada, "2026-03-01", "2026-03-31T21:59:59Z")
    won(world, world.ada, "2026-03-02", "2026-03-31T22:00:00Z")
    assert (cycles(world, world.ada, "2026-03"), cycles(world, world.ada, "2026-04")) == ([30], [30])


def test_a_cycle_counts_for_who_owned_the_deal_when_it_closed(world):
    """Ada's deal goes to Olga on 20 March, five days after it was won."""
    deal = won(world, world.ada, "2026-03-01", "2026-03-15")
    world.owned(deal, ada="2026-03-01", olga="2026-03-20")
    subjects = (world.ada, world.olga, world.north, world.south)
    assert [cycles(world, who, "2026-03") for who in subjects] == [[14], [], [14], []]

"""attempts_per_conversion: first attempts of the period / those that opened a contract within 180 days."""

import pytest


@pytest.fixture
def sold(world):
    def sell(attempted: str, won: str, *people, rep=None):
        """People first called at one time, and a deal with them won at another."""
        for person in people:
            world.call(rep or world.ada, attempted, person)
        deal = world.deal(rep or world.ada, ("lead", "2025-01-01 09:00"), ("won", won))
        world.buyers(deal, *people)
        return deal

    return sell


def figures(world, who, period):
    """(first attempts, contracts, still inside the window)."""
    reading = world.reading("attempts_per_conversion", who, period)
    return reading.numerator, reading.denominator, reading.numbers["inside"]


def test_a_contract_counts_for_the_first_attempt_that_opened_it(world, sold):
    """Today is 15 June 2026.

    | person | first attempt      | contract                    | opened by it |
    |--------|--------------------|-----------------------------|--------------|
    | 1      | 3 November 09:00   | 2 May 10:00: 180 d exactly  | 1            |
    | 2      | 3 November 09:00   | 2 May 10:00:01              | no, too late |
    | 3, 4   | 4 November, both called | 10 March, one deal of both | 1, for the one called first |
    | 5      | 5 November         | lost                        | no           |
    | 6      | 6 November         | none                        | no           |
    """
    one, two, three, four, five, six = (world.contact(f"Person {number}") for number in range(1, 7))
    sold("2025-11-03 09:00", "2026-05-02 10:00:00", one)
    sold("2025-11-03 09:00", "2026-05-02 10:00:01", two)
    sold("2025-11-04 09:00", "2026-03-10 09:00", three, four)
    world.call(world.ada, "2025-11-05 09:00", five)
    lost = world.deal(world.ada, ("lead", "2025-01-01 09:00"), ("lost", "2026-02-01 09:00"))
    world.buyers(lost, five)
    world.call(world.ada, "2025-11-06 09:00", six)
    reading = world.reading("attempts_per_conversion", world.ada, "2025-11")
    assert (reading.numerator, reading.denominator, reading.value) == (6, 2, 3.0)
    assert reading.sentence == "6 first attempts, 2 led to a contract"
    rows = world.evidence("attempts_per_conversion", world.ada, "2025-11").counted
    assert {row.contact.name for row in rows if row.won_days} == {"Person 1", "Person 2", "Person 3"}


def test_without_a_contract_there_are_attempts_and_no_figure(world):
    world.call(world.ada, "2025-11-03 09:00", world.carla)
    reading = world.reading("attempts_per_conversion", world.ada, "2025-11")
    assert (reading.value, reading.reason, reading.evidence_count) == (None, "no_denominator", 1)
    assert reading.sentence == "1 first attempt, 0 led to a contract"


def test_first_attempts_mature_after_180_days(world, sold, now):
    """15 June is day 180 of 17 December: attempts of the 16th have had theirs, those of the 17th not before tonight."""
    dora = world.contact("Dora")
    sold("2025-12-16 23:30", "2026-01-10 09:00", world.carla)
    sold("2025-12-17 00:00", "2026-01-10 09:00", dora)
    assert figures(world, world.ada, "2025-12") == (1, 1, 1)
    assert world.left_out("attempts_per_conversion", world.ada, "2025-12") == {"still inside the window": 1}
    spring = world.reading("attempts_per_conversion", world.ada, "2025-12-17..2026-06-16")
    assert (spring.value, spring.reason) == (None, "maturing")
    now.move_to("2026-06-15T22:00:00Z")
    assert figures(world, world.ada, "2025-12-01..2026-01-01") == (2, 2, 0)


def test_the_cohort_is_of_who_attempted_whoever_sold(world, sold):
    """Ada attempts Carla on 31 October, moves south on 1 November and attempts Dora; Ben signs Carla's deal.

    | subject | attempts | contracts |
    |---------|----------|-----------|
    | Ada     | 2        | 1         |
    | North   | 1        | 1         |
    | South   | 1        | 0         |
    | Ben     | 0        | 0         |
    """
    world.moves(world.ada, north="2025-01-01", south="2025-11-01")
    world.call(world.ada, "2025-10-31 22:59:59Z", world.carla)
    world.call(world.ada, "2025-10-31 23:00:00Z", world.contact("Dora"))
    deal = world.deal(world.ben, ("lead", "2025-11-10 09:00"), ("won", "2025-12-10 09:00"))
    world.buyers(deal, world.carla)
    subjects = (world.ada, world.north, world.south, world.ben)
    assert [figures(world, who, "2025")[:2] for who in subjects] == [(2, 1), (1, 1), (1, 0), (0, 0)]
    assert [figures(world, world.ada, f"2025-{month}")[0] for month in (10, 11)] == [1, 1]


def test_another_person_of_the_deal_found_later_takes_the_contract_over(world, sold):
    """Dora was first called two days before Carla: once she is on file for the deal, it was her attempt that opened it."""
    dora = world.contact("Dora")
    world.call(world.ben, "2025-11-01 09:00", dora)
    deal = sold("2025-11-03 09:00", "2025-12-10 09:00", world.carla)
    assert [figures(world, rep, "2025-11")[:2] for rep in (world.ada, world.ben)] == [(1, 1), (1, 0)]
    world.buyers(deal, dora)
    assert [figures(world, rep, "2025-11")[:2] for rep in (world.ada, world.ben)] == [(1, 0), (1, 1)]

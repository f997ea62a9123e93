"""gross_margin: Σ(amount − cost) / Σ amount of the contracts whose amount and cost are known."""

import pytest


def won(world, rep, at="2026-03-10 09:00", **more):
    return world.deal(rep, ("won", at), **more)


def margin_of(world, who, period):
    reading = world.reading("gross_margin", who, period)
    return reading.numerator, reading.denominator


def test_gross_margin_is_of_sums_over_contracts_with_a_known_cost(world):
    """
    | deal of Ada's       | amount | cost  | margin | counted                    |
    |---------------------|--------|-------|--------|----------------------------|
    | 1 won               | 1,000  | 600   | 400    | 400 of 1,000               |
    | 2 won               | 9,000  | 8,100 | 900    | 900 of 9,000               |
    | 3 won at a loss     | 100    | 150   | −50    | −50 of 100                 |
    | 4 won               | 5,000  | ?     |        | left out, and one in five  |
    | 5 won               | ?      | 300   |        | left out                   |
    | 6 lost              | 1,000  | 10    |        | no                         |

    1,250 of 10,100: 12.4 %, no mean of 40 %, 10 % and −50 %.
    """
    for amount, cost in ((1000, 600), (9000, 8100), (100, 150), (5000, None), (None, 300)):
        won(world, world.ada, amount=amount, cost=cost)
    world.deal(world.ada, ("lost", "2026-03-10 09:00"), amount=1000, cost=10)
    reading = world.reading("gross_margin", world.ada, "2026-03")
    assert (reading.numerator, reading.denominator, reading.evidence_count) == (125_000, 1_010_000, 3)
    assert (reading.numerator_in_unit, reading.denominator_in_unit) == (1250, 10_100)
    assert reading.value == pytest.approx(0.12376, abs=1e-5)
    assert reading.sentence == "1,250 of 10,100, over 3 contracts with a known cost"
    assert reading.beside["unknown_cost"][1] == 0.2
    assert world.left_out("gross_margin", world.ada, "2026-03") == {
        "cost unknown, or no exchange rate": 1,
        "amount unknown": 1,
    }
    shown = world.evidence("gross_margin", world.ada, "2026-03")
    assert sum(row.amount_cents - row.cost_cents for row in shown.others[0].rows) == reading.numerator


def test_amount_and_cost_are_those_known_at_the_close_at_that_day_s_rate(world):
    """$ 1,000 less $ 600 at 0.9, not at the 0.8 of April; the € 700 the cost turned out to be in May changes nothing."""
    world.rate("USD", "2026-01-01", "0.9")
    world.rate("USD", "2026-04-01", "0.8")
    deal = won(world, world.ada, amount=1000, currency="USD")
    world.changes(deal, "cost", "600", "2026-03-01 09:00")
    assert margin_of(world, world.ada, "2026-03") == (36_000, 90_000)
    world.changes(deal, "cost", "700", "2026-05-01 09:00")
    assert margin_of(world, world.ada, "2026-03") == (36_000, 90_000)


def test_a_cost_first_noted_after_the_close_counts(world):
    deal = won(world, world.ada, amount=1000)
    assert world.reading("gross_margin", world.ada, "2026-03").reason == "not_captured"
    world.changes(deal, "cost", "700", "2026-05-01 09:00")
    assert margin_of(world, world.ada, "2026-03") == (30_000, 100_000)


def test_a_contract_without_a_rate_is_left_out_and_said(world):
    won(world, world.ada, amount=1000, cost=600)
    won(world, world.ada, amount=1000, cost=600, currency="CHF")
    assert margin_of(world, world.ada, "2026-03") == (40_000, 100_000)
    assert world.left_out("gross_margin", world.ada, "2026-03") == {"cost unknown, or no exchange rate": 1}


def test_a_contract_counts_on_the_local_day_of_its_close_for_its_owner_and_team_then(world):
    """22:00Z on 31 March is 1 April in Rome; Ada is in the south by May, Olga has the account since."""
    late = won(world, world.ada, "2026-03-31T22:00:00Z", amount=200, cost=50)
    won(world, world.ada, "2026-03-31T21:59:59Z", amount=100, cost=50)
    world.owned(late, ada="2026-03-01", olga="2026-04-20")
    world.moves(world.ada, north="2026-01-01", south="2026-05-01")
    subjects = (world.ada, world.olga, world.north, world.south, None)
    assert [margin_of(world, who, "2026-03")[1] for who in subjects] == [10_000, 0, 10_000, 0, 10_000]
    assert [margin_of(world, who, "2026-04")[0] for who in subjects] == [15_000, 0, 15_000, 0, 15_000]


def test_gross_margin_says_why_there_is_no_figure(world):
    """Nothing recorded; another rep's contract; one given away for nothing."""
    assert world.reading("gross_margin", world.ada, "2026-03").reason == "not_captured"
    won(world, world.ben, amount=1000, cost=1000)
    assert world.reading("gross_margin", world.ada, "2026-03").reason == "no_denominator"
    assert world.value("gross_margin", world.ben, "2026-03") == 0
    won(world, world.ada, amount=0, cost=0)
    assert world.reading("gross_margin", world.ada, "2026-03").reason == "no_denominator"

"""How long pricing may stay open: the third quartile of the organisation's own contracts, else the setting."""

from datetime import date, timedelta

import pytest

from kpis.pricing_limit import pricing_limit
from kpis.recompute import drain

TODAY = date(2026, 6, 15)


def signed(world, days, closed="2026-03-31", rep=None):
    """A contract whose pricing came up so many days before it was signed."""
    deal = world.deal(rep or world.ada, ("lead", "2025-06-01 09:00"), ("won", f"{closed} 09:00"))
    world.fact(deal, "pricing", str(date.fromisoformat(closed) - timedelta(days)))
    return deal


def limit(day=TODAY):
    drain()
    found = pricing_limit(day)
    return found.days, found.contracts


def test_ten_contracts_of_the_whole_organisation_say_what_is_usual(world):
    """
    | contract  | 1 | 2 | 3  | 4  | 5  | 6  | 7  | 8  | 9  | 10 |
    |-----------|---|---|----|----|----|----|----|----|----|----|
    | days      | 4 | 8 | 10 | 12 | 14 | 16 | 20 | 21 | 30 | 90 |

    The third quartile lies at place 0.75 × 9 = 6.75 of 0..9: 20 + 0.75 × (21 − 20) = 20.75, so more than 21 is long.
    """
    days = [4, 8, 10, 12, 14, 16, 20, 21, 30, 90]
    for number, took in enumerate(days):
        signed(world, took, rep=world.olga if number % 2 else world.ada)
    assert limit() == (21, 10)


def test_nine_contracts_are_too_few_and_the_setting_of_the_day_holds(world):
    for _ in range(9):
        signed(world, 5)
    world.setting("pricing_alert_days", "30", "2026-05-01")
    assert limit() == (30, 0)
    assert limit(date(2026, 4, 30)) == (45, 0)


@pytest.mark.parametrize("stage", ["lost", "negotiation"])
def test_only_contracts_with_a_known_pricing_day_count(world, stage):
    """Nine known, one without pricing, one that was not won."""
    for _ in range(9):
        signed(world, 5)
    world.deal(world.ada, ("lead", "2026-01-01 09:00"), ("won", "2026-03-31 09:00"))
    other = world.deal(world.ada, ("lead", "2026-01-01 09:00"), (stage, "2026-03-31 09:00"))
    world.fact(other, "pricing", "2026-03-01")
    assert limit() == (45, 0)


def test_a_contract_signed_later_says_nothing_of_an_earlier_day(world):
    for _ in range(10):
        signed(world, 5)
    assert limit(date(2026, 3, 31)) == (5, 10)
    assert limit(date(2026, 3, 30)) == (45, 0)

"""rebate_accrued: contracts of the period by the percent of the highest tier their account has reached in the year."""

from pipeline.models import RebateTier


def tiers(account, **percents):
    """`tiers(brenta, _1000=2)`: two percent from 1,000 on in 2026."""
    for least, percent in percents.items():
        RebateTier.objects.create(account=account, year=2026, from_amount=least[1:], percent=percent)


def rebate(world, who, period):
    reading = world.reading("rebate_accrued", who, period)
    return reading.value, reading.evidence_count


def test_each_contract_earns_by_the_tier_the_account_has_reached_in_its_year(world):
    """
    Brenta's tiers of 2026: 2 % from 1,000, 3 % from 5,000. Its year: Ada 3,000 in March, Ben 2,000 in May, 5,000 in all:
    the second tier, 90 for March and 60 for May. Before Ben's contract the first tier had made Ada's 60.
    """
    tiers(world.brenta, _1000=2, _5000=3)
    world.deal(world.ada, ("qualified", "2026-02-02"), ("won", "2026-03-02"), amount=3000)
    assert rebate(world, world.ada, "2026-03") == (60, 1)
    world.deal(world.ben, ("qualified", "2026-02-02"), ("won", "2026-05-04"), amount=2000)
    assert rebate(world, world.ada, "2026-03") == (90, 1)
    assert rebate(world, world.ben, "2026-05") == (60, 1)
    assert rebate(world, world.north, "2026") == (150, 2)
    assert rebate(world, None, "2026-04") == (0, 0)


def test_a_year_without_tiers_and_an_account_without_are_left_out_and_no_tier_reached_is_nought(world):
    tiers(world.brenta, _9000=5)
    other = world.account("Ostia Foods")
    world.deal(world.ada, ("qualified", "2025-02-02"), ("won", "2025-03-02"), amount=9000)
    world.deal(world.ada, ("qualified", "2026-02-02"), ("won", "2026-03-02"), amount=8999)
    world.deal(world.ada, ("qualified", "2026-02-02"), ("won", "2026-03-03"), amount=50000, account=other)
    assert rebate(world, world.ada, "2026-03") == (0, 1)
    assert world.left_out("rebate_accrued", world.ada, "2026-03") == {
        "account without rebate tiers, or amount unknown": 1
    }
    assert rebate(world, world.ada, "2025-03") == (None, 0)  # nobody had tiers yet


def test_a_tier_taken_away_takes_its_rebate_away(world):
    tiers(world.brenta, _0=10)
    world.deal(world.ada, ("qualified", "2026-02-02"), ("won", "2026-03-02"), amount=100)
    assert rebate(world, world.ada, "2026-03") == (10, 1)
    RebateTier.objects.all().delete()
    assert rebate(world, world.ada, "2026-03") == (0, 0)

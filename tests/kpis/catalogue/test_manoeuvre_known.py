"""manoeuvre_known: open prospects with scope, discount range and timing discussed, and not gone stale since / such deals."""

import pytest

THREE = ("scope", "discount_range", "timing")


def share_of(world, who, period):
    reading = world.reading("manoeuvre_known", who, period)
    return reading.numerator, reading.denominator


def share(world, period):
    return share_of(world, world.ada, period)


def prospect(world, *, on=None, rep=None, **more):
    deal = world.deal(rep or world.ada, ("prospect", "2026-02-02 09:00"), **more)
    for kind in THREE if on else ():
        world.fact(deal, kind, on)
    return deal


def test_manoeuvre_known_needs_all_three(world):
    """
    | deal of Ada's               | scope | discount range | timing | security | counted |
    |-----------------------------|-------|----------------|--------|----------|---------|
    | 1 prospect                  | 2nd   | 3rd            | 4th    |          | 1 of 1  |
    | 2 negotiation               | 2nd   | 3rd            |        | 5th      | 0 of 1  |
    | 3 prospect                  |       |                |        |          | 0 of 1  |
    | 4 prospect                  | 2nd   | 3rd            | 1 April|          | 0 of 1  |
    | 5 qualified only            | 2nd   | 3rd            | 4th    |          | no      |
    | 6 prospect, won on the 15th | 2nd   | 3rd            | 4th    |          | no      |
    """
    for stages, facts in (
        ([("prospect", "2026-02-02 09:00")], "scope 03-02, discount_range 03-03, timing 03-04"),
        (
            [("negotiation", "2026-02-02 09:00")],
            "scope 03-02, discount_range 03-03, infosec_review 03-05",
        ),
        ([("prospect", "2026-02-02 09:00")], ""),
        ([("prospect", "2026-02-02 09:00")], "scope 03-02, discount_range 03-03, timing 04-01"),
        ([("qualified", "2026-02-02 09:00")], "scope 03-02, discount_range 03-03, timing 03-04"),
        (
            [("prospect", "2026-02-02 09:00"), ("won", "2026-03-15 09:00")],
            "scope 03-02, discount_range 03-03, timing 03-04",
        ),
    ):
        deal = world.deal(world.ada, *stages)
        for fact in filter(None, facts.split(", ")):
            kind, on = fact.split()
            world.fact(deal, kind, f"2026-{on}")
    reading = world.reading("manoeuvre_known", world.ada, "2026-03")
    assert (reading.numerator, reading.denominator, reading.sentence) == (1, 4, "1 of 4 prospects")
    beside = {name: value for name, (_label, value, _unit) in reading.beside.items()}
    assert beside == {"scope": 0.75, "discount_range": 0.75, "timing": 0.25, "infosec": 0.25}


@pytest.mark.parametrize(
    ("amount", "is_known"),
    [("1100", True), ("1100.01", False), ("900", True), ("899.99", False), ("", True)],
)
def test_it_goes_stale_when_the_amount_moves_by_more_than_a_tenth(world, amount, is_known):
    """Noted on 10 March at € 1,000; up to ten per cent either way, or an amount nobody knows, is no news."""
    deal = prospect(world, on="2026-03-10")
    world.worth(deal, ("1000", "2026-02-02 09:00"), (amount or "0", "2026-03-20 09:00"))
    if not amount:
        deal.amount = None
        deal.save()
    assert share(world, "2026-03") == (int(is_known), 1)


@pytest.mark.parametrize(
    ("close", "is_known"), [("2026-06-30", True), ("2026-07-01", False), ("2026-01-01", True)]
)
def test_it_goes_stale_when_the_expected_close_slips_by_more_than_thirty_days(world, close, is_known):
    """Noted when the close was expected on 31 May; sooner is no slip."""
    deal = prospect(world, on="2026-03-10")
    for value, at in (("2026-05-31", "2026-02-02 09:00"), (close, "2026-03-20 09:00")):
        world.changes(deal, "expected_close_on", value, at)
    assert share(world, "2026-03") == (int(is_known), 1)


def test_small_steps_add_up_and_going_back_does_not_heal(world):
    """€ 1,000 when noted, 1,080, 1,160 (too far), 1,000 again: stale from 12 April until noted again on 5 June."""
    deal = prospect(world, on="2026-03-10")
    for value, at in (("1000", "02-02"), ("1080", "04-02"), ("1160", "05-12"), ("1000", "05-20")):
        world.changes(deal, "amount", value, f"2026-{at} 09:00")
    assert [share(world, f"2026-0{month}") for month in (3, 4, 5)] == [(1, 1), (1, 1), (0, 1)]
    for kind in THREE:
        world.fact(deal, kind, "2026-06-05")
    assert [share(world, f"2026-0{month}") for month in (4, 5, 6)] == [(1, 1), (0, 1), (1, 1)]


def test_what_changes_on_the_day_it_is_noted_belongs_to_it(world):
    """The amount goes from 1,000 to 2,000 the very day: noted at 2,000; back to 1,000 a day later is a change."""
    deal = prospect(world, on="2026-03-10")
    for value, at in (("1000", "02-02 09:00"), ("2000", "03-10 23:59"), ("1000", "04-11 00:00")):
        world.changes(deal, "amount", value, f"2026-{at}")
    assert (share(world, "2026-03"), share(world, "2026-04")) == ((1, 1), (0, 1))


def test_each_of_the_three_goes_stale_by_itself(world):
    """Scope and timing noted before the amount doubled, the discount range after."""
    deal = prospect(world)
    for kind, on in (("scope", "03-02"), ("timing", "03-03"), ("discount_range", "03-20")):
        world.fact(deal, kind, f"2026-{on}")
    for value, at in (("1000", "02-02"), ("2000", "03-10")):
        world.changes(deal, "amount", value, f"2026-{at} 09:00")
    reading = world.reading("manoeuvre_known", world.ada, "2026-03")
    known = {name for name, (_label, value, _unit) in reading.beside.items() if value}
    assert (reading.value, known) == (0, {"discount_range"})


def test_a_change_is_judged_by_the_settings_of_its_day(world):
    """Up by 15 % in March, by another 15 % in April; 20 % are allowed until April, 10 % before."""
    world.setting("manoeuvre_amount_change", "20", "2026-03-01")
    world.setting("manoeuvre_amount_change", "10", "2026-04-01")
    first, second = prospect(world, on="2026-02-10"), prospect(world, on="2026-02-10")
    world.changes(first, "amount", "1000", "2026-02-02 09:00")
    world.changes(first, "amount", "1150", "2026-03-10 09:00")
    world.changes(second, "amount", "1000", "2026-02-02 09:00")
    world.changes(second, "amount", "1150", "2026-04-10 09:00")
    assert (share(world, "2026-03"), share(world, "2026-04")) == ((2, 2), (1, 2))
    world.setting("manoeuvre_amount_change", "5", "2026-03-05")
    assert (share(world, "2026-03"), share(world, "2026-04")) == ((1, 2), (0, 2))


def test_a_deal_counts_for_its_owner_and_the_owner_s_team_at_the_period_s_end(world):
    """Ada's deal goes to Olga on 10 April; Ada herself moves south on 1 May with the other one."""
    moved, _kept = prospect(world, on="2026-02-10"), prospect(world)
    world.owned(moved, ada="2026-02-02 09:00", olga="2026-04-10 09:00")
    world.moves(world.ada, north="2026-01-01", south="2026-05-01")
    subjects = (world.ada, world.olga, world.north, world.south, None)
    assert {m: [share_of(world, who, f"2026-0{m}") for who in subjects] for m in (3, 4, 5)} == {
        3: [(1, 2), (0, 0), (1, 2), (0, 0), (1, 2)],
        4: [(0, 1), (1, 1), (0, 1), (1, 1), (1, 2)],
        5: [(0, 1), (1, 1), (0, 0), (1, 2), (1, 2)],
    }


def test_the_day_the_last_of_three_is_noted_ends_known(world):
    """Noted on Sunday 29 March, the day the clock changes."""
    prospect(world, on="2026-03-29")
    assert (share(world, "2026-W12"), share(world, "2026-W13")) == ((0, 1), (1, 1))


def test_manoeuvre_known_says_why_there_is_no_figure(world):
    assert world.reading("manoeuvre_known", world.ada, "2026-03").reason == "not_captured"
    prospect(world, rep=world.ben)
    assert world.reading("manoeuvre_known", world.ada, "2026-03").reason == "no_denominator"
    assert world.value("manoeuvre_known", world.ben, "2026-03") == 0

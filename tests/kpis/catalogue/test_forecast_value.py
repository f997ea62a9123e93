"""forecast_value: Σ open amount × the organisation's own win rate from that milestone, by expected close in the period."""

import pytest


def record(world, **closings):
    """Deals of Olga's closed in February: `record(world, negotiation=(1, 1))` is one won and one lost from there."""
    for milestone, (won, lost) in closings.items():
        for outcome in ["won"] * won + ["lost"] * lost:
            world.deal(world.olga, (milestone, "2026-02-02 09:00"), (outcome, "2026-02-20 09:00"))


def due(world, stage, amount, on, rep=None, **more):
    return world.deal(
        rep or world.ada, (stage, "2026-03-02 09:00"), amount=amount, expected_close_on=on, **more
    )


def forecast(world, who, period):
    return world.value("forecast_value", who, period)


def test_forecast_value_weighs_each_deal_by_the_win_rate_from_its_milestone(world):
    """
    Closed in February, by the furthest milestone (won implies negotiation): 2 won, 1 lost at negotiation,
    1 lost at proposal, 4 lost at prospect: 2 of 3 from negotiation on, 2 of 4 from proposal, 2 of 8 from prospect.

    | deal of Ada's     | amount | expected to close | March                  |
    |-------------------|--------|-------------------|------------------------|
    | 1 negotiation     | 3,000  | 20 March          | 2,000, committed       |
    | 2 proposal        | 1,000  | 31 March          | 500, best case         |
    | 3 prospect        | 800    | 1 March           | 200                    |
    | 4 negotiation     | 9,000  | 1 April           | no: later              |
    | 5 negotiation     | 9,000  | 28 February       | no: earlier            |
    | 6 negotiation     | 9,000  | nobody knows      | no                     |
    | 7 negotiation     | ?      | 20 March          | left out               |
    | 8 lost since      | 9,000  | 20 March          | no                     |
    """
    record(world, negotiation=(2, 1), proposal=(0, 1), prospect=(0, 4))
    due(world, "negotiation", 3000, "2026-03-20", forecast="committed")
    due(world, "proposal", 1000, "2026-03-31", forecast="best_case")
    due(world, "prospect", 800, "2026-03-01")
    due(world, "negotiation", 9000, "2026-04-01")
    due(world, "negotiation", 9000, "2026-02-28")
    due(world, "negotiation", 9000, None)
    due(world, "negotiation", None, "2026-03-20")
    lost = due(world, "negotiation", 9000, "2026-03-20")
    world.enters(lost, "lost", "2026-03-15 09:00")
    reading = world.reading("forecast_value", world.ada, "2026-03")
    assert (reading.value, reading.evidence_count) == (2700, 3)
    assert reading.sentence == (
        "3 open deals expected to close in the period; 1 without amount or rate is left out"
    )
    beside = {name: value for name, (_label, value, _unit) in reading.beside.items()}
    assert (beside["open"], beside["committed"], beside["best_case"]) == (4800, 3000, 1000)
    chances = world.reading("forecast_value", world.olga, "2026-02").beside["chances"][1]
    assert chances == {"prospect": 0.25, "proposal": 0.5, "negotiation": pytest.approx(2 / 3)}


def test_the_rate_is_of_the_twelve_full_months_before(world):
    """One lost in March of last year, one won in February, ten lost this March: 1 of 2, a month later 1 of 11."""
    world.deal(world.olga, ("negotiation", "2025-03-02 09:00"), ("lost", "2025-03-05 09:00"))
    record(world, negotiation=(1, 0))
    for _ in range(10):
        world.deal(world.olga, ("negotiation", "2026-03-02 09:00"), ("lost", "2026-03-05 09:00"))
    due(world, "negotiation", 1100, "2026-03-31")
    due(world, "negotiation", 1100, "2026-04-30")
    assert forecast(world, world.ada, "2026-03") == 550
    assert forecast(world, world.ada, "2026-04") == 100


def test_march_looked_at_in_june_gives_march_s_answer(world):
    """Put off to May on 10 April, worth 2,000 since; as of March it was due then, at 1,000."""
    record(world, negotiation=(1, 1))
    deal = world.deal(world.ada, ("negotiation", "2026-03-02 09:00"))
    world.changes(deal, "amount", "1000", "2026-03-02 09:00")
    world.changes(deal, "expected_close_on", "2026-03-31", "2026-03-02 09:00")
    world.changes(deal, "amount", "2000", "2026-04-10 09:00")
    world.changes(deal, "expected_close_on", "2026-05-31", "2026-04-10 09:00")
    assert [forecast(world, world.ada, f"2026-0{m}") for m in (3, 4, 5)] == [500, 0, 1000]


def test_the_running_quarter_counts_what_is_still_to_come_in_it(world):
    """Today is 15 June."""
    record(world, negotiation=(1, 0))
    for amount, on in ((1, "2026-03-31"), (20, "2026-04-01"), (300, "2026-06-30"), (4000, "2026-07-01")):
        due(world, "negotiation", amount, on)
    assert forecast(world, world.ada, "2026-Q2") == 320
    assert forecast(world, world.ada, "2026-04-01..2026-07-01") == 320


def test_a_deal_counts_for_its_owner_and_the_owner_s_team_at_the_period_s_end(world):
    """Ada's two deals are due in all of March; one goes to Olga on the 20th, Ada moves south on 1 April."""
    record(world, negotiation=(1, 1))
    moved, _kept = due(world, "negotiation", 1000, "2026-03-31"), due(world, "negotiation", 20, "2026-03-31")
    world.owned(moved, ada="2026-03-02 09:00", olga="2026-03-20 09:00")
    world.moves(world.ada, north="2026-01-01", south="2026-04-01")
    subjects = (world.ada, world.olga, world.north, world.south, None)
    assert [forecast(world, who, "2026-03") for who in subjects] == [10, 500, 10, 500, 510]


def test_forecast_value_says_why_there_is_no_figure(world):
    """Nothing recorded; then nothing ever closed from there; then no rate for the francs; another rep has none due."""
    assert world.reading("forecast_value", world.ada, "2026-03").reason == "not_captured"
    due(world, "negotiation", 1000, "2026-03-31")
    due(world, "negotiation", 1000, "2026-03-31", rep=world.ben, currency="CHF")
    assert world.reading("forecast_value", world.ada, "2026-03").reason == "no_denominator"
    record(world, negotiation=(1, 1))
    assert forecast(world, world.ada, "2026-03") == 500
    assert world.reading("forecast_value", world.ben, "2026-03").reason == "unconvertible"
    assert forecast(world, world.cleo, "2026-03") == 0

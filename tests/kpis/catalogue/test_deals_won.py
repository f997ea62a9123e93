"""deals_won: contracts signed in the period; the deals lost beside it."""

import pytest

START = ("qualified", "2026-01-05 09:00")


def counts(world, who, *periods):
    return [world.value("deals_won", who, period) for period in periods]


def test_deals_won_counts_the_contracts_signed(world):
    """
    | Ada's deal                       | March | lost beside |
    |----------------------------------|-------|-------------|
    | won on 2 March                   | 1     |             |
    | won on 3 March, amount unknown   | 1     |             |
    | lost on 4 March                  |       | 1           |
    | in negotiation                   |       |             |
    | won on 28 February               |       |             |
    """
    world.deal(world.ada, START, ("won", "2026-03-02"), amount="100")
    world.deal(world.ada, START, ("won", "2026-03-03"))
    world.deal(world.ada, START, ("lost", "2026-03-04"))
    world.deal(world.ada, START, ("negotiation", "2026-03-04"))
    world.deal(world.ada, START, ("won", "2026-02-28"))
    reading = world.reading("deals_won", world.ada, "2026-03")
    assert (reading.value, reading.numerator, reading.sentence) == (2, 2, "2 contracts")
    assert reading.beside["lost"][1] == 1
    assert world.left_out("deals_won", world.ada, "2026-03") == {}


def test_a_win_stays_where_it_was_signed_when_the_deal_reopens(world):
    """Won on 10 March; reopened on 1 April, lost on 1 May."""
    deal = world.deal(world.ada, START, ("won", "2026-03-10 09:00"))
    assert counts(world, world.ada, "2026-03") == [1]
    world.enters(deal, "negotiation", "2026-04-01 09:00")
    world.enters(deal, "lost", "2026-05-01 09:00")
    assert counts(world, world.ada, "2026-03", "2026-04", "2026-05", "2026") == [1, 0, 0, 1]
    assert world.reading("deals_won", world.ada, "2026-05").beside["lost"][1] == 1


def test_a_deal_won_reopened_and_won_again_is_two_contracts(world):
    world.deal(
        world.ada, START, ("won", "2026-03-10 09:00"), ("proposal", "2026-03-12 09:00"), ("won", "2026-03-20 09:00")
    )  # fmt: skip
    assert counts(world, world.ada, "2026-03", "2026-W11", "2026-W12") == [2, 1, 1]


def test_consecutive_changes_into_won_are_one_contract_at_the_first(world):
    """Won on 31 March and, by a clean-up, again on 2 April, also through a second stage that means won."""
    deal = world.deal(world.ada, START, ("won", "2026-03-31 09:00"), ("won", "2026-04-02 09:00"))
    other = type(world.stages["won"]).objects.create(name="Delivered", position=9, milestone=6)
    deal.stage_changes.create(stage=other, at="2026-04-03T09:00:00Z")
    assert counts(world, world.ada, "2026-03", "2026-04") == [1, 0]


def test_a_close_known_to_the_day_only_is_not_shifted(world):
    """31 March and 1 April as bare dates stay in their months."""
    world.deal(world.ada, START, ("won", "2026-03-31"))
    world.deal(world.ada, START, ("won", "2026-04-01"))
    assert counts(world, world.ada, "2026-03", "2026-04") == [1, 1]


def test_a_close_falls_into_its_local_day_even_when_clocks_change(world):
    """Sunday 29 March has 23 hours in Rome: it ends at 22:00Z, the Saturday before it at 23:00Z."""
    for at in (
        "2026-03-28T22:59:59Z",
        "2026-03-28T23:00:00Z",
        "2026-03-29T21:59:59Z",
        "2026-03-29T22:00:00Z",
    ):
        world.deal(world.ada, START, ("won", at))
    assert counts(world, world.ada, "2026-03-28..2026-03-29", "2026-03-29..2026-03-30") == [1, 2]
    assert counts(world, world.ada, "2026-W13", "2026-W14", "2026-03") == [3, 1, 4]


def test_deals_won_tells_nought_from_nothing_captured(world):
    assert world.reading("deals_won", world.ada, "2026-03").reason == "not_captured"
    world.deal(world.ben, START, ("won", "2026-03-10"))
    assert world.reading("deals_won", world.ada, "2026-03").value == 0
    assert world.reading("deals_won", world.ada, "2026-02").reason == "not_captured"


@pytest.mark.parametrize(
    ("period", "won"),
    [
        ("2026-06", 1),
        ("2026", 3),
        ("2025", 2),
        ("rolling-12", 4),
        ("last-30", 1),
        ("last-90", 2),
        ("all", 5),
        ("2026-01-01..2026-06-15", 2),
    ],
)
def test_contracts_per_year_are_year_to_date_and_rolling_twelve_months(world, period, won):
    """
    Today is 15 June 2026:

    | won          | 2025 | 2026 | last 12 months (from 16 June 2025) | last 90 (from 18 March) | last 30 (from 17 May) |
    |--------------|------|------|----|----|----|
    | 15 June 2025 | 1    |      |    |    |    |
    | 16 June 2025 | 1    |      | 1  |    |    |
    | 17 March     |      | 1    | 1  |    |    |
    | 18 March     |      | 1    | 1  | 1  |    |
    | 15 June      |      | 1    | 1  | 1  | 1  |
    """
    for day in ("2025-06-15", "2025-06-16", "2026-03-17", "2026-03-18", "2026-06-15"):
        world.deal(world.ada, ("qualified", "2025-01-05"), ("won", day))
    assert counts(world, world.ada, period) == [won]


def test_a_contract_is_credited_to_the_owner_of_its_moment(world):
    """Ada wins at 09:00; the deal is Ben's from 09:00:01. Ben wins one that was his from that very instant on."""
    before = world.deal(world.ada, START, ("won", "2026-03-10 09:00:00"))
    world.owned(before, ada="2026-01-05 09:00", ben="2026-03-10 09:00:01")
    at_once = world.deal(world.ada, START, ("won", "2026-03-11 09:00:00"))
    world.owned(at_once, ada="2026-01-05 09:00", ben="2026-03-11 09:00:00")
    assert [counts(world, rep, "2026-03") for rep in (world.ada, world.ben)] == [[1], [1]]


def test_the_owner_a_stage_change_names_gets_the_credit_where_no_moves_are_known(world):
    """The deal is Olga's today; its win names Ada."""
    deal = world.deal(world.olga, START)
    world.enters(deal, "won", "2026-03-10 09:00", owner=world.ada)
    assert [counts(world, rep, "2026-03") for rep in (world.ada, world.olga)] == [[1], [0]]


def test_a_rep_s_change_of_team_moves_no_past_contract(world):
    """Ada wins on 15 March, 23:59 and on 16 March, 00:00; from that day she is South's. Dario's counts for North."""
    world.moves(world.ada, north="2026-01-01", south="2026-03-16")
    for at in ("2026-03-15 23:59", "2026-03-16 00:00"):
        world.deal(world.ada, START, ("won", at))
    world.deal(world.dario, START, ("won", "2026-03-20"))
    world.deal(None, START, ("won", "2026-03-20"))
    subjects = (world.ada, world.north, world.coast, world.south, None)
    assert [counts(world, who, "2026-03") for who in subjects] == [[2], [2], [1], [1], [4]]

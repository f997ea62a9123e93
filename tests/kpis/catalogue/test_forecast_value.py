"""forecast_value: Σ open amount × the organisation's own win rate from that milestone, by expected close in the period."""

import pytest

from kpis.periods import Calendar
from kpis.readings import read
from kpis.recompute import drain


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
        "3 open deals expected to close in the period; 1 without amount or rate is left out; "
        "none of the last three closed periods has a forecast to hold against what came"
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


def put_off(world, amount, *expected, rep=None, **more):
    """An open deal of Ada's whose expected close was said so: (day, when)."""
    deal = world.deal(rep or world.ada, ("negotiation", "2026-02-02 09:00"), amount=amount, **more)
    for day, at in expected:
        world.changes(deal, "expected_close_on", day, at)
    return deal


def slipped(world, who, period):
    return world.reading("forecast_value", who, period).beside["slipped"][1]


def test_slipped_is_what_was_put_off_from_a_day_in_the_period_to_one_beyond_it(world):
    """
    All expected as of 2 February:

    | deal | amount | expected | put off               | to       | March   | first quarter |
    |------|--------|----------|-----------------------|----------|---------|---------------|
    | 1    | 1      | 31 March | 1 March, 00:00        | 1 April  | yes     | yes           |
    | 2    | 20     | 1 March  | 31 March, 23:59       | 30 June  | yes     | yes           |
    | 3    | 300    | 30 March | 10 March              | 31 March | no      | no: in it     |
    | 4    | 4,000  | 28 Feb   | 10 March              | 1 April  | no      | yes           |
    | 5    | 50,000 | 1 April  | 10 March              | 1 May    | no      | no: was not   |
    | 6    | 6e5    | 31 March | 1 April, 00:00        | 1 May    | no      | no: later     |
    | 7    | 7e6    | 31 March | 28 February, 23:59    | 1 April  | no      | yes           |
    | 8    | 8e7    | 1 April  | 10 March              | 31 March | no      | no: sooner    |
    """
    for amount, first, at, then in (
        (1, "2026-03-31", "2026-03-01 00:00", "2026-04-01"),
        (20, "2026-03-01", "2026-03-31 23:59", "2026-06-30"),
        (300, "2026-03-30", "2026-03-10 09:00", "2026-03-31"),
        (4000, "2026-02-28", "2026-03-10 09:00", "2026-04-01"),
        (50_000, "2026-04-01", "2026-03-10 09:00", "2026-05-01"),
        (600_000, "2026-03-31", "2026-04-01 00:00", "2026-05-01"),
        (7_000_000, "2026-03-31", "2026-02-28 23:59", "2026-04-01"),
        (80_000_000, "2026-04-01", "2026-03-10 09:00", "2026-03-31"),
    ):
        put_off(world, amount, (first, "2026-02-02 09:00"), (then, at))
    found = {key: slipped(world, world.ada, key) for key in ("2026-03", "2026-Q1", "2026-04", "2026")}
    assert found == {"2026-03": 21, "2026-Q1": 7_004_021, "2026-04": 0, "2026": 0}
    assert slipped(world, world.ada, "2026-03-01..2026-04-01") == 21


def test_what_was_closed_or_came_back_before_the_period_s_end_did_not_slip(world):
    """
    All expected on 20 March and on 10 March put off to April:

    | deal | amount | then                                                  | March               |
    |------|--------|-------------------------------------------------------|---------------------|
    | 1    | 1      | lost on 31 March                                      | no                  |
    | 2    | 20     | lost on 1 April                                       | yes                 |
    | 3    | 300    | won on 15 March                                       | no                  |
    | 4    | 4,000  | on 12 March expected on 31 March                      | no: it came back    |
    | 5    | 5e4    | on 1 April expected on 31 March                       | yes                 |
    | 6    | 6e5    | on 12 March back on the 31st, on the 14th put off to May | once: on the 14th   |
    | 7    | 7e6    | on 12 March put off again, to May                     | once: on the 10th   |
    """
    first, second = ("2026-03-20", "2026-02-02 09:00"), ("2026-04-10", "2026-03-10 09:00")
    for amount, stage, at in (
        (1, "lost", "2026-03-31 23:59"),
        (20, "lost", "2026-04-01 00:00"),
        (300, "won", "2026-03-15 09:00"),
    ):
        world.enters(put_off(world, amount, first, second), stage, at)
    put_off(world, 4000, first, second, ("2026-03-31", "2026-03-12 09:00"))
    put_off(world, 50_000, first, second, ("2026-03-31", "2026-04-01 09:00"))
    back, again = ("2026-03-31", "2026-03-12 09:00"), ("2026-05-10", "2026-03-14 09:00")
    put_off(world, 600_000, first, second, back, again)
    put_off(world, 7_000_000, first, second, ("2026-05-10", "2026-03-12 09:00"))
    assert slipped(world, world.ada, "2026-03") == 7_650_020
    days = [row.from_day.isoformat() for row in listed(world, world.ada, "2026-03") if row.amount > 100_000]
    assert sorted(days) == ["2026-03-10", "2026-03-14"]


def listed(world, who, period):
    others = world.evidence("forecast_value", who, period).others
    return next(other for other in others if str(other.label) == "slipped out of the period").rows


def test_a_slip_counts_for_the_owner_and_the_team_at_the_rate_of_its_day(world):
    """Francs at 0.5 from 1 March, at 0.8 from 11 March; put off on the 10th, Ben's on the 12th, Ada south on the 13th.

    Of another deal nobody knows the worth, and of a third no rate: neither is in the sum.
    """
    for day, rate in (("2026-03-01", "0.5"), ("2026-03-11", "0.8")):
        world.rate("CHF", day, rate)
    expected = ("2026-03-20", "2026-02-02 09:00"), ("2026-04-10", "2026-03-10 09:00")
    deal = put_off(world, 1000, *expected, currency="CHF")
    world.owned(deal, ada="2026-02-02 09:00", ben="2026-03-12 09:00")
    world.moves(world.ada, north="2026-01-01", south="2026-03-13")
    put_off(world, None, *expected)
    put_off(world, 1000, *expected, currency="NOK")
    subjects = (world.ada, world.ben, world.north, world.south, None)
    assert [slipped(world, who, "2026-03") for who in subjects] == [500, 0, 500, 0, 500]
    assert [row.deal for row in listed(world, world.ada, "2026-03")] == [deal]


def test_a_slip_is_one_also_where_the_owner_changes_team_afterwards(world):
    world.moves(world.ada, north="2026-01-01", south="2026-03-20")
    put_off(world, 1000, ("2026-03-20", "2026-02-02 09:00"), ("2026-04-10", "2026-03-10 09:00"))
    assert [slipped(world, who, "2026-03") for who in (world.north, world.south, None)] == [1000, 0, 1000]


def test_past_forecasts_are_held_against_what_came(world):
    """
    Before March one deal was won and one lost from negotiation; Ada's two are on file since 2 February.

    | month | as of its first day                | chance | forecast | won                |
    |-------|------------------------------------|--------|----------|--------------------|
    | March | 1,000 expected on the 20th         | 1 of 2 | 500      | 1,000 on the 15th  |
    | April | 600 expected on the 30th           | 2 of 3 | 400      | –                  |
    | May   | the same 600, put off to the 20th  | 2 of 3 | 400      | 600 on the 12th    |

    As of June 1,600 came of 1,300; as of May 1,000 of 900, for on 1 February nothing was on file yet.
    """
    record(world, negotiation=(1, 1))
    world.enters(put_off(world, 1000, ("2026-03-20", "2026-02-02 09:00")), "won", "2026-03-15 09:00")
    later = put_off(world, 600, ("2026-04-30", "2026-02-02 09:00"), ("2026-05-20", "2026-04-10 09:00"))
    world.enters(later, "won", "2026-05-12 09:00")
    for who in (world.ada, world.north):
        june = world.reading("forecast_value", who, "2026-06")
        assert june.beside["past"][1] == pytest.approx(1600 / 1300)
        assert june.sentence.endswith(
            "1,600 won of the 1,300 forecast when the last three closed periods began"
        )
    assert world.reading("forecast_value", world.ada, "2026-05").beside["past"][1] == pytest.approx(10 / 9)


def test_past_forecasts_say_why_there_is_no_share(world):
    """Ben has none due; a stretch of days has no periods before it; in March nothing before was captured."""
    record(world, negotiation=(1, 1))
    due(world, "negotiation", 1000, "2026-04-20")
    ben, ada = (world.reading("forecast_value", who, "2026-06") for who in (world.ben, world.ada))
    assert (ben.beside["past"][1], ada.beside["past"][1]) == (None, 0)
    assert "none of the last three closed periods has a forecast" in ben.sentence
    assert "0 won of the 500 forecast" in ada.sentence
    for period in ("last-90", "2026-04-01..2026-06-01"):
        found = world.reading("forecast_value", world.ada, period)
        assert found.beside["past"][1] is None and "closed periods" not in found.sentence
    assert world.reading("forecast_value", world.ada, "2026-03").beside["past"][1] is None


def test_past_forecasts_cost_a_fixed_number_of_queries_for_all_cards(world, django_assert_num_queries):
    due(world, "negotiation", 1000, "2026-04-20")
    drain()
    calendar = Calendar.current()
    subjects = [world.subject(who) for who in (world.ada, world.ben, world.north, None)]
    cards = read(subjects, [calendar.parse(key) for key in ("2026-05", "2026-06", "2026-Q2", "last-90")])
    with django_assert_num_queries(2):  # the pieces, the chances
        assert len([card["forecast_value"].beside["past"] for card in cards.values()]) == 16

"""Defects seen in other sales dashboards, each held as the fact that is true here."""

from datetime import date
from decimal import Decimal

import pytest

from kpis.catalogue import CATALOGUE
from kpis.models import Target
from kpis.periods import Calendar
from kpis.readings import read
from kpis.recompute import drain
from kpis.standing import Standing, standing
from kpis.targets import targets_for
from pipeline.models import DealSpan, Episode

MONTHS = ("2026-03", "2026-04", "2026-05")


@pytest.fixture(autouse=True)
def since_january(world):
    """Olga's win of January: from then on a rep without wins has none, rather than none recorded."""
    world.deal(world.olga, ("prospect", "2026-01-05"), ("won", "2026-01-10"), amount="1")


def values(world, key, who, *periods):
    return [world.value(key, who, period) for period in periods]


def figures(world, key, who, *periods):
    """(numerator, denominator) of a share in each period."""
    readings = (world.reading(key, who, period) for period in periods)
    return [(reading.numerator, reading.denominator) for reading in readings]


def test_a_lost_deal_is_worth_nothing_in_what_is_still_open(world):
    """Two prospects of 1000 and 3000; the second is lost on 10 April, expected to close in May all the same."""
    world.deal(world.ada, ("prospect", "2026-03-02"), amount="1000")
    world.deal(
        world.ada, ("prospect", "2026-03-02"), ("lost", "2026-04-10"), amount="3000", expected_close_on="2026-05-20"
    )  # fmt: skip
    assert values(world, "prospects_volume", world.ada, *MONTHS) == [4000, 1000, 1000]
    assert values(world, "prospects_open", world.ada, *MONTHS) == [2, 1, 1]
    assert values(world, "won_value", world.ada, "2026") == [0]


def test_a_win_falls_into_the_month_it_closed_whenever_it_was_expected(world):
    """Won on 10 April; on record it was expected on 20 March."""
    world.deal(
        world.ada, ("proposal", "2026-03-02"), ("won", "2026-04-10"), amount="700", expected_close_on="2026-03-20"
    )  # fmt: skip
    assert values(world, "won_value", world.ada, *MONTHS) == [0, 700, 0]
    assert values(world, "deals_won", world.ada, *MONTHS) == [0, 1, 0]


def test_deals_lost_since_stay_in_the_denominator(world):
    """Of four qualified deals closed in March three were lost: one of four, not one of the one that survived."""
    for outcome in ("won", "lost", "lost", "lost"):
        world.deal(world.ada, ("qualified", "2026-02-02"), (outcome, "2026-03-10"))
    assert figures(world, "win_rate", world.ada, "2026-03") == [(1, 4)]


def test_a_lost_deal_was_open_while_it_was_open(world):
    """A prospect lost on 10 April stands in March's figure for good, also when asked in June."""
    world.deal(world.ada, ("prospect", "2026-03-02"), ("lost", "2026-04-10"), amount="1000")
    assert values(world, "prospects_open", world.ada, *MONTHS) == [1, 0, 0]


def test_a_deal_that_goes_round_in_circles_counts_once(world):
    """Prospect, back to qualified, prospect again, twice over: one deal created, one prospect, one win of one."""
    rounds = [
        (stage, f"2026-03-{day:02}")
        for day, stage in enumerate(["qualified", "prospect"] * 3, start=2)
    ]  # fmt: skip
    deal = world.deal(world.ada, *rounds, amount="500")
    assert values(world, "prospects_open", world.ada, "2026-03") == [1]
    assert values(world, "prospects_volume", world.ada, "2026-03") == [500]
    assert world.reading("pipeline_created", world.ada, "2026-03").beside["count"][1] == 1
    world.enters(deal, "won", "2026-04-10")
    assert figures(world, "win_rate", world.ada, "2026-04") == [(1, 1)]
    assert values(world, "won_value", world.ada, "2026-04") == [500]


def test_a_milestone_passed_twice_was_passed_on_the_first_day(world):
    deal = world.deal(
        world.ada, ("qualified", "2026-03-02"), ("lead", "2026-03-09"), ("qualified", "2026-03-16")
    )
    world.value("win_rate", world.ada, "2026-03")
    assert [one.qualified_day for one in Episode.objects.filter(deal=deal)] == [date(2026, 3, 2)]


def test_a_cohort_keeps_the_deals_that_were_lost_and_counts_a_return_once(world):
    """
    | qualified in February | then                                         | counted |
    |-----------------------|----------------------------------------------|---------|
    | 1                     | lost                                         | 0 of 1  |
    | 2                     | prospect, lost                               | 1 of 1  |
    | 3                     | lead, qualified in March, lead, again, prospect | 1 of 1, in February only |
    """
    start = ("qualified", "2026-02-02")
    world.deal(world.ada, start, ("lost", "2026-02-10"))
    world.deal(world.ada, start, ("prospect", "2026-02-10"), ("lost", "2026-02-20"))
    world.deal(
        world.ada, start, ("lead", "2026-02-10"), ("qualified", "2026-03-02"), ("lead", "2026-03-03"),
        ("qualified", "2026-03-04"), ("prospect", "2026-03-05"),
    )  # fmt: skip
    assert figures(world, "qualified_conversion", world.ada, "2026-02", "2026-03") == [(2, 3), (0, 0)]


def test_a_win_is_the_owner_s_who_closed_it_on_the_day_it_closed(world):
    """Created by Ada in February, won by Ben in March, Olga's since April."""
    deal = world.deal(world.olga, ("qualified", "2026-02-02"), ("won", "2026-03-10"), amount="900")
    world.owned(deal, ada="2026-02-02", ben="2026-03-01", olga="2026-04-01")
    reps = (world.ada, world.ben, world.olga)
    assert [values(world, "won_value", rep, "2026-02", "2026-03", "2026-04") for rep in reps] == [
        [0, 0, 0],
        [0, 900, 0],
        [0, 0, 0],
    ]
    assert [world.value("pipeline_created", rep, "2026-02") for rep in reps] == [900, 0, 0]


def test_money_is_converted_at_the_day_s_rate_not_once_for_all(world):
    """1000 USD at 0.9 from January, 0.8 from April: as of March 900, as of April 800; won in May 800."""
    world.rate("USD", "2026-01-01", "0.9")
    world.rate("USD", "2026-04-01", "0.8")
    deal = world.deal(world.ada, ("prospect", "2026-03-02"), amount="1000", currency="USD")
    assert values(world, "prospects_volume", world.ada, "2026-03", "2026-04") == [900, 800]
    assert values(world, "pipeline_created", world.ada, "2026-03") == [900]
    world.enters(deal, "won", "2026-05-10")
    assert values(world, "won_value", world.ada, "2026-05") == [800]


def test_a_rate_that_arrives_late_is_applied_to_what_was_computed_before(world):
    world.deal(world.ada, ("prospect", "2026-03-02"), ("won", "2026-03-10"), amount="1000", currency="USD")
    assert world.reading("won_value", world.ada, "2026-03").reason == "unconvertible"
    world.rate("USD", "2026-03-01", "0.9")
    assert values(world, "won_value", world.ada, "2026-03") == [900]


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Renamed"},
        {"next_step": "Send the invoice"},
        {"lost_reason": "none"},
        {"expected_close_on": "2026-06-30"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_editing_an_old_win_does_not_win_it_again(world, change):
    """Won in March, edited today, 15 June."""
    deal = world.deal(world.ada, ("qualified", "2026-02-02"), ("won", "2026-03-10"), amount="900")
    periods = ("2026-03", "2026-06", "last-30")
    assert values(world, "deals_won", world.ada, *periods) == [1, 0, 0]
    for field, value in change.items():
        setattr(deal, field, value)
    deal.save()
    assert values(world, "deals_won", world.ada, *periods) == [1, 0, 0]
    assert values(world, "won_value", world.ada, *periods) == [900, 0, 0]


def test_deals_in_another_currency_are_in_the_totals(world):
    """500 EUR and 1000 USD at 0.9; 300 CHF without a rate are said, neither dropped nor taken for euros."""
    world.rate("USD", "2026-01-01", "0.9")
    for amount, currency in (("500", ""), ("1000", "USD"), ("300", "CHF")):
        world.deal(
            world.ada, ("prospect", "2026-03-02"), ("won", "2026-03-10"), amount=amount, currency=currency
        )
    reading = world.reading("won_value", world.ada, "2026-03")
    assert (reading.value, reading.numbers["unknown"]) == (1400, 1)
    assert world.left_out("won_value", world.ada, "2026-03") == {"no amount, or no exchange rate": 1}
    assert world.value("deals_won", world.ada, "2026-03") == 3


def test_a_rate_is_of_its_period_not_of_all_time(world):
    """2 of 2 in March, 0 of 1 in April; the year adds them up to 2 of 3, not to the mean of 100 and 0 percent."""
    for outcome, day in (("won", "2026-03-10"), ("won", "2026-03-11"), ("lost", "2026-04-10")):
        world.deal(world.ada, ("qualified", "2026-02-02"), (outcome, day))
    assert figures(world, "win_rate", world.ada, "2026-03", "2026-04", "2026") == [(2, 2), (0, 1), (2, 3)]
    assert world.value("win_rate", world.ada, "2026") == pytest.approx(2 / 3)


def test_a_team_s_rate_adds_its_reps_up_and_is_no_mean_of_theirs(world):
    """Ada wins 1 of 1, Ben 1 of 9: North 2 of 10, not 56 %."""
    world.deal(world.ada, ("qualified", "2026-02-02"), ("won", "2026-03-10"))
    for number in range(9):
        world.deal(
            world.ben, ("qualified", "2026-02-02"), ("lost" if number else "won", f"2026-03-{10 + number}")
        )
    assert world.value("win_rate", world.north, "2026-03") == 0.2


def test_more_than_the_target_is_more_than_the_target(world):
    """A quota of 1000, 2500 won: the figure, the target and what is due stay as they are, nothing is capped at 100 %."""
    Target.objects.create(rep=world.ada, kpi="won_value", period="month", from_on="2026-01-01", value=1000)
    world.deal(world.ada, ("qualified", "2026-02-02"), ("won", "2026-03-10"), amount="2500")
    reading = world.reading("won_value", world.ada, "2026-03")
    subject, period = world.subject(world.ada), Calendar.current().parse("2026-03")
    due = targets_for([subject], period, ["won_value"])[subject, "won_value"]
    assert (reading.value / due.value, due.due) == (2.5, 1000)
    assert standing(CATALOGUE["won_value"], reading, due) == Standing.ON_TRACK


def test_a_deal_two_of_a_team_worked_on_counts_once_for_the_team(world):
    """Ada's until 15 March, then Ben's, both North."""
    deal = world.deal(
        world.ben, ("prospect", "2026-03-02"), ("won", "2026-04-10"), amount="900", created_by=world.ada
    )
    world.owned(deal, ada="2026-03-02", ben="2026-03-15")
    assert values(world, "won_value", world.north, "2026-04", "2026") == [900, 900]
    assert values(world, "deals_won", world.north, "2026-04") == [1]
    assert values(world, "prospects_volume", world.north, "2026-03") == [900]
    assert values(world, "pipeline_created", world.north, "2026-03") == [900]


def test_a_meeting_in_two_reps_calendars_is_held_once_by_their_team(world):
    for rep in (world.ada, world.dario):
        world.meeting(rep, "2026-03-10 10:00", world.carla, provider_id="review-7@calendar/2026-03-10")
    assert values(world, "meetings_held", world.north, "2026-03") == [1]


def test_a_team_and_its_subteam_do_not_count_a_rep_twice(world):
    """Dario's Coast is below North: North counts his calls once, and no rep's are counted for South."""
    world.call(world.dario, "2026-03-10 10:00", world.carla)
    world.call(world.ada, "2026-03-10 11:00", world.carla)
    teams = (world.coast, world.north, world.south, None)
    assert [world.value("calls_made", team, "2026-03") for team in teams] == [1, 2, 0, 2]


def test_every_stage_a_deal_was_in_is_dated_rows_not_only_the_last(world):
    """As of each month's end: lead, prospect, proposal; 1000, then 2000 from May."""
    deal = world.deal(
        world.ada, ("lead", "2026-03-02"), ("prospect", "2026-04-02"), ("proposal", "2026-05-04")
    )
    world.worth(deal, ("1000", "2026-03-02"), ("2000", "2026-05-04"))
    assert values(world, "prospects_volume", world.ada, *MONTHS) == [0, 1000, 2000]
    spans = DealSpan.objects.filter(deal=deal).order_by("from_at")
    assert list(spans.values_list("stage__name", "amount")) == [
        ("Lead", Decimal(1000)),
        ("Prospect", Decimal(1000)),
        ("Proposal", Decimal(2000)),
    ]


def test_every_kpi_has_a_reading_for_each_rep_team_and_the_organisation(world):
    """Ada, who did nothing, has them as well: a nought, or none with its reason."""
    drain()
    subjects = [world.subject(who) for who in (world.ada, world.olga, world.north, None)]
    cards = read(subjects, [Calendar.current().parse("2026-01")])
    readings = [card[key] for card in cards.values() for key in CATALOGUE]
    assert len(readings) == 4 * len(CATALOGUE)
    assert all(one.value is not None or one.reason for one in readings)


def test_a_reopened_win_is_open_again_and_stays_won_where_it_was(world):
    """Won on 10 March, reopened on 2 April: March's contract stands, April's end finds one open prospect."""
    world.deal(
        world.ada, ("prospect", "2026-02-02"), ("won", "2026-03-10"), ("prospect", "2026-04-02"), amount="900"
    )  # fmt: skip
    assert values(world, "deals_won", world.ada, *MONTHS) == [1, 0, 0]
    assert values(world, "prospects_open", world.ada, *MONTHS) == [0, 1, 1]
    assert figures(world, "win_rate", world.ada, *MONTHS) == [(1, 1), (0, 0), (0, 0)]


def test_an_unrelated_edit_leaves_a_loss_a_loss(world):
    deal = world.deal(world.ada, ("qualified", "2026-02-02"), ("lost", "2026-03-10"))
    assert figures(world, "win_rate", world.ada, "2026-03") == [(0, 1)]
    deal.amount = Decimal(5)
    deal.save()
    world.fact(deal, "nda_signed", "2026-05-02")
    assert figures(world, "win_rate", world.ada, "2026-03", "2026-05", "2026-06") == [(0, 1), (0, 0), (0, 0)]
    assert values(world, "prospects_open", world.ada, "2026-03", "2026-06") == [0, 0]


def test_no_records_are_neither_nought_percent_nor_inactivity(world):
    """Nothing captured at all, then Ben's first dial: Ada has made none, and of none there is no rate."""
    readings = [world.reading(key, world.ada, "2026-03") for key in ("calls_made", "reach_rate")]
    assert [(one.value, one.reason) for one in readings] == [(None, "not_captured")] * 2
    world.call(world.ben, "2026-03-10 10:00", world.carla)
    readings = [world.reading(key, world.ada, "2026-03") for key in ("calls_made", "reach_rate")]
    assert [(one.value, one.reason) for one in readings] == [(0, None), (None, "no_denominator")]

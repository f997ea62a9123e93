"""The public CRM sample, imported and recomputed: every figure equals its published answer."""

import pytest

from pipeline.models import Rep
from tests.realdata.figures import by_name, computed, figure, percent, show
from tests.realdata.published import answers, needs

pytestmark = needs("maven_crm")


@pytest.fixture(scope="module", autouse=True)
def maven(django_db_setup, django_db_blocker):
    with computed(django_db_blocker, "maven_crm", "maven_crm", "2018-01-02T12:00Z") as outcome:
        yield outcome


@pytest.fixture(scope="module")
def known():
    return answers("maven_crm/oracle.json")


def test_the_organisation_as_a_whole(known):
    [[won, lost, rate]] = known["win_rate"]
    row = figure("deals_won")
    assert (row["value"], row["beside"]["lost"]) == (won, lost) == (4238, 2473)
    row = figure("win_rate")
    assert (row["numerator"], row["denominator"], percent(row)) == (won, won + lost, rate)
    assert round(percent(row), 2) == 63.15
    [[value, _average, _median]] = known["won_value"]
    assert figure("won_value")["value"] == value == 10_005_534


def test_contracts_and_won_value_of_each_quarter(known):
    for quarter, won, lost, value, rate in known["won_by_quarter"]:
        row = figure("deals_won", quarter)
        assert (row["value"], row["beside"]["lost"]) == (won, lost), quarter
        assert figure("won_value", quarter)["value"] == value
        assert percent(figure("win_rate", quarter)) == rate
    assert [row[1] for row in known["won_by_quarter"]] == [531, 1254, 1257, 1196]


def test_contracts_and_won_value_of_each_month(known):
    for month, won, value in known["won_by_month"]:
        assert (figure("deals_won", month)["value"], figure("won_value", month)["value"]) == (won, value)


def test_the_median_cycle_with_the_mean_beside_it(known):
    row = figure("sales_cycle_days")
    cycles = {stage: rest for stage, *rest in known["cycle"]}
    n, mean, median, shortest, longest = cycles["Won"]
    assert (row["value"], len(row["sample"]), row["evidence_count"]) == (median, n, n) == (57, 4238, 4238)
    assert row["beside"]["mean"] == pytest.approx(mean, abs=1e-6) == pytest.approx(51.78, abs=0.005)
    assert (min(row["sample"]), max(row["sample"])) == (shortest, longest)
    assert row["beside"]["lost"] == cycles["Lost"][2] == 14


@pytest.mark.parametrize("period", ["all", "2017"])
def test_each_of_the_35_reps(known, period):
    won, rate, value, cycle = (
        by_name(key, period) for key in ("deals_won", "win_rate", "won_value", "sales_cycle_days")
    )
    assert len(known["agent"]) == 35
    for name, _manager, _office, _deals, n_won, n_lost, _open, percents, amount, days in known["agent"]:
        assert (won[name]["value"], won[name]["beside"]["lost"]) == (n_won, n_lost), name
        assert percent(rate[name]) == percents, name
        assert value[name]["value"] == amount, name
        mean = cycle[name]["beside"].get("mean")
        assert mean == (None if days is None else pytest.approx(days, abs=5e-5)), name


def test_a_rep_without_a_deal_shows_noughts_and_dashes_and_does_not_vanish(known):
    idle = [name for [name] in known["agents_without_deals"]]
    assert len(idle) == 5
    won, rate, value, cycle = (
        by_name(key, "2017") for key in ("deals_won", "win_rate", "won_value", "sales_cycle_days")
    )
    for name in idle:
        assert (won[name]["value"], won[name]["reason"]) == (0, None)
        assert (value[name]["value"], value[name]["reason"]) == (0, None)
        assert (rate[name]["value"], rate[name]["reason"]) == (None, "no_denominator")
        assert (cycle[name]["value"], cycle[name]["reason"]) == (None, "no_denominator")


def test_the_teams_of_the_managers(known):
    for manager, _office, _agents, won, lost, rate, value in known["manager"]:
        _holds(f"{manager}'s team", won, lost, value)
        assert percent(figure("win_rate", team=f"{manager}'s team")) == rate
        rep = Rep.objects.get(name=manager)
        assert figure("deals_won", rep=str(rep.pk))["value"] == 0  # managers sell nothing themselves


def test_the_offices_add_up_their_teams(known):
    for office, won, lost, value in known["office"]:
        _holds(office, won, lost, value)


def _holds(team: str, won: int, lost: int, value: int) -> None:
    row = figure("deals_won", team=team)
    assert (row["value"], row["beside"]["lost"]) == (won, lost), team
    assert figure("won_value", team=team)["value"] == value


def test_deals_per_rep_and_year(known):
    rows = show("deals_won", "2017", all_reps=True)
    found = {row["name"]: row["value"] for row in rows if row["value"]}
    assert found == dict(known["contracts_per_year"])


def test_how_long_open_deals_have_been_engaged_at_the_years_end(known):
    [[n, mean, median, _longest]] = known["open_age"]
    row = figure("stage_days", "2017")
    assert (row["evidence_count"], row["value"]) == (n, median)
    assert row["beside"]["mean"] == pytest.approx(mean, abs=5e-5)


def test_what_nobody_recorded_is_a_dash_and_no_nought():
    for key in ("emails_sent", "calls_made", "reply_rate", "nda_signed"):
        assert (figure(key, "2017")["value"], figure(key, "2017")["reason"]) == (None, "not_captured")

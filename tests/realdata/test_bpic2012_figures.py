"""A bank's real loan applications, imported and recomputed on Amsterdam's clock: figures equal the known answers."""

import pytest

from kpis.catalogue import CATALOGUE
from kpis.evidence import evidence
from kpis.periods import Calendar
from kpis.subjects import Subject
from pipeline.models import Rep
from tests.realdata.figures import by_name, computed, figure, percent
from tests.realdata.published import answers, needs

pytestmark = needs("bpic2012")


@pytest.fixture(scope="module", autouse=True)
def bank(django_db_setup, django_db_blocker):
    with computed(django_db_blocker, "bpic2012", "bpic2012", "2012-04-02T12:00Z") as outcome:
        yield outcome


@pytest.fixture(scope="module")
def known():
    return answers("bpic2012/oracle.json")


def by_owner(key: str) -> dict[str, dict]:
    return {name.removeprefix("Resource "): row for name, row in by_name(key).items()}


def test_the_organisation_as_a_whole(known):
    outcomes = {outcome: (n, amount) for outcome, n, amount in known["outcomes"]}
    row = figure("deals_won")
    assert row["value"] == outcomes["won"][0] == 2246
    assert (
        row["beside"]["lost"] == outcomes["lost_declined"][0] + outcomes["lost_cancelled"][0] == 7635 + 2807
    )
    assert figure("won_value")["value"] == outcomes["won"][1]


def test_quarters_turn_at_midnight_in_amsterdam(known):
    for quarter, won, value in known["won_by_quarter_local"]:
        assert figure("deals_won", quarter)["value"] == won
        assert figure("won_value", quarter)["value"] == value
    assert [won for _quarter, won, _value in known["won_by_quarter_local"]] == [1130, 1116]


def test_only_deals_that_had_an_offer_count_for_the_win_rate(known):
    [[_all_closed, _with_offer, won, rate]] = known["win_rate"]
    row = figure("win_rate")
    assert (row["numerator"], percent(row)) == (won, rate)
    lost_after_offer = sum(n for approved, n, *_ in known["median_calls_before_won"] if not approved)
    assert row["denominator"] == won + lost_after_offer


def test_each_owners_wins_and_won_value(known):
    won, value = by_owner("deals_won"), by_owner("won_value")
    for owner, _deals, n_won, amount in known["owner_win_all"]:
        assert (won[owner]["value"], value[owner]["value"]) == (n_won, amount), owner
    owners = {owner for owner, *_ in known["owner_win_all"]}
    assert not {owner: row for owner, row in won.items() if row["value"] and owner not in owners}


def test_each_owners_win_rate(known):
    rates = by_owner("win_rate")
    for owner, _deals, closed, won, rate, _amount in known["owner_win_top20"]:
        row = rates[owner]
        assert (row["numerator"], row["denominator"], percent(row)) == (won, closed, rate), owner


def test_the_sales_cycle_is_exact_to_the_second(known):
    cycles = {outcome: rest for outcome, *rest in known["cycle"]}
    n, mean, median = cycles["won"]
    row = figure("sales_cycle_days")
    assert row["evidence_count"] == n
    assert row["value"] == pytest.approx(median, abs=1e-6)
    assert row["beside"]["mean"] == pytest.approx(mean, abs=1e-6)


def test_dials_and_mails(known):
    """63,215 dials and 7,030 mails sent; of the dials 7,957 have no resource and are left out."""
    sent = {(kind, direction): n for kind, direction, n, *_ in known["mapped_activities"]}
    assert figure("emails_sent")["value"] == sent["email", "outbound"]
    nobodys = 817 + 3040 + 971 + 3129
    assert figure("calls_made")["value"] == sent["call", "outbound"] - nobodys


def test_follow_up_calls_of_each_rep_are_in_the_evidence(known):
    everything = Calendar.current().parse("all")
    reps = {rep.external_id: rep for rep in Rep.objects.all()}
    for resource, calls, deals in known["calls_per_rep_top15"]:
        counted = evidence(CATALOGUE["calls_made"], Subject.rep(reps[resource].pk), everything).counted
        offers = counted.filter(type="W_Nabellen offertes")
        assert (offers.count(), offers.values("deal").distinct().count()) == (calls, deals), resource


def test_a_machine_has_figures_of_its_own_but_owns_no_deal():
    assert by_owner("deals_won")["112"]["value"] == 0


def test_replies_cannot_be_told_without_contacts():
    row = figure("reply_rate")
    assert (row["value"], row["reason"]) == (None, "not_captured")

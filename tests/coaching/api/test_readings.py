"""What the API answers: the figures of show_kpi, with an ETag, in a fixed number of queries."""

import io
import json
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpis.catalogue import CATALOGUE
from kpis.models import Target
from kpis.recompute import drain
from pipeline.models import Activity, Deal, LeadSource, Rep, Stage, StageChange
from pipeline.models.deals import Milestone

UNLISTED = [
    ("reps", {"password": "x"}),
    ("reps", {"account_user__password__startswith": "a"}),
    ("deals", {"owner__name": "Ada"}),
    ("deals", {"ordering": "amount"}),
    ("teams", {"q": "North"}),
    ("kpis", {"page": "1"}),
    ("snapshots", {"period": "2026", "subject": "all-reps", "team": "1"}),
    ("standings", {"period": "2026", "subject": "all-reps", "team": "1"}),
]
UNREADABLE = [
    ("period", {"subject": "all-reps"}),
    ("subject", {"period": "2026"}),
    ("period", {"period": "2026-13", "subject": "all-reps"}),
    ("period", {"period": "2026-02-30..2026-03-01", "subject": "all-reps"}),
    ("period", {"period": "9999", "subject": "all-reps"}),
    ("subject", {"period": "2026", "subject": "rep:ada"}),
    ("kpi", {"period": "2026", "subject": "rep:1", "kpi": "no_such_kpi"}),
]


def figures(client, **asked) -> list[dict]:
    answer = client.get("/api/snapshots/", {"period": "2026-11", **asked})
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def test_a_reading_carries_its_arithmetic(world):
    (row,) = figures(world.as_("Ada"), subject=f"rep:{world.ada.pk}", kpi="win_rate")
    computed_at = row.pop("computed_at")
    assert computed_at.endswith("Z")
    # One of one: Wilson's 95 % interval of 1/1 reaches down to 1 / (1 + 1.96²).
    assert row.pop("low") == pytest.approx(0.206549, abs=1e-6)
    assert row == {
        "key": "win_rate",
        "subject": f"rep:{world.ada.pk}",
        "name": "Ada",
        "period": "2026-11",
        "value": 1.0,
        "numerator": 1.0,
        "denominator": 1,
        "sample": None,
        "unit": "percent",
        "reason": None,
        "high": 1.0,
        "evidence_count": 1,
        "beside": {},
        "sentence": "1 of 1 qualified deals closed was won",
    }


def test_money_is_in_currency_and_a_median_shows_its_sample(world):
    client, subject = world.as_("Maya"), f"team:{world.north.pk}"
    (won,) = figures(client, subject=subject, kpi="won_value")
    assert (won["value"], won["numerator"], won["unit"]) == (1200.5, 1200.5, "money")
    (cycle,) = figures(client, subject=subject, kpi="sales_cycle_days")
    assert (cycle["value"], cycle["reason"], cycle["sample"]) == (None, "too_few", [8.0])
    assert cycle["numerator"] is cycle["denominator"] is None


def test_a_rep_without_a_deal_shows_a_nought_and_a_dash(world):
    rows = figures(world.as_("Ben"), subject=f"rep:{world.ben.pk}", kpi=["deals_won", "win_rate"])
    assert [(row["value"], row["reason"]) for row in rows] == [(0, None), (None, "no_denominator")]


def test_without_a_kpi_the_whole_catalogue_answers_in_its_order(world):
    rows = figures(world.as_("Ivo"), subject="organisation")
    assert [row["key"] for row in rows] == list(CATALOGUE)


@pytest.mark.parametrize("period", ["2026-11", "last-30", "all", "2026-11-01..2026-11-21"])
def test_the_api_and_show_kpi_say_the_same(period, world):
    Target.objects.create(kpi="won_value", period="month", from_on="2026-01-01", value=5000, rep=world.ada)
    out = io.StringIO()
    call_command("show_kpi", "won_value", period=period, all_reps=True, json=True, stdout=out)
    asked = {"period": period, "subject": "all-reps", "kpi": "won_value"}
    client = world.as_("Ivo")
    stands = client.get("/api/standings/", asked).json()["results"]
    assert len(stands) == 5
    for shown, row, where in zip(json.loads(out.getvalue()), figures(client, **asked), stands, strict=True):
        shown.pop("computed_at"), row.pop("computed_at"), row.pop("sample")
        assert shown == row | where


def test_the_catalogue_is_complete(world):
    rows = world.as_("Ada").get("/api/kpis/").json()
    assert [row["key"] for row in rows] == list(CATALOGUE)
    for row, kpi in zip(rows, CATALOGUE.values(), strict=True):
        assert row["formula"] == kpi.formula and row["definition"] == str(kpi.definition)
        assert row["seeds"] == list(kpi.seeds)


def test_unchanged_figures_answer_304_and_changed_ones_do_not(world):
    client = world.as_("Ada")
    asked = {"period": "2026-11", "subject": f"rep:{world.ada.pk}", "kpi": "calls_made"}
    etag = client.get("/api/snapshots/", asked)["ETag"]
    again = client.get("/api/snapshots/", asked, headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    Activity.objects.create(rep=world.ada, kind=Activity.Kind.CALL, direction=1, at=world.now)
    drain()
    new = client.get("/api/snapshots/", asked, headers={"If-None-Match": etag})
    assert new.status_code == 200 and new["ETag"] != etag
    assert new.json()["results"][0]["value"] == 2


def test_the_figures_of_somebody_else_do_not_move_an_etag(world):
    client = world.as_("Ada")
    asked = {"period": "2026-11", "subject": f"rep:{world.ada.pk}"}
    etag = client.get("/api/snapshots/", asked)["ETag"]
    Activity.objects.create(rep=world.ben, kind=Activity.Kind.CALL, direction=1, at=world.now)
    drain()
    assert client.get("/api/snapshots/", asked)["ETag"] == etag


def test_a_back_dated_close_of_somebody_else_moves_the_forecasts_it_weighs(world):
    """Ben's deal lost in September is among the twelve months behind November's chances; Ada's calls stay as they are."""
    client, rep = world.as_("Ada"), f"rep:{world.ada.pk}"

    def etags() -> list[str]:
        asked = {"period": "2026-11", "subject": rep}
        keys = ("forecast_value", "calls_made")
        return [client.get("/api/snapshots/", {**asked, "kpi": key})["ETag"] for key in keys]

    before = etags()
    lost = Stage.objects.create(name="Lost", position=9, milestone=Milestone.LOST)
    stages = [Stage.objects.get(milestone=Milestone.QUALIFIED), lost]
    deal = Deal.objects.create(name="Late news", owner=world.ben, stage=lost)
    for stage, day in zip(stages, (1, 20), strict=True):
        StageChange.objects.create(deal=deal, stage=stage, at=datetime(2026, 9, day, 10, tzinfo=UTC))
    drain()
    after = etags()
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, True]


def test_a_new_target_moves_what_is_measured_against_it(world):
    client = world.as_("Ada")
    asked = {"period": "2026-11", "subject": f"rep:{world.ada.pk}", "kpi": "quota_coverage"}
    etag = client.get("/api/snapshots/", asked)["ETag"]
    Target.objects.create(kpi="won_value", period="month", from_on="2026-01-01", value=5000, rep=world.ada)
    assert client.get("/api/snapshots/", asked)["ETag"] != etag


def test_a_new_name_another_page_and_another_language_are_other_answers(world):
    client = world.as_("Ada")
    asked = {"period": "2026-11", "subject": f"rep:{world.ada.pk}"}
    etags = {client.get("/api/snapshots/", asked)["ETag"]}
    etags.add(client.get("/api/snapshots/", {**asked, "page_size": 2})["ETag"])
    etags.add(client.get("/api/snapshots/", asked, headers={"Accept-Language": "it"})["ETag"])
    Rep.objects.filter(pk=world.ada.pk).update(name="Ada Jones")
    etags.add(client.get("/api/snapshots/", asked)["ETag"])
    assert len(etags) == 4


def test_a_free_range_has_no_etag(world):
    asked = {"period": "2026-11-01..2026-11-15", "subject": f"rep:{world.ada.pk}"}
    assert "ETag" not in world.as_("Ada").get("/api/snapshots/", asked)


def test_pages_follow_one_another_without_loss(world):
    client, seen = world.as_("Ivo"), []
    url = "/api/snapshots/?period=2026-11&subject=all-reps&page_size=7"
    while url:
        page = client.get(url).json()
        seen += [(row["subject"], row["key"]) for row in page["results"]]
        url = page["next"]
    assert len(seen) == len(set(seen)) == page["count"] == 5 * len(CATALOGUE)


def test_a_parameter_nobody_listed_is_refused(world):
    client = world.as_("Ivo")
    for kind, asked in UNLISTED:
        answer = client.get(f"/api/{kind}/", asked)
        assert (answer.status_code, set(answer.json())) == (400, set(asked) - {"period", "subject"})


def test_a_question_that_cannot_be_read_says_which_part(world):
    client = world.as_("Ivo")
    for blamed, asked in UNREADABLE:
        answer = client.get("/api/snapshots/", asked)
        assert (answer.status_code, list(answer.json())) == (400, [blamed]), asked


def test_deals_are_filtered_by_what_is_listed(world):
    client = world.as_("Ivo")

    def names(**asked):
        return [deal["name"] for deal in client.get("/api/deals/", asked).json()["results"]]

    assert names(owner=world.ada.pk) == names(team=world.north.pk) == ["Conveyor belts"]
    assert names(is_open="true") == ["nobody's deal"]
    # The end of a range is outside: what closed at nine did not close before nine.
    assert names(closed_from="2026-11-10T09:00:00Z") == ["Conveyor belts"]
    assert names(closed_before="2026-11-10T09:00:00Z") == []
    assert names(external_id=world.deal.external_id, source="touchline") == ["Conveyor belts"]


def test_a_deal_shows_listed_fields_only(world):
    deal = world.as_("Ada").get(f"/api/deals/{world.deal.pk}/").json()
    assert (deal["amount"], deal["milestone"], deal["account_name"]) == ("1200.50", "won", "Quarry & Sons")
    assert not {"cost", "batch", "version", "created_by", "name_key"} & set(deal)


QUERIES = {
    "reps/": 5,
    "teams/": 5,
    "deals/": 5,
    "kpis/": 4,
    "snapshots/?period=2026-11&subject=all-reps&page_size=1000": 30,
    "standings/?period=2026-11&subject=all-reps&page_size=1000": 30,
}


def test_more_rows_cost_no_more_queries(world):
    """A rep more brings a deal and a lead source of its own: what is named is named at once."""
    client = world.as_("Maya")

    def queries() -> dict[str, int]:
        return {address: _queries_of(client, address) for address in QUERIES}

    _add_rep(world, 0)
    drain()
    assert queries() == QUERIES
    for number in range(1, 6):
        _add_rep(world, number)
    drain()
    assert queries() == QUERIES


def _add_rep(world, number: int) -> None:
    Deal.objects.create(
        name=f"Deal {number}",
        owner=Rep.objects.create(name=f"Rep {number}", team=world.north),
        stage=world.deal.stage,
        account=world.deal.account,
        lead_source=LeadSource.objects.create(name=f"Source {number}"),
        created_at=datetime(2026, 11, 10, 10, tzinfo=UTC),
    )


def _queries_of(client, address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(f"/api/{address}").status_code == 200
    return len(seen)

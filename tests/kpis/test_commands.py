"""The commands: what they print, in words and as JSON, what they refuse, and how they exit."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from kpis import runs
from kpis.catalogue import CATALOGUE
from kpis.management.commands import recompute_kpis
from kpis.models import Run, Snapshot, Stale
from kpis.recompute import drain
from pipeline.models import Rep, Unsettled
from tests.kpis.mean_world import MeanWorld


def said(*args: str) -> str:
    out = StringIO()
    call_command(*args, stdout=out, stderr=StringIO())
    return out.getvalue()


def exit_code(*args: str) -> int:
    try:
        said(*args)
    except SystemExit as leaving:
        return leaving.code
    return 0


@pytest.fixture
def called(world):
    """Ada dialled four times in March and reached three; Ben twice and reached nobody."""
    for hour, outcome in ((9, "reached"), (10, "reached"), (11, "reached"), (12, "voicemail")):
        world.call(world.ada, f"2026-03-03 {hour:02}:00", world.carla, outcome=outcome)
    for hour in (9, 10):
        world.call(world.ben, f"2026-03-03 {hour:02}:00", world.carla, outcome="no_answer")
    drain()
    return world


def test_show_kpi_prints_the_number_with_its_arithmetic(called):
    line = said("show_kpi", "reach_rate", "--rep", "Ada", "--period", "2026-03")
    for part in (
        "value=0.75",
        "numerator=3",
        "denominator=4",
        "evidence_count=4",
        "name=Ada",
        "period=2026-03",
    ):
        assert part in line.split("  "), line


def test_show_kpi_as_json_names_everything(called):
    (row,) = json.loads(said("show_kpi", "reach_rate", "--team", "North", "--period", "2026-Q1", "--json"))
    assert row["subject"] == f"team:{called.north.pk}"
    assert (row["numerator"], row["denominator"], row["value"], row["unit"]) == (3, 6, 0.5, "percent")
    assert row["beside"] == {"people_dialled": 2, "people_reached": 1}
    assert row["reason"] is None
    assert row["computed_at"].startswith("20")


def test_show_kpi_is_the_organisations_unless_told_otherwise(called):
    asked = [("--organisation",), ()]
    rows = [
        json.loads(said("show_kpi", "calls_made", *who, "--period", "2026-03", "--json"))[0] for who in asked
    ]
    assert [(row["subject"], row["value"]) for row in rows] == [("organisation", 6)] * 2


def test_show_kpi_lists_every_rep_also_the_ones_with_nothing(called):
    rows = json.loads(said("show_kpi", "reach_rate", "--all-reps", "--period", "2026-03", "--json"))
    assert {row["name"]: (row["value"], row["reason"]) for row in rows} == {
        "Ada": (0.75, None),
        "Ben": (0.0, None),
        **dict.fromkeys(("Cleo", "Dario", "Ivo", "Maya", "Olga"), (None, "no_denominator")),
    }


def test_show_kpi_prints_the_sample_of_a_median(called):
    for day in range(1, 6):
        called.deal(called.ada, ("lead", "2026-01-01 12:00"), ("won", f"2026-03-0{day} 12:00"))
    drain()
    (row,) = json.loads(said("show_kpi", "sales_cycle_days", "--rep", "Ada", "--period", "2026-03", "--json"))
    assert row["sample"] == [59, 60, 61, 62, 63]
    assert (row["value"], row["evidence_count"]) == (61, 5)
    assert row.get("numerator") is None


@pytest.mark.parametrize(
    "period", ["2026-13", "2026-W60", "yesterday", "2026-03-31..2026-03-01", "2026-Q5", ""]
)
def test_show_kpi_refuses_what_is_no_period(called, period):
    with pytest.raises(CommandError, match="is no period"):
        said("show_kpi", "calls_made", "--period", period)


def test_show_kpi_refuses_what_it_does_not_know(called):
    with pytest.raises(CommandError, match=r"There is no KPI “calls”.*calls_made"):
        said("show_kpi", "calls", "--period", "2026-03")
    for option in ("--rep", "--team"):
        with pytest.raises(CommandError, match="Nobody"):
            said("show_kpi", "calls_made", option, "Nobody", "--period", "2026-03")


@pytest.mark.parametrize("key", CATALOGUE)
def test_show_kpi_answers_for_every_kpi_and_kind_of_period(key, called):
    for period in (
        "2026",
        "2026-Q1",
        "2026-03",
        "2026-W10",
        "last-30",
        "last-90",
        "rolling-12",
        "all",
        "2026-03-03..2026-03-04",
    ):
        (row,) = json.loads(said("show_kpi", key, "--period", period, "--json"))
        assert (row["value"] is None) == (row["reason"] is not None), (key, period, row)


def test_pending_says_what_waits_and_for_how_long(called):
    assert said("pending").strip() == "Nothing is pending."
    assert exit_code("pending", "--fail-if-any") == 0
    called.call(called.ada, "2026-04-01 09:00")
    Stale.objects.create(rep_id=called.ben.pk, from_day="2026-03-01")
    waiting = json.loads(said("pending", "--json"))
    assert {(entry["kind"], entry["subject"], entry["marks"]) for entry in waiting} == {
        ("unsettled", None, Unsettled.objects.count()),
        ("stale", called.ben.pk, 1),
    }
    assert exit_code("pending", "--fail-if-any") == 1
    assert said("recompute_kpis").strip().endswith("marks cleared")
    assert exit_code("pending", "--fail-if-any") == 0


def test_pending_names_an_unfinished_run(called):
    from kpis.runs import cancel, start_run

    run = start_run()
    assert [(e["kind"], e["subject"], e["marks"]) for e in json.loads(said("pending", "--json"))] == [
        ("run", run.pk, run.items.count())
    ]
    cancel(run)
    drain()
    assert json.loads(said("pending", "--json")) == []


def test_verify_snapshots_finds_a_figure_somebody_tampered_with(called):
    assert said("verify_snapshots").strip() == "0 stored figures differ"
    assert exit_code("verify_snapshots") == 0
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kpis_snapshot SET pieces = jsonb_set(pieces, '{calls_made}', '[99]')"
            " WHERE kind = 'organisation' AND period = '2026-03'"
        )
    out = StringIO()
    with pytest.raises(SystemExit) as leaving:
        call_command("verify_snapshots", "--json", stdout=out)
    assert leaving.value.code == 1
    (found,) = json.loads(out.getvalue())
    assert (found["measure"], found["period"], found["stored"], found["computed"]) == (
        "calls_made",
        "2026-03",
        [99],
        [6],
    )


def test_verify_snapshots_finds_a_figure_that_is_missing_or_too_much(called):
    Snapshot.objects.filter(kind="member", subject_id=called.ada.pk, period="2026-03").delete()
    Snapshot.objects.create(
        kind="member", subject_id=called.olga.pk, period="2026-03", start="2026-03-01", end="2026-04-01",
        pieces={"calls_made": [1]},
    )  # fmt: skip
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_snapshots", "--json", stdout=out)
    found = {(entry["subject"], entry["measure"]) for entry in json.loads(out.getvalue())}
    assert (called.ada.pk, "calls_made") in found
    assert (called.olga.pk, "calls_made") in found


def test_verify_snapshots_leaves_everything_as_it_was(called):
    called.call(called.ada, "2026-04-01 09:00")
    before = (Unsettled.objects.count(), Stale.objects.count(), Snapshot.objects.count())
    assert exit_code("verify_snapshots") == 1, "the call is not yet drained"
    assert (Unsettled.objects.count(), Stale.objects.count(), Snapshot.objects.count()) == before


def test_recompute_kpis_computes_everything_in_this_process(transactional_db, now):
    MeanWorld()
    drain()
    Snapshot.objects.all().delete()
    report = said("recompute_kpis", "--all", "--here")
    run = Run.objects.get()
    assert report.startswith(f"{run.items.count()} items recomputed in ")
    assert run.finished_at is not None
    assert exit_code("verify_snapshots") == 0
    assert Snapshot.objects.filter(subject_id=Rep.objects.get(name="Ada").pk, kind="member").exists()


def test_a_full_recompute_ends_though_every_message_is_lost_and_an_item_fails_once(
    transactional_db, now, monkeypatch
):
    MeanWorld()
    drain()
    Snapshot.objects.all().delete()
    failing = iter([True])
    honest = runs._do

    def do(item, from_day):
        if next(failing, False):
            raise ConnectionError("gone for a moment")
        honest(item, from_day)

    monkeypatch.setattr(recompute_kpis, "send_hints", lambda run_id, count: None)
    monkeypatch.setattr(recompute_kpis, "PATIENCE_S", 0)
    monkeypatch.setattr(runs, "_do", do)
    assert "items recomputed in " in said("recompute_kpis", "--all")
    assert sum(Run.objects.get().items.values_list("failures", flat=True)) == 1
    assert exit_code("verify_snapshots") == 0


def test_a_full_recompute_that_cannot_even_claim_says_so_at_once(transactional_db, now, monkeypatch):
    MeanWorld()
    drain()

    def gone(run):
        raise ConnectionError("the server went away")

    monkeypatch.setattr(runs, "_claim", gone)
    with pytest.raises(ConnectionError):
        said("recompute_kpis", "--all", "--here")

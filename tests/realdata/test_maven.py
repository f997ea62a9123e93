"""The public CRM sample, imported by a mapping, gives its published figures."""

import time

import pytest
from django.db import connection

from pipeline.intake.exporting import export_records
from pipeline.intake.importing import import_records
from pipeline.intake.mapping import preset
from tests.realdata.published import answers, imported, needs, rows, same, take

pytestmark = needs("maven_crm")

DEALS = """
SELECT d.*, s.name AS stage_name, r.name AS agent, t.name AS team_name, m.name AS manager, o.name AS office,
    a.industry, (d.created_at AT TIME ZONE 'America/New_York')::date AS engaged,
    (d.closed_at AT TIME ZONE 'America/New_York')::date AS closed
FROM pipeline_rep r LEFT JOIN pipeline_deal d ON d.owner_id = r.id LEFT JOIN pipeline_stage s ON s.id = d.stage_id
LEFT JOIN pipeline_team t ON t.id = r.team_id LEFT JOIN pipeline_rep m ON m.id = t.manager_id
LEFT JOIN pipeline_team o ON o.id = t.parent_id LEFT JOIN pipeline_account a ON a.id = d.account_id
WHERE r.role = 'rep'
"""
WON, LOST = "count(*) FILTER (WHERE stage_name = 'Won')", "count(*) FILTER (WHERE stage_name = 'Lost')"
RATE = f"round(100.0 * {WON} / nullif({WON} + {LOST}, 0), 4)"


@pytest.fixture(scope="module")
def maven(django_db_setup, django_db_blocker):
    with imported(django_db_blocker, "maven_crm", "maven_crm") as outcome:
        yield outcome


@pytest.fixture(scope="module")
def known():
    return answers("maven_crm/oracle.json")


def of_deals(columns: str, rest: str = "") -> list:
    return rows(f"WITH d AS ({DEALS}) SELECT {columns} FROM d {rest}")


def test_every_row_arrives(maven, known):
    counts = {name: one["added"] for name, one in maven.report["tables"].items()}
    [[deals, _ids, accounts, _products, agents, managers, offices]] = known["rows"]
    assert (counts["deals"], counts["accounts"]) == (deals, accounts)
    assert (counts["reps"], counts["teams"]) == (agents + managers, offices + managers)
    assert maven.report["tables"]["stage_changes"]["left_out"] == {
        "no date of engaging": 500,
        "still open": 2089,
    }


def test_stages_and_won_value(maven, known):
    by_stage = of_deals("stage_name, count(*) n", "WHERE id IS NOT NULL GROUP BY 1 ORDER BY 2 DESC")
    assert same(by_stage, known["stage_counts"])
    assert same(of_deals("sum(amount), round(avg(amount), 4), percentile_cont(0.5) WITHIN GROUP (ORDER BY amount)",
                         "WHERE stage_name = 'Won'"), known["won_value"])  # fmt: skip
    assert same(of_deals(f"{WON}, {LOST}, {RATE}"), known["win_rate"])


def test_every_agent_even_without_a_deal(maven, known):
    found = of_deals(
        f"agent, manager, office, count(id), {WON}, {LOST},"
        " count(*) FILTER (WHERE stage_name IN ('Engaging', 'Prospecting')), " + RATE +
        ", coalesce(sum(amount) FILTER (WHERE stage_name = 'Won'), 0) AS value,"
        " round(avg(closed - engaged) FILTER (WHERE stage_name = 'Won'), 4)",
        'GROUP BY 1, 2, 3 ORDER BY value DESC, agent COLLATE "C"',
    )  # fmt: skip
    assert same(found, known["agent"])
    without = of_deals("agent", 'GROUP BY 1 HAVING count(id) = 0 ORDER BY agent COLLATE "C"')
    assert without == known["agents_without_deals"]


def test_managers_and_offices_roll_up(maven, known):
    value = "sum(amount) FILTER (WHERE stage_name = 'Won') AS value"
    by_manager = of_deals(
        f"manager, office, count(DISTINCT agent), {WON}, {LOST}, {RATE}, {value}",
        "WHERE id IS NOT NULL GROUP BY 1, 2 ORDER BY value DESC",
    )
    assert same(by_manager, known["manager"])
    by_office = of_deals(f"office, {WON}, {LOST}, {value}", "WHERE id IS NOT NULL GROUP BY 1 ORDER BY 1")
    assert same(by_office, known["office"])


def test_quarters_months_and_cycles_by_bare_dates(maven, known):
    quarter = "to_char(closed, 'YYYY\"-Q\"Q')"
    found = of_deals(
        f"{quarter}, {WON}, {LOST}, sum(amount), {RATE}", "WHERE closed IS NOT NULL GROUP BY 1 ORDER BY 1"
    )
    assert same(found, known["won_by_quarter"])
    months = of_deals("to_char(closed, 'YYYY-MM'), count(*), sum(amount)",
                      "WHERE stage_name = 'Won' GROUP BY 1 ORDER BY 1")  # fmt: skip
    assert same(months, known["won_by_month"])
    median = "percentile_cont(0.5) WITHIN GROUP (ORDER BY closed - engaged)"
    cycles = of_deals(
        f"stage_name, count(*), round(avg(closed - engaged), 6), {median}, min(closed - engaged), max(closed - engaged)",
        "WHERE closed IS NOT NULL GROUP BY 1 ORDER BY 1",
    )
    assert same(cycles, known["cycle"])


def test_sectors_come_through_the_account(maven, known):
    found = of_deals(
        f"industry, {WON}, {LOST}, sum(amount)", "WHERE stage_name IN ('Won', 'Lost') GROUP BY 1 ORDER BY 1"
    )
    assert same(found, known["sector"])


def test_only_deals_that_engaged_have_a_stage_change(maven):
    found = rows(
        "SELECT s.name, count(*) FROM pipeline_stagechange c JOIN pipeline_stage s ON s.id = c.stage_id"
        " WHERE c.is_dated GROUP BY 1 ORDER BY 2 DESC"
    )
    assert found == [["Engaging", 8300], ["Won", 4238], ["Lost", 2473]]


def test_an_export_of_it_imported_into_nothing_exports_the_same(maven, tmp_path):
    export_records(tmp_path / "one")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SAVEPOINT before")
        cursor.execute(
            "TRUNCATE pipeline_organisation, pipeline_team, pipeline_rep, pipeline_account, pipeline_stage CASCADE"
        )
        assert import_records([tmp_path / "one"], preset("touchline")).state == "done"
        export_records(tmp_path / "two")
        cursor.execute("ROLLBACK TO SAVEPOINT before")
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "two").iterdir())
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_the_same_again_changes_nothing(maven):
    started = time.monotonic()
    report = take("maven_crm", "maven_crm").report
    assert time.monotonic() - started < 30
    assert {(one["added"], one["changed"]) for one in report["tables"].values()} == {(0, 0)}

"""A HubSpot export through the shipped preset."""

import pytest

from tests.realdata.published import answers, imported, needs, rows, same

FOLDER = "crm_exports/hubspot/faker_dump"
pytestmark = needs(FOLDER)
REACHED, CALL, EMAIL, MEETING = 1, 1, 2, 4


@pytest.fixture(scope="module")
def export(django_db_setup, django_db_blocker):
    with imported(django_db_blocker, FOLDER, "hubspot") as outcome:
        yield outcome


@pytest.fixture(scope="module")
def known():
    return answers("crm_exports/oracle.json")


def test_deals_by_stage(export, known):
    found = rows(
        "SELECT s.name, count(*), sum(amount) FROM pipeline_deal d JOIN pipeline_stage s ON s.id = d.stage_id"
        ' GROUP BY 1 ORDER BY s.name COLLATE "C"'
    )
    assert same(found, known["hs_faker_deals"])


def test_owners_win_and_lose(export, known):
    found = rows(
        "SELECT r.external_id, count(*) FILTER (WHERE s.milestone = 6), count(*) FILTER (WHERE s.milestone = 7)"
        " FROM pipeline_deal d JOIN pipeline_rep r ON r.id = d.owner_id JOIN pipeline_stage s ON s.id = d.stage_id"
        " GROUP BY 1 ORDER BY 1"
    )
    assert same(found, known["hs_faker_owner"])


def test_calls_connected_meetings_and_mails_per_owner(export, known):
    found = rows(
        f"SELECT r.external_id, count(*) FILTER (WHERE kind = {CALL}),"
        f" count(*) FILTER (WHERE kind = {CALL} AND outcome = {REACHED}),"
        f" count(*) FILTER (WHERE kind = {MEETING}), count(*) FILTER (WHERE kind = {EMAIL})"
        " FROM pipeline_activity a JOIN pipeline_rep r ON r.id = a.rep_id GROUP BY 1 ORDER BY 1"
    )
    assert same(found, known["hs_faker_calls_owner"])


def test_meetings_completed_and_missed(export):
    found = rows(
        f"SELECT status, count(*) FROM pipeline_activity WHERE kind = {MEETING} AND status > 0 GROUP BY 1 ORDER BY 1"
    )
    assert found == [
        [1, 86 + 73],
        [2, 58],
        [3, 69],
        [4, 60],
    ]  # planned (also rescheduled), held, cancelled, no-show


def test_notes_tasks_and_people_without_a_company_are_counted(export):
    tables = export.report["tables"]
    assert tables["activities"]["left_out"] == {"a note or task, no contact": 403 + 385}
    assert tables["contacts"]["left_out"] == {"no company": 271}

"""What was accepted outlives the import that still says otherwise, and the same file again rewrites nothing."""

import pytest
from django.db import connection

from coaching.fairness import contests
from coaching.models import Contest
from pipeline import past
from pipeline.intake.importing import import_records
from pipeline.intake.mapping import preset
from pipeline.models import Activity, Deal, PastRecord, Rep
from tests.pipeline.bundle_files import FILES, write_bundle

pytestmark = pytest.mark.django_db


@pytest.fixture
def imported(tmp_path):
    """The small bundle, imported yesterday."""
    take(write_bundle(tmp_path / "first"))
    with connection.cursor() as cursor:
        for table in past.KEPT:
            cursor.execute(f"UPDATE {table} SET recorded_at = recorded_at - interval '1 day'")
    return tmp_path


def take(folder) -> dict:
    outcome = import_records([folder], preset("touchline"))
    assert outcome.state == "done", (outcome.report, outcome.rejects.listed)
    return outcome.report


def accepted(reason: str, **more) -> Activity:
    """Ada's contest of her offer, accepted by Maya."""
    activity = Activity.objects.get(external_id="a1")
    rep, maya = Rep.objects.get(external_id="ada"), Rep.objects.get(external_id="maya")
    found = contests.keep(Contest(rep=rep, activity=activity, kpi="emails_sent", reason=reason, **more), None)
    contests.accept(found, maya, "")
    return activity


def test_the_same_file_again_keeps_no_past(imported):
    take(write_bundle(imported / "again"))
    assert not PastRecord.objects.exists()


def test_an_import_that_changes_a_row_keeps_what_it_said(imported):
    changed = FILES["activities.csv"].replace(",125,", ",130,")
    take(write_bundle(imported / "again", activities=changed))
    [row] = PastRecord.objects.all()
    assert (row.table, row.image["duration_s"]) == ("pipeline_activity", 125)


def test_a_deal_corrected_here_stays_corrected(imported):
    other = Deal.objects.get(external_id="008")
    activity = accepted("wrong_deal", right_deal=other)
    take(write_bundle(imported / "again"))
    activity.refresh_from_db()
    assert activity.deal == other


def test_what_the_source_says_anew_stands(imported):
    activity = accepted("wrong_deal", right_deal=Deal.objects.get(external_id="008"))
    anew = FILES["activities.csv"].replace("out,,brenta,007,proposal_sent", "out,,brenta,,proposal_sent")
    take(write_bundle(imported / "again", activities=anew))
    activity.refresh_from_db()
    assert activity.deal is None


def test_what_is_private_stays_unsaid(imported):
    activity = accepted("private")
    take(write_bundle(imported / "again"))
    activity.refresh_from_db()
    assert (activity.is_internal, activity.subject) == (True, "")
    images = PastRecord.objects.filter(table="pipeline_activity", row_id=activity.pk)
    assert {row.image["subject"] for row in images} <= {""}

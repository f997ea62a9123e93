"""The Pipedrive preset, on rows written by hand under the titles its lists export."""

import pytest

from pipeline.intake.importing import import_records
from pipeline.intake.mapping import preset
from pipeline.models import Activity, Contact, Deal, Rep
from tests.pipeline.bundle_files import write_files

pytestmark = pytest.mark.django_db

DEAL = (
    "Deal - ID,Deal - Title,Deal - Creator,Deal - Owner,Deal - Value,Deal - Currency of Value,Deal - Organization,"
    "Deal - Pipeline,Deal - Stage,Deal - Status,Deal - Deal created,Deal - Won time,Deal - Lost time,Deal - Lost reason,"
    "Deal - Expected close date\n"
)
DEALS = (
    DEAL
    + "1,Pumps,Maya,Ada,1200.50,EUR,Brenta,Pipeline,Proposal Made,Won,2025-01-02 10:00:00,2025-02-03 09:30:00,,,\n"
    "2,Valves,Ada,Ada,10,EUR,Ostia,Pipeline,Lead In,Lost,2025-01-02 10:00:00,,2025-02-04 09:30:00,Price,\n"
    "3,Seals,Ada,Ben,,EUR,Brenta,Pipeline,Negotiations Started,Open,2025-01-05 10:00:00,,,,2025-06-30\n"
)
PERSONS = "Person - ID,Person - Name,Person - Organization,Person - Email,Person - Job title\n7,Lia,Brenta,l@b.example,CFO\n"
ACTIVITIES = (
    "Activity - ID,Activity - Subject,Activity - Type,Activity - Due date,Activity - Done,Activity - Deal ID\n"
    "1,First talk,Call,2025-01-03,Done,1\n2,Prepare,Task,2025-01-03,Done,1\n3,Lunch,Lunch,2025-01-04,To do,3\n"
)


def test_deals_persons_and_activities_arrive(tmp_path):
    folder = write_files(tmp_path, deals_export=DEALS, people=PERSONS, activities=ACTIVITIES)
    outcome = import_records([folder], preset("pipedrive"))
    assert outcome.state == "done", (outcome.report, outcome.rejects.listed)
    found = Deal.objects.order_by("external_id").values_list("owner__name", "stage__name", "closed_at__date")
    assert [(owner, stage, closed and closed.isoformat()) for owner, stage, closed in found] == [
        ("Ada", "Won", "2025-02-03"),
        ("Ada", "Lost", "2025-02-04"),
        ("Ben", "Negotiations Started", None),
    ]
    assert set(Rep.objects.values_list("name", flat=True)) == {"Ada", "Ben", "Maya"}
    assert Contact.objects.get().get_seniority_display() == "C-level"
    kinds = Activity.objects.order_by("external_id").values_list("rep__name", "kind", "status")
    assert list(kinds) == [
        ("Ada", Activity.Kind.CALL, Activity.Status.HELD),
        ("Ben", Activity.Kind.MEETING, Activity.Status.PLANNED),
    ]
    assert outcome.report["tables"]["activities"]["left_out"] == {"a task, no contact": 1}


def test_a_stage_of_ones_own_is_asked_about(tmp_path):
    folder = write_files(tmp_path, deals=DEALS.replace("Lead In", "Tasting"))
    outcome = import_records([folder], preset("pipedrive"))
    [reject, *_] = outcome.rejects.listed
    assert (reject.file, reject.line, reject.column, reject.value) == (
        "deals.csv",
        3,
        "Deal - Stage",
        "Tasting",
    )

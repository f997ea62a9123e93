"""A developer organisation's Salesforce export through the shipped preset."""

from datetime import date

import pytest

from pipeline.models import Contact, Deal, StageChange
from pipeline.models.deals import Milestone
from tests.realdata.published import answers, imported, needs, rows, same

FOLDER = "crm_exports/salesforce/dev_edition"
pytestmark = needs(FOLDER)


@pytest.fixture(scope="module")
def export(django_db_setup, django_db_blocker):
    with imported(django_db_blocker, FOLDER, "salesforce") as outcome:
        yield outcome


@pytest.fixture(scope="module")
def known():
    return answers("crm_exports/oracle.json")


def test_deals_and_their_stage_history(export, known):
    milestones = Deal.objects.values_list("stage__milestone", flat=True)
    won, lost = list(milestones).count(Milestone.WON), list(milestones).count(Milestone.LOST)
    multi = rows(
        "SELECT count(*) FROM (SELECT deal_id FROM pipeline_stagechange GROUP BY 1 HAVING count(*) > 1) m"
    )
    assert [[Deal.objects.count(), won, lost, StageChange.objects.count(), *multi[0]]] == known["sf_dev"]
    amount = rows(
        "SELECT sum(amount) FROM pipeline_deal d JOIN pipeline_stage s ON s.id = d.stage_id WHERE s.milestone = 6"
    )
    assert same(amount, known["sf_dev_amount"])


def test_departments_of_contacts(export, known):
    found = rows("SELECT nullif(department, ''), count(*) FROM pipeline_contact GROUP BY 1")
    assert sorted(found, key=str) == sorted(known["sf_dev_depts"], key=str)


def test_us_dates_are_proved_by_the_file_itself(export):
    told = {file["file"]: file["date_order"] for file in export.report["files"]}
    assert told["Opportunity.csv"] == told["OpportunityHistory.csv"] == "mdy"
    deal = Deal.objects.get(name="Dickenson Mobile Generators")
    assert deal.expected_close_on == date(2024, 2, 3)


def test_titles_tell_seniority(export):
    ranks = dict(Contact.objects.values_list("title", "seniority"))
    assert (ranks["CFO"], ranks["SVP, Procurement"]) == (Contact.Seniority.C_LEVEL, Contact.Seniority.VP)
    assert all(Contact.objects.exclude(title="").values_list("seniority", flat=True))

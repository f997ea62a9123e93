"""A developer organisation's export, imported by the preset and recomputed: figures follow its own stage history."""

import pytest
from django.db.models import Sum

from kpis.catalogue import CATALOGUE
from kpis.evidence import evidence
from kpis.periods import Calendar
from kpis.subjects import Subject
from pipeline.models import Contact, StageChange
from pipeline.models.deals import Milestone
from tests.realdata.figures import computed, figure
from tests.realdata.published import answers, needs

FOLDER = "crm_exports/salesforce/dev_edition"
pytestmark = needs(FOLDER)


@pytest.fixture(scope="module", autouse=True)
def export(django_db_setup, django_db_blocker):
    with computed(django_db_blocker, FOLDER, "salesforce", "2026-11-20T12:00Z") as outcome:
        yield outcome


@pytest.fixture(scope="module")
def known():
    return answers("crm_exports/oracle.json")


def test_a_win_taken_back_without_reopening_is_a_loss(known):
    """Seven deals went from won straight to lost twelve days later: nothing reopened, the outcome was corrected."""
    [[_deals, won, lost, _changes, _multi]] = known["sf_dev"]
    row = figure("deals_won")
    assert (row["value"], row["beside"]["lost"]) == (won, lost) == (12, 8)
    assert figure("deals_won", "2026-02")["value"] == won
    assert figure("deals_won", "2026-03")["beside"]["lost"] == 7
    assert figure("won_value")["value"] == known["sf_dev_amount"][0][0] == 2_815_000


def test_deals_that_are_won_today_and_their_value(known):
    counted = evidence(
        CATALOGUE["won_value"], Subject.organisation(), Calendar.current().parse("all")
    ).counted
    today = counted.filter(deal__stage__milestone=Milestone.WON)
    assert today.count() == known["sf_dev"][0][1] == 12
    cents = today.aggregate(cents=Sum("amount_cents"))["cents"]
    assert cents == 100 * known["sf_dev_amount"][0][0] == 281_500_000


def test_every_stage_change_arrived(known):
    assert StageChange.objects.count() == known["sf_dev"][0][3] == 48


def test_departments_are_known_but_nobody_touched_them(known):
    with_department = sum(n for name, n in known["sf_dev_depts"] if name)
    assert Contact.objects.exclude(department="").count() == with_department == 17
    row = figure("departments_involved")
    assert (row["value"], row["reason"]) == (None, "not_captured")

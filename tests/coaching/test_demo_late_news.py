"""What the demo shows of fairness on its first morning: figures as known last night, and rows that were contested."""

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client

from coaching.fairness.demo import seed_late_news
from coaching.models import Contest
from kpis.periods import BEGINNING, DAY, Calendar
from kpis.recompute import merge_upwards, recompute_reps
from kpis.verify import differences
from pipeline.demo import seed
from pipeline.models import Rep

pytestmark = [pytest.mark.django_db]


@pytest.fixture(scope="module")
def today(django_db_setup, django_db_blocker):
    """The demo world of today, with its figures and the morning's news; taken back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        day = Calendar.current().today()
        seed(day)
        day = Calendar.current().today()
        merge_upwards(recompute_reps([0, *Rep.objects.values_list("pk", flat=True)]), BEGINNING)
        seed_late_news(day)
        yield day
        transaction.set_rollback(True)


@pytest.fixture
def maya(today) -> Client:
    client = Client()
    client.force_login(User.objects.get(username="maya"))
    return client


def known(client: Client, name: str, today, **more):
    """The scorecard of the month the late call lies in, three days ago, as known last night."""
    month = Calendar.current().month(today - 3 * DAY)
    asked = {"on": str(today - DAY), "period": month.key, **more}
    return client.get(f"/reps/{Rep.objects.get(name=name).pk}/known/", asked)


def test_a_call_logged_late_is_told_beside_what_was_known(maya, today):
    page = known(maya, "Ada", today, kpi="calls_made")
    [calls] = [
        row
        for _c, changed, _s in page.context["page"].groups
        for row in changed
        if row.kpi.key == "calls_made"
    ]
    assert calls.now.value == calls.then.value + 1
    assert "Called from the train" in page.content.decode()
    assert "recorded later" in page.content.decode()


def test_two_meetings_fewer_are_told_with_their_records(maya, today):
    """One was a no-show, one was private; both lie within the last two weeks, maybe in two months."""
    changed = set()
    for name, days in (("yesterday's month", 1), ("that of a fortnight ago", 15)):
        month = Calendar.current().month(today - days * DAY)
        page = maya.get(
            f"/reps/{Rep.objects.get(name='Ben').pk}/known/", {"on": str(today - DAY), "period": month.key}
        ).context["page"]
        changed |= {row.kpi.key for _c, rows, _s in page.groups for row in rows}
        assert page.then is not None, name
    assert "meetings_held" in changed


def test_one_contested_row_is_decided_and_one_waits(maya, today):
    states = dict(Contest.objects.values_list("rep__name", "state"))
    assert states == {"Ben": "accepted", "Ada": "open"}
    page = maya.get("/contests/").content.decode()
    assert "service contract" in page


def test_the_figures_followed(today):
    assert differences() == []

"""The demo world, with everything its reps did in eighteen months, through the eyes of plain SQL."""

import pytest
import time_machine
from django.db import transaction

from kpis.catalogue import CATALOGUE
from kpis.evidence import evidence
from kpis.free import computed
from kpis.models import Snapshot
from kpis.periods import BEGINNING, Calendar
from kpis.readings import read
from kpis.recompute import merge_upwards, recompute_reps
from kpis.subjects import Subject
from pipeline.demo import seed
from pipeline.models import Rep, Team
from tests.kpis.conftest import NOW
from tests.kpis.oracle import disagreements, oracle_answers
from tests.kpis.oracle.comparing import quarrels_over

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup, django_db_blocker):
    """The demo world seeded and recomputed, once for the tests of this module."""
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), transaction.atomic():
        seed(Calendar.current().today())
        merge_upwards(recompute_reps([0, *Rep.objects.values_list("pk", flat=True)]), BEGINNING)
        yield
        transaction.set_rollback(True)


def test_every_figure_of_the_demo_is_what_plain_sql_says():
    answers = oracle_answers(Calendar.current().today())
    assert Snapshot.objects.filter(kind="organisation").count() > 90
    assert disagreements(answers) == []
    assert _quarrels_over_an_old_week(answers) == []
    assert {measure for measures in answers.values() for measure in measures} >= {
        "won_value",
        "stage_days/visits",
    }


@pytest.mark.parametrize("text", ["2026-Q1", "last-90", "rolling-12"])
def test_every_number_of_the_demo_has_as_many_rows_behind_it_as_it_says(text):
    period = Calendar.current().parse(text)
    ada, north = Rep.objects.get(name__startswith="Ada"), Team.objects.get(name="North")
    subjects = [Subject.rep(ada.pk), Subject.team(north.pk), Subject.organisation()]
    cards = read(subjects, [period])
    found = {
        (key, subject): (cards[subject, period.key][key].evidence_count, evidence(kpi, subject, period).count)
        for key, kpi in CATALOGUE.items()
        for subject in subjects
    }
    assert {place: counts for place, counts in found.items() if counts[0] != counts[1]} == {}
    assert {key for (key, _subject), (count, _rows) in found.items() if count} >= {"won_value", "calls_made"}


def _quarrels_over_an_old_week(answers) -> list[str]:
    """A week no longer stored is computed when somebody asks."""
    week = Calendar.current().parse("2025-W03")
    assert not week.is_stored
    reps = [Subject.rep(pk) for pk in Rep.objects.values_list("pk", flat=True)]
    teams = [Subject.team(pk) for pk in Team.objects.values_list("pk", flat=True)]
    found = computed([*reps, *teams, Subject.organisation()], [week])
    assert any(found.values())
    places = {(subject.kind, subject.id, key): pieces for (subject, key), pieces in found.items()}
    return [
        line
        for place, pieces in places.items()
        for line in quarrels_over(place, pieces, answers.get(place, {}))
    ]

"""The demo world, with everything its reps did in eighteen months, through the eyes of plain SQL."""

import pytest
import time_machine

from kpis.free import computed
from kpis.models import Snapshot
from kpis.periods import BEGINNING, Calendar
from kpis.recompute import merge_upwards, recompute_reps
from kpis.subjects import Subject
from pipeline.demo import seed
from pipeline.models import Rep, Team
from tests.kpis.conftest import NOW
from tests.kpis.oracle import disagreements, oracle_answers
from tests.kpis.oracle.comparing import quarrels_over

pytestmark = pytest.mark.django_db


def test_every_figure_of_the_demo_is_what_plain_sql_says():
    with time_machine.travel(NOW, tick=False):
        today = Calendar.current().today()
        seed(today)
        merge_upwards(recompute_reps([0, *Rep.objects.values_list("pk", flat=True)]), BEGINNING)
        answers = oracle_answers(today)
        assert Snapshot.objects.filter(kind="organisation").count() > 90
        assert disagreements(answers) == []
        assert _quarrels_over_an_old_week(answers) == []
        assert {measure for measures in answers.values() for measure in measures} >= {
            "won_value",
            "stage_days/visits",
        }


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

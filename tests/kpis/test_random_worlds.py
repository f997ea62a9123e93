"""Whatever is recorded, and whatever is edited afterwards: number == evidence == what plain SQL says."""

import os

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings

from kpis.catalogue import CATALOGUE
from kpis.evidence import evidence
from kpis.models import Snapshot
from kpis.periods import BEGINNING, Calendar
from kpis.readings import read
from kpis.recompute import drain, merge_upwards, recompute_reps
from kpis.subjects import Subject
from kpis.verify import differences
from pipeline.models import Rep, Team
from tests.kpis.chance import RandomWorld
from tests.kpis.conftest import NOW
from tests.kpis.dice import PLANS, Plan
from tests.kpis.editing import edit
from tests.kpis.oracle import disagreements, oracle_answers

EXAMPLES = int(os.environ.get("RANDOM_WORLDS", "12"))
PERIODS = ["2026-03", "2026-W24", "2026-Q1", "2026", "last-90", "rolling-12", "all", "2026-03-16..2026-06-02"]
IS_SEARCH = "RANDOM_WORLDS" in os.environ
few = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=not IS_SEARCH,
    database=None,
    # A world takes a second: turning a failure's counts down is for whoever searches.
    phases=[Phase.generate, *([Phase.shrink] if IS_SEARCH else [])],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fixed_now():
    with time_machine.travel(NOW, tick=False):
        yield


def in_a_world_of_its_own(test):
    """Each example in a transaction that leaves no trace."""

    def run(plan: Plan):
        with transaction.atomic():
            test(plan)
            transaction.set_rollback(True)

    run.__name__, run.__doc__ = test.__name__, test.__doc__
    return run


def subjects() -> list[Subject]:
    reps = [Subject.rep(pk) for pk in Rep.objects.values_list("pk", flat=True)]
    teams = [Subject.team(pk) for pk in Team.objects.values_list("pk", flat=True)]
    return [Subject.organisation(), *teams, *reps]


def oracle_objects() -> list[str]:
    return disagreements(oracle_answers(Calendar.current().today()))


@few
@given(PLANS)
@in_a_world_of_its_own
def test_every_number_is_what_plain_sql_says(plan):
    RandomWorld(plan)
    drain()
    assert oracle_objects() == []


@few
@given(PLANS)
@in_a_world_of_its_own
def test_every_number_equals_its_evidence(plan):
    RandomWorld(plan)
    drain()
    asked = [Calendar.current().parse(key) for key in PERIODS]
    asked = plan.dice("periods").sample(asked, 2)
    everybody = plan.dice("subjects").sample(subjects(), 3)
    cards = read(everybody, asked)
    for (subject, key), card in cards.items():
        period = next(period for period in asked if period.key == key)
        for kpi in CATALOGUE.values():
            reading, rows = card[kpi.key], evidence(kpi, subject, period)
            counted = list(rows.counted)
            beside = sum(len(other.rows) for other in rows.others if other.is_counted)
            assert reading.evidence_count == len(counted) + beside, (kpi.key, subject, key)
            if rows.has_hits and reading.numerator is not None:
                assert reading.numerator == sum(map(rows.hit, counted)), (kpi.key, subject, key)


@few
@given(PLANS)
@in_a_world_of_its_own
def test_edits_leave_nothing_stale_behind(plan):
    """Drained after every few edits: stored == recomputed from scratch == what plain SQL says, and nothing is rewritten."""
    world = RandomWorld(plan)
    drain()
    made = []
    for number in range(plan.edits):
        made.append(edit(world, plan.dice("edit", number)))
        if plan.dice("drain", number).random() < 0.4:
            drain()
    drain()
    assert differences() == [], made
    assert oracle_objects() == [], made
    before = dict(Snapshot.objects.values_list("pk", "version"))
    merge_upwards(recompute_reps([0, *Rep.objects.values_list("pk", flat=True)]), BEGINNING)
    assert dict(Snapshot.objects.values_list("pk", "version")) == before, made

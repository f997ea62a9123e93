"""The cast on a fixed day: Monday, 15 June 2026, noon in Rome."""

import pytest
import time_machine
from django.db import transaction

from kpis import periods
from kpis.recompute import drain, merge_upwards, recompute_reps
from pipeline.models import Rep
from pipeline.settle import settle_all
from tests.kpis.crowd import Crowd
from tests.kpis.oracle import disagreements
from tests.kpis.world import World

NOW = "2026-06-15T10:00:00Z"


@pytest.fixture
def now():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def world(db, now) -> World:
    return World()


@pytest.fixture
def quarrels(told, db, now):
    """What the oracle objects to once everything is settled and recomputed anew, with whatever fault is planted."""

    def ask() -> list[str]:
        with transaction.atomic():
            settle_all()
            merge_upwards(recompute_reps([0, *Rep.objects.values_list("pk", flat=True)]), periods.BEGINNING)
            found = disagreements(told)
            transaction.set_rollback(True)
        return found

    return ask


@pytest.fixture
def crowd(world) -> Crowd:
    """
    rep    dials  reached          May 2026 has 21 working days
    Ben       40        1          others reach 20 of 40
    rest      40       20          reach_rate of all: 101 / 240 = 42 %
    """
    found = Crowd(world)
    for rep in found.reps:
        found.calls(rep, 40, 1 if rep is world.ben else 20)
    drain()
    return found

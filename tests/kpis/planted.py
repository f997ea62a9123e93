"""A fixed world written once for many planted faults; `quarrels` asks what the oracle objects to."""

from collections.abc import Callable

import pytest
import time_machine
from django.db import transaction

from kpis.recompute import drain
from tests.kpis.conftest import NOW
from tests.kpis.oracle import oracle_answers
from tests.kpis.world import World


def told_of(make: Callable[[], World]):
    """The fixture `told` of a module: its world, and what the oracle says of it."""

    @pytest.fixture(scope="module")
    def told(django_db_setup, django_db_blocker):
        with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), transaction.atomic():
            world = make()
            drain()
            yield oracle_answers(world.today())
            transaction.set_rollback(True)

    return told

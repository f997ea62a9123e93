"""The cast on a fixed day: Monday, 15 June 2026, noon in Rome."""

import pytest
import time_machine

from tests.kpis.world import World

NOW = "2026-06-15T10:00:00Z"


@pytest.fixture
def now():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def world(db, now) -> World:
    return World()

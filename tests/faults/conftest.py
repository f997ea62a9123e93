"""One installation with a world of moderate size for all fault tests of a module."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from pipeline.settle import settle_all
from tests.benchmarks.big_world import Size, build, settle_and_tidy
from tests.faults.machine import Machine

SIZE = Size(
    reps=40,
    teams=6,
    accounts=200,
    contacts=600,
    deals=800,
    activities=10_000,
    days=240,
    end=(datetime.now(UTC) - timedelta(days=1)).date(),
)


@pytest.fixture(scope="module")
def machine(django_db_blocker):
    made = Machine()
    try:
        with django_db_blocker.unblock(), made.connected():
            build(SIZE, say=lambda _what: None)
            with connection.cursor() as cursor:
                cursor.execute(
                    "ANALYZE pipeline_activity, pipeline_activitycontact, pipeline_contact, pipeline_deal"
                )
            settle_all()
            settle_and_tidy(say=lambda _what: None)
            yield made
    finally:
        made.stop()


@pytest.fixture
def blank(machine):
    """The machine at work, with no figure computed yet."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE kpis_snapshot, kpis_freshness, kpis_capture, kpis_stale, kpis_run CASCADE")
    machine.work()
    yield machine
    print(machine.said())

"""What keeps settling linear: statistics of what it wrote, and triggers that find their rows by index."""

import pytest
from django.db import connection

from pipeline.models import Deal, Stage
from pipeline.settle import settle_all
from tests.kpis.world import World

pytestmark = pytest.mark.django_db


def asked(sql: str) -> list:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [row[0] for row in cursor]


def test_the_planner_knows_of_the_many_episodes_just_written():
    """Joined to what was taken for an empty table, attempts on 70,000 people never ended."""
    World()
    lead = Stage.objects.get(milestone=1)
    Deal.objects.bulk_create(
        Deal(name=f"Pump {n}", stage=lead, external_id=f"pump {n}") for n in range(1_001)
    )
    settle_all()
    known = asked("SELECT reltuples FROM pg_class WHERE relname IN ('pipeline_episode', 'pipeline_dealspan')")
    assert all(number > 1_000 for number in known)


def test_every_marking_trigger_finds_its_rows_by_index():
    """A session plans a trigger once, perhaps while the tables are empty, and keeps to it."""
    functions = "SELECT DISTINCT p.proname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal"
    marking = f"{functions} AND (p.proname LIKE 'mark\\_%' OR p.proname LIKE 'stale\\_%')"
    assert len(asked(marking)) > 50
    assert asked(f"{marking} AND NOT coalesce(p.proconfig @> ARRAY['enable_seqscan=off'], false)") == []

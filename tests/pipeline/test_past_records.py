"""What a record said before it was changed or removed is kept, whoever wrote; what says nothing keeps nothing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from kpis.recompute import drain
from pipeline import past
from pipeline.models import Activity, ActivityContact, Deal, PastRecord, StageChange
from tests.kpis.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db) -> World:
    """Ada called Carla and has a deal; all of it entered yesterday, settled and computed."""
    world = World()
    world.call(world.ada, "2026-03-03 09:00", world.carla, subject="first words")
    world.deal(world.ada, ("lead", "2026-02-01 09:00"), name="Retrofit")
    entered_yesterday()
    drain()
    PastRecord.objects.all().delete()
    return world


def entered_yesterday() -> None:
    """Within one test everything happens in one transaction, which nobody else has seen."""
    with connection.cursor() as cursor:
        for table in past.KEPT:
            cursor.execute(f"UPDATE {table} SET recorded_at = now() - interval '1 day'")


def kept() -> list[tuple[str, bool]]:
    rows = PastRecord.objects.order_by("pk").values_list("table", "is_gone")
    return [(table.removeprefix("pipeline_"), is_gone) for table, is_gone in rows]


def test_the_columns_kept_are_those_that_say_something():
    for table, columns in past.KEPT.items():
        said = {field.column for field in past.said_fields(past.model_of(table))}
        assert {name.strip('"') for name in columns.split(", ")} == said, table


def test_a_changed_row_keeps_what_it_said(world):
    Activity.objects.update(subject="second words")
    [row] = PastRecord.objects.all()
    assert (row.table, row.is_gone, row.image["subject"]) == ("pipeline_activity", False, "first words")
    assert row.image["day"] == "2026-03-03"


def test_a_removed_row_keeps_what_it_said_with_everything_that_went_with_it(world):
    Activity.objects.get().delete()
    assert sorted(kept()) == [("activity", True), ("activitycontact", True)]


def test_a_row_written_in_psql_is_kept_as_well(world):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pipeline_deal SET amount = 5")
        cursor.execute("DELETE FROM pipeline_stagechange")
    assert kept() == [("deal", False), ("stagechange", True)]


def test_settling_keeps_nothing(world):
    Activity.objects.update(at="2026-03-04T09:00:00Z")
    assert len(kept()) == 1
    drain()
    assert len(kept()) == 1
    assert str(Activity.objects.get().day) == "2026-03-04"


def test_a_write_that_says_nothing_new_keeps_nothing(world):
    deal = Deal.objects.get()
    deal.version += 1
    deal.save()
    Activity.objects.update(batch=None, day="2026-01-01")
    ActivityContact.objects.update(answer_days=3.0)
    assert kept() == []


def test_entering_rows_keeps_nothing(world):
    world.call(world.ada, "2026-03-05 09:00", world.carla)
    assert kept() == []


def test_a_row_changed_in_the_transaction_that_entered_it_keeps_nothing(world):
    made = world.call(world.ada, "2026-03-05 09:00", world.carla)
    Activity.objects.filter(pk=made.pk).update(subject="never seen")
    assert kept() == []


def test_an_import_keeps_what_it_rewrites(world):
    """Imports silence the marks while they write, not what is kept of the past."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL touchline.settling = 'on'; SET LOCAL touchline.importing = 'on'")
        cursor.execute("UPDATE pipeline_deal SET amount = 5")
        cursor.execute("SET LOCAL touchline.importing = 'off'")
        cursor.execute("UPDATE pipeline_deal SET amount = 6")
        cursor.execute("SET LOCAL touchline.settling = 'off'")
    assert kept() == [("deal", False)]


def test_one_statement_keeps_every_row_it_changes(world, django_assert_num_queries):
    for n in range(20):
        world.enters(Deal.objects.get(), "qualified", f"2026-02-{n + 2:02} 09:00")
    entered_yesterday()
    with django_assert_num_queries(1):
        StageChange.objects.update(seq=7)
    assert kept() == [("stagechange", False)] * 21


def test_what_was_said_over_thirteen_months_ago_is_dropped(world):
    Activity.objects.update(subject="second words")
    Activity.objects.update(subject="third words")
    old = PastRecord.objects.order_by("pk").first()
    PastRecord.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=400))
    assert past.purge() == 1
    assert PastRecord.objects.get().image["subject"] == "second words"

"""A figure as it was known on a past day beside what is known now, and the records in between.

The database's own clock says when a row was computed or entered, so a test's past is made by moving those moments back.
Today is a day of its own here; the records are of March 2026.
"""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from kpis.catalogue import CATALOGUE
from kpis.models import PastSnapshot, Snapshot
from kpis.past import triggers as figures
from kpis.past.changed import changed_since
from kpis.past.known import known_on
from kpis.periods import Calendar
from kpis.recompute import drain
from kpis.subjects import Subject
from pipeline import past as records
from pipeline.models import Activity, ActivityContact, Deal, StageChange
from tests.kpis.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db) -> World:
    """Ten days ago Ada had three calls and a mail in March; Ben a deal."""
    world = World()
    for day in (2, 3, 4):
        world.call(world.ada, f"2026-03-{day:02} 09:00", world.carla, subject=f"call {day}")
    world.mail(world.ada, "2026-03-05 09:00", world.carla)
    world.deal(
        world.ben, ("lead", "2026-02-01 09:00"), ("won", "2026-03-10 09:00"), name="Retrofit", amount="6000"
    )
    drain()
    days_pass(10)
    return world


def days_pass(days: int) -> None:
    """Everything computed and entered until now was so many days earlier."""
    earlier = f"- interval '{days} days'"
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE kpis_snapshot SET computed_at = computed_at {earlier}")
        cursor.execute(
            f"UPDATE kpis_pastsnapshot SET known_from = known_from {earlier}, known_until = known_until {earlier}"
        )
        cursor.execute(f"UPDATE pipeline_pastrecord SET at = at {earlier}")
        for table in records.KEPT:
            cursor.execute(f"UPDATE {table} SET recorded_at = recorded_at {earlier}")


def ago(days: int):
    return Calendar.current().today() - timedelta(days=days)


def march():
    return Calendar.current().parse("2026-03")


def then(key: str, rep, days: int, period: str = "2026-03"):
    """The value known so many days ago; “nothing” where nothing had been computed."""
    asked, subject = Calendar.current().parse(period), Subject.rep(rep.pk)
    card = known_on([subject], [asked], ago(days)).card(subject, asked)
    return "nothing" if card is None else card[key].value


def changed(key: str, rep, days: int) -> list[tuple[str, str, list]]:
    """(kind, table, [(field, then, now)]), the latest first."""
    found = changed_since(Subject.rep(rep.pk), CATALOGUE[key], march(), ago(days))
    return [
        (one.kind, one.model._meta.model_name, [(field.name, was, now) for field, was, now in one.fields])
        for one in found
    ]


# day      calls of March   known at that day's end
# −11      none computed    nothing
# −10      3                3
# −4       + 1 entered      4
# today    − 2 removed      2
def test_a_figure_is_what_it_was_at_the_end_of_a_day(world):
    world.call(world.ada, "2026-03-06 09:00", world.carla)
    drain()
    days_pass(4)
    Activity.objects.filter(subject="call 2").delete()
    Activity.objects.filter(subject="call 3").delete()
    drain()
    assert [then("calls_made", world.ada, days) for days in (15, 14, 5, 4, 1, 0)] == [
        "nothing",
        3,
        3,
        4,
        4,
        2,
    ]


def test_of_a_day_only_what_was_known_at_its_end_is_kept(world):
    for day in (6, 7, 8):
        world.call(world.ada, f"2026-03-{day:02} 09:00", world.carla)
        drain()
    assert PastSnapshot.objects.filter(kind="member", subject_id=world.ada.pk, period="2026-03").count() == 1
    assert then("calls_made", world.ada, 1) == 3
    assert then("calls_made", world.ada, 0) == 6


def test_rolling_periods_have_no_past(world):
    world.call(world.ada, "2026-03-06 09:00", world.carla)
    drain()
    assert set(PastSnapshot.objects.values_list("period", flat=True)) == {
        "2026-03",
        "2026-Q1",
        "2026",
        "2026-W10",
    }
    calendar, subject = Calendar.current(), Subject.rep(world.ada.pk)
    assert known_on([subject], [calendar.parse("last-30")], ago(3)).cards == {}


def test_a_period_that_had_no_rows_then_was_nought_and_not_unknown(world):
    world.call(world.ada, "2026-04-06 09:00", world.carla)
    drain()
    assert then("calls_made", world.ada, 3, "2026-04") == 0
    assert then("calls_made", world.ada, 0, "2026-04") == 1


def test_a_snapshot_that_is_gone_is_known_then(world):
    Activity.objects.all().delete()
    drain()
    assert not Snapshot.objects.filter(kind="member", subject_id=world.ada.pk, period="2026-03").exists()
    assert (then("calls_made", world.ada, 1), then("calls_made", world.ada, 0)) == (3, 0)


def test_of_days_longer_ago_than_anything_is_kept_nothing_is_said(world):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kpis_snapshot SET computed_at = computed_at - interval '3 years'")
    assert [then("calls_made", world.ada, days) for days in (396, 397)] == [3, "nothing"]


def test_cards_of_many_take_no_more_queries(world, django_assert_max_num_queries):
    subjects = [Subject.rep(rep.pk) for rep in (world.ada, world.ben, world.cleo, world.dario)]
    with django_assert_max_num_queries(13):
        known_on(subjects, [march(), Calendar.current().parse("2026-Q1")], ago(1))


def test_a_row_entered_later_changed_the_number(world):
    world.call(world.ada, "2026-03-06 09:00", world.carla)
    drain()
    kinds = sorted((kind, table) for kind, table, _fields in changed("calls_made", world.ada, 1))
    assert kinds == [("late", "activity"), ("late", "activitycontact")]


def test_a_row_that_counts_no_more_says_what_it_said(world):
    Activity.objects.filter(subject="call 2").update(direction=Activity.Direction.IN)
    drain()
    assert changed("calls_made", world.ada, 1) == [("changed", "activity", [("direction", 1, 2)])]
    assert changed("emails_sent", world.ada, 1) == []


def test_a_row_that_is_gone_is_named(world):
    Activity.objects.filter(subject="call 2").delete()
    drain()
    kinds = {(kind, table) for kind, table, _fields in changed("calls_made", world.ada, 1)}
    assert kinds == {("gone", "activity"), ("gone", "activitycontact")}


def test_what_changed_before_the_day_or_moves_no_figure_is_not_listed(world):
    Activity.objects.filter(subject="call 2").update(outcome=Activity.Outcome.REACHED)
    days_pass(2)
    Activity.objects.filter(subject="call 3").update(subject="other words")
    assert changed("calls_made", world.ada, 1) == []
    assert changed("calls_made", world.ada, 3) == [("changed", "activity", [("outcome", 0, 1)])]


def test_somebody_elses_rows_change_nothing_of_ones_own(world):
    world.call(world.olga, "2026-03-06 09:00", world.carla)
    Deal.objects.update(amount="7000")
    assert changed("calls_made", world.ada, 1) == []
    assert changed("won_value", world.ada, 1) == []


def test_an_answer_that_is_none_any_more_changed_the_reply_rate(world):
    answer = world.answer(world.ada, "2026-03-08 09:00", world.carla)
    drain()
    days_pass(3)
    assert then("reply_rate", world.ada, 1) == 1
    Activity.objects.filter(pk=answer.pk).update(outcome=Activity.Outcome.AUTO_REPLY)
    drain()
    assert (then("reply_rate", world.ada, 1), then("reply_rate", world.ada, 0)) == (1, 0)
    assert changed("reply_rate", world.ada, 1) == [("changed", "activity", [("outcome", 0, 7)])]


def test_a_deals_worth_and_its_close_changed_the_value_won(world):
    deal = Deal.objects.get()
    assert then("won_value", world.ben, 1) == 6000
    deal.amount = 7000
    deal.save()
    [(kind, table, [(field, was, now)])] = changed("won_value", world.ben, 1)
    assert (kind, table, field, was, now) == ("changed", "deal", "amount", 6000, 7000)


def test_a_deal_that_is_not_won_any_more_is_found_by_the_close_it_had(world):
    StageChange.objects.filter(stage=world.stages["won"]).delete()
    Deal.objects.update(stage=world.stages["lead"])
    drain()
    assert (then("won_value", world.ben, 1), then("won_value", world.ben, 0)) == (6000, 0)
    kinds = {(kind, table) for kind, table, _fields in changed("won_value", world.ben, 1)}
    assert ("gone", "stagechange") in kinds


def test_a_person_taken_off_a_mail_changed_whom_it_reached(world):
    ActivityContact.objects.filter(activity__kind=Activity.Kind.EMAIL).delete()
    drain()
    assert changed("reply_rate", world.ada, 1) == [("gone", "activitycontact", [])]


def test_every_kpi_can_say_what_changed(world):
    Activity.objects.filter(subject="call 2").delete()
    Deal.objects.update(amount="7000")
    found = {key: changed(key, rep, 1) for rep in (world.ada, world.ben) for key in CATALOGUE}
    assert [
        what for key in CATALOGUE for what in found[key] if what[0] not in ("late", "changed", "gone")
    ] == []


def test_what_was_known_over_thirteen_months_ago_is_dropped(world):
    world.call(world.ada, "2026-03-06 09:00", world.carla)
    drain()
    kept = PastSnapshot.objects.count()
    old = PastSnapshot.objects.order_by("pk").values_list("pk", flat=True)[:2]
    PastSnapshot.objects.filter(pk__in=list(old)).update(known_until=timezone.now() - timedelta(days=400))
    assert figures.purge() == 2
    assert PastSnapshot.objects.count() == kept - 2

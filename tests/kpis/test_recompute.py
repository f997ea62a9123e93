"""Draining marks: what is unchanged is not rewritten, March stays March, and the newest figure wins."""

import threading
import time

import pytest
from django.db import connection, transaction

from kpis import recompute
from kpis.models import Freshness, Snapshot, Stale
from kpis.recompute import drain
from kpis.verify import differences
from pipeline.models import Activity, Rep


def versions() -> dict[int, int]:
    return dict(Snapshot.objects.values_list("pk", "version"))


def test_a_figure_that_stays_the_same_is_not_rewritten(world):
    """Ada's call moves from 3 to 4 March: her weeks and months count the same."""
    call = world.call(world.ada, "2026-03-03 09:00", world.carla)
    world.call(world.ben, "2026-03-03 09:00", world.contact("Dora"))
    drain()
    before, fresh = versions(), Freshness.objects.get(kind="member", subject_id=world.ada.pk)
    call.at = call.at.replace(day=4)
    call.save()
    drain()
    assert versions() == before
    again = Freshness.objects.get(kind="member", subject_id=world.ada.pk)
    assert again.version == fresh.version
    assert again.computed_at > fresh.computed_at, "computed anew nevertheless"


def test_only_the_periods_of_the_edited_day_are_rewritten(world):
    call = world.call(world.ada, "2026-03-03 09:00", world.carla)
    world.call(world.ada, "2026-05-05 09:00", world.carla)
    drain()
    before = {(s.kind, s.subject_id, s.period): s.version for s in Snapshot.objects.all()}
    call.outcome = Activity.Outcome.REACHED
    call.save()
    drain()
    changed = {key[2] for key, version in _now().items() if before.get(key) != version}
    assert changed == {"2026-W10", "2026-03", "2026-Q1", "2026", "rolling-12", "all"}


def _now() -> dict:
    return {(s.kind, s.subject_id, s.period): s.version for s in Snapshot.objects.all()}


def test_a_subject_without_figures_left_has_no_snapshot_left(world):
    call = world.call(world.ada, "2026-03-03 09:00", world.carla)
    drain()
    call.delete()
    drain()
    assert not Snapshot.objects.exists()
    assert world.value("calls_made", world.ada, "2026-03") == 0


def test_march_computed_in_june_says_what_it_said_in_march(world, now):
    """State figures are as of the period's end: later steps, amounts and owners leave March alone.

    | deal, Ada's  | end of March        | afterwards                      |
    |--------------|---------------------|---------------------------------|
    | Steady       | prospect, €1,000    | won in April, €5,000, Ben's     |
    | Late         | lead                | prospect in April               |
    """
    now.move_to("2026-04-01T10:00:00Z")
    steady = world.deal(world.ada, ("prospect", "2026-03-03 09:00"), amount=1000, name="Steady")
    late = world.deal(world.ada, ("lead", "2026-03-04 09:00"), amount=70, name="Late")
    keys = ("prospects_open", "prospects_volume", "stage_days", "departments_involved", "nda_signed")
    said = {key: world.reading(key, world.ada, "2026-03") for key in keys}
    assert (said["prospects_open"].value, said["prospects_volume"].value) == (1, 1000)
    now.move_to("2026-06-15T10:00:00Z")
    world.owned(steady, ada="2026-03-03", ben="2026-04-02 09:00")
    world.worth(steady, ("1000", "2026-03-03 09:00"), ("5000", "2026-04-03 09:00"))
    world.enters(steady, "won", "2026-04-10 09:00")
    world.enters(late, "prospect", "2026-04-11 09:00")
    Stale.objects.create(rep_id=world.ada.pk, from_day="1900-01-01")
    for key in keys:
        again = world.reading(key, world.ada, "2026-03")
        assert (again.value, again.numerator, again.sample) == (
            said[key].value, said[key].numerator, said[key].sample,
        ), key  # fmt: skip
    assert world.value("deals_won", world.ben, "2026-04") == 1


def test_a_day_later_the_windows_have_rolled(world, now):
    """last-30 on 15 June begins on 17 May; on the 16th the call of 17 May has left it."""
    world.call(world.ada, "2026-05-17 09:00", world.carla)
    assert world.value("calls_made", world.ada, "last-30") == 1
    now.move_to("2026-06-16T10:00:00Z")
    Stale.objects.create(rep_id=world.ada.pk, from_day="1900-01-01")
    assert world.value("calls_made", world.ada, "last-30") == 0
    assert world.value("calls_made", world.ada, "last-90") == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_drains_at_once_the_newest_figures_win(now, monkeypatch):
    """A slow drain has read Ada's records; meanwhile a call is added and drained. The slow one never overwrites it."""
    rep = Rep.objects.create(name="Ada")
    Activity.objects.create(rep=rep, kind=1, direction=1, at="2026-03-03T09:00Z")
    drain()
    honest, reading, go_on = recompute.member_rows, threading.Event(), threading.Event()

    def slow(*args):
        rows = honest(*args)
        if threading.current_thread().name == "slow":
            reading.set()
            go_on.wait(10)
        return rows

    def in_a_thread():
        drain()
        connection.close()

    monkeypatch.setattr(recompute, "member_rows", slow)
    Stale.objects.create(rep_id=rep.pk, from_day="1900-01-01")
    first = threading.Thread(target=in_a_thread, name="slow")
    first.start()
    assert reading.wait(10)
    Activity.objects.create(rep=rep, kind=1, direction=1, at="2026-03-04T09:00Z")
    second = threading.Thread(target=in_a_thread, name="quick")
    second.start()
    time.sleep(0.3)
    go_on.set()
    first.join(20)
    second.join(20)
    drain()
    assert not Stale.objects.exists()
    stored = Snapshot.objects.get(kind="member", subject_id=rep.pk, period="2026-03")
    assert stored.pieces["calls_made"] == [2]
    assert differences() == []


@pytest.mark.django_db(transaction=True)
def test_a_mark_set_while_draining_waits_for_the_next_round(now, monkeypatch):
    """A writer who has not yet committed is neither seen nor forgotten."""
    rep = Rep.objects.create(name="Ada")
    Activity.objects.create(rep=rep, kind=1, direction=1, at="2026-03-03T09:00Z")
    written, drained = threading.Event(), threading.Event()

    def write():
        with transaction.atomic():
            Activity.objects.create(rep=rep, kind=1, direction=1, at="2026-03-05T09:00Z")
            written.set()
            drained.wait(10)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    assert written.wait(10)
    drain()
    assert Snapshot.objects.get(kind="member", period="2026-03").pieces["calls_made"] == [1]
    drained.set()
    writer.join(10)
    drain()
    assert Snapshot.objects.get(kind="member", period="2026-03").pieces["calls_made"] == [2]

"""Full recomputes: items claimed by locks, phases in order, resumed after a death, stopped when told to."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction

from kpis import runs, tasks
from kpis.models import Run, RunItem, Snapshot, Stale
from kpis.recompute import drain
from kpis.runs import ItemFailed, cancel, start_daily_roll, start_run, work
from kpis.verify import differences
from pipeline.models import Activity, Rep
from tests.kpis.mean_world import MeanWorld


@pytest.fixture
def hints(monkeypatch) -> list[tuple[int, int]]:
    """Messages that would have been sent, as (run, how many)."""
    sent: list[tuple[int, int]] = []
    monkeypatch.setattr(tasks, "send_hints", lambda run, count: sent.append((run, count)))
    monkeypatch.setattr(tasks, "nudge", lambda: None)
    return sent


@pytest.fixture
def mean(transactional_db, now, hints) -> MeanWorld:
    world = MeanWorld()
    drain()
    return world


def finish(run: Run) -> None:
    while work(run.pk):
        pass
    run.refresh_from_db()


def test_a_full_run_writes_what_the_marks_wrote(mean, hints):
    before = dict(Snapshot.objects.values_list("pk", "version"))
    run = start_run()
    finish(run)
    assert run.finished_at is not None
    assert dict(Snapshot.objects.values_list("pk", "version")) == before, "nothing changed, nothing rewritten"
    Snapshot.objects.all().delete()
    finish(start_run())
    assert differences() == []
    assert Snapshot.objects.count() == len(before)


def test_reps_come_first_then_teams_from_below_and_the_organisation_last(mean, hints):
    """North above Coast, South: Coast in phase 1, the top teams in 2, the organisation in 3."""
    run = start_run()
    items = [(item.phase, item.kind, set(item.ids)) for item in run.items.all()]
    reps = set().union(*(ids for phase, kind, ids in items if kind == "reps"))
    assert reps == {0, *mean.ada.__class__.objects.values_list("pk", flat=True)}
    assert [entry for entry in items if entry[1] != "reps"] == [
        (1, "teams", {mean.coast.pk}),
        (2, "teams", {mean.north.pk, mean.south.pk}),
        (3, "organisation", set()),
    ]
    finish(run)
    assert hints == [(run.pk, 1), (run.pk, 1), (run.pk, 1)], "one call for each phase after the first"


def test_an_item_in_hand_is_not_handed_out_twice_and_comes_back_when_its_worker_dies(mean, monkeypatch):
    monkeypatch.setattr(runs, "REPS_PER_ITEM", 100)
    run = start_run()
    with transaction.atomic():
        mine = runs._claim(run)
        assert _claimed_by_another(run) is None, "the next phase waits for the last item of this one"
        transaction.set_rollback(True)  # as when the worker is killed
    assert _claimed_by_another(run) == mine.pk


def _claimed_by_another(run: Run) -> int | None:
    """What a second worker, on a connection of its own, would be given."""
    with connection.copy().cursor() as cursor:
        cursor.execute(
            "SELECT id FROM kpis_runitem WHERE run_id = %s AND done_at IS NULL AND phase = 0"
            " ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1",
            [run.pk],
        )
        row = cursor.fetchone()
        cursor.connection.close()
    return row and row[0]


def test_a_run_is_resumed_where_it_was_left(mean, monkeypatch):
    monkeypatch.setattr(runs, "REPS_PER_ITEM", 2)
    run = start_run()
    assert work(run.pk) and work(run.pk)
    done = set(run.items.exclude(done_at=None).values_list("pk", "done_at"))
    finish(run)
    assert done <= set(run.items.values_list("pk", "done_at"))
    assert run.finished_at is not None


def test_a_cancelled_run_hands_out_nothing_and_leaves_nothing_stale(mean, monkeypatch):
    """The reps' figures were recomputed and their marks answered; the teams above must follow all the same."""
    monkeypatch.setattr(runs, "REPS_PER_ITEM", 100)
    mean.call(mean.ada, "2026-03-19 09:00", mean.emil)
    from pipeline.settle import settle_marked

    settle_marked()
    run = start_run()
    assert work(run.pk), "all reps"
    cancel(run)
    assert not work(run.pk)
    run.refresh_from_db()
    assert run.cancelled_at is not None and run.finished_at is None
    drain()
    assert differences() == []


def test_a_failed_item_leaves_no_half_written_figures(mean, monkeypatch):
    """What follows from the edit is computed, then the worker breaks before the item is done: nothing of it stays."""
    mean.call(mean.ada, "2026-03-19 09:00", mean.emil)
    run = start_run()
    before = dict(Snapshot.objects.values_list("pk", "version"))

    def breaks(*_args):
        raise RuntimeError("out of memory")

    monkeypatch.setattr(runs.timezone, "now", breaks)
    with pytest.raises(ItemFailed, match="out of memory"):
        work(run.pk)
    assert dict(Snapshot.objects.values_list("pk", "version")) == before
    assert RunItem.objects.filter(run=run, done_at=None).count() == run.items.count()


def test_an_item_that_keeps_failing_stops_the_run_and_says_why(mean, monkeypatch):
    monkeypatch.setattr(runs, "_do", lambda item, from_day: 1 / 0)
    run = start_run()
    for _ in range(runs.TRIES):
        with pytest.raises(ItemFailed):
            work(run.pk)
    run.refresh_from_db()
    assert not run.is_open
    assert "ZeroDivisionError" in run.error
    assert not work(run.pk)


def test_what_breaks_before_an_item_is_claimed_is_no_items_failure(mean, monkeypatch):
    """Nobody counts it, so nobody may take it for counted and go on for ever."""

    def gone(*_args):
        raise ConnectionError("the server went away")

    monkeypatch.setattr(runs, "_claim", gone)
    run = start_run()
    with pytest.raises(ConnectionError):
        work(run.pk)
    assert not RunItem.objects.filter(run=run, failures__gt=0).exists()


def test_the_sweeper_asks_again_for_open_runs_only(mean, hints):
    run, other = start_run(), start_run()
    cancel(other)
    tasks.sweep()
    assert hints == [(run.pk, run.waiting())]


def test_the_day_is_rolled_once(mean, now, hints):
    first, second = start_daily_roll(), start_daily_roll()
    assert first is not None and second is None
    assert first.rolled_on == date(2026, 6, 15)
    now.move_to("2026-06-15T22:30:00Z")
    again = start_daily_roll()
    assert again is not None and again.rolled_on == date(2026, 6, 16), "midnight is the organisation's"
    finish(again)
    assert differences() == []


def test_marks_set_during_a_run_are_not_lost(mean):
    run = start_run()
    assert work(run.pk)
    Activity.objects.filter(kind=1).update(outcome=2)
    finish(run)
    drain()
    assert differences() == []
    assert not Stale.objects.exists()


def test_a_week_that_grew_too_old_to_be_kept_differs_from_nothing(transactional_db, now, hints):
    """Three weeks on, the oldest weeks stored have left the store; the daily roll takes them out."""
    rep = Rep.objects.create(name="Ada")
    for weeks in range(57, 61):
        at = datetime(2026, 6, 15, 9, tzinfo=UTC) - timedelta(weeks=weeks)
        Activity.objects.create(rep=rep, kind=1, direction=1, at=at)
    drain()
    assert differences() == []
    now.move_to("2026-07-06T10:00:00Z")
    finish(start_daily_roll())
    assert differences() == []

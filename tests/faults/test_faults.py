"""Whatever is killed in the middle of the work, the work ends by itself and the figures are right."""

import os
import signal
import time

import pytest
import redis
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from kpis import runs
from kpis.models import Run, RunItem, Stale
from kpis.tasks import send_hints
from kpis.verify import differences
from pipeline.models import Deal, Unsettled
from tests.faults.machine import wait_for

pytestmark = pytest.mark.faults


def begin_run(monkeypatch, done: int = 3) -> Run:
    """A full recompute of many items, some of them done and some in hand."""
    monkeypatch.setattr(runs, "REPS_PER_ITEM", 1)
    run = runs.start_run()
    send_hints(run.pk, run.waiting())
    wait_for(lambda: run.items.exclude(done_at=None).count() >= done, "some items to be done")
    return run


def assert_in_the_middle(run: Run) -> None:
    left = run.items.filter(done_at=None).count()
    assert 5 < left < run.items.count(), "the fault must find a backlog"


def assert_ends_right(run: Run, machine) -> None:
    """It ends without anybody's help but that of who restarts dead processes."""
    wait_for(
        lambda: Run.objects.filter(pk=run.pk).exclude(finished_at=None).exists(),
        "the run to finish",
        meanwhile=machine.processes.revive,
    )
    run.refresh_from_db()
    assert not RunItem.objects.filter(run=run, done_at=None).exists()
    assert (run.cancelled_at, run.error) == (None, "")
    assert differences() == []


def test_a_killed_worker_loses_no_item(blank, monkeypatch):
    run = begin_run(monkeypatch)
    blank.kill_worker()
    assert_in_the_middle(run)
    assert_ends_right(run, blank)


def test_an_emptied_redis_loses_no_item(blank, monkeypatch):
    run = begin_run(monkeypatch)
    with redis.Redis.from_url(blank.redis_url) as line:
        assert line.llen("bulk") > 0
        line.flushall()
    assert_in_the_middle(run)
    assert_ends_right(run, blank)


def test_a_killed_redis_loses_no_item(blank, monkeypatch):
    run = begin_run(monkeypatch)
    blank.kill_redis()
    assert_in_the_middle(run)
    blank.start(blank.redis)
    assert_ends_right(run, blank)


def test_a_killed_database_process_loses_no_item(blank, monkeypatch):
    """PostgreSQL ends every connection when one of its processes dies, and recovers from its log."""
    run = begin_run(monkeypatch)
    os.kill(wait_for(backend_at_work, "a worker's backend in a transaction"), signal.SIGKILL)
    connection.close()
    wait_for(lambda: run.items.exists(), "PostgreSQL to recover")
    assert_in_the_middle(run)
    assert_ends_right(run, blank)


def backend_at_work() -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.pid FROM pg_locks l WHERE l.relation = 'kpis_runitem'::regclass"
            " AND l.pid <> pg_backend_pid() LIMIT 1"
        )
        found = cursor.fetchone()
    return found and found[0]


def test_a_lost_message_delays_and_loses_nothing(blank):
    """A row written round the application sends no message at all: beat finds its mark."""
    runs_to_the_end_here()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE pipeline_activity SET direction = 3 - direction WHERE kind = 1 AND id % 40 = 0"
        )
        assert cursor.rowcount > 100
    assert Unsettled.objects.exists()
    wait_for(nothing_waits, "the marks to be drained", meanwhile=blank.processes.revive)
    assert differences() == []


def test_what_is_written_while_redis_is_away_is_kept_and_counted_later(blank):
    runs_to_the_end_here()
    deal = Deal.objects.filter(closed_at=None, nda="", owner__isnull=False, stage__milestone__gte=3).first()
    blank.kill_redis()
    began = time.monotonic()
    answer = signed_in(deal.owner).post(
        f"/deals/{deal.pk}/facts/", {"kind": "nda_signed", "on": "2026-01-15"}
    )
    assert (answer.status_code, answer["Location"]) == (302, f"/deals/{deal.pk}/")
    assert time.monotonic() - began < 10
    assert deal.facts.filter(kind="nda_signed").exists() and Unsettled.objects.exists()
    blank.start(blank.redis)
    wait_for(nothing_waits, "the marks to be drained", meanwhile=blank.processes.revive)
    assert differences() == []


def signed_in(rep) -> Client:
    rep.account_user = User.objects.create_user(f"rep {rep.pk}")
    rep.save()
    client = Client()
    client.force_login(rep.account_user, "django.contrib.auth.backends.ModelBackend")
    return client


def runs_to_the_end_here() -> None:
    run = runs.start_run()
    while runs.work(run.pk):
        pass


def nothing_waits() -> bool:
    return not (Unsettled.objects.exists() or Stale.objects.exists())

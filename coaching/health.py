"""Is the installation working? Public, for load balancers and alarms: no personal data, no secrets."""

import time
from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from kombu.exceptions import OperationalError

from coaching.celery import app

ALIVE, ALIVE_FOR = "worker-alive", 30  # seconds without a heartbeat before a worker counts as gone
LONGEST_WAIT = 120  # seconds a mark may wait; a worker can be up and deaf, its backlog shows it
Answer = dict[str, object]


def worker_is_alive() -> None:
    """Called by each worker's heartbeat."""
    cache.set(ALIVE, time.time(), ALIVE_FOR)


def database() -> Answer:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {"ok": True}


def broker() -> Answer:
    with app.connection_for_write(connect_timeout=2) as line:
        line.ensure_connection(max_retries=1, interval_start=0, timeout=2)
    return {"ok": True}


def worker() -> Answer:
    heard = cache.get(ALIVE)
    return {"ok": heard is not None, "heard_s_ago": round(time.time() - heard, 1) if heard else None}


def pending() -> Answer:
    """How long, in seconds, what changed has waited to be computed; a full run may take its time."""
    from kpis.pending import pending as everything

    waiting = [entry for entry in everything() if entry["kind"] != "run"]
    oldest = max((entry["age_s"] for entry in waiting), default=0)
    marks = sum(entry["marks"] for entry in waiting)
    return {"ok": oldest <= LONGEST_WAIT, "marks": marks, "oldest_s": round(oldest, 1)}


PARTS: dict[str, Callable[[], Answer]] = {
    "database": database,
    "broker": broker,
    "worker": worker,
    "pending": pending,
}


def ask(part: Callable[[], Answer]) -> Answer:
    try:
        return part()
    except (DatabaseError, OperationalError, OSError):
        return {"ok": False}


@login_not_required
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Every part with its own answer; 503 when one is not well."""
    parts = {name: ask(part) for name, part in PARTS.items()}
    well = all(part["ok"] for part in parts.values())
    return JsonResponse({"ok": well, **parts}, status=200 if well else 503)


@login_not_required
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether this web process can serve pages: they need the database and nothing else."""
    answer = ask(database)
    return JsonResponse(answer, status=200 if answer["ok"] else 503)

"""Celery tasks: thin, argument-poor and idempotent. The database says what is to be done; a message only says when."""

import structlog
from celery import shared_task
from django.core.cache import cache
from django.db import close_old_connections
from kombu.exceptions import OperationalError

NUDGED = "kpis:nudged"
HINT_LIVES_S = 5
log = structlog.get_logger(__name__)


@shared_task
def drain():
    """Settle and recompute everything marked."""
    from kpis.recompute import drain as drain_marks

    cache.delete(NUDGED)
    if cleared := drain_marks():
        log.info("drained", marks=cleared)


@shared_task
def work(run_id: int):
    """Do one item of a run; the last item of a phase calls for the next phase."""
    from kpis.runs import work as do_one_item

    do_one_item(run_id)


@shared_task
def sweep():
    """Send hints again for runs whose workers died or whose messages were lost."""
    from kpis.runs import open_runs

    for run in open_runs():
        send_hints(run.pk, run.waiting())


@shared_task
def roll():
    """Once per local day: the rolling windows move on, running periods and cohorts age."""
    from kpis.runs import start_daily_roll

    close_old_connections()
    if run := start_daily_roll():
        send_hints(run.pk, run.waiting())


@shared_task
def forget():
    """Once a night: what figures and records said more than thirteen months ago goes."""
    from kpis.past import triggers as figures
    from pipeline import past as records

    log.info("past dropped", figures=figures.purge(), records=records.purge())


def nudge() -> None:
    """Ask for a drain soon; asking again before it begins is the same request."""
    if cache.add(NUDGED, 1, timeout=HINT_LIVES_S):
        _send(drain, countdown=0.1, expires=60, queue="interactive")


def send_hints(run_id: int, count: int) -> None:
    """One message per waiting item: workers that find nothing to do return at once."""
    for _ in range(count):
        if not _send(work, args=(run_id,), queue="bulk"):
            return


def _send(task, **how) -> bool:
    """False while the broker is away: beat asks again, since the rows that say what is to be done are stored."""
    try:
        task.apply_async(**how)
    except OperationalError as reason:
        log.warning("no hint sent", task=task.name, reason=str(reason))
        return False
    return True

"""Celery tasks of coaching: thin and idempotent; the database says what is to be done."""

import structlog
from celery import shared_task
from django.utils import timezone

log = structlog.get_logger(__name__)


@shared_task
def keep_sessions():
    """Plan what standing appointments lack; tell of commitments whose day has come, mark those nobody kept by it."""
    from coaching.digests.notices import tell_of_due
    from coaching.sessions.commitments import mark_missed
    from coaching.sessions.series import make_ahead
    from kpis.periods import Calendar

    now, today = timezone.now(), Calendar.current().today()
    made, missed, due = make_ahead(now), mark_missed(today, now), tell_of_due(today)
    if made or missed or due:
        log.info("sessions kept", planned=made, missed=missed, due=due)


@shared_task
def send_digests():
    """Send the digests of this Monday or Friday that were not sent yet; on other days there is nothing to send."""
    from coaching.digests.sending import send_due

    if outcomes := send_due(timezone.now()):
        log.info("digests", **outcomes)


@shared_task
def rank_deals():
    """Weigh all open deals where they are too many for a page."""
    from coaching.deals.ranking import keep_ranks
    from kpis.periods import Calendar

    if weighed := keep_ranks(Calendar.current().today(), timezone.now()):
        log.info("deals weighed", deals=weighed)


@shared_task
def forget_notices():
    """Once a night: notices older than ninety days go."""
    from coaching.digests.notices import purge

    log.info("notices dropped", notices=purge(timezone.now()))

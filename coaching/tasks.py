"""Celery tasks of coaching: thin and idempotent; the database says what is to be done."""

import structlog
from celery import shared_task
from django.utils import timezone

log = structlog.get_logger(__name__)


@shared_task
def keep_sessions():
    """Plan what standing appointments lack for the weeks ahead; mark commitments nobody kept by their day."""
    from coaching.commitments import mark_missed
    from coaching.series import make_ahead
    from kpis.periods import Calendar

    now, today = timezone.now(), Calendar.current().today()
    made, missed = make_ahead(now), mark_missed(today, now)
    if made or missed:
        log.info("sessions kept", planned=made, missed=missed)

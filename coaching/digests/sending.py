"""When digests go out: once a Monday and once a Friday from seven o'clock on, local time, to whoever asked for one."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time
from smtplib import SMTPException

import structlog
from django.db import transaction

from coaching.digests.digest import FRIDAY, MONDAY
from coaching.digests.mail import address_of, is_due_to, mail_of
from coaching.models import Subscription
from kpis.periods import Calendar

FROM = time(7)
WEEKDAYS = {0: MONDAY, 4: FRIDAY}
# What a mail server or the way to it may answer; anything else is a fault of ours and shall be seen.
NOT_TAKEN = (SMTPException, OSError)
SENT, FAILED, SKIPPED = "sent", "failed", "skipped"
log = structlog.get_logger(__name__)


def kind_due(now: datetime) -> tuple[str, date] | None:
    """Which digest goes out at this moment, and the local day it is of."""
    local = now.astimezone(Calendar.current().zone)
    if local.time() < FROM or local.weekday() not in WEEKDAYS:
        return None
    return WEEKDAYS[local.weekday()], local.date()


def send_due(now: datetime) -> Counter[str]:
    """Send what is due now and was not sent today; a mail that is not taken stays due and stops nobody else's."""
    due = kind_due(now)
    return send_all(*due, now) if due else Counter()


def send_all(kind: str, day: date, now: datetime) -> Counter[str]:
    """How many of one day's digests were sent, failed, or were skipped for want of an address or of the right."""
    outcomes = Counter(_attempt(pk, kind, day, now) for pk in waiting(kind, day))
    return outcomes


def waiting(kind: str, day: date) -> Iterator[int]:
    """Ids of subscriptions to a digest that was not sent on this day."""
    rows = Subscription.objects.filter(**{kind: True}).exclude(**{f"{kind}_sent_on": day})
    return iter(list(rows.order_by("pk").values_list("pk", flat=True)))


def _attempt(pk: int, kind: str, day: date, now: datetime) -> str:
    try:
        return send_once(pk, kind, day, now)
    except NOT_TAKEN as reason:
        log.warning("digest not sent", subscription=pk, kind=kind, reason=type(reason).__name__)
        return FAILED


@transaction.atomic
def send_once(pk: int, kind: str, day: date, now: datetime) -> str:
    """Claim, then send. A second beat finds the row locked or the claim made; a mail not taken undoes the claim."""
    rows = Subscription.objects.filter(pk=pk, **{kind: True}).exclude(**{f"{kind}_sent_on": day})
    found = rows.select_related("rep__account_user").select_for_update(of=("self",), skip_locked=True).first()
    if found is None or not is_due_to(found.rep, kind) or not address_of(found.rep):
        return SKIPPED
    Subscription.objects.filter(pk=pk).update(**{f"{kind}_sent_on": day})
    mail_of(found, kind, day, now).send()
    return SENT

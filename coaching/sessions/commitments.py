"""What becomes of a commitment: fixed when it is made, set done or dropped, missed by the day passing, reviewed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from coaching.digests.notices import tell
from coaching.impact import verdicts as impact
from coaching.impact.words import change
from coaching.models import Commitment, Session
from kpis.catalogue import CATALOGUE
from kpis.periods import Calendar
from pipeline.models import Organisation, Rep

BASELINE = timedelta(days=30)
GRACE = timedelta(days=7)
DAY = timedelta(days=1)
# What people may set; missed is set by time alone.
SETTABLE = (Commitment.State.OPEN, Commitment.State.DONE, Commitment.State.DROPPED)


@dataclass(frozen=True)
class Promise:
    """A commitment as listed: its KPI and the change hoped for in words, and whether its state is still to be set."""

    commitment: Commitment
    kpi: str
    expected: str
    is_settable: bool


def promises(commitments: Iterable[Commitment]) -> list[Promise]:
    return [promise_of(commitment) for commitment in commitments]


def promise_of(commitment: Commitment) -> Promise:
    kpi = CATALOGUE.get(commitment.kpi)
    if kpi is None:
        return Promise(commitment, "", "", may_change(commitment))
    expected = None if commitment.expected is None else float(commitment.expected)
    hoped = change(expected, kpi, Organisation.current().currency)
    return Promise(commitment, str(kpi.label), hoped, may_change(commitment))


def commit(commitment: Commitment, session: Session) -> Commitment:
    """Keep a commitment made in a session; with a KPI its baseline is the thirty days before."""
    commitment.session, commitment.rep = session, session.rep
    if commitment.kpi:
        commitment.baseline_from, commitment.baseline_to = baseline_of(session)
        impact.plan(commitment)
    commitment.save()
    return commitment


def baseline_of(session: Session) -> tuple[date, date]:
    """The thirty days up to and with the day of the talk, or today where it is still ahead; half-open."""
    calendar = Calendar.current()
    end = min(session.at.astimezone(calendar.zone).date(), calendar.today()) + DAY
    return end - BASELINE, end


def may_change(commitment: Commitment) -> bool:
    """A commitment is settled once it was missed or looked at again."""
    return commitment.state in SETTABLE and commitment.reviewed_at is None


def may_review(commitment: Commitment) -> bool:
    """Once, and again where it was too early to say."""
    return commitment.reviewed_at is None or commitment.verdict == Commitment.Verdict.TOO_EARLY


@transaction.atomic
def set_state(pk: int, state: str, now: datetime) -> bool:
    """Set a commitment open, done or dropped; False where it is settled or the word is none of these."""
    commitment = Commitment.objects.select_for_update().get(pk=pk)
    if state not in SETTABLE or not may_change(commitment):
        return False
    commitment.state, commitment.state_at = state, now
    commitment.save()
    return True


@transaction.atomic
def mark_missed(today: date, now: datetime) -> int:
    """Commitments a week past their day and still open are missed; how many that were."""
    late = Commitment.objects.open().filter(review_on__lt=today - GRACE)
    found = list(late.select_for_update(skip_locked=True))
    for commitment in found:
        commitment.state, commitment.state_at = Commitment.State.MISSED, now
        commitment.save()
    return len(found)


@transaction.atomic
def reviewed(pk: int, by: Rep, now: datetime) -> bool:
    """Note that a commitment was looked at again and keep the verdict of today; False where it was settled already."""
    rows = Commitment.objects.select_for_update(of=("self",)).select_related("rep__team")
    commitment = rows.get(pk=pk)
    if not may_review(commitment):
        return False
    impact.keep(commitment, Calendar.current().today())
    commitment.reviewed_at = now
    commitment.save()
    tell(commitment.rep, "commitment_reviewed", f"/commitments/{pk}/review/", manager=by.name)
    return True

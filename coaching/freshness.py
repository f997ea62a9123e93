"""How fresh the figures of a page are, and whether they changed under the reader's eyes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils import timezone

from kpis.models import Freshness as Computed
from kpis.models import Snapshot
from kpis.pending import pending
from kpis.subjects import Subject

AT_ONCE, NOW_AND_THEN = "every 1s", "every 15s"


@dataclass(frozen=True)
class Freshness:
    """What is recorded until `as_of` is in the figures; `seen` changes whenever one of them does."""

    subject: Subject
    as_of: datetime
    is_pending: bool
    seen: str

    @property
    def every(self) -> str:
        return AT_ONCE if self.is_pending else NOW_AND_THEN

    @property
    def url(self) -> str:
        return (
            reverse("freshness", args=[self.subject.kind, self.subject.id])
            + f"?seen={self.seen}"
            + "&pending=1" * self.is_pending
        )


def freshness(subject: Subject, rep_ids: Iterable[int] | None) -> Freshness:
    """`rep_ids`: the reps the subject's figures rest on; None for everybody."""
    ids = None if rep_ids is None else list(rep_ids)
    seen = _seen(subject, ids)
    marks = pending(rep_ids=ids)
    oldest = max((mark["age_s"] for mark in marks), default=0)
    as_of = timezone.localtime(timezone.now() - timedelta(seconds=float(oldest)))
    return Freshness(subject, as_of, bool(marks), seen)


def _seen(subject: Subject, rep_ids: list[int] | None) -> str:
    """Versions only rise, so their sum and count tell any two states apart."""
    reps = (
        Q(kind=Snapshot.Kind.MEMBER)
        if rep_ids is None
        else Q(kind=Snapshot.Kind.MEMBER, subject_id__in=rep_ids)
    )
    own = Q(kind=subject.kind, subject_id=subject.id) if subject.kind != "rep" else Q()
    sums = Computed.objects.filter(reps | own).aggregate(count=Count("pk"), versions=Sum("version"))
    return f"{sums['count']}-{sums['versions'] or 0}"

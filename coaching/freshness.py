"""How fresh the figures of a page are, and whether they changed under the reader's eyes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from kpis.editions import edition_of_page
from kpis.pending import pending
from kpis.periods import Period
from kpis.subjects import Subject, subtree
from pipeline import access
from pipeline.models import Rep

# Each answer that still says "recomputing" is asked again after the delay; a worker that is away is not hurried.
SOON, PATIENTLY, NOW_AND_THEN = "load delay:400ms", "load delay:3s", "every 15s"
PATIENCE_S = 10
# The page of all teams somebody answers for has no figures of its own.
ALL_ONES_TEAMS = Subject("teams")


@dataclass(frozen=True)
class Freshness:
    """What is recorded until `as_of` is in the figures; `seen` changes whenever one of them does."""

    subject: Subject
    period: Period
    as_of: datetime
    is_pending: bool
    waiting_s: float
    seen: str

    @property
    def every(self) -> str:
        if not self.is_pending:
            return NOW_AND_THEN
        return SOON if self.waiting_s < PATIENCE_S else PATIENTLY

    @property
    def url(self) -> str:
        asked = {"seen": self.seen, "period": self.period.key} | ({"pending": 1} if self.is_pending else {})
        return f"{reverse('freshness', args=[self.subject.kind, self.subject.id])}?{urlencode(asked)}"


def reps_behind(subject: Subject, user) -> list[int] | None:
    """The reps a subject's figures rest on; None for everybody."""
    if subject.kind == "rep":
        return [subject.id]
    if subject.kind == "organisation":
        return None
    if subject == ALL_ONES_TEAMS:
        return list(access.reps_visible_to(user).values_list("pk", flat=True))
    return list(Rep.objects.filter(team__in=subtree(subject.id)).values_list("pk", flat=True))


def freshness(subject: Subject, user, period: Period) -> Freshness:
    """How fresh a subject's figures of a period are for who looks at them.

    To be asked before a page reads its figures, marks before versions: a recompute in between is then seen again,
    never missed.
    """
    ids = reps_behind(subject, user)
    marks = pending(rep_ids=ids)
    seen = edition_of_page(subject, ids, period)
    oldest = max((float(mark["age_s"]) for mark in marks), default=0.0)
    as_of = timezone.localtime(timezone.now() - timedelta(seconds=oldest))
    return Freshness(subject, period, as_of, bool(marks), oldest, seen)

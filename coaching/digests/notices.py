"""Telling a rep inside the product that something happened; the words are made when it is read."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse

from coaching.models import Commitment, Notice
from pipeline.models import Rep

DAYS_KEPT = timedelta(days=90)
# A beat that was away tells of a commitment's day late, but not weeks late.
LATE = timedelta(days=6)


def tell(rep: Rep, kind: str, path: str, /, **facts: str | int) -> Notice:
    """Keep a notice for `rep`. `facts` fill its sentence later: names and ISO moments, nothing said in confidence."""
    return Notice.objects.create(rep=rep, kind=kind, path=path, facts=facts)


def unread_of(rep: Rep | None) -> int:
    """How many notices of a rep nobody opened; one query over an index."""
    return Notice.objects.filter(rep=rep, read_at=None).count() if rep else 0


def leader_of(rep: Rep) -> Rep | None:
    """The manager of the rep's team, or of the first team above it that somebody else manages."""
    team, seen = rep.team, set()
    while team is not None and team.pk not in seen:
        if team.manager is not None and team.manager_id != rep.pk:
            return team.manager
        seen.add(team.pk)
        team = team.parent
    return None


@transaction.atomic
def tell_of_due(today: date) -> int:
    """Tell the rep and who leads them that a commitment's day has come; once, whoever else tells at the same time."""
    due = Commitment.objects.open().filter(review_on__range=(today - LATE, today), reviewed_at=None)
    rows = list(due.select_for_update(of=("self",), skip_locked=True).select_related("rep__team"))
    paths = {row.pk: reverse("commitment_review", args=[row.pk]) for row in rows}
    known = Notice.objects.filter(kind="commitment_due", path__in=paths.values())
    told = set(known.values_list("path", flat=True))
    new = [row for row in rows if paths[row.pk] not in told]
    for row in new:
        _tell_of(row, paths[row.pk])
    return len(new)


def _tell_of(commitment: Commitment, path: str) -> None:
    tell(commitment.rep, "commitment_due", path, kpi=commitment.kpi)
    if leader := leader_of(commitment.rep):
        tell(leader, "commitment_due_of", path, rep=commitment.rep.name, kpi=commitment.kpi)


def purge(now: datetime) -> int:
    """Drop notices older than ninety days, read or not; returns how many."""
    return Notice.objects.filter(at__lt=now - DAYS_KEPT).delete()[0]

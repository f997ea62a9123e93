"""Marks on rows of evidence: which are contested and with what outcome, and where their own rep may contest one."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from coaching.models import Contest
from pipeline.models import Activity, ActivityContact, ActivityMaterial

SHOWN = (Contest.State.OPEN, Contest.State.ACCEPTED, Contest.State.REFUSED)


@dataclass(frozen=True)
class Mark:
    """`contest` is the latest on the row, if any; `url` where it can be contested, empty for everybody but its rep."""

    contest: Contest | None
    url: str


def marks(rows: Iterable, key: str, own: int | None) -> dict[int, Mark]:
    """Row's own id -> its mark, for rows that are or belong to an activity; one query. `own` is the reader's rep."""
    found = [(row, activity) for row in rows if (activity := _activity_of(row)) is not None]
    if not found:
        return {}
    latest: dict[int, Contest] = {}
    ids = {activity.pk for _row, activity in found}
    for contest in Contest.objects.filter(activity__in=ids, state__in=SHOWN).order_by("opened_at", "pk"):
        latest[contest.activity_id] = contest
    return {row.pk: Mark(latest.get(activity.pk), _url(row, activity, key, own)) for row, activity in found}


def _activity_of(row) -> Activity | None:
    if isinstance(row, Activity):
        return row
    return row.activity if isinstance(row, ActivityContact | ActivityMaterial) else None


def _url(row, activity: Activity, key: str, own: int | None) -> str:
    if own is None or activity.rep_id != own:
        return ""
    asked = {"kpi": key} | ({"person": row.pk} if isinstance(row, ActivityContact) else {})
    return reverse("contest_new", args=[activity.pk]) + "?" + urlencode(asked)

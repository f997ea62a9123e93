"""Where the records behind a figure lie: by source the row they hang on, and their images before a moment."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Model, Q
from django.db.models.expressions import RawSQL

from kpis.catalogue.measures import Concentration, Distinct, FirstShare, Measure
from kpis.counted import Asked, counted_rows
from kpis.past.images import may_meet
from kpis.periods import BEGINNING, Period
from kpis.rows import columns_of
from kpis.subjects import Subject, subtree
from pipeline.models import (
    Account,
    AccountMove,
    AccountSpan,
    Activity,
    ActivityContact,
    ActivityMaterial,
    Contact,
    Cost,
    Deal,
    DealChange,
    DealContact,
    DealFact,
    DealMove,
    DealSpan,
    Episode,
    PastRecord,
    Relationship,
    Rep,
    StageChange,
    TimeEntry,
)

LATE = "recorded_at"
PERIOD_DATES = ("at", "from_at", "on", "closed_at", "created_at", "day", "rated_on", "expected_close_on")


@dataclass(frozen=True)
class Link:
    """A table of records that hang on a root by a column (`to`, for related rows a path), and when they happened."""

    model: type[Model]
    to: str
    dated: str = ""

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def is_day(self) -> bool:
        return bool(self.dated) and not isinstance(
            self.model._meta.get_field(self.dated), models.DateTimeField
        )

    def is_inside(self, image: dict, period: Period) -> bool:
        """Whether what the image says happened before the period's end."""
        text = image.get(self.dated) if self.dated else None
        return not text or text[:10] < str(period.end)


@dataclass(frozen=True)
class Past:
    """What a row said before it was first changed after a moment, when that was, and the row now (None: gone)."""

    image: dict
    at: datetime
    now: Model | None


@dataclass(frozen=True)
class Source:
    """How rows of a kind lead to their roots, which tables hang on those, and which roots only counted then."""

    root: str
    links: tuple[Link, ...]
    roots_then: Callable[[Measure, Asked, datetime, set[int]], set[int]]


def source_of(measure: Measure) -> Source:
    found = SOURCES[measure.of.table().model]
    reads = set().union(*(columns_of(condition) for condition in measure.conditions))
    # Who somebody is matters where a figure asks for their seniority.
    return replace(found, links=(*found.links, *BY_SENIORITY)) if "top_seniority" in reads else found


def roots_now(source: Source, measure: Any, asked: Asked) -> set[int]:
    """The roots of the rows that count today."""
    if isinstance(measure, Distinct | Concentration):  # their evidence is one row per group
        rows = asked.credited(measure.of, measure.of.where(measure.where))
    else:
        rows = counted_rows(measure, asked)[0]
    roots = set(rows.order_by().values_list(source.root, flat=True))
    if isinstance(measure, FirstShare):
        roots |= set(rows.order_by().values_list("answer_id", flat=True))
    return roots - {None}


def pasts_of(link: Link, roots: set[int], since: datetime) -> dict[int, Past]:
    """Rows of a table that hang or hung on these roots and were changed since; those entered since are none."""
    mine = Q(row_id__in=_rows_now(link, roots))
    if "__" not in link.to:
        column = "id" if link.to == "pk" else link.to
        mine |= Q(pk__in=RawSQL(HUNG, [link.table, since, column, list(roots)]))  # noqa: S611 - all bound
    earliest: dict[int, PastRecord] = {}
    for past in PastRecord.objects.filter(mine, table=link.table, at__gte=since).order_by("at", "pk"):
        earliest.setdefault(past.row_id, past)
    known = {pk: past for pk, past in earliest.items() if _recorded(past.image) < since}
    rows = link.model._default_manager.in_bulk(known)
    return {pk: Past(past.image, past.at, rows.get(pk)) for pk, past in known.items()}


HUNG = """SELECT id FROM pipeline_pastrecord WHERE "table" = %s AND at >= %s
    AND (image ->> %s)::bigint = ANY(%s)"""


def _rows_now(link: Link, roots: set[int]):
    return link.model._default_manager.filter(**{f"{link.to}__in": roots}).values_list("pk", flat=True)


def _recorded(image: dict) -> datetime:
    return datetime.fromisoformat(image["recorded_at"])


def reps_behind(subject: Subject) -> set[int]:
    """The reps a subject's records are of."""
    if subject.kind == "rep":
        return {subject.id}
    reps = (
        Rep.objects.all()
        if subject.kind == "organisation"
        else Rep.objects.filter(team__in=subtree(subject.id))
    )
    return set(reps.values_list("pk", flat=True))


def images_since(model: type[Model], since: datetime, **said) -> list[PastRecord]:
    """Images of a table kept since a moment whose columns hold one of these values."""
    found = PastRecord.objects.filter(table=model._meta.db_table, at__gte=since)
    for column, values in said.items():
        found = found.filter(**{f"image__{column}__in": list(values)})
    return [past for past in found.order_by("at", "pk") if _recorded(past.image) < since]


def _activities_then(measure, asked: Asked, since: datetime, now: set[int]) -> set[int]:
    """Activities that were credited in the period and met the condition, and those a person was taken off."""
    reps = reps_behind(asked.subject)
    prefix = "" if measure.of.table().model is Activity else "activity__"
    counted = {
        past.row_id
        for past in images_since(Activity, since, rep_id=reps)
        if _is_in(past.image, asked.period)
        and (may_meet(measure.where, past.image, prefix) or _may_answer(measure, past.image))
    }
    people = {past.image["activity_id"] for past in images_since(ActivityContact, since, rep_id=reps)}
    period = {"day__gte": asked.period.start, "day__lt": asked.period.end}
    return counted | set(Activity.objects.filter(pk__in=people, **period).values_list("pk", flat=True))


def _may_answer(measure, image: dict) -> bool:
    return isinstance(measure, FirstShare) and image["direction"] == Activity.Direction.IN


def _is_in(image: dict, period: Period) -> bool:
    day = image.get("day") or (image.get("at") or "")[:10]
    return str(period.start) <= day < str(period.end)


def _deals_then(measure, asked: Asked, since: datetime, now: set[int]) -> set[int]:
    """Deals of the subject's of which something dated in the period (of a state: before its end) was changed."""
    reps = reps_behind(asked.subject)
    theirs = set(Deal.objects.filter(owner__in=reps).values_list("pk", flat=True))
    theirs |= set(DealSpan.objects.filter(owner__in=reps).values_list("deal_id", flat=True))
    first = BEGINNING if measure.of.until else asked.period.start
    period = Period("", "", first, asked.period.end)
    deals = {
        past.row_id
        for past in images_since(Deal, since)
        if (past.image["owner_id"] in reps or past.row_id in theirs) and _touches(past.image, period)
    }
    moved = images_since(DealMove, since, owner_id=reps)
    dated = [*moved, *(past for past in images_since(StageChange, since) if past.image["deal_id"] in theirs)]
    return deals | {past.image["deal_id"] for past in dated if _touches(past.image, period)}


def _touches(image: dict, period: Period) -> bool:
    days = (str(image[name])[:10] for name in PERIOD_DATES if image.get(name))
    return any(str(period.start) <= day < str(period.end) for day in days)


def _accounts_then(measure, asked: Asked, since: datetime, now: set[int]) -> set[int]:
    reps = reps_behind(asked.subject)
    owned = {past.row_id for past in images_since(Account, since, owner_id=reps)}
    return owned | {past.image["account_id"] for past in images_since(AccountMove, since, owner_id=reps)}


def _hours_then(measure, asked: Asked, since: datetime, now: set[int]) -> set[int]:
    logged = images_since(TimeEntry, since, rep_id=reps_behind(asked.subject))
    return {past.row_id for past in logged if _touches(past.image, asked.period)}


ON_ACTIVITIES = (
    Link(Activity, "pk", "at"),
    Link(ActivityContact, "activity_id"),
    Link(ActivityMaterial, "activity_id"),
)
ON_DEALS = (
    Link(Deal, "pk"),
    Link(StageChange, "deal_id", "at"),
    Link(DealMove, "deal_id", "from_at"),
    Link(DealChange, "deal_id", "at"),
    Link(DealFact, "deal_id", "on"),
    Link(DealContact, "deal_id", "from_at"),
)
ON_ACCOUNTS = (
    Link(Account, "pk"),
    Link(AccountMove, "account_id", "from_at"),
    Link(Contact, "account_id", "created_at"),
    Link(Relationship, "contact__account_id", "rated_on"),
)
BY_SENIORITY = (Link(Contact, "touches__activity_id", "created_at"),)
SOURCES: dict[type[Model], Source] = {
    Activity: Source("pk", ON_ACTIVITIES, _activities_then),
    ActivityContact: Source("activity_id", ON_ACTIVITIES, _activities_then),
    ActivityMaterial: Source("activity_id", ON_ACTIVITIES, _activities_then),
    Episode: Source("deal_id", ON_DEALS, _deals_then),
    DealSpan: Source("deal_id", ON_DEALS, _deals_then),
    AccountSpan: Source("account_id", ON_ACCOUNTS, _accounts_then),
    Cost: Source("time_entry_id", (Link(TimeEntry, "pk", "on"),), _hours_then),
}

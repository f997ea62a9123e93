"""What a KPI counts: sources of rows with their credit, and one condition read as SQL or as a mask over columns."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kpis.dated_settings import Dated
from pipeline.models import AccountSpan, Activity, ActivityContact, ActivityMaterial, Cost, DealSpan, Episode


@dataclass(frozen=True)
class Rows:
    """A source: its table, who gets credit, and the day a row counts on.

    State sources (`until` set) hold from `day` to `until`; a period reads them as of its end. `left_out` are rows
    that count for no KPI, each with the reason. `parent` names the source whose columns rows reach by a prefix;
    `own_rep` is the row's own copy of its parent's rep, by which it is read without a join. `due` narrows to the
    rows whose date of that name lies in the period, `beyond` to those whose date of that name is its end or later.
    `is_opening` states are looked at when the period's first day is over.
    """

    name: str
    label: str | Promise
    table: Callable[[], QuerySet]
    rep: str
    team: str
    day: str
    until: str | None = None
    left_out: tuple[tuple[str | Promise, Q], ...] = ()
    parent: "Rows | None" = None
    parent_key: str = ""
    own_rep: str = ""
    due: str = ""
    beyond: str = ""
    is_opening: bool = False
    order: tuple[str, ...] = field(default=("-pk",))

    @property
    def is_by_day(self) -> bool:
        """Whether a row's day alone says in which periods it counts."""
        return not (self.until or self.due or self.beyond)

    @property
    def dates(self) -> set[str]:
        """The columns that say in which periods a row counts."""
        return {name for name in (self.day, self.until, self.due, self.beyond) if name}

    def countable(self) -> QuerySet:
        """Rows that may count for a KPI."""
        rows = self.table()
        for _label, condition in self.left_out:
            rows = rows.exclude(condition)
        return rows

    def where(self, condition: Q) -> QuerySet:
        """Countable rows that meet a condition: the reading as SQL."""
        return self.countable().filter(as_sql(condition, self.day))


def _repeats(prefix: str = "") -> tuple:
    return (
        (_("logged twice"), Q(**{f"{prefix}duplicate_of__isnull": False})),
        (_("internal only"), Q(**{f"{prefix}is_internal": True})),
    )


ACTIVITIES = Rows(
    name="activities",
    label=_("activities"),
    table=lambda: Activity.objects.filter(day__isnull=False),
    rep="rep_id",
    team="team_id",
    day="day",
    left_out=_repeats(),
    order=("-at", "-pk"),
)
BOOKINGS = Rows(
    name="bookings",
    label=_("meetings by the day they were booked"),
    table=lambda: Activity.objects.filter(kind=Activity.Kind.MEETING, booked_day__isnull=False),
    rep="booker_id",
    team="booked_team_id",
    day="booked_day",
    left_out=_repeats(),
    order=("-booked_at", "-pk"),
)
PEOPLE = Rows(
    name="people",
    label=_("people in activities"),
    table=lambda: ActivityContact.objects.filter(activity__day__isnull=False),
    rep="activity__rep_id",
    team="activity__team_id",
    day="activity__day",
    left_out=_repeats("activity__"),
    parent=ACTIVITIES,
    parent_key="activity_id",
    own_rep="rep_id",
    order=("-activity__at", "-pk"),
)
MATERIALS = Rows(
    name="materials",
    label=_("materials handed over"),
    table=lambda: ActivityMaterial.objects.filter(activity__day__isnull=False),
    rep="activity__rep_id",
    team="activity__team_id",
    day="activity__day",
    left_out=_repeats("activity__"),
    parent=ACTIVITIES,
    parent_key="activity_id",
    order=("-activity__at", "-pk"),
)
# A source of its own, since a type is a text and would weigh on the millions of rows that have another.
PROPOSALS_SENT = Rows(
    name="proposals_sent",
    label=_("proposals sent"),
    table=lambda: Activity.objects.filter(day__isnull=False, type=Activity.PROPOSAL_SENT),
    rep="rep_id",
    team="team_id",
    day="day",
    left_out=_repeats(),
    order=("-at", "-pk"),
)
CLOSED_DEALS = Rows(
    name="closed_deals",
    label=_("deals closed"),
    table=lambda: Episode.objects.exclude(outcome=Episode.Outcome.OPEN),
    rep="owner_id",
    team="team_id",
    day="closed_day",
    order=("-closed_at", "-pk"),
)
CREATED_DEALS = Rows(
    name="created_deals",
    label=_("deals created"),
    table=lambda: Episode.objects.filter(number=1, opened_day__isnull=False),
    rep="opener_id",
    team="opener_team_id",
    day="opened_day",
    order=("-opened_at", "-pk"),
)
QUALIFIED_DEALS = Rows(
    name="qualified_deals",
    label=_("deals that became qualified"),
    table=lambda: Episode.objects.filter(qualified_day__isnull=False),
    rep="qualifier_id",
    team="qualifier_team_id",
    day="qualified_day",
    order=("-qualified_day", "-pk"),
)
OPEN_DEALS = Rows(
    name="open_deals",
    label=_("open deals"),
    table=lambda: DealSpan.objects.all(),
    rep="owner_id",
    team="team_id",
    day="from_day",
    until="to_day",
    order=("deal__name_key", "pk"),
)

COSTS = Rows(
    name="costs",
    label=_("costs"),
    table=lambda: Cost.objects.all(),
    rep="rep_id",
    team="team_id",
    day="day",
    order=("-day", "-pk"),
)
ACCOUNTS = Rows(
    name="accounts",
    label=_("assigned accounts"),
    table=lambda: AccountSpan.objects.filter(owner__isnull=False),
    rep="owner_id",
    team="team_id",
    day="from_day",
    until="to_day",
    order=("account__name_key", "pk"),
)

# By the same name: one table, read once.
DUE_DEALS = replace(
    OPEN_DEALS, label=_("open deals expected to close in the period"), due="expected_close_on"
)
DUE_AT_FIRST = replace(
    DUE_DEALS, label=_("deals expected, on the period's first day, to close in it"), is_opening=True
)
SLIPPED_DEALS = replace(
    OPEN_DEALS,
    label=_("open deals put off beyond the period"),
    until=None,
    due="slipped_from",
    beyond="slipped_to",
)

COMPARISONS = {
    "exact": np.equal,
    "gt": np.greater,
    "gte": np.greater_equal,
    "lt": np.less,
    "lte": np.less_equal,
}


def leaf(path: str) -> tuple[str, str]:
    """Split a condition's left side into column and lookup."""
    column, _sep, lookup = path.rpartition("__")
    if column and lookup in (*COMPARISONS, "in", "isnull"):
        return column, lookup
    return path, "exact"


def parts_of(condition: Q) -> list[Any]:
    """What a condition is made of: conditions and (path, value) pairs; nothing else is in a KPI's."""
    return condition.children


def columns_of(condition: Q) -> set[str]:
    """The columns a condition reads; raises for what the mask reading does not know."""
    found = set()
    for child in condition.children:
        if isinstance(child, Q):
            found |= columns_of(child)
        elif isinstance(child, tuple):
            found.add(leaf(child[0])[0])
        else:
            raise TypeError(f"a KPI's condition cannot hold {child!r}: use column lookups only")
    return found


def as_sql(condition: Q, day: str) -> Q:
    """The condition with every dated setting replaced by the value in force on the row's day."""
    resolved = Q(_connector=condition.connector, _negated=condition.negated)
    for child in parts_of(condition):
        if isinstance(child, Q):
            resolved.children.append(as_sql(child, day))
        else:
            path, value = child
            resolved.children.append((path, value.as_sql(day) if isinstance(value, Dated) else value))
    return resolved


def as_mask(condition: Q, frame) -> np.ndarray:
    """The condition over a frame's columns; as in SQL through Django, an unknown value meets no comparison."""
    masks = [
        as_mask(child, frame) if isinstance(child, Q) else _leaf_mask(child, frame)
        for child in parts_of(condition)
    ]
    if not masks:
        mask = np.ones(frame.size, bool)
    elif condition.connector == Q.OR:
        mask = np.logical_or.reduce(masks)
    else:
        mask = np.logical_and.reduce(masks)
    return ~mask if condition.negated else mask


def _leaf_mask(pair: tuple[str, Any], frame) -> np.ndarray:
    (column, lookup), value = leaf(pair[0]), pair[1]
    values, known = frame.column(column)
    if lookup == "isnull":
        return ~known if value else known.copy()
    if isinstance(value, Dated):
        value = value.on_days(frame.days)
    if lookup == "in":
        return np.isin(values, list(value)) & known
    return COMPARISONS[lookup](values, value) & known

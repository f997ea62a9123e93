"""How many departments of each deal had a two-way touch in the days before each period's end."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kpis.catalogue.measures import Distinct
from kpis.conditions import TWO_WAY
from kpis.dated_settings import Dated
from kpis.frames import read
from kpis.placing import holding
from kpis.rows import OPEN_DEALS, PEOPLE, as_mask, as_sql
from kpis.values import Value
from pipeline.models import Activity, ActivityContact, Contact

WITHIN = Dated("two_way_days")
# What has to be read of the people in activities, for the frames to hold it.
TOUCHES = Distinct(PEOPLE, where=TWO_WAY & Q(activity__deal_id__isnull=False), value=Value("contact_id"))


def two_way_touches() -> QuerySet:
    """Two-way touches on a deal by a contact whose department is known; one row per contact and activity."""
    return (
        PEOPLE.countable()
        .filter(as_sql(TWO_WAY, PEOPLE.day), activity__deal__isnull=False)
        .exclude(contact__department="")
    )


@dataclass
class Counts:
    """Departments touched per (deal, period), read by position."""

    deals: np.ndarray
    table: np.ndarray

    def of(self, deals: np.ndarray, period: np.ndarray) -> np.ndarray:
        if not len(self.deals):
            return np.zeros(len(deals), np.int64)
        row = np.minimum(np.searchsorted(self.deals, deals), len(self.deals) - 1)
        return np.where(self.deals[row] == deals, self.table[row, period], 0)


@dataclass
class Departments:
    """(deal, department, day) of two-way touches, sorted, each once."""

    deal: np.ndarray
    department: np.ndarray
    day: np.ndarray

    @classmethod
    def of(cls, reader) -> "Departments":
        """Touches on the deals of the reader's reps: their own out of the frames, those of others by query."""
        parts = [_own_touches(reader), _touches_of_others(reader)]
        deal, names, day = (np.concatenate(column) for column in zip(*parts, strict=True))
        department = np.unique(names.astype(str), return_inverse=True)[1].reshape(len(deal))
        order = np.lexsort((day, department, deal))
        return cls(deal[order], department[order], day[order])

    def first_day(self) -> int | None:
        return int(self.day.min()) if len(self.day) else None

    def over(self, grid) -> Counts:
        """Count, for every deal and period, departments touched in the window of days that ends on `as_of`."""
        deals, row = np.unique(self.deal, return_inverse=True)
        windows = WITHIN.on_days(grid.as_of).astype(np.int64)
        table = np.zeros((len(deals), len(grid.as_of)), np.int32)
        for window in np.unique(windows):
            chosen = np.nonzero(windows == window)[0]
            table[:, chosen] = self._counted(row, len(deals), grid.as_of[chosen], int(window))
        return Counts(deals, table)

    def _counted(self, row: np.ndarray, deals: int, as_of: np.ndarray, window: int) -> np.ndarray:
        # A touch counts on days [day, day + window); the next touch of the same department takes over from there.
        same = (self.deal[1:] == self.deal[:-1]) & (self.department[1:] == self.department[:-1])
        until = self.day + window
        until[:-1][same] = np.minimum(until[:-1][same], self.day[1:][same])
        return holding(row, deals, as_of, self.day, until)


def _own_touches(reader) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    frame = reader.frame(PEOPLE)
    rows = np.nonzero(as_mask(TOUCHES.where, frame))[0]
    if not len(rows):
        return np.empty(0, np.int64), np.empty(0, object), np.empty(0, np.int64)
    contact = frame.column("contact_id")[0][rows]
    known = Contact.objects.exclude(department="").filter(pk__in=np.unique(contact).tolist())
    table = read(known, ["id", "department"], reader.bulk)
    ids, names = table["id"].to_numpy().astype(np.int64), table["department"].to_pandas().to_numpy(object)
    order = np.argsort(ids)
    ids, names = ids[order], names[order]
    place = np.minimum(np.searchsorted(ids, contact), max(len(ids) - 1, 0))
    found = ids[place] == contact if len(ids) else np.zeros(len(rows), bool)
    deal = frame.column("activity__deal_id")[0][rows[found]]
    return deal, names[place[found]], frame.days[rows[found]]


def _touches_of_others(reader) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Touches on these reps' deals by anybody else: few, since a deal is mostly touched by its owner.

    Found by their deals in an index first, so that the people are read of these few only.
    """
    deals = np.unique(reader.frame(OPEN_DEALS).column("deal_id")[0]).tolist()
    others = Activity.objects.filter(deal_id__in=[0, *deals]).exclude(reader.reps.of("rep_id"))
    activities = read(others, ["id"], reader.bulk)["id"].to_pylist()
    touches = two_way_touches().filter(activity_id__in=[0, *activities])
    table = read(touches, ["activity__deal_id", "contact__department", "activity__day"], reader.bulk)
    deal = table["activity__deal_id"].to_numpy().astype(np.int64)
    names = table["contact__department"].to_pandas().to_numpy(object)
    return deal, names, table["activity__day"].cast("int32").to_numpy().astype(np.int64)


def departments_of_spans(spans: QuerySet, as_of: date) -> QuerySet:
    """The same count for evidence: spans with `departments` touched in the window that ends on the day `as_of`."""
    start = as_of - timedelta(days=int(WITHIN.on(as_of)))
    touched = ActivityContact.objects.filter(pk__in=two_way_touches().values("pk"))
    counts = (
        touched.filter(
            activity__deal_id=OuterRef("deal_id"), activity__day__gt=start, activity__day__lte=as_of
        )
        .order_by()
        .values("activity__deal_id")
        .annotate(n=Count("contact__department", distinct=True))
        .values("n")
    )
    return spans.annotate(departments=Coalesce(Subquery(counts), 0))

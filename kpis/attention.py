"""Which deals somebody attended to: a touch either way in the days before each period's end, or a meeting ahead of it."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.db.models import Exists, OuterRef, Q, QuerySet

from kpis.catalogue.measures import Count
from kpis.conditions import PLANNED_MEETINGS, TOUCHES_EITHER_WAY
from kpis.dated_settings import Dated
from kpis.departments import Counts
from kpis.frames import read
from kpis.placing import holding
from kpis.rows import ACTIVITIES, OPEN_DEALS, as_mask

WITHIN = Dated("untouched_days")
# What has to be read of the activities, for the frames to hold it.
TOUCHES = Count(ACTIVITIES, where=TOUCHES_EITHER_WAY & Q(deal_id__isnull=False))
BEFORE_ALL = np.iinfo(np.int32).min


def unattended(as_of: date) -> Q:
    """Spans of deals nobody had touched in the window that ends on the day `as_of`, and with no meeting after it."""
    start = as_of - timedelta(days=int(WITHIN.on(as_of)))
    touched = ACTIVITIES.where(TOUCHES.where).filter(day__gt=start, day__lte=as_of)
    ahead = ACTIVITIES.where(PLANNED_MEETINGS).filter(
        Q(booked_day__isnull=True) | Q(booked_day__lte=as_of), day__gt=as_of
    )
    return ~Q(_of_the_deal(touched)) & ~Q(_of_the_deal(ahead))


def _of_the_deal(activities: QuerySet) -> Exists:
    return Exists(activities.order_by().filter(deal_id=OuterRef("deal_id")))


@dataclass
class Attention:
    """(deal, day) of touches, and (deal, booked, day) of meetings; of one not known to be booked: always planned."""

    touches: tuple[np.ndarray, ...]
    meetings: tuple[np.ndarray, ...]

    @classmethod
    def of(cls, reader) -> "Attention":
        """What was done on the deals of the reader's reps: their own touches out of the frames, the rest by query."""
        deals = [0, *np.unique(reader.frame(OPEN_DEALS).column("deal_id")[0]).tolist()]
        parts = [_own_touches(reader), _touches_of_others(reader, deals)]
        deal, day = (np.concatenate(column) for column in zip(*parts, strict=True))
        return cls((deal, day), _meetings(reader, deals))

    def first_day(self) -> int | None:
        days = self.touches[1]
        return int(days.min()) if len(days) else None

    def over(self, grid) -> Counts:
        """How many touches of the window and meetings ahead every deal has as of every period."""
        (deal, day), (met, booked, meeting_day) = self.touches, self.meetings
        deals, row = np.unique(np.concatenate([deal, met]), return_inverse=True)
        windows = WITHIN.on_days(grid.as_of).astype(np.int64)
        since = np.concatenate([day, booked])
        table = np.zeros((len(deals), len(grid.as_of)), np.int32)
        for window in np.unique(windows):
            chosen = np.nonzero(windows == window)[0]
            until = np.concatenate([day + int(window), meeting_day])
            table[:, chosen] = holding(row, len(deals), grid.as_of[chosen], since, until)
        return Counts(deals, table)


def _own_touches(reader) -> tuple[np.ndarray, ...]:
    frame = reader.frame(ACTIVITIES)
    rows = np.nonzero(as_mask(TOUCHES.where, frame))[0]
    return frame.column("deal_id")[0][rows].astype(np.int64), frame.days[rows]


def _touches_of_others(reader, deals: list[int]) -> tuple[np.ndarray, ...]:
    theirs = ACTIVITIES.where(TOUCHES.where).filter(deal_id__in=deals).exclude(reader.reps.of("rep_id"))
    return _whole(read(theirs, ["deal_id", "day"], reader.bulk))


def _meetings(reader, deals: list[int]) -> tuple[np.ndarray, ...]:
    rows = ACTIVITIES.where(PLANNED_MEETINGS).filter(deal_id__in=deals)
    return _whole(read(rows, ["deal_id", "booked_day", "day"], reader.bulk))


def _whole(table) -> tuple[np.ndarray, ...]:
    """Columns as whole numbers, days since 1970; an unknown day lies before all others."""
    columns = (
        table[name].cast("int32") if name.endswith("day") else table[name] for name in table.column_names
    )
    return tuple(column.fill_null(BEFORE_ALL).to_numpy().astype(np.int64) for column in columns)

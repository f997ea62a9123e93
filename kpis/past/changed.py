"""The records that moved a figure since a day: recorded later, changed since, or no longer there.

A record belongs to a figure through the row it hangs on (its root: an activity, a deal, an account, hours logged), as
that row counts today or as it counted then. Where a condition asks about something a past image does not hold, the record
is shown rather than hidden.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Model, Q
from django.utils.dateparse import parse_date, parse_datetime

from kpis.catalogue.composites import Composite
from kpis.catalogue.kpi import Kpi
from kpis.counted import Asked
from kpis.dated_settings import settings_held
from kpis.past.records import LATE, Link, Past, pasts_of, roots_now, source_of
from kpis.periods import Calendar, Period
from kpis.subjects import Subject
from pipeline.past import said_fields

SHOWN = 200
# What no figure reads: a change of these alone moved no number.
IDLE = {
    "name", "domain", "email", "phone", "title", "subject", "note", "next_step", "next_step_on", "provider_id",
    "industry", "country", "lost_reason", "parent", "actor",
}  # fmt: skip


@dataclass(frozen=True)
class Changed:
    """One record: `was` is what it said then (None: not recorded yet), `now` what it says (None: gone).

    `fields` are those that differ, each (field, value then, value now), in the raw values of their columns.
    """

    model: type[Model]
    at: datetime
    was: dict | None
    now: Model | None
    fields: list[tuple[Any, Any, Any]]

    @property
    def kind(self) -> str:
        return "late" if self.was is None else "gone" if self.now is None else "changed"


def changed_since(subject: Subject, kpi: Kpi, period: Period, day: date) -> list[Changed]:
    """Records behind a KPI's number for a subject and calendar period that differ from what was known as a day ended.

    The latest first, at most two hundred; a fixed number of queries for each source the KPI reads.
    """
    calendar = Calendar.current()
    since = calendar.midnight(day + timedelta(days=1))
    measures = kpi.measure.parts.values() if isinstance(kpi.measure, Composite) else [kpi.measure]
    found: dict[tuple[type[Model], int], Changed] = {}
    with settings_held():
        for measure in measures:
            search = Search(Asked(subject, period, calendar), measure, since)
            found |= {(one.model, pk): one for pk, one in search.found()}
    return sorted(found.values(), key=lambda one: one.at, reverse=True)[:SHOWN]


@dataclass(frozen=True)
class Search:
    """What changed behind one measure."""

    asked: Asked
    measure: Any
    since: datetime

    def found(self) -> Iterator[tuple[int, Changed]]:
        source = source_of(self.measure)
        now = roots_now(source, self.measure, self.asked)
        then = source.roots_then(self.measure, self.asked, self.since, now)
        for link in source.links:
            pasts = pasts_of(link, now | then, self.since)
            for pk, past in pasts.items():
                if link.is_inside(past.image, self.asked.period) and (one := self._changed(link, past)):
                    yield pk, one
            yield from self._late(link, now, set(pasts))

    def _changed(self, link: Link, past: Past) -> Changed | None:
        """None where it says what it said, or differs only in what no figure reads."""
        if past.now is None:
            return Changed(link.model, past.at, past.image, None, [])
        fields = list(_differing(past.image, past.now))
        if all(field.name in IDLE for field, _was, _is in fields):
            return None
        return Changed(link.model, past.at, past.image, past.now, fields)

    def _late(self, link: Link, now: set[int], known: set[int]) -> Iterator[tuple[int, Changed]]:
        """Rows of today that were entered after the day; one that was there and was rewritten is no such row."""
        entered = Q(**{f"{link.to}__in": now}, recorded_at__gte=self.since)
        if link.dated:
            entered &= Q(**{f"{link.dated}__lt": self._end(link)}) | Q(**{f"{link.dated}__isnull": True})
        rows = link.model._default_manager.filter(entered).exclude(pk__in=known)
        for row in rows.distinct().order_by("-recorded_at", "-pk")[:SHOWN]:
            yield row.pk, Changed(link.model, getattr(row, LATE), None, row, [])

    def _end(self, link: Link) -> Any:
        end = self.asked.period.end
        return end if link.is_day else self.asked.calendar.midnight(end)


def _differing(image: dict, row: Model) -> Iterator[tuple[Any, Any, Any]]:
    for field in said_fields(type(row)):
        was, now = value_of(field, image.get(field.column)), getattr(row, field.attname)
        if was != now:
            yield field, was, now


def value_of(field: Any, raw: Any) -> Any:
    """A column's value out of an image, as the model would hold it."""
    if raw is None:
        return None
    match field.get_internal_type():
        case "DateTimeField":
            return parse_datetime(raw)
        case "DateField":
            return parse_date(raw)
        case "DecimalField":
            return Decimal(str(raw))
    return raw

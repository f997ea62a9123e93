"""The page behind a number: definition, arithmetic, trend, and the rows it counts and leaves out."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from statistics import quantiles

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from coaching import charts
from coaching.asked import Asked
from coaching.figures import figure
from coaching.scorecard import TIMELESS, WEEKS, Line, Readings
from kpis.evidence import Evidence, evidence
from kpis.subjects import Subject
from pipeline.models import Account, Activity, ActivityContact, Contact, Deal, DealSpan, Episode

# Where the filter of the rows looks, by what a row is.
SEARCHED = {
    Activity: ("subject", "type", "company__name", "deal__name"),
    ActivityContact: (
        "contact__name",
        "activity__subject",
        "activity__company__name",
        "activity__deal__name",
    ),
    Deal: ("name", "account__name"),
    Episode: ("deal__name", "deal__account__name"),
    DealSpan: ("deal__name", "deal__account__name"),
    Account: ("name",),
    Contact: ("name", "account__name"),
}
# Cells that a spreadsheet would run.
ACTING = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class EvidencePage:
    subject: Subject
    name: str
    asked: Asked
    readings: Readings
    key: str

    @property
    def up(self) -> str:
        """The page this number stands on."""
        address = reverse(self.subject.kind, args=[self.subject.id] if self.subject.id else [])
        return address + self.asked.query

    @cached_property
    def line(self) -> Line:
        return self.readings.line(self.subject, self.key)

    @cached_property
    def evidence(self) -> Evidence:
        return evidence(self.line.kpi, self.subject, self.asked.period)

    @property
    def left_out(self) -> list[tuple[int, str, int]]:
        """(number of the group, why, how many rows)."""
        groups = enumerate(self.evidence.left_out)
        return [(number, str(reason), rows.count()) for number, (reason, rows) in groups]

    @property
    def weeks(self) -> list[tuple]:
        """(week, reading or None), oldest first."""
        return [
            (week, self.readings.reading(self.subject, week.key, self.key)) for week in self.readings.weeks
        ]

    @property
    def figure(self) -> dict:
        kpi, target = self.line.kpi, self.line.target
        goal = float(target.value) if target and kpi.unit in TIMELESS else None
        return charts.trend(
            [week for week, _ in self.weeks], [reading for _, reading in self.weeks], goal, kpi.unit
        )

    @property
    def trend_rows(self) -> list[tuple[str, str, str]]:
        """The chart as a table, latest week first: week, value, interval."""
        rows = []
        for week, reading in reversed(self.weeks):
            low, high = (reading.low, reading.high) if reading else (None, None)
            span = "" if low is None or high is None else f"{self._figure(low)} – {self._figure(high)}"
            rows.append((str(week.label), self._figure(reading.value if reading else None), span))
        return rows

    @property
    def trend_label(self) -> str:
        return _("%(kpi)s over %(weeks)d weeks") % {"kpi": self.line.kpi.label, "weeks": WEEKS}

    def _figure(self, value) -> str:
        return figure(value, self.line.kpi.unit, self.readings.currency)


@dataclass(frozen=True)
class Rows:
    """The rows asked for: those counted, or those left out for one reason; narrowed by a text."""

    evidence: Evidence
    chosen: int | None
    text: str

    @property
    def queryset(self) -> QuerySet:
        rows = self.evidence.counted if self.chosen is None else self.evidence.left_out[self.chosen][1]
        return narrowed(rows, self.text)

    @property
    def header(self) -> list[str]:
        return [str(label) for label, _read in self.evidence.columns]

    def hit(self, row) -> bool | None:
        """Whether the row is in the numerator; None where every counted row is, and for rows left out."""
        return self.evidence.hit(row) if self.chosen is None else None

    def cells(self, row) -> list[str]:
        return [str(read(row)) for _label, read in self.evidence.columns]


def narrowed(rows: QuerySet, text: str) -> QuerySet:
    text = text.replace("\0", "").strip()
    if not text:
        return rows
    found = Q()
    for name in SEARCHED.get(rows.model, ()):
        found |= Q(**{f"{name}__icontains": text})
    return rows.filter(found)


def csv_lines(evidence: Evidence) -> Iterator[str]:
    """Every row, counted or left out with its reason, as lines of a CSV file that no spreadsheet runs."""
    writer = csv.writer(_Echo())
    yield writer.writerow([_("counted"), *(str(label) for label, _read in evidence.columns)])
    groups: list[tuple[Callable, QuerySet]] = [(lambda row: _counted(evidence, row), evidence.counted)]
    groups += [(lambda row, reason=str(reason): reason, rows) for reason, rows in evidence.left_out]
    for word, rows in groups:
        for row in rows.iterator(chunk_size=1000):
            yield writer.writerow(
                [safe(word(row)), *(safe(str(read(row))) for _label, read in evidence.columns)]
            )


def safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(ACTING) else cell


def quartiles(values: list[float]) -> tuple[float, float, float]:
    """Lower quartile, median, upper quartile of two or more values."""
    low, middle, high = quantiles(values, n=4, method="inclusive")
    return low, middle, high


def _counted(evidence: Evidence, row) -> str:
    hit = evidence.hit(row)
    return _("counted") if hit is None else _("yes") if hit else _("no")


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text

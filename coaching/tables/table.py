"""A table as a page and a file show it: a header, rows of texts, and what to say where there are none."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import Q
from django.utils.safestring import SafeString

from coaching import figures
from coaching.asked import Asked
from kpis.catalogue.kpi import Unit
from kpis.rows import CLOSED_DEALS, OPEN_DEALS, Rows
from kpis.subjects import Subject
from pipeline.models import DealSpan, Episode


@dataclass(frozen=True)
class Head:
    label: str
    is_number: bool = True


@dataclass(frozen=True)
class Row:
    """Cells as text, the first one the row's name; `address` opens it; `is_total` sets it apart."""

    cells: list[str]
    address: str = ""
    is_total: bool = False


@dataclass(frozen=True)
class Bar:
    """One line of a picture above a table: its name, the bar, and what the bar says in words."""

    name: str
    drawn: SafeString
    words: str


@dataclass(frozen=True)
class Table:
    title: str
    intro: str
    header: list[Head]
    rows: list[Row]
    empty: str
    notes: list[str] = field(default_factory=list)
    also: list["Table"] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)

    @property
    def lines(self) -> list[tuple[Row, list[tuple[str, Head]]]]:
        """Each row with its cells beside their columns."""
        return [(row, list(zip(row.cells, self.header, strict=True))) for row in self.rows]

    @property
    def parts(self) -> list["Table"]:
        """The tables of a page, this one first."""
        return [self, *(table for table in self.also if table.rows)]


@dataclass(frozen=True)
class TableAsked:
    """For whom, for which period, in which currency, and what the asker may open."""

    subject: Subject
    asked: Asked
    currency: str
    user: object

    @cached_property
    def today(self) -> date:
        return self.asked.calendar.today()

    def credited(self, rows: Rows) -> Q:
        return self.subject.credited(rows)

    def closed(self):
        """Episodes that ended, credited to the subject when they did."""
        return Episode.objects.exclude(outcome=Episode.Outcome.OPEN).filter(self.credited(CLOSED_DEALS))

    def open_on(self, day: date):
        """Spans of the deals open at the end of a day, as they were then."""
        held = Q(to_day__isnull=True) | Q(to_day__gt=day)
        return DealSpan.objects.filter(held, self.credited(OPEN_DEALS), from_day__lte=day)

    def money(self, cents: int | None) -> str:
        return figures.figure(None if cents is None else cents / 100, Unit.MONEY, self.currency)


def share(part: float, whole: float) -> str:
    return figures.percent(part / whole) if whole else figures.DASH


def count(number: int) -> str:
    return figures.number(number, 0)

"""The words a KPI is declared in: Kpi, Category, Unit, and the closed grammar of measures.

A measure is data. Three readers know what to do with each kind: the kernel (bulk), evidence (rows) and readings (words).
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Q, TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from kpis.dated_settings import Dated
    from kpis.rows import Rows
    from kpis.values import Value, VisitTime

EVERY = Q()


class Category(TextChoices):
    ACTIVITY = "activity", _("Activity")
    RESULT = "result", _("Results")
    QUALITY = "quality", _("Quality")


class Unit(TextChoices):
    COUNT = "count", _("count")
    MONEY = "money", _("money")
    PERCENT = "percent", _("percent")
    DAYS = "days", _("days")
    NUMBER = "number", _("number")


@dataclass(frozen=True)
class Measure:
    """What is counted: rows of a source that meet a condition."""

    of: "Rows"
    where: Q = field(default=EVERY, kw_only=True)

    @property
    def conditions(self) -> list[Q]:
        return [self.where]

    @property
    def values(self) -> list["Value"]:
        return []


@dataclass(frozen=True)
class Count(Measure):
    """How many rows."""


@dataclass(frozen=True)
class Sum(Measure):
    """The sum of a value over rows; rows whose value is unknown or unconvertible are kept apart."""

    value: "Value" = field(kw_only=True)

    @property
    def values(self):
        return [self.value]


@dataclass(frozen=True)
class Distinct(Measure):
    """How many different values: not additive over periods, reps or teams."""

    value: "Value" = field(kw_only=True)

    @property
    def values(self):
        return [self.value]


@dataclass(frozen=True)
class Share(Measure):
    """Rows that also meet `counted`, as a share of the rows."""

    counted: Q = field(kw_only=True)

    @property
    def conditions(self):
        return [self.where, self.counted]


@dataclass(frozen=True)
class Median(Measure):
    """The median of a value over rows, recomputed from the values for every subject and period."""

    value: "Value" = field(kw_only=True)

    @property
    def values(self):
        return [self.value]


@dataclass(frozen=True)
class FirstCount(Measure):
    """How many different `per` each rep had in the period, credited where the first row (by `at`, `number`) was.

    Additive over reps: the same person with two reps counts for both.
    """

    per: "Value" = field(kw_only=True)
    at: "Value" = field(kw_only=True)
    number: "Value" = field(kw_only=True)

    @property
    def values(self):
        return [self.per, self.at, self.number]


@dataclass(frozen=True)
class FirstShare(Measure):
    """Of the first row (by `at`) per rep and `per` in the period, the share `answered` in `within` days.

    A cohort: rows whose window has not passed are kept apart and are in neither number.
    """

    per: "Value" = field(kw_only=True)
    at: "Value" = field(kw_only=True)
    number: "Value" = field(kw_only=True)
    answered: "Value" = field(kw_only=True)
    within: "Dated" = field(kw_only=True)

    @property
    def values(self):
        return [self.per, self.at, self.number, self.answered]


@dataclass(frozen=True)
class Survival(Measure):
    """Kaplan–Meier median of visits per group: those that ended in the period, and those still open, censored.

    `where` narrows the spans; `ended` marks the span a visit ended with.
    """

    value: "VisitTime" = field(kw_only=True)
    ended: Q = field(kw_only=True)
    group: "Value" = field(kw_only=True)

    @property
    def conditions(self):
        return [self.where, self.ended]

    @property
    def values(self):
        return [self.value, self.group]


@dataclass(frozen=True)
class Beside:
    """A figure shown beside the number, with its own measure."""

    name: str
    label: str | Promise
    measure: Measure
    unit: Unit


@dataclass(frozen=True)
class Kpi:
    """One KPI, one place: number, evidence, glossary, card, API and chart all read this."""

    key: str
    category: Category
    label: str | Promise
    unit: Unit
    definition: str | Promise
    sentence: str | Promise
    measure: Measure
    good: str
    seeds: tuple[str, ...]
    ask: str | Promise
    min_sample: int = 1
    beside: tuple[Beside, ...] = ()
    left_out: tuple[tuple[str | Promise, Q], ...] = ()

    @cached_property
    def measures(self) -> dict[str, Measure]:
        """Every measure of this KPI by the name its piece is stored under; the number's own comes first."""
        return {self.key: self.measure, **{f"{self.key}/{b.name}": b.measure for b in self.beside}}

    @property
    def formula(self) -> str:
        """The formula in one line, built from the measure."""
        from kpis.words import formula

        return formula(self)

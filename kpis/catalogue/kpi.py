"""The words a KPI is declared in: Kpi, Category, Unit, and the closed grammar of measures.

A measure is data. Three readers know what to do with each kind: the kernel (bulk), evidence (rows) and readings (words).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Q, TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from kpis.dated_settings import Dated, Fixed
    from kpis.rows import Rows
    from kpis.values import OfAccount, Value, VisitTime

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
    HOURS = "hours", _("hours")
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
class StateShare(Measure):
    """Of the rows that hold at the period's end, the share whose value is 1 as of then; a row without one is 0."""

    value: "Value" = field(kw_only=True)

    @property
    def values(self):
        return [self.value]


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
class CohortShare(Measure):
    """Of the rows of the period, the share `counted` once `within` days have passed since the row's day.

    A cohort: rows still inside the window are in neither number. `waits` are the rows that need that time.
    """

    counted: Q = field(kw_only=True)
    within: "Dated | Fixed" = field(kw_only=True)
    waits: Q = field(default=EVERY, kw_only=True)

    @property
    def conditions(self):
        return [self.where, self.counted, self.waits]


@dataclass(frozen=True)
class CohortPer(CohortShare):
    """The same cohort read the other way round: how many rows it took for each that is counted."""


@dataclass(frozen=True)
class Split(Measure):
    """The same measure for each value of a column; `names` gives the values' names for people."""

    each: Measure = field(kw_only=True)
    by: "Value" = field(kw_only=True)
    names: Callable[[list[str]], dict[str, str]] = field(kw_only=True)

    @property
    def conditions(self):
        return [self.where, *self.each.conditions]

    @property
    def values(self):
        return [*self.each.values, self.by]


def split(each: Measure, by: "Value", names: Callable[[list[str]], dict[str, str]]) -> Split:
    """A measure by the values of one column of its source."""
    return Split(each.of, where=each.where, each=each, by=by, names=names)


@dataclass(frozen=True)
class Spread(Split):
    """How many rows have each value, where the value depends on the period; groups stand in the values' order."""


def spread(of: "Rows", by: "Value", names: Callable[[list[str]], dict[str, str]], where: Q = EVERY) -> Spread:
    """How the rows of a source are spread over the values of `by`."""
    return Spread(of, where=where, each=Count(of, where=where), by=by, names=names)


@dataclass(frozen=True)
class Chances(Split):
    """Of the rows that came to a group or beyond, the share counted: `each` is a Share, `by` ordered whole numbers."""


@dataclass(frozen=True)
class Forecast(Split):
    """Sums by group, each times the organisation's chance from that group on.

    `chances` names the Beside that keeps them. What counts are the twelve full months before the month looked at, so
    that a figure stays what it was when later rows come.
    """

    chances: str = field(kw_only=True)


@dataclass(frozen=True)
class Mean(Measure):
    """The mean of a value over the rows that have one; sum and count are kept, the sum in `scale`ths."""

    value: "OfAccount" = field(kw_only=True)
    scale: int = field(default=1, kw_only=True)

    @property
    def values(self):
        return [self.value]


@dataclass(frozen=True)
class Concentration(Measure):
    """On how many a rep's rows with a `group` effectively fall: 1 / Σ share² over `per`, the mean over groups.

    The same group counts once for each rep, and for each team the rep was in then. Kept as a Mean in millionths.
    """

    per: "Value" = field(kw_only=True)
    group: "Value" = field(kw_only=True)
    scale: int = field(default=1_000_000, kw_only=True)

    @property
    def values(self):
        return [self.per, self.group]


class Composite:
    """Made of measures of different sources, each computed and kept by itself, and put together when it is read."""

    parts: dict[str, Measure]

    @property
    def of(self) -> "Rows":
        """The source whose rows stand for the figure."""
        return next(iter(self.parts.values())).of


@dataclass(frozen=True)
class Ratio(Composite):
    """One sum over another, of two sources; no interval, since the one is not a part of the other."""

    bottom: Measure
    top: Measure

    @property
    def parts(self) -> dict[str, Measure]:  # type: ignore[override]
        return {"bottom": self.bottom, "top": self.top}


@dataclass(frozen=True)
class Quota(Composite):
    """What is open over what is left of a target: `target` names the KPI it is set on, in whose unit `won` counts.

    None without a target, and once it is reached.
    """

    open: Measure
    won: Measure
    target: str

    @property
    def parts(self) -> dict[str, Measure]:  # type: ignore[override]
        return {"open": self.open, "won": self.won}


@dataclass(frozen=True)
class Pooled(Composite):
    """The median over the values of several sources together."""

    medians: tuple[Median, ...]

    @property
    def parts(self) -> dict[str, Measure]:  # type: ignore[override]
        return {str(number): median for number, median in enumerate(self.medians)}


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
    measure: Measure | Composite
    unit: Unit


def leaves(name: str, measure: Measure | Composite) -> dict[str, Measure]:
    """What the kernel computes of a measure, by the name its piece is stored under."""
    if isinstance(measure, Measure):
        return {name: measure}
    return {f"{name}#{part}": leaf for part, leaf in measure.parts.items()}


@dataclass(frozen=True)
class Kpi:
    """One KPI, one place: number, evidence, glossary, card, API and chart all read this."""

    key: str
    category: Category
    label: str | Promise
    unit: Unit
    definition: str | Promise
    sentence: str | Promise
    measure: Measure | Composite
    good: str
    seeds: tuple[str, ...]
    ask: str | Promise
    min_sample: int = 1
    leads: bool = False  # in sight where a team has chosen nothing: a few lead, the rest are one click away
    beside: tuple[Beside, ...] = ()
    left_out: tuple[tuple[str | Promise, Q], ...] = ()

    @cached_property
    def measures(self) -> dict[str, Measure]:
        """Every measure of this KPI by the name its piece is stored under; the number's own comes first."""
        found = leaves(self.key, self.measure)
        for beside in self.beside:
            found |= leaves(f"{self.key}/{beside.name}", beside.measure)
        return found

    @property
    def formula(self) -> str:
        """The formula in one line, built from the measure."""
        from kpis.words import formula

        return formula(self)

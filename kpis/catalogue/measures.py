"""The grammar a KPI is declared in: what is counted of one source's rows, and how.

A measure is data. Three readers know what to do with each kind: the kernel (bulk), evidence (rows) and figures (words).
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from kpis.dated_settings import Dated, Fixed
    from kpis.rows import Rows
    from kpis.values import OfAccount, Value, VisitTime

EVERY = Q()


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
class SumShare(Measure):
    """The sum of one value as a share of the sum of another, over the same rows of a state."""

    part: "Value" = field(kw_only=True)
    whole: "Value" = field(kw_only=True)

    @property
    def values(self):
        return [self.part, self.whole]


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

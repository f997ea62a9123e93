"""Measures by group: the same one for each value of a column, and what is made of such groups."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Q

from kpis.catalogue.measures import EVERY, Count, Measure, SumShare

if TYPE_CHECKING:
    from kpis.rows import Rows
    from kpis.values import Value

SMALLER = "smaller"  # the group of the small ones


@dataclass(frozen=True)
class Split(Measure):
    """The same measure for each value of a column; `names` gives the values' names for people.

    `counted_by` names the split whose counts decide which groups are small and stand together as SMALLER when read.
    """

    each: Measure = field(kw_only=True)
    by: "Value" = field(kw_only=True)
    names: Callable[[list[str]], dict[str, str]] = field(kw_only=True)
    counted_by: str = field(default="", kw_only=True)

    @property
    def conditions(self):
        return [self.where, *self.each.conditions]

    @property
    def values(self):
        return [*self.each.values, self.by]


def split(
    each: Measure, by: "Value", names: Callable[[list[str]], dict[str, str]], counted_by: str = ""
) -> Split:
    """A measure by the values of one column of its source."""
    return Split(each.of, where=each.where, each=each, by=by, names=names, counted_by=counted_by)


@dataclass(frozen=True)
class Spread(Split):
    """A count or a share of sums for each value, where the value depends on the period; groups in the values' order."""


def spread(of: "Rows", by: "Value", names: Callable[[list[str]], dict[str, str]], where: Q = EVERY) -> Spread:
    """How the rows of a source are spread over the values of `by`."""
    return Spread(of, where=where, each=Count(of, where=where), by=by, names=names)


def spread_of(each: SumShare, by: "Value", names: Callable[[list[str]], dict[str, str]]) -> Spread:
    """A share of sums for each value of `by`."""
    return Spread(each.of, where=each.where, each=each, by=by, names=names)


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

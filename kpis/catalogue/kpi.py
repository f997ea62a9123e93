"""The block a KPI is: Kpi, its Category and Unit, and what stands beside its number."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q, TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kpis.catalogue.composites import Composite, leaves
from kpis.catalogue.measures import Measure


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
class Beside:
    """A figure shown beside the number, with its own measure; if listed, its rows stand in the KPI's evidence."""

    name: str
    label: str | Promise
    measure: Measure | Composite
    unit: Unit
    is_listed: bool = False


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
    feeds: tuple[str, ...] = ()  # keys of the KPIs a hit of this one leads to: an answer to a meeting
    leads: bool = False  # in sight where a team has chosen nothing: a few lead, the rest are one click away
    top_in: Unit | None = None  # what numerator and denominator are shown in; the KPI's own unit, and a count
    bottom_in: Unit = Unit.COUNT
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

"""Evidence: the rows behind a number, from the same condition that made it, and the rows left out with the reason."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from django.db.models import QuerySet
from django.utils.functional import Promise

from kpis.catalogue.composites import Composite, Pooled
from kpis.catalogue.kpi import Beside, Kpi
from kpis.catalogue.measures import CohortPer, CohortShare, FirstShare, Share, StateShare, Sum
from kpis.columns import BY_SOURCE, columns_for
from kpis.counted import Asked, counted_rows, ordered
from kpis.dated_settings import settings_held
from kpis.periods import Calendar, Period
from kpis.rows import as_sql
from kpis.subjects import Subject
from kpis.values import OfAccount


@dataclass
class Evidence:
    """Rows counted (a queryset in a stable order), rows left out by reason, and how to show one row of each.

    Rows left out are rows of the source as they stand: what the measure adds to a counted row they lack.
    """

    counted: QuerySet
    left_out: list[tuple[str | Promise, QuerySet]]
    columns: list[tuple[str | Promise, Callable]]
    left_out_columns: list[tuple[str | Promise, Callable]]
    has_hits: bool = False
    others: list["Others"] = field(default_factory=list)

    @property
    def count(self) -> int:
        return self.counted.count() + sum(other.rows.count() for other in self.others if other.is_counted)

    def hit(self, row) -> bool | None:
        """Whether a row is in the numerator; None where the KPI has none."""
        return row.is_hit if self.has_hits else None


@dataclass(frozen=True)
class Others:
    """Rows of another source that a composite figure is made of; `is_counted` where they stand in the same sample."""

    label: str | Promise
    rows: QuerySet
    columns: list[tuple[str | Promise, Callable]]
    is_counted: bool


def evidence(kpi: Kpi, subject: Subject, period: Period) -> Evidence:
    """The rows behind a KPI's number for a subject and period."""
    with settings_held():
        asked = Asked(subject, period, Calendar.current())
        main, *parts = kpi.measure.parts.values() if isinstance(kpi.measure, Composite) else [kpi.measure]
        rows = main.of
        counted, unknown = counted_rows(main, asked)
        left_out = [(label, asked.credited(rows, rows.where(condition))) for label, condition in kpi.left_out]
        left_out += unknown
        left_out += [
            (label, asked.credited(rows, rows.table().filter(condition, as_sql(main.where, rows.day))))
            for label, condition in rows.left_out
        ]
        return Evidence(
            counted,
            [(label, ordered(queryset, rows)) for label, queryset in left_out],
            columns_for(main, asked),
            BY_SOURCE[rows.name],
            has_hits=isinstance(main, Share | StateShare | FirstShare | CohortShare)
            and not isinstance(main, CohortPer),
            others=[
                Others(
                    part.of.label,
                    counted_rows(part, asked)[0],
                    columns_for(part, asked),
                    isinstance(kpi.measure, Pooled),
                )
                for part in parts
            ]
            + [_listed(beside, asked) for beside in kpi.beside if beside.is_listed],
        )


def _listed(beside: Beside, asked: Asked) -> Others:
    """The rows that make a figure beside the number; accounts where there is something to say."""
    measure = cast(Sum, beside.measure)  # the only figures listed beside a number are sums
    rows = counted_rows(measure, asked)[0]
    if isinstance(measure.value, OfAccount):
        rows = rows.filter(**{f"{measure.value.what}__gt": 0})
    return Others(beside.label, rows, columns_for(measure, asked), is_counted=False)

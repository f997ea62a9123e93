"""Which open deals a gap touches: those whose own rows do not show what the KPI asks for."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import singledispatch

from django.db.models import Q, QuerySet

from coaching.attention.skill_rows import DEAL_OF, on_deals
from kpis.attention import unattended
from kpis.catalogue.composites import Composite
from kpis.catalogue.kpi import Kpi
from kpis.catalogue.measures import Count, Distinct, FirstCount, Measure, StateShare
from kpis.departments import departments_of_spans
from kpis.periods import Period
from kpis.values import DaysSince, DepartmentsTouched, Value


def touched(kpi: Kpi, deals: Iterable[int], asked: float | None, period: Period, today: date) -> set[int]:
    """Ids of the open deals among these that the KPI's gap touches; one query.

    Of a share over deals: those in it that fall short. Of a share over activities: those without one good row yet.
    Of a count: those without a row in the period. Of a value of deals: those worse than `asked`, in the KPI's unit.
    A KPI whose rows name no deal touches them all.
    """
    deals = list(deals)
    measure = _over_deals(kpi.measure)
    if isinstance(measure, Measure) and measure.of.until and measure.of.name in DEAL_OF:
        return _failing(kpi, measure, deals, asked, today)
    shown = on_deals(kpi, deals)
    if shown is None:
        return set(deals)
    if isinstance(measure, Count | Distinct | FirstCount):
        day = measure.of.day
        shown = shown.filter(**{f"{day}__gte": period.start, f"{day}__lt": period.end})
    return set(deals) - set(shown.values_list(DEAL_OF[measure.of.name], flat=True))


def _over_deals(measure: Measure | Composite) -> Measure | Composite:
    """Of a figure pooled from several sources the part that speaks of open deals."""
    if isinstance(measure, Measure):
        return measure
    return next((part for part in measure.parts.values() if part.of.until), measure)


def _failing(kpi: Kpi, measure: Measure, deals: list[int], asked: float | None, today: date) -> set[int]:
    """Of the spans that hold today and that the measure looks at, the deals whose span falls short."""
    rows = measure.of
    now = Q(**{f"{rows.until}__isnull": True}) | Q(**{f"{rows.until}__gt": today})
    spans = rows.where(measure.where).filter(now, deal__in=deals, **{f"{rows.day}__lte": today}).order_by()
    shown = on_deals(kpi, deals)
    if shown is not None:
        spans = spans.exclude(pk__in=shown.values("pk"))
    elif isinstance(measure, StateShare):
        bad = unattended(today)
        spans = spans.filter(bad) if kpi.good == "down" else spans.exclude(bad)
    elif asked is not None and measure.values:
        spans = worse_than(measure.values[0], spans, asked, today)
    return set(spans.values_list("deal_id", flat=True))


@singledispatch
def worse_than(value: Value, spans: QuerySet, asked: float, today: date) -> QuerySet:
    """Spans whose value is worse than what is asked; all of them where the value cannot tell one deal from another."""
    return spans


@worse_than.register
def _departments(value: DepartmentsTouched, spans: QuerySet, asked: float, today: date) -> QuerySet:
    return departments_of_spans(spans, today).filter(departments__lt=asked)


@worse_than.register
def _days_since(value: DaysSince, spans: QuerySet, asked: float, today: date) -> QuerySet:
    return spans.filter(**{f"{value.column}__lt": today - timedelta(days=asked)})

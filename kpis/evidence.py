"""Evidence: the rows behind a number, from the same condition that made it, and the rows left out with the reason."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import singledispatch
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    DateField,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    IntegerField,
    Max,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models import Count as CountOf
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kpis.catalogue.kpi import Distinct, FirstCount, FirstShare, Kpi, Measure, Share, Sum
from kpis.columns import BY_SOURCE, RELATED, columns_for
from kpis.dated_settings import settings_held
from kpis.departments import departments_of_spans
from kpis.periods import Calendar, Period
from kpis.rows import Rows, as_sql
from kpis.subjects import Subject
from kpis.values import ConvertedAmount, DepartmentsTouched
from pipeline.models import Account, Contact, ExchangeRate, Organisation


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

    @property
    def count(self) -> int:
        return self.counted.count()

    def hit(self, row) -> bool | None:
        """Whether a row is in the numerator; None where the KPI has none."""
        return row.is_hit if self.has_hits else None


@dataclass(frozen=True)
class Asked:
    """What is asked for: whom, when, and the day state rows are looked at."""

    subject: Subject
    period: Period
    calendar: Calendar

    @property
    def as_of(self) -> date:
        return self.period.as_of(self.calendar.today())

    def credited(self, rows: Rows, queryset: QuerySet) -> QuerySet:
        """Rows credited to the subject in the period: events by their day, states by whether they hold at its end."""
        queryset = queryset.filter(self.subject.credited(rows))
        if rows.until:
            held = Q(**{f"{rows.until}__isnull": True}) | Q(**{f"{rows.until}__gt": self.as_of})
            return queryset.filter(held, **{f"{rows.day}__lte": self.as_of})
        return queryset.filter(**{f"{rows.day}__gte": self.period.start, f"{rows.day}__lt": self.period.end})


def evidence(kpi: Kpi, subject: Subject, period: Period) -> Evidence:
    """The rows behind a KPI's number for a subject and period."""
    with settings_held():
        asked = Asked(subject, period, Calendar.current())
        rows = kpi.measure.of
        counted, unknown = counted_rows(kpi.measure, asked)
        left_out = [(label, asked.credited(rows, rows.where(condition))) for label, condition in kpi.left_out]
        left_out += unknown
        left_out += [
            (label, asked.credited(rows, rows.table().filter(condition, as_sql(kpi.measure.where, rows.day))))
            for label, condition in rows.left_out
        ]
        return Evidence(
            counted,
            [(label, _ordered(queryset, rows)) for label, queryset in left_out],
            columns_for(kpi.measure, asked),
            BY_SOURCE[rows.name],
            has_hits=isinstance(kpi.measure, Share | FirstShare),
        )


@singledispatch
def counted_rows(measure: Measure, asked: Asked) -> tuple[QuerySet, list]:
    """(rows counted, [(reason, rows left out by the measure itself)])."""
    rows = measure.of
    queryset = asked.credited(rows, rows.where(measure.where))
    if any(isinstance(value, DepartmentsTouched) for value in measure.values):
        queryset = departments_of_spans(queryset, asked.as_of)
    return _ordered(queryset, rows), []


@counted_rows.register
def _sum(measure: Sum, asked):
    rows, value = measure.of, measure.value
    queryset = asked.credited(rows, rows.where(measure.where))
    known = Q(**{f"{value.column}__isnull": False})
    if isinstance(value, ConvertedAmount):
        known &= Q(**{f"{value.currency}__in": ["", *convertible(asked.as_of)]})
    unknown = queryset.exclude(known)
    return _ordered(queryset.filter(known), rows), [(_("no amount, or no exchange rate"), unknown)]


@counted_rows.register
def _share(measure: Share, asked):
    rows = measure.of
    hit = Case(
        When(as_sql(measure.counted, rows.day), then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    queryset = asked.credited(rows, rows.where(measure.where)).annotate(is_hit=hit)
    return _ordered(queryset, rows), []


@counted_rows.register
def _distinct(measure: Distinct, asked):
    """One row per thing told apart, with how many rows touched it and when last."""
    rows = measure.of
    touched = asked.credited(rows, rows.where(measure.where))
    model: Any = {"company_id": Account, "contact_id": Contact}[measure.value.column]
    related = {"company_id": "touching", "contact_id": "touches"}[measure.value.column]
    chosen = model.objects.filter(pk__in=touched.order_by().values(measure.value.column))
    mine = Q(**{f"{related}__in": touched.order_by().values("pk")})
    day = {"company_id": f"{related}__day", "contact_id": f"{related}__activity__day"}[measure.value.column]
    chosen = chosen.annotate(touch_count=CountOf(related, filter=mine), last_touch=Max(day, filter=mine))
    return chosen.order_by("name_key", "pk"), []


@counted_rows.register
def _first_count(measure: FirstCount, asked):
    """The rep's first row per person in the period."""
    return _ordered(_first_rows(measure, asked), measure.of), []


@counted_rows.register
def _first_share(measure: FirstShare, asked):
    """The first mail per rep and person in the period, marked where it was answered in time."""
    rows = measure.of
    cohort = _first_rows(measure, asked).annotate(window=measure.within.as_sql(rows.day))
    cohort = cohort.annotate(answer_days=_days_between(F(measure.answered.column), F(measure.at.column)))
    cohort = cohort.annotate(
        mature=_flag(Q(**{f"{rows.day}__lt": _days_before(asked.calendar.today(), F("window"))})),
        is_hit=_flag(Q(answer_days__isnull=False, answer_days__lte=F("window"))),
    )
    passed = Q(mature=True)
    return _ordered(cohort.filter(passed), rows), [(_("still inside the window"), cohort.exclude(passed))]


def _first_rows(measure: FirstCount | FirstShare, asked) -> QuerySet:
    """The first row per rep and person in the period, where that row is credited to the subject.

    The clock is the rep's: the first row may have been credited to another team, which then has the person.
    """
    rows = measure.of
    mine = replace(asked, subject=Subject.organisation()).credited(rows, rows.where(measure.where))
    if asked.subject.kind != "organisation":
        mine = mine.filter(**{f"{rows.rep}__in": asked.credited(rows, rows.table()).values(rows.rep)})
    first = mine.order_by(rows.rep, measure.per.column, measure.at.column, measure.number.column)
    first = first.distinct(rows.rep, measure.per.column)
    return asked.credited(rows, rows.table().filter(pk__in=first.values("pk")))


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _days_between(later: F, earlier: F):
    """Days of 24 hours between two moments, as a number."""
    seconds = Func(later - earlier, function="EXTRACT", template="EXTRACT(EPOCH FROM %(expressions)s)")
    return ExpressionWrapper(seconds / 86400.0, output_field=FloatField())


def _days_before(day: date, days: F):
    return ExpressionWrapper(Value(day) - Cast(days, IntegerField()), output_field=DateField())


def convertible(day: date) -> list[str]:
    """The organisation's currency and every other with a rate known on that day."""
    known = ExchangeRate.objects.filter(on__lte=day).values_list("currency", flat=True).distinct()
    return [Organisation.current().currency, *known]


def _ordered(queryset: QuerySet, rows: Rows) -> QuerySet:
    return queryset.select_related(*RELATED[rows.name]).order_by(*rows.order)

"""The rows each kind of measure counts, as querysets, and those it leaves out by itself."""

from dataclasses import dataclass, replace
from datetime import date
from functools import singledispatch
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models import Count as CountOf
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from kpis.account_evidence import accounts_with, groups_of
from kpis.attention import unattended
from kpis.catalogue.measures import (
    CohortShare,
    Concentration,
    Distinct,
    FirstCount,
    FirstShare,
    Mean,
    Measure,
    Share,
    StateShare,
    Sum,
)
from kpis.catalogue.splits import Forecast
from kpis.columns import RELATED
from kpis.departments import departments_of_spans
from kpis.periods import Calendar, Period
from kpis.rows import Rows, as_sql
from kpis.subjects import Subject
from kpis.values import AmountThatDay, ConvertedAmount, DepartmentsTouched, Difference, OfAccount
from pipeline.models import Account, Contact, ExchangeRate, Organisation


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
        if rows.due:
            queryset = queryset.filter(self._inside(rows.due))
        if rows.beyond:
            queryset = queryset.filter(**{f"{rows.beyond}__gte": self.period.end})
        if rows.until:
            day = self.looked_at(rows)
            held = Q(**{f"{rows.until}__isnull": True}) | Q(**{f"{rows.until}__gt": day})
            return queryset.filter(held, **{f"{rows.day}__lte": day})
        return queryset.filter(self._inside(rows.day))

    def looked_at(self, rows: Rows) -> date:
        """The day at whose end a state is looked at."""
        return self.period.opening(self.calendar.today()) if rows.is_opening else self.as_of

    def _inside(self, column: str) -> Q:
        return Q(**{f"{column}__gte": self.period.start, f"{column}__lt": self.period.end})


@singledispatch
def counted_rows(measure: Measure, asked: Asked) -> tuple[QuerySet, list]:
    """(rows counted, [(reason, rows left out by the measure itself)])."""
    rows = measure.of
    queryset = asked.credited(rows, rows.where(measure.where))
    if any(isinstance(value, DepartmentsTouched) for value in measure.values):
        queryset = departments_of_spans(queryset, asked.as_of)
    return ordered(queryset, rows), []


@counted_rows.register
def _sum(measure: Sum, asked):
    rows, value = measure.of, measure.value
    queryset = asked.credited(rows, rows.where(measure.where))
    known = Q(**{f"{value.column}__isnull": False})
    if isinstance(value, Difference):
        known &= Q(**{f"{value.less}__isnull": False})
    if isinstance(value, AmountThatDay):
        known &= _convertible_then(value, rows)
    elif isinstance(value, ConvertedAmount):
        known &= Q(**{f"{value.currency}__in": ["", *convertible(asked.looked_at(rows))]})
    if isinstance(value, OfAccount):
        return ordered(accounts_with(queryset, value.what, asked), rows), []
    unknown = queryset.exclude(known)
    return ordered(queryset.filter(known), rows), [(_("no amount, or no exchange rate"), unknown)]


@counted_rows.register
def _mean(measure: Mean, asked):
    rows, what = measure.of, measure.value.what
    queryset = accounts_with(asked.credited(rows, rows.where(measure.where)), what, asked)
    known = Q(**{f"{what}__isnull": False})
    return ordered(queryset.filter(known), rows), [(_("no rating in force"), queryset.exclude(known))]


@counted_rows.register
def _concentration(measure: Concentration, asked):
    """One row per rep and account: the latest of its dials, with whom they all went to."""
    rows = measure.of
    groups = groups_of(measure, asked.credited(rows, rows.where(measure.where)))
    return groups.select_related(*RELATED[rows.name], "activity__company").order_by(
        "activity__company__name_key", "pk"
    ), []


@counted_rows.register
def _forecast(measure: Forecast, asked):
    return counted_rows(measure.each, asked)


@counted_rows.register
def _share(measure: Share, asked):
    rows = measure.of
    hit = Case(
        When(as_sql(measure.counted, rows.day), then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    queryset = asked.credited(rows, rows.where(measure.where)).annotate(is_hit=hit)
    return ordered(queryset, rows), []


@counted_rows.register
def _state_share(measure: StateShare, asked):
    """Open deals, those nobody attended to marked."""
    rows = measure.of
    queryset = asked.credited(rows, rows.where(measure.where))
    return ordered(queryset.annotate(is_hit=_flag(unattended(asked.as_of))), rows), []


@counted_rows.register
def _cohort_share(measure: CohortShare, asked):
    """Rows whose window has passed, those counted marked."""
    rows = measure.of
    cohort = asked.credited(rows, rows.where(measure.where)).annotate(
        window=measure.within.as_sql(rows.day),
        waits=_flag(as_sql(measure.waits, rows.day)),
        is_hit=_flag(as_sql(measure.counted, rows.day)),
    )
    cohort = cohort.annotate(
        passed=_flag(
            Q(waits=False) | Q(**{f"{rows.day}__lt": _days_before(asked.calendar.today(), F("window"))})
        )
    )
    inside = ordered(cohort.filter(passed=False), rows)
    return ordered(cohort.filter(passed=True), rows), [(_("still inside the window"), inside)]


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
    return ordered(_first_rows(measure, asked), measure.of), []


@counted_rows.register
def _first_share(measure: FirstShare, asked):
    """The first mail per rep and person in the period, marked where it was answered in time."""
    rows = measure.of
    cohort = _first_rows(measure, asked).annotate(window=measure.within.as_sql(rows.day))
    cohort = cohort.annotate(
        mature=_flag(Q(**{f"{rows.day}__lt": _days_before(asked.calendar.today(), F("window"))})),
        is_hit=_flag(Q(answer_days__isnull=False, answer_days__lte=F("window"))),
    )
    passed = Q(mature=True)
    return ordered(cohort.filter(passed), rows), [(_("still inside the window"), cohort.exclude(passed))]


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


def _flag(condition: Q) -> Case | Value:
    if not condition:
        return Value(True)
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _days_before(day: date, days: F):
    return ExpressionWrapper(Value(day) - Cast(days, IntegerField()), output_field=DateField())


def convertible(day: date) -> list[str]:
    """The organisation's currency and every other with a rate known on that day."""
    known = ExchangeRate.objects.filter(on__lte=day).values_list("currency", flat=True).distinct()
    return [Organisation.current().currency, *known]


def _convertible_then(value: AmountThatDay, rows: Rows) -> Q:
    """Amounts in the organisation's currency, and those with a rate known on the row's day."""
    known = ExchangeRate.objects.filter(currency=OuterRef(value.currency), on__lte=OuterRef(rows.day))
    return Q(**{f"{value.currency}__in": ["", Organisation.current().currency]}) | Q(Exists(known))


def ordered(queryset: QuerySet, rows: Rows) -> QuerySet:
    return queryset.select_related(*RELATED[rows.name]).order_by(*rows.order)

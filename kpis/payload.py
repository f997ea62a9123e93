"""A reading as plain data: the one shape that the API answers with and `show_kpi` prints."""

import hashlib
from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from kpis.catalogue import CATALOGUE
from kpis.catalogue.composites import Quota
from kpis.catalogue.splits import Forecast
from kpis.chances import chances_of
from kpis.past_forecasts import KPI, Past
from kpis.periods import Calendar, Period
from kpis.quotas import quotas_of
from kpis.readings import Card
from kpis.stored import captured, versions
from kpis.subjects import Subject
from pipeline.models import Rep, Team


def row(key: str, card: Card, names: dict[Subject, str]) -> dict:
    """One KPI of one subject and period. Percent figures are fractions; a median has a sample and no fraction."""
    reading = card[key]
    is_sample = reading.sample is not None
    return {
        "key": key,
        "subject": code(card.subject),
        "name": names.get(card.subject, ""),
        "period": card.period.key,
        "value": reading.value,
        "numerator": None if is_sample else reading.numerator_in_unit,
        "denominator": None if is_sample else reading.denominator_in_unit,
        "sample": [round(value, 6) for value in reading.sample_in_unit or []] if is_sample else None,
        "unit": reading.kpi.unit.value,
        "reason": reading.reason,
        "low": reading.low,
        "high": reading.high,
        "evidence_count": reading.evidence_count,
        "beside": {name: value for name, (_label, value, _unit) in reading.beside.items()},
        "sentence": reading.sentence,
        "computed_at": card.computed_at,
    }


def code(subject: Subject) -> str:
    """`rep:7`, `team:2` or `organisation`."""
    return f"{subject.kind}:{subject.id}" if subject.id else subject.kind


def names_of(subjects: Sequence[Subject]) -> dict[Subject, str]:
    """Names of many subjects, in a query for each kind."""
    names = {subject: _("Organisation") for subject in subjects if subject.kind == "organisation"}
    for kind, model in (("rep", Rep), ("team", Team)):
        if ids := [subject.id for subject in subjects if subject.kind == kind]:
            found = model.objects.filter(pk__in=ids).values_list("pk", "name")
            names |= {Subject(kind, pk): name for pk, name in found}
    return names


def _from_outside(
    subjects: Sequence[Subject], period: Period, measures: Sequence, since: dict[str, date]
) -> list:
    found: list = []
    if any(isinstance(measure, Forecast) for measure in measures):
        found.append(chances_of([period]))
        past = Past(list(subjects), [period], since, Calendar.current())
        found.append([past.pieces(KPI, subject, period) for subject in subjects])
    if any(isinstance(measure, Quota) for measure in measures):
        found.append(sorted(quotas_of(list(subjects), [period]).items(), key=repr))
    return found


def edition(subjects: Sequence[Subject], period: Period, keys: Sequence[str], *more: object) -> str:
    """A text that changes whenever these KPIs of these subjects and this stored period may read differently.

    What a measure first found decides between nought and "not captured", so it belongs to it; and so does what weighs
    figures from outside: the organisation's chances, which a back-dated close of anybody moves, and targets.
    """
    measures = [name for key in keys for name in CATALOGUE[key].measures]
    since = captured()
    known_since = sorted((name, day) for name, day in since.items() if name in measures)
    found = versions(subjects)
    known = [(code(subject), found.get(subject)) for subject in subjects]
    outside = _from_outside(subjects, period, [CATALOGUE[key].measure for key in keys], since)
    parts = (known, known_since, outside, period, sorted(names_of(subjects).values()), keys, more)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]

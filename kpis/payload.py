"""A reading as plain data: the one shape that the API answers with and `show_kpi` prints."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from kpis.readings import Card
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

"""A reading as plain data: the one shape that the API answers with and `show_kpi` prints."""

import hashlib
from collections.abc import Sequence

from django.utils.translation import gettext as _

from kpis.models import Capture
from kpis.periods import Period
from kpis.readings import Card
from kpis.stored import versions
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
        "denominator": None if is_sample else reading.denominator,
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


def edition(subjects: Sequence[Subject], period: Period, *more: object) -> str:
    """A text that changes whenever rows of these subjects and this stored period may read differently.

    What a measure first found decides between nought and "not captured", so it belongs to it.
    """
    captured = sorted(Capture.objects.values_list("measure", "first_on"))
    found = versions(subjects)
    known = [(code(subject), found.get(subject)) for subject in subjects]
    parts = (known, captured, period, sorted(names_of(subjects).values()), more)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]

"""Sessions in templates: a KPI's name, whether the rep has answered, the last day of a half-open window."""

from datetime import date, timedelta

from django import template
from django.utils.translation import gettext as _

from coaching.models import Session
from kpis.catalogue import CATALOGUE

register = template.Library()


@register.filter
def kpi_label(key: str) -> str:
    return str(CATALOGUE[key].label) if key in CATALOGUE else ""


@register.filter
def answers_state(session: Session) -> str:
    """“2 of 3” of its questions; nothing where none was asked. The questions are fetched beforehand."""
    questions = session.questions.all()
    if not questions:
        return "–"
    answered = sum(bool(question.answer) for question in questions)
    return _("%(answered)d of %(asked)d") % {"answered": answered, "asked": len(questions)}


@register.filter
def day_before(day: date) -> date:
    return day - timedelta(days=1)

"""A target in words: its number in the KPI's unit, per what, from when, and what became of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coaching.figures import figure, joined
from kpis.catalogue import CATALOGUE
from kpis.models import Target
from kpis.targets import ADDITIVE

PER: dict[str, Callable] = {
    Target.Period.WEEK: lambda value: _("%(value)s a week") % {"value": value},
    Target.Period.MONTH: lambda value: _("%(value)s a month") % {"value": value},
    Target.Period.QUARTER: lambda value: _("%(value)s a quarter") % {"value": value},
    Target.Period.YEAR: lambda value: _("%(value)s a year") % {"value": value},
}


@dataclass(frozen=True)
class Happened:
    """One change of a target: when, by whom, what it said afterwards, and why."""

    at: datetime
    who: str
    what: str
    why: str


def number(target: Target | Any, value, currency: str) -> str:
    """A number of a target (or of one of its former versions) as people read it."""
    return figure(float(value), CATALOGUE[target.kpi].unit, currency)


def asked(target: Target | Any, currency: str) -> str:
    """“30 a month”; a share or a median holds whatever the period, so it is said alone."""
    text = number(target, target.value, currency)
    is_sum = CATALOGUE[target.kpi].unit in ADDITIVE
    return PER[target.period](text) if is_sum else text


def stretch_of(target: Target | Any, currency: str) -> str:
    return "" if target.stretch is None else number(target, target.stretch, currency)


def happened(records, currency: str) -> list[Happened]:
    return [
        Happened(
            record.history_date,
            _name(record.history_user),
            _what(record, currency),
            record.history_change_reason or "",
        )
        for record in records
    ]


def _what(record: Any, currency: str) -> str:
    more = stretch_of(record, currency)
    stretch = _("stretch %(value)s") % {"value": more} if more else ""
    day = date_format(record.from_on, "SHORT_DATE_FORMAT")
    words = {"target": joined(asked(record, currency), stretch), "day": day}
    match record.history_type:
        case "+":
            return _("set: %(target)s, from %(day)s") % words
        case "-":
            return _("removed: %(target)s, from %(day)s") % words
    return _("changed to %(target)s, from %(day)s") % words


def _name(user) -> str:
    if user is None:
        return ""
    rep = getattr(user, "rep", None)
    return rep.name if rep else user.get_full_name() or user.get_username()

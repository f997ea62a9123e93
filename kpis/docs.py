"""What there is to know of a KPI beside its definition: the settings it reads, who asked for it, what it leaves out."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from kpis.catalogue.kpi import Kpi
from kpis.catalogue.measures import Measure
from kpis.dated_settings import Dated
from kpis.rows import Rows, columns_of
from kpis.seeds import SEEDS
from kpis.setting_words import WORDS, value_text
from kpis.values import DepartmentsTouched, OfAccount, Untouched, Value
from pipeline.models import Setting
from pipeline.models.organisation import DEFAULTS

# Columns that records are settled into by a setting of the day.
SETTLED = {
    "attempt": ("first_attempt_days",),
    "won_days": ("first_attempt_days",),
    "follow_ups": ("first_attempt_days",),
    "scope_on": ("manoeuvre_amount_change", "manoeuvre_slip_days"),
    "discount_range_on": ("manoeuvre_amount_change", "manoeuvre_slip_days"),
    "timing_on": ("manoeuvre_amount_change", "manoeuvre_slip_days"),
}


def settings_read(kpi: Kpi) -> list[str]:
    """Keys of the settings that decide this KPI's figures or those beside it, in the order of the settings' page."""
    found = {key for measure in kpi.measures.values() for key in _keys(measure)}
    return [key for key in DEFAULTS if key in found]


def _keys(part: Any) -> Iterator[str]:
    """Settings named anywhere in a measure: in a condition, a window, a value or a settled column."""
    if isinstance(part, Dated):
        yield part.key
    elif isinstance(part, Q):
        yield from _in_condition(part)
    elif isinstance(part, Value):
        yield from _in_value(part)
    elif isinstance(part, Measure):
        for one in fields(part):
            yield from _keys(getattr(part, one.name))


def _in_condition(condition: Q) -> Iterator[str]:
    for column in columns_of(condition):
        yield from SETTLED.get(column.rpartition("__")[2], ())
    for child in condition.flatten():
        if isinstance(child, Dated):
            yield child.key


def _in_value(value: Value) -> Iterator[str]:
    if isinstance(value, DepartmentsTouched):
        yield from (value.within, "inferred_reach_seconds")
    elif isinstance(value, Untouched):
        yield "untouched_days"
    elif isinstance(value, OfAccount) and value.what == "strength":
        yield "rating_stale_days"
    elif isinstance(value, OfAccount) and value.what == "pressed":
        yield from ("inferred_reach_seconds", "pressure_touches", "pressure_days")
    for column in value.columns:
        yield from SETTLED.get(column.rpartition("__")[2], ())


def _in_force(keys: list[str], held: dict[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "label": str(WORDS[key].label), "value": value_text(key, held[key])} for key in keys]


def values_on(day: date) -> dict[str, str]:
    """Every setting's value in force on a day, as it was entered; one query."""
    rows = Setting.objects.order_by("from_on").values_list("key", "value", "from_on")
    first = {key: value for key, value, start in rows if start is None}
    begun = {key: value for key, value, start in rows if start is not None and start <= day}
    return DEFAULTS | first | begun


def sources(kpi: Kpi) -> list[dict[str, str]]:
    return [{"id": seed, "text": str(SEEDS[seed])} for seed in kpi.seeds]


def left_out(kpi: Kpi) -> list[str]:
    """Why rows that stand close do not count."""
    rows: Rows = kpi.measure.of
    return [str(label) for label, _condition in (*kpi.left_out, *rows.left_out)]


def seen_by() -> str:
    """The same for every KPI: a number nobody shows its rep cannot coach."""
    return _("the rep, the managers of the rep's team and of the teams above it, and admins")


def docs(kpi: Kpi, held: dict[str, str]) -> dict[str, Any]:
    """All of it as plain data, for the glossary and the API alike; `held` are the settings' values in force."""
    return {
        "settings": _in_force(settings_read(kpi), held),
        "sources": sources(kpi),
        "seen_by": seen_by(),
        "left_out": left_out(kpi),
    }

"""Changed records in words: what a record is, and what it said then and says now."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format, localize
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coaching.figures import DASH, joined
from kpis.past.changed import Changed, value_of
from pipeline.models import (
    Account,
    AccountMove,
    Activity,
    ActivityContact,
    ActivityMaterial,
    Contact,
    Deal,
    DealChange,
    DealContact,
    DealFact,
    DealMove,
    Relationship,
    StageChange,
    TimeEntry,
)

# Which fields tell one record from another.
TELLING: dict[type[Model], tuple[str, ...]] = {
    Activity: ("kind", "at", "account", "subject"),
    ActivityContact: ("contact", "activity"),
    ActivityMaterial: ("material", "activity"),
    Deal: ("name",),
    StageChange: ("deal", "stage", "at"),
    DealMove: ("deal", "owner", "from_at"),
    DealChange: ("deal", "field", "value"),
    DealFact: ("deal", "kind", "on"),
    DealContact: ("deal", "contact"),
    Account: ("name",),
    AccountMove: ("account", "owner", "from_at"),
    Contact: ("name",),
    Relationship: ("contact", "score", "rated_on"),
    TimeEntry: ("on", "hours"),
}
KINDS = {
    "late": gettext_lazy("recorded later"),
    "changed": gettext_lazy("changed"),
    "gone": gettext_lazy("no longer there"),
}


@dataclass(frozen=True)
class Told:
    """One record that changed: `fields` are (name, then, now)."""

    kind: str
    what: str
    record: str
    at: datetime
    fields: list[tuple[str, str, str]]


def told(changes: Iterable[Changed]) -> list[Told]:
    """The changes in words; one query for each kind of record they point at."""
    changes = list(changes)
    names = _names(changes)
    return [
        Told(
            kind=str(KINDS[one.kind]),
            what=capfirst(str(one.model._meta.verbose_name)),
            record=joined(*(text for text in _telling(one, names) if text != DASH)),
            at=timezone.localtime(one.at),
            fields=[
                (capfirst(str(field.verbose_name)), _text(field, was, names), _text(field, now, names))
                for field, was, now in one.fields
            ],
        )
        for one in changes
    ]


def _telling(one: Changed, names: dict) -> list[str]:
    return [_text(field, _said(one, field), names) for field in _telling_fields(one.model)]


def _telling_fields(model: type[Model]) -> list[Any]:
    return [model._meta.get_field(name) for name in TELLING.get(model, ())]


def _said(one: Changed, field: Any) -> Any:
    if one.now is not None:
        return getattr(one.now, field.attname)
    return value_of(field, (one.was or {}).get(field.column))


def _names(changes: list[Changed]) -> dict[type[Model], dict[int, Model]]:
    """The records others point at, by what they are and their ids."""
    wanted: dict[type[Model], set[int]] = defaultdict(set)
    for one in changes:
        pairs = [(field, _said(one, field)) for field in _telling_fields(one.model)]
        pairs += [(field, value) for field, was, now in one.fields for value in (was, now)]
        for field, value in pairs:
            if field.is_relation and value is not None:
                wanted[field.related_model].add(value)
    return {model: model._default_manager.in_bulk(ids) for model, ids in wanted.items()}


def _text(field: Any, value: Any, names: dict) -> str:
    if value is None or value == "":
        return DASH
    if field.is_relation:
        record = names[field.related_model].get(value)
        return _("one that is gone") if record is None else _name(record)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return _moment(value)
    return date_format(value, "SHORT_DATE_FORMAT") if isinstance(value, date) else str(localize(value))


def _name(record: Model) -> str:
    if isinstance(record, Activity):
        return f"{record.get_kind_display()}, {_moment(record.at)}"
    return str(record)


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")

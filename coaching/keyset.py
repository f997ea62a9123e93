"""Paging by the last row seen: page 200 costs what page 1 does, and rows that arrive shift nothing."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, Q, QuerySet


@dataclass(frozen=True)
class Page:
    """Rows of one page and the mark of the next, empty on the last."""

    rows: list
    next: str


def page_of(queryset: QuerySet, after: str = "", size: int = 50) -> Page:
    """The rows after the mark, in the queryset's own order, which must end in a unique column."""
    names: Sequence[Any] = queryset.query.order_by or queryset.model._meta.ordering
    order = [Column.of(queryset.model, name) for name in names]
    ordered = queryset.order_by(*(column.expression for column in order))
    try:
        if after:
            ordered = ordered.filter(_beyond(order, _read(after, len(order))))
        rows = list(ordered[: size + 1])
    except (ValidationError, ValueError, TypeError) as reason:
        raise BadRequest("mark of a page") from reason
    more = len(rows) > size
    return Page(rows[:size], _mark(order, rows[size - 1]) if more else "")


@dataclass(frozen=True)
class Column:
    """A column of the order; only one that may be empty pays for saying where its empty values go."""

    path: str
    is_down: bool
    may_be_empty: bool

    @classmethod
    def of(cls, model, name: str) -> "Column":
        path, may_be_empty = name.lstrip("-"), False
        for part in path.split("__"):
            field = model._meta.pk if part == "pk" else model._meta.get_field(part)
            may_be_empty, model = may_be_empty or field.null, field.related_model
        return cls(path, name.startswith("-"), may_be_empty)

    @property
    def expression(self):
        last = {"nulls_last": True} if self.may_be_empty else {}
        return F(self.path).desc(**last) if self.is_down else F(self.path).asc(**last)


def _beyond(order: Sequence[Column], values: list[Any]) -> Q:
    """(a, b) > (x, y) spelt out: a > x, or a = x and b > y."""
    beyond, equal = Q(pk__in=[]), Q()
    for column, value in zip(order, values, strict=True):
        if value is None:
            equal &= Q(**{f"{column.path}__isnull": True})
            continue
        later = Q(**{f"{column.path}__{'lt' if column.is_down else 'gt'}": value})
        if column.may_be_empty:
            later |= Q(**{f"{column.path}__isnull": True})
        beyond |= equal & later
        equal &= Q(**{column.path: value})
    return beyond


def _mark(order: Sequence[Column], row) -> str:
    text = json.dumps([_value(row, column.path) for column in order], cls=ExactEncoder)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _value(row, path: str):
    """None where the path ends early; the other side of a one-to-one may not be there."""
    for name in path.split("__"):
        row = getattr(row, name, None)
    return row


def _read(mark: str, length: int) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)))
    except ValueError as reason:
        raise BadRequest("mark of a page") from reason
    if (
        not isinstance(values, list)
        or len(values) != length
        or any(isinstance(v, list | dict) for v in values)
    ):
        raise BadRequest("mark of a page")
    return values


class ExactEncoder(DjangoJSONEncoder):
    """Moments with their microseconds: Django's own encoder cuts them, and the last row would come twice."""

    def default(self, value):
        return value.isoformat() if hasattr(value, "isoformat") else super().default(value)

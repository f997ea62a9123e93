"""Dated settings: the value in force on each day, for conditions read as SQL and as arrays alike."""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db.models import Case, DateField, F, FloatField, Value, When
from django.db.models.functions import Cast

from pipeline.models import Contact, Setting
from pipeline.models.organisation import DEFAULTS

_held: ContextVar[dict | None] = ContextVar("settings_history", default=None)


@dataclass(frozen=True)
class Dated:
    """A setting named in a condition; which value holds is decided by each row's day."""

    key: str

    def history(self) -> list[tuple[date | None, float]]:
        """(from day, value) oldest first; the first holds from the beginning."""
        held = _held.get()
        rows = (held if held is not None else _read()).get(self.key, [])
        return [(None, as_number(self.key, DEFAULTS[self.key])), *rows]

    def on_days(self, days: np.ndarray) -> np.ndarray:
        """The value in force on each day (int days since 1970)."""
        history = self.history()
        starts = np.array([np.datetime64(day or date(1, 1, 1), "D").astype(np.int64) for day, _ in history])
        return np.array([value for _, value in history])[np.searchsorted(starts, days, side="right") - 1]

    def on(self, day: date) -> float:
        return [value for start, value in self.history() if start is None or start <= day][-1]

    def as_sql(self, day: str) -> Case | Value:
        """The value in force as an expression over the row's day column."""
        history = self.history()
        if len(history) == 1:
            return Value(history[0][1])
        whens = [
            When(**{f"{day}__gte": Cast(Value(start), DateField())}, then=Value(value))
            for start, value in reversed(history[1:])
        ]
        return Case(*whens, default=Value(history[0][1]), output_field=FloatField())


@dataclass(frozen=True)
class Fixed:
    """A number of days that is no setting, where a dated one might stand."""

    days: int

    def on_days(self, days: np.ndarray) -> np.ndarray:
        return np.full(len(days), float(self.days))

    def as_sql(self, day: str) -> Value:
        return Value(float(self.days))


def as_number(key: str, value: str) -> float:
    """A setting's text as the number conditions compare with; a seniority by its rank."""
    if key == "executive_threshold":
        return float(Contact.Seniority[value.upper()])
    return float(value)


@contextmanager
def settings_held():
    """Read the settings once for everything done inside."""
    token = _held.set(_read())
    try:
        yield
    finally:
        _held.reset(token)


def _read() -> dict[str, list[tuple[date, float]]]:
    history: dict[str, list] = {}
    oldest_first = Setting.objects.order_by(F("from_on").asc(nulls_first=True))
    for key, value, start in oldest_first.values_list("key", "value", "from_on"):
        history.setdefault(key, []).append((start or date(1, 1, 1), as_number(key, value)))
    return history

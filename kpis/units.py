"""Figures in the unit people read them in, and the names of a split's groups."""

from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar

from kpis.catalogue.kpi import Unit
from kpis.catalogue.splits import Split
from kpis.values import DAY_US

_names: ContextVar[dict | None] = ContextVar("names of groups", default=None)


class Groups(dict):
    """A split's values by the name of the group, in the order of the names."""


@contextmanager
def names_held(names: dict[Callable, dict[str, str | None]]):
    """Names once looked up are kept in `names`, for all the cards of one reading."""
    token = _names.set(names)
    try:
        yield
    finally:
        _names.reset(token)


def names_of(split: Split, groups: list[str]) -> dict[str, str]:
    """The groups' names for people; looked up once for all the cards of one reading."""
    held = _names.get()
    if held is None:
        return split.names(groups)
    known = held.setdefault(split.names, {})
    if missing := [group for group in groups if group not in known]:
        known.update({**dict.fromkeys(missing), **split.names(missing)})
    return {group: name for group in groups if (name := known[group]) is not None}


def in_unit(value, unit: Unit):
    """Cents to currency, µs to days, hundredths to hours; everything else as it is. Groups are converted one by one."""
    if value is None:
        return None
    if isinstance(value, Groups):
        return Groups({group: in_unit(one, unit) for group, one in value.items()})
    if isinstance(value, dict):
        return {
            group: {name: in_unit(v, unit) if name != "visits" else v for name, v in stage.items()}
            for group, stage in value.items()
        }
    scale = {Unit.MONEY: 100, Unit.DAYS: DAY_US, Unit.HOURS: 100}.get(unit)
    return value / scale if scale else value

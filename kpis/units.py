"""Figures in the unit people read them in, and the names of a split's groups."""

from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar

from kpis.catalogue import CATALOGUE
from kpis.catalogue.kpi import Unit
from kpis.catalogue.splits import Split
from kpis.values import DAY_US

_names: ContextVar["Names | None"] = ContextVar("names of groups", default=None)


class Groups(dict):
    """A split's values by the name of the group, in the order of the names."""


class Names:
    """Names of groups, looked up once for all the cards of one reading, whose pieces are `of_cards`."""

    def __init__(self):
        self.of_cards: list[dict] = []
        self.known: dict[Callable, dict[str, str]] = {}

    def of(self, split: Split, groups: list[str]) -> dict[str, str]:
        known = self.known.setdefault(split.names, {})
        if not known.keys() >= set(groups):
            asked = sorted({*groups, *self._groups(split.names)})
            known.update(dict.fromkeys(asked, "") | split.names(asked))
        return {group: known[group] for group in groups if known[group]}

    def _groups(self, names: Callable) -> set[str]:
        """The groups of every card's splits that are named the same way."""
        measures = {name: one for kpi in CATALOGUE.values() for name, one in kpi.measures.items()}
        alike = [name for name, one in measures.items() if isinstance(one, Split) and one.names is names]
        return {
            group for pieces in self.of_cards for name in alike for group in pieces.get(name, {"b": {}})["b"]
        }


@contextmanager
def names_held(names: Names):
    """Names once looked up are kept in `names`, for all the cards of one reading."""
    token = _names.set(names)
    try:
        yield
    finally:
        _names.reset(token)


def names_of(split: Split, groups: list[str]) -> dict[str, str]:
    """The groups' names for people; looked up once for all the cards of one reading."""
    held = _names.get()
    return split.names(groups) if held is None else held.of(split, groups)


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

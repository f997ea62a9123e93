"""What is known of each account when a period's last day is over: its contacts, who was touched, how they are rated."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kpis.account_deals import furthest_table, uncalled_table
from kpis.account_records import AccountRecords
from kpis.dated_settings import Dated
from kpis.pressure import pressed_table

TOUCHED_WITHIN = 90
STALE = Dated("rating_stale_days")
MILLION = 1_000_000


@dataclass
class Line:
    """The last days a grid's periods describe, in order; `laid` counts what holds over stretches of it."""

    order: np.ndarray
    days: np.ndarray
    over_us: np.ndarray

    @classmethod
    def of(cls, grid, chosen: np.ndarray | None = None) -> "Line":
        chosen = np.arange(len(grid.as_of)) if chosen is None else chosen
        order = chosen[np.argsort(grid.as_of[chosen], kind="stable")]
        return cls(order, grid.as_of[order], grid.as_of_us[order])

    def at(self, days: np.ndarray) -> np.ndarray:
        """The first place on the line that is not before each day."""
        return np.searchsorted(self.days, days, side="left")

    def laid(self, rows: np.ndarray, size: int, first: np.ndarray, last: np.ndarray, weight=1) -> np.ndarray:
        """(row, place) sums of the weights of what holds from place `first` until `last`."""
        change = np.zeros((size, len(self.order) + 1), np.int64)
        np.add.at(change, (rows, first), weight)
        np.add.at(change, (rows, np.maximum(first, last)), -np.asarray(weight))
        return change.cumsum(axis=1)[:, :-1]


class AccountsOver:
    """The records as tables of (account, period)."""

    def __init__(self, records: AccountRecords, grid):
        self.records, self.grid, self.line = records, grid, Line.of(grid)

    def values(self, what: str, accounts: np.ndarray, period: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(values, known) by position; an account without any rating in force has no strength and no lowest one."""
        row = np.searchsorted(self.records.ids, accounts)
        values = getattr(self, what)[row, period]
        if what in ("strength", "lowest"):
            return values, ~self.unrated[row, period].astype(bool)
        return values, np.ones(len(row), bool)

    @cached_property
    def contacts(self) -> np.ndarray:
        people = self.records.contacts
        first = self._since(people["created_us"])
        return self.laid(people["account"], first, np.full(len(first), len(self.line.order)))

    @cached_property
    def band(self) -> np.ndarray:
        """0, 1, 2 (and 3), 4 (and more) contacts."""
        return np.select([self.contacts >= 4, self.contacts >= 2], [4, 2], self.contacts)

    @cached_property
    def touched(self) -> np.ndarray:
        """Contacts on file who were touched in the days that end with the day looked at."""
        contact, day, _activity = self.records.touches
        people = self.records.contacts
        first = np.maximum(self.line.at(day), self._since(people["created_us"])[contact])
        last = self.line.at(np.minimum(day + TOUCHED_WITHIN, _next(contact, day)))
        return self.laid(people["account"][contact], first, last)

    @cached_property
    def furthest(self) -> np.ndarray:
        return furthest_table(self.records, self)

    @cached_property
    def uncalled(self) -> np.ndarray:
        return uncalled_table(self.records, self)

    @cached_property
    def pressed(self) -> np.ndarray:
        return pressed_table(self.records, self.grid)

    @cached_property
    def strength(self) -> np.ndarray:
        """The weighted mean rating in millionths, halves rounded up."""
        scores, weights = self._in_force["scores"], np.maximum(self._in_force["weights"], 1)
        return (2 * MILLION * scores + weights) // (2 * weights)

    @cached_property
    def lowest(self) -> np.ndarray:
        return (self._in_force["counts"] > 0).argmax(axis=0) - 3

    @cached_property
    def negative(self) -> np.ndarray:
        return self._in_force["counts"][:3].sum(axis=0)

    @cached_property
    def stale(self) -> np.ndarray:
        return self._in_force["stale"]

    @cached_property
    def unrated(self) -> np.ndarray:
        return (self._in_force["weights"] == 0).astype(np.int64)

    @cached_property
    def _in_force(self) -> dict[str, np.ndarray]:
        """Sums over each contact's latest rating while it is fresh; and how many contacts' latest one is stale."""
        size, periods = len(self.records.ids), len(self.grid.as_of)
        tables = {name: np.zeros((size, periods), np.int64) for name in ("weights", "scores", "stale")} | {
            "counts": np.zeros((7, size, periods), np.int64)
        }
        windows = STALE.on_days(self.grid.as_of).astype(np.int64)
        for window in np.unique(windows):
            line = Line.of(self.grid, np.nonzero(windows == window)[0])
            for name, table in self._rated(line, int(window)).items():
                tables[name][..., line.order] = table
        return tables

    def _rated(self, line: Line, window: int) -> dict[str, np.ndarray]:
        contact, day, _number, score = self.records.ratings
        replaced = _next(contact, day)
        first, old, last = (line.at(days) for days in (day, np.minimum(day + window + 1, replaced), replaced))
        size, account = len(self.records.ids), self.records.contacts["account"][contact]
        weight = self.records.contacts["weight"][contact]
        return {
            "weights": line.laid(account, size, first, old, weight),
            "scores": line.laid(account, size, first, old, weight * score),
            "stale": line.laid(account, size, old, last),
            "counts": np.stack(
                [line.laid(account, size, first, old, (score == rank).astype(int)) for rank in range(-3, 4)]
            ),
        }

    def _since(self, moments: np.ndarray) -> np.ndarray:
        """The first place on the line whose day was over after each moment."""
        return np.searchsorted(self.line.over_us, moments, side="right")

    def laid(self, account: np.ndarray, first, last) -> np.ndarray:
        """(account, period): how many of the accounts' stretches hold, each from one place on the line until another."""
        laid = self.line.laid(account, len(self.records.ids), first, last)
        table = np.empty_like(laid)
        table[:, self.line.order] = laid
        return table


def _next(contact: np.ndarray, day: np.ndarray) -> np.ndarray:
    """The day of the next row of the same contact, in rows sorted by contact and day; far away where there is none."""
    following = np.full(len(day), np.iinfo(np.int64).max)
    same = contact[1:] == contact[:-1]
    following[:-1][same] = day[1:][same]
    return following

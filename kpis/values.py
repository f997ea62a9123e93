"""Values a measure sums, medians or tells apart: each says which columns it needs, its array, and its row's value."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

DAY_US = 86_400_000_000


@dataclass(frozen=True)
class Value:
    """A column as it stands; whole numbers (ids, cents, µs)."""

    column: str

    @property
    def columns(self) -> set[str]:
        return {self.column}

    def array(self, frame, index, grid, period) -> tuple[np.ndarray, np.ndarray]:
        """(values, known) for rows `index`, each as of grid period `period` where the source is a state."""
        values, known = frame.column(self.column)
        return values[index], known[index]

    def captured_on(self, frame, rows) -> int | None:
        """The first day the organisation recorded such a value."""
        return int(frame.days[rows].min())


@dataclass(frozen=True)
class ConvertedAmount(Value):
    """An open deal's amount in cents of the organisation's currency, at the rate of the day it is looked at."""

    column: str = "amount"
    currency: str = "currency"

    @property
    def columns(self):
        return {self.column, self.currency}

    def array(self, frame, index, grid, period):
        amounts, known = frame.column(self.column)
        currencies, _ = frame.column(self.currency)
        cents, is_known = np.zeros(len(index), np.int64), known[index].copy()
        own = np.isin(currencies[index], ["", frame.reader.rates.own]) & is_known
        cents[own] = np.rint(amounts[index][own].astype(float) * 100).astype(np.int64)
        for at in np.nonzero(~own & is_known)[0]:
            amount = Decimal(str(amounts[index[at]]))
            found, _ = frame.reader.rates.cents(amount, currencies[index[at]], int(grid.as_of[period[at]]))
            cents[at], is_known[at] = found or 0, found is not None
        return cents, is_known


@dataclass(frozen=True)
class TimeSince(Value):
    """µs from a moment to the end of the last day described; whole days where only the day is known."""

    column: str = "entered_at"
    day: str = "entered_day"
    is_dated: str = "is_entered_dated"

    @property
    def columns(self):
        return {self.column, self.day, self.is_dated}

    def array(self, frame, index, grid, period):
        moments, known = frame.column(self.column)
        days, _ = frame.column(self.day)
        dated, _ = frame.column(self.is_dated)
        exact = grid.as_of_us[period] - moments[index]
        whole = (grid.as_of[period] - days[index]) * DAY_US
        return np.where(dated[index].astype(bool), whole, exact), known[index]


@dataclass(frozen=True)
class VisitTime(TimeSince):
    """µs a visit to a stage lasted: to its end where it ended, else to the end of the last day described."""

    end: str = "to_at"
    end_day: str = "to_day"

    @property
    def columns(self):
        return {*super().columns, self.end, self.end_day}

    def ended(self, frame, index) -> tuple[np.ndarray, np.ndarray]:
        moments, known = frame.column(self.column)
        ends, _ = frame.column(self.end)
        days, _ = frame.column(self.day)
        end_days, _ = frame.column(self.end_day)
        dated, _ = frame.column(self.is_dated)
        whole = (end_days[index] - days[index]) * DAY_US
        return np.where(dated[index].astype(bool), whole, ends[index] - moments[index]), known[index]


@dataclass(frozen=True)
class DepartmentsTouched(Value):
    """How many departments of a deal had a two-way touch in the days (a setting) up to the day looked at."""

    column: str = "deal_id"
    within: str = "two_way_days"

    def array(self, frame, index, grid, period):
        deals, _ = frame.column(self.column)
        counts = frame.reader.departments(grid)
        return counts.of(deals[index], period), np.ones(len(index), bool)

    def captured_on(self, frame, rows):
        return frame.reader.first_two_way_touch()

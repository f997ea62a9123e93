"""Values a measure sums, medians or tells apart: each says which columns it needs, its array, and its row's value."""

from collections.abc import Iterable
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

    def groups(self, frame, rows, grid) -> Iterable[tuple[str, np.ndarray]]:
        """(value, the rows that have it), value by value; rows whose value is unknown are in none."""
        values, known = self.array(frame, rows, grid, None)
        values, rows = values[known], rows[known]
        return ((str(value), rows[values == value]) for value in sorted(set(values.tolist())))

    def captured_on(self, frame, rows) -> int | None:
        """The first day the organisation recorded such a value."""
        return int(frame.days[rows].min())


@dataclass(frozen=True)
class Difference(Value):
    """One column less another; unknown where either is."""

    less: str

    @property
    def columns(self):
        return {self.column, self.less}

    def array(self, frame, index, grid, period):
        values, known = frame.column(self.column)
        less, is_known = frame.column(self.less)
        return values[index] - less[index], known[index] & is_known[index]


@dataclass(frozen=True)
class Days(Value):
    """A column of whole days, in µs as all spans of time are."""

    def array(self, frame, index, grid, period):
        values, known = super().array(frame, index, grid, period)
        return values.astype(np.int64) * DAY_US, known


@dataclass(frozen=True)
class DaysSince(Days):
    """µs from a date to the last day described, in whole days."""

    def array(self, frame, index, grid, period):
        days, known = frame.column(self.column)
        return (grid.as_of[period] - days[index]) * DAY_US, known[index]


@dataclass(frozen=True)
class ConvertedAmount(Value):
    """A deal's amount in cents of the organisation's currency, at the rate of the day its source is looked at."""

    column: str = "amount"
    currency: str = "currency"

    def days(self, frame, index, grid, period) -> np.ndarray:
        """The day of each row's rate."""
        return grid.as_of[period]

    @property
    def columns(self):
        return {self.column, self.currency}

    def array(self, frame, index, grid, period):
        amounts, known = frame.column(self.column)
        currencies, _ = frame.column(self.currency)
        cents, is_known = np.zeros(len(index), np.int64), known[index].copy()
        own = np.isin(currencies[index], ["", frame.reader.rates.own]) & is_known
        cents[own] = np.rint(amounts[index][own].astype(float) * 100).astype(np.int64)
        days = self.days(frame, index, grid, period)
        for at in np.nonzero(~own & is_known)[0]:
            amount = Decimal(str(amounts[index[at]]))
            found, _ = frame.reader.rates.cents(amount, currencies[index[at]], int(days[at]))
            cents[at], is_known[at] = found or 0, found is not None
        return cents, is_known


@dataclass(frozen=True)
class AmountAtFirst(ConvertedAmount):
    """The same at the rate of the period's first day."""

    def days(self, frame, index, grid, period):
        return grid.opening[period]


@dataclass(frozen=True)
class AmountThatDay(ConvertedAmount):
    """The same at the rate of the row's own day."""

    def days(self, frame, index, grid, period):
        return frame.days[index]


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
class OfAccount(Value):
    """Something known of an account at the end of the day looked at; `what` names a table of `AccountsOver`."""

    what: str = "contacts"
    column: str = "account_id"

    def array(self, frame, index, grid, period):
        accounts, _ = frame.column(self.column)
        return frame.reader.accounts(grid).values(self.what, accounts[index], period)

    def captured_on(self, frame, rows):
        return frame.reader.account_records.first_known(self.what, super().captured_on(frame, rows))


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


@dataclass(frozen=True)
class Untouched(Value):
    """1 where nobody touched a deal in the days (a setting) up to the day looked at, and no meeting lay ahead then."""

    column: str = "deal_id"

    def array(self, frame, index, grid, period):
        deals, _ = frame.column(self.column)
        attended = frame.reader.attention.over(grid)
        return 1 - np.minimum(attended.of(deals[index], period), 1), np.ones(len(index), bool)

    def captured_on(self, frame, rows):
        return frame.reader.attention.first_day()

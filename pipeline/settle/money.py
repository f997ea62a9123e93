"""Amounts in the organisation's currency: Decimal rates of the day, rounded to the cent row by row."""

from decimal import ROUND_HALF_UP

import numpy as np
import pandas as pd


class Rates:
    """The exchange rates on file: units of the organisation's currency per unit of another."""

    def __init__(self, cursor, own: str):
        cursor.execute('SELECT currency, "on", rate FROM pipeline_exchangerate ORDER BY currency, "on"')
        self.own = own
        self.table: dict[str, tuple[np.ndarray, list]] = {}
        for currency, rows in pd.DataFrame(cursor.fetchall(), columns=["currency", "on", "rate"]).groupby(
            "currency"
        ):
            self.table[currency] = (rows["on"].to_numpy("datetime64[D]").astype(int), rows["rate"].tolist())

    def rate(self, currency: str, day: int):
        """Decimal rate on a day (days since 1970), 1 for the own currency, None where none is known."""
        if not currency or currency == self.own:
            return 1
        days, rates = self.table.get(currency, (np.empty(0, int), []))
        at = int(np.searchsorted(days, day, side="right")) - 1
        return rates[at] if at >= 0 else None

    def cents(self, amount, currency: str, day: int | None) -> tuple[int | None, bool]:
        """(cents in the own currency, whether a rate was known); an unknown amount is convertible, and unknown."""
        if amount is None or day is None:
            return None, True
        rate = self.rate(currency, day)
        return (None, False) if rate is None else (round_half_up(amount * rate * 100), True)


def round_half_up(number) -> int:
    """As in commerce and in SQL: half a cent is rounded away from zero."""
    return int(number.to_integral_value(ROUND_HALF_UP))

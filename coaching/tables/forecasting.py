"""What open deals are worth on a day, by the organisation's own win rates: for the table of what is ahead."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from kpis.chances import chance, chances_on
from kpis.periods import Calendar
from pipeline.models import Deal, DealSpan, Organisation
from pipeline.models.deals import Milestone
from pipeline.settle.money import Rates

EPOCH = date(1970, 1, 1)


@dataclass
class Month:
    """Deals expected to close in a time, amounts in cents."""

    deals: int = 0
    open: int = 0
    weighted: float = 0
    committed: int = 0
    best_case: int = 0
    unconvertible: int = 0

    def add(self, span: DealSpan, cents: int | None, chances: dict[int, float]) -> None:
        known, sure = cents or 0, span.forecast
        self.deals += 1
        self.unconvertible += cents is None
        self.open += known
        self.weighted += known * chances.get(span.reached or Milestone.LEAD, 0)
        self.committed += known * (sure == Deal.Forecast.COMMITTED)
        self.best_case += known * (sure in (Deal.Forecast.COMMITTED, Deal.Forecast.BEST_CASE))


def win_rates(day: date, calendar: Calendar) -> dict[int, float]:
    """Milestone -> the share won of what came so far or farther, by which the forecast weighs; absent: none closed."""
    piece: dict = next(iter(chances_on([day], calendar)[day].values()), {})
    rates = {int(milestone): chance(piece, milestone) for milestone in range(Milestone.LEAD, Milestone.WON)}
    return {milestone: rate for milestone, rate in rates.items() if rate is not None}


def rates_known() -> Rates:
    with connection.cursor() as cursor:
        return Rates(cursor, Organisation.current().currency)


def cents_of(span: DealSpan, rates: Rates, day: date) -> int | None:
    """The amount in the organisation's currency at a day's rate; None where it, or the rate, is unknown."""
    cents, is_known = rates.cents(span.amount, span.currency, (day - EPOCH).days)
    return cents if is_known else None

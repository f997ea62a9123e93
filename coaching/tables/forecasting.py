"""What open deals are worth on a day, by the organisation's own win rates: shared by what is ahead and what was."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import Count, Q

from pipeline.models import Deal, DealSpan, Episode, Organisation
from pipeline.models.deals import Milestone
from pipeline.settle.money import Rates

EPOCH = date(1970, 1, 1)
WON = Q(outcome=Episode.Outcome.WON)
RATE_DAYS = 730  # win rates of the last two years


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


def win_rates(day: date) -> dict[int, float]:
    """Milestone -> share won among the episodes that reached it and closed in the time before; absent: none closed."""
    closed = Episode.objects.exclude(outcome=Episode.Outcome.OPEN).filter(
        closed_day__lt=day, closed_day__gte=day - timedelta(days=RATE_DAYS), reached__isnull=False
    )
    by_reach = closed.order_by().values_list("reached").annotate(n=Count("pk"), won=Count("pk", filter=WON))
    found = list(by_reach)
    rates = {}
    for milestone in range(Milestone.LEAD, Milestone.WON):
        ahead = [(n, won) for reached, n, won in found if reached >= milestone]
        if total := sum(n for n, _won in ahead):
            rates[milestone] = sum(won for _n, won in ahead) / total
    return rates


def rates_known() -> Rates:
    with connection.cursor() as cursor:
        return Rates(cursor, Organisation.current().currency)


def cents_of(span: DealSpan, rates: Rates, day: date) -> int | None:
    """The amount in the organisation's currency at a day's rate; None where it, or the rate, is unknown."""
    cents, is_known = rates.cents(span.amount, span.currency, (day - EPOCH).days)
    return cents if is_known else None

"""Open deals with what they are worth and how long they are still open to influence, for many reps at once.

A deal weighs its amount times the organisation's own chance to win from its milestone on, as in the forecast KPIs.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Subquery
from django.urls import reverse

from kpis.chances import chance, chances_of
from kpis.periods import Period
from pipeline.models import DealSpan, ExchangeRate


@dataclass(frozen=True)
class OpenDeal:
    """`amount` and `weight` in the organisation's currency at today's rate.

    The amount is None where unknown or without a rate; such a deal is named, but weighs nothing.
    """

    pk: int
    name: str
    amount: float | None
    weight: float
    closes_on: date | None
    days_left: int | None

    @property
    def url(self) -> str:
        return reverse("deal", args=[self.pk])


def open_deals_of(
    reps: Iterable[int], period: Period, today: date, currency: str
) -> dict[int, list[OpenDeal]]:
    """Rep id -> the deals they own now that are open; a query for the deals and one for the chances as of the period."""
    rates = ExchangeRate.objects.filter(currency=OuterRef("currency"), on__lte=today).order_by("-on")
    spans = DealSpan.objects.filter(to_at=None, deal__owner__in=list(reps)).annotate(
        rate=Subquery(rates.values("rate")[:1])
    )
    chances: dict = next(iter(chances_of([period])[period.key].values()), {})
    fields = (
        "deal__owner",
        "deal",
        "deal__name",
        "amount",
        "currency",
        "rate",
        "reached",
        "expected_close_on",
    )
    found = defaultdict(list)
    for owner, pk, name, amount, of_deal, rate, reached, closes in spans.order_by("deal").values_list(
        *fields
    ):
        factor = 1 if of_deal in ("", currency) else rate
        worth = None if amount is None or factor is None else float(amount * factor)
        known = chance(chances, reached or 0)
        weight = (worth or 0.0) * (1.0 if known is None else known)
        left = (closes - today).days if closes else None
        found[owner].append(OpenDeal(pk, name, worth, weight, closes, left))
    return found

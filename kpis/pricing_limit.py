"""After how many days without a close a deal's pricing counts as open for long: by one's own contracts, else the setting."""

from dataclasses import dataclass
from datetime import date
from math import ceil
from statistics import quantiles

from kpis.conditions import WON
from kpis.dated_settings import Dated
from kpis.rows import CLOSED_DEALS

SETTING = Dated("pricing_alert_days")
LEAST, LATEST = 10, 200  # contracts that say what is usual, and how many of the latest are asked


@dataclass(frozen=True)
class PricingLimit:
    """More than so many days are long; `contracts` say so, none where the setting does."""

    days: int
    contracts: int = 0


def pricing_limit(day: date) -> PricingLimit:
    """The third quartile of the days from pricing to signature over the organisation's latest contracts up to a day.

    Interpolated as a spreadsheet does (inclusive), rounded up to a whole day.
    """
    signed = CLOSED_DEALS.where(WON).filter(priced_days__isnull=False, closed_day__lte=day)
    took = list(signed.order_by("-closed_day", "-pk").values_list("priced_days", flat=True)[:LATEST])
    if len(took) < LEAST:
        return PricingLimit(int(SETTING.on(day)))
    return PricingLimit(ceil(quantiles(took, n=4, method="inclusive")[2]), len(took))

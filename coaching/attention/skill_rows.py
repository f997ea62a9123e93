"""The rows by which a KPI speaks of single deals: what its gap touches and how long it takes to act rest on them."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Min, Q, QuerySet

from kpis.catalogue.kpi import Kpi
from kpis.catalogue.measures import CohortShare, Count, Distinct, FirstCount, FirstShare, Measure, Share
from kpis.rows import OPEN_DEALS

# By which column the rows of a source name their deal; the others name none.
DEAL_OF = {
    "activities": "deal_id",
    "bookings": "deal_id",
    "proposals_sent": "deal_id",
    "people": "activity__deal_id",
    "materials": "activity__deal_id",
    "open_deals": "deal_id",
}


def good_rows(kpi: Kpi) -> QuerySet | None:
    """Rows that speak well of the skill: of a share those it wants, of a count all; None where no row does."""
    measure = kpi.measure
    if not isinstance(measure, Measure) or measure.of.name not in DEAL_OF:
        return None
    rows = measure.of
    if isinstance(measure, Share | CohortShare):
        wanted = measure.counted if kpi.good == "up" else ~measure.counted
        return rows.where(measure.where & wanted)
    if isinstance(measure, FirstShare):
        return rows.where(measure.where).filter(Q(**{f"{measure.answered.column}__isnull": False}))
    is_event = isinstance(measure, Count | Distinct | FirstCount) and not rows.until
    return rows.where(measure.where) if is_event and kpi.good == "up" else None


def good_days(kpi: Kpi, deals: Iterable[int]) -> list[tuple[int, date]]:
    """(deal, day) of every such row on these deals; of a state only the day it began."""
    found = on_deals(kpi, deals)
    if found is None or not isinstance(kpi.measure, Measure):
        return []
    rows, deal = kpi.measure.of, DEAL_OF[kpi.measure.of.name]
    if rows.name == OPEN_DEALS.name:
        return list(found.values_list(deal).annotate(first=Min(rows.day)))
    return list(found.values_list(deal, rows.day).distinct())


def on_deals(kpi: Kpi, deals: Iterable[int]) -> QuerySet | None:
    """The good rows of a KPI that lie on these deals, in no order."""
    found = good_rows(kpi)
    if found is None or not isinstance(kpi.measure, Measure):
        return None
    return found.filter(**{f"{DEAL_OF[kpi.measure.of.name]}__in": list(deals)}).order_by()

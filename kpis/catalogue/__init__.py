"""The coach's handbook: every KPI, in the order of the page."""

from kpis.catalogue.accounts import TIES_TO_ACCOUNTS
from kpis.catalogue.activity import ACTIVITY
from kpis.catalogue.attempts import ATTEMPTS
from kpis.catalogue.costs import COSTS_OF_RESULTS
from kpis.catalogue.forecasts import FORECASTS
from kpis.catalogue.kpi import Category, Kpi
from kpis.catalogue.meetings import MEETINGS_AND_MATERIALS
from kpis.catalogue.quality import QUALITY
from kpis.catalogue.result import RESULT
from kpis.catalogue.sources import SOURCES

EVERY = [
    *ACTIVITY,
    *RESULT,
    *FORECASTS,
    *COSTS_OF_RESULTS,
    *QUALITY,
    *TIES_TO_ACCOUNTS,
    *ATTEMPTS,
    *SOURCES,
    *MEETINGS_AND_MATERIALS,
]
ORDER = list(Category)
CATALOGUE: dict[str, Kpi] = {kpi.key: kpi for kpi in sorted(EVERY, key=lambda kpi: ORDER.index(kpi.category))}


def in_category(category: Category) -> list[Kpi]:
    return [kpi for kpi in CATALOGUE.values() if kpi.category == category]

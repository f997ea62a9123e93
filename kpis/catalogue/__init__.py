"""The coach's handbook: every KPI, in the order of the page."""

from kpis.catalogue.activity import ACTIVITY
from kpis.catalogue.kpi import Category, Kpi
from kpis.catalogue.quality import QUALITY
from kpis.catalogue.result import RESULT

CATALOGUE: dict[str, Kpi] = {kpi.key: kpi for kpi in (*ACTIVITY, *RESULT, *QUALITY)}


def in_category(category: Category) -> list[Kpi]:
    return [kpi for kpi in CATALOGUE.values() if kpi.category == category]

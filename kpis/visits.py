"""How long visits to groups of stages last: the stored visits of each stage, put together and read anew."""

from collections.abc import Mapping

from kpis.catalogue.kpi import Kpi
from kpis.catalogue.measures import Survival
from kpis.figures import figure_of
from kpis.pieces import merged
from kpis.units import in_unit


def visits_of(kpi: Kpi, pieces: dict, groups: Mapping[str, str]) -> dict[str, dict]:
    """Group -> {median, completed, visits} of the visits that stand beside a KPI; `groups` names each stage's.

    The median is the Kaplan–Meier one, over the visits of all the group's stages: open ones censored.
    """
    found: dict[str, dict] = {}
    for beside in kpi.beside:
        if isinstance(beside.measure, Survival):
            stages = pieces.get(f"{kpi.key}/{beside.name}", {"g": {}})["g"]
            known = [
                {"": {"g": {groups[stage]: sides}}} for stage, sides in stages.items() if stage in groups
            ]
            found |= in_unit(figure_of(beside.measure, merged(known).get("")).value, beside.unit)
    return found

"""The targets behind figures that say how far a target can still be reached."""

from kpis.catalogue import CATALOGUE
from kpis.catalogue.composites import Quota
from kpis.periods import Period
from kpis.subjects import Subject
from kpis.targets import targets_over


def quota_name(name: str) -> str:
    """Under which such a figure finds its target among the pieces; nothing is stored by this name."""
    return f"{name}@target"


def quotas_of(subjects: list[Subject], periods: list[Period]) -> dict[tuple[Subject, str], dict]:
    """What to add to the pieces of each subject and period: the target for all of the period, in cents."""
    asked = {kpi.key: kpi.measure.target for kpi in CATALOGUE.values() if isinstance(kpi.measure, Quota)}
    due = targets_over(subjects, periods, set(asked.values()))
    found: dict[tuple[Subject, str], dict] = {}
    for (subject, period, target), one in due.items():
        named = {quota_name(key): round(one.value * 100) for key, of in asked.items() if of == target}
        found.setdefault((subject, period), {}).update(named)
    return found

"""Whether the image of a past row met a KPI's condition, as far as the image says."""

from datetime import date

from django.db.models import Q

from kpis.dated_settings import Dated
from kpis.rows import COMPARISONS, leaf, parts_of


def may_meet(condition: Q, image: dict, prefix: str) -> bool:
    """Whether an activity's image meets a condition on rows that reach it by `prefix`; what it does not hold may."""
    return _met(condition, image, prefix) is not False


def _met(condition: Q, image: dict, prefix: str) -> bool | None:
    """True, false, or none where the image does not say."""
    held = [_part_met(child, image, prefix) for child in parts_of(condition)]
    decisive = condition.connector == Q.OR
    if decisive in held:
        result: bool | None = decisive
    else:
        result = None if None in held else not decisive
    return result if result is None or not condition.negated else not result


def _part_met(child, image: dict, prefix: str) -> bool | None:
    if isinstance(child, Q):
        return _met(child, image, prefix)
    (path, lookup), value = leaf(child[0]), child[1]
    column = path.removeprefix(prefix)
    if not path.startswith(prefix) or column not in image:
        return None
    stored = image[column]
    if lookup == "isnull":
        return (stored is None) == value
    if stored is None:
        return False
    if isinstance(value, Dated):
        value = value.on(date.fromisoformat(image["day"]))
    return stored in value if lookup == "in" else bool(COMPARISONS[lookup](stored, value))

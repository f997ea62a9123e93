"""Groups too small for a line of their own, put together where figures are read: they are kept apart, since what is
small for a rep may be large for the team."""

from datetime import date
from functools import cached_property

from kpis.catalogue.kpi import Kpi
from kpis.catalogue.splits import SMALLER, Split
from kpis.dated_settings import Dated
from kpis.pieces import merged

LEAST = Dated("small_source_leads")


class Smaller:
    """How many rows a group needs for a line of its own; the setting is read once for all cards."""

    @cached_property
    def _history(self) -> list[tuple[date | None, float]]:
        return LEAST.history()

    def together(self, kpi: Kpi, pieces: dict, as_of: date) -> dict:
        """The card's pieces with the small groups of this KPI's splits as one, by what holds on a day."""
        found = {}
        for name, measure in kpi.measures.items():
            if isinstance(measure, Split) and measure.counted_by and name in pieces:
                counts = pieces.get(measure.counted_by, {"b": {}})["b"]
                found[name] = _grouped(pieces[name], counts, self._least(as_of))
        return pieces | found

    def _least(self, day: date) -> float:
        return [value for start, value in self._history if start is None or start <= day][-1]


def _grouped(piece: dict, counts: dict, least: float) -> dict:
    groups = piece["b"]
    small = [group for group in groups if counts.get(group, [0])[0] < least]
    large = {group: one for group, one in groups.items() if group not in small}
    return {"b": large | merged({SMALLER: groups[group]} for group in small)}

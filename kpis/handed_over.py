"""Telling rows apart by the types of material handed over with them; a row with two types is in both groups."""

from dataclasses import dataclass

import numpy as np

from kpis.catalogue.measures import Distinct
from kpis.rows import MATERIALS
from kpis.values import Value

TYPE = Value("material__type")
# What has to be read of the materials, for the frames to hold it.
HANDED_OVER = Distinct(MATERIALS, value=TYPE)


@dataclass(frozen=True)
class MaterialTypes(Value):
    """The types handed over in the activity a row belongs to; `column` names that activity."""

    column: str = "activity_id"

    def groups(self, frame, rows, grid):
        links = frame.reader.frame(MATERIALS)
        types, given_in = links.column(TYPE.column)[0], links.column("activity_id")[0]
        mine = frame.column(self.column)[0][rows]
        for name in sorted(set(types.tolist())):
            if len(chosen := rows[np.isin(mine, given_in[types == name])]):
                yield name, chosen


def themselves(groups: list[str]) -> dict[str, str]:
    """Names of groups that are people's own words."""
    return {group: group for group in groups}

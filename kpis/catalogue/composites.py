"""Figures made of measures of different sources, each computed and kept by itself."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kpis.catalogue.measures import Measure, Median

if TYPE_CHECKING:
    from kpis.rows import Rows


class Composite:
    """Made of measures of different sources, each computed and kept by itself, and put together when it is read."""

    parts: dict[str, Measure]

    @property
    def of(self) -> "Rows":
        """The source whose rows stand for the figure."""
        return next(iter(self.parts.values())).of


@dataclass(frozen=True)
class Ratio(Composite):
    """One sum over another, of two sources; no interval, since the one is not a part of the other."""

    bottom: Measure
    top: Measure

    @property
    def parts(self) -> dict[str, Measure]:  # type: ignore[override]
        return {"bottom": self.bottom, "top": self.top}


@dataclass(frozen=True)
class Quota(Composite):
    """What is open over what is left of a target: `target` names the KPI it is set on, in whose unit `won` counts.

    None without a target, and once it is reached.
    """

    open: Measure
    won: Measure
    target: str

    @property
    def parts(self) -> dict[str, Measure]:  # type: ignore[override]
        return {"open": self.open, "won": self.won}


@dataclass(frozen=True)
class PastForecasts(Composite):
    """What came in the last closed periods of a kind, over what their first days forecast; of calendar periods only."""

    forecast: Measure
    came: Measure

    @property
    def parts(self) -> dict[str, Measure]:  # type: ignore[override]
        return {"forecast": self.forecast, "came": self.came}


@dataclass(frozen=True)
class Pooled(Composite):
    """The median over the values of several sources together."""

    medians: tuple[Median, ...]

    @property
    def parts(self) -> dict[str, Measure]:  # type: ignore[override]
        return {str(number): median for number, median in enumerate(self.medians)}


def leaves(name: str, measure: Measure | Composite) -> dict[str, Measure]:
    """What the kernel computes of a measure, by the name its piece is stored under."""
    if isinstance(measure, Measure):
        return {name: measure}
    return {f"{name}#{part}": leaf for part, leaf in measure.parts.items()}

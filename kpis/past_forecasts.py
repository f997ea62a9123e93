"""What past forecasts were worth: what the first day of a closed period forecast for it, and what then came."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from kpis.catalogue import CATALOGUE
from kpis.catalogue.composites import PastForecasts
from kpis.catalogue.kpi import Kpi
from kpis.chances import chance_name, chances_on
from kpis.figures import figure_of
from kpis.periods import STORED, Calendar, Period
from kpis.pieces import merged
from kpis.stored import named_pieces
from kpis.subjects import Subject

CLOSED = 3

# The KPI whose past forecasts are kept, and the name they stand under.
KPI, NAME, MEASURE = next(
    (kpi, f"{kpi.key}/{beside.name}", beside.measure)
    for kpi in CATALOGUE.values()
    for beside in kpi.beside
    if isinstance(beside.measure, PastForecasts)
)


@dataclass(frozen=True)
class Worth:
    """What a first day forecast for the period and what came, in cents; no forecast where there was none to be made."""

    deals: int = 0
    open: int = 0
    forecast: int | None = None
    came: int = 0


def together(worths: Iterable[Worth]) -> Worth:
    """Those with a forecast as one."""
    known = [worth for worth in worths if worth.forecast is not None]
    columns = (sum(getattr(one, name) for one in known) for name in ("deals", "open", "forecast", "came"))
    return Worth(*columns) if known else Worth()


def closed_before(period: Period, today: date, calendar: Calendar) -> list[Period]:
    """The last closed periods of a calendar period's kind before it, oldest first."""
    return calendar.trail(CLOSED + 1, period.kind, min(period.start, today))[:-1]


def worths(
    subjects: list[Subject], periods: list[Period], calendar: Calendar, captured: dict[str, date]
) -> dict[tuple[Subject, str], Worth]:
    """By subject and period key, in two queries. A period that began before anything was captured has no forecast."""
    kept = named_pieces(subjects, periods, list(_names().values()))
    weighs = chances_on((period.start for period in periods), calendar)
    since = captured.get(_names()["forecast"])
    found = {}
    for period in periods:
        for subject in subjects:
            pieces = merged(kept.get((subject, period.key), []))
            worth = _worth(pieces, weighs[period.start], is_captured=bool(since and since <= period.start))
            found[subject, period.key] = worth
    return found


def _names() -> dict[str, str]:
    return {part: f"{NAME}#{part}" for part in MEASURE.parts}


def _worth(pieces: dict, chances: dict, is_captured: bool) -> Worth:
    sums, came = (pieces.get(name) for name in _names().values())
    then = figure_of(MEASURE.forecast, {"sums": sums, "chances": chances.get(chance_name(KPI.key))})
    columns = [sum(column) for column in zip(*(sums or {"b": {}})["b"].values(), strict=True)] or [0, 0, 0]
    return Worth(
        deals=columns[1] + columns[2],
        open=columns[0],
        forecast=then.value if is_captured else None,
        came=round(figure_of(MEASURE.came, came).numerator or 0),
    )


class Past:
    """The last closed periods before each period of a reading, read when the first card asks for them."""

    def __init__(
        self, subjects: list[Subject], periods: list[Period], captured: dict[str, date], calendar: Calendar
    ):
        self.subjects, self.captured, self.calendar = subjects, captured, calendar
        self.periods = [period for period in periods if period.kind in STORED]

    def pieces(self, kpi: Kpi, subject: Subject, period: Period) -> dict[str, Worth]:
        """What to add to a card's pieces for this KPI: the closed periods together, under the name they stand."""
        if kpi is not KPI or period.key not in self._before:
            return {}
        return {NAME: together(self._worths[subject, one.key] for one in self._before[period.key])}

    @cached_property
    def _before(self) -> dict[str, list[Period]]:
        today = self.calendar.today()
        return {period.key: closed_before(period, today, self.calendar) for period in self.periods}

    @cached_property
    def _worths(self) -> dict[tuple[Subject, str], Worth]:
        periods = {one.key: one for found in self._before.values() for one in found}
        return worths(self.subjects, list(periods.values()), self.calendar, self.captured)

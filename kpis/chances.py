"""The organisation's own chances by milestone, out of its monthly figures, for the forecasts that weigh by them."""

from collections.abc import Iterable
from datetime import date

from kpis.catalogue import CATALOGUE
from kpis.catalogue.splits import Forecast
from kpis.periods import Calendar, Period
from kpis.pieces import merged
from kpis.stored import named_pieces
from kpis.subjects import Subject

MONTHS = 12


def chance_name(name: str) -> str:
    """Under which a forecast finds its chances among the pieces; nothing is stored by this name."""
    return f"{name}@chances"


def chances_of(periods: list[Period]) -> dict[str, dict]:
    """What to add to the pieces of each period: the organisation's chances as of its end, or today while it runs."""
    calendar = Calendar.current()
    today = calendar.today()
    on = chances_on((period.as_of(today) for period in periods), calendar)
    return {period.key: on[period.as_of(today)] for period in periods}


def chances_on(days: Iterable[date], calendar: Calendar) -> dict[date, dict]:
    """The organisation's chances as of these days, each under the name a forecast finds it by; one query."""
    forecasts = {
        f"{kpi.key}/{kpi.measure.chances}": chance_name(kpi.key)
        for kpi in CATALOGUE.values()
        if isinstance(kpi.measure, Forecast)
    }
    months = {day: _months_before(day, calendar) for day in days}
    asked = list({month.key: month for found in months.values() for month in found}.values())
    everybody = Subject.organisation()
    stored = named_pieces([everybody], asked, list(forecasts))
    found = {}
    for day, before in months.items():
        pieces = merged(one for month in before for one in stored.get((everybody, month.key), []))
        found[day] = {forecasts[name]: piece for name, piece in pieces.items()}
    return found


def chance(piece: dict, group: int) -> float | None:
    """The share counted of all that came to this group or beyond; None where nothing did."""
    beyond = [numbers for name, numbers in piece.get("b", {}).items() if int(name) >= group]
    hits, rows = (sum(column) for column in zip(*beyond, strict=True)) if beyond else (0, 0)
    return hits / rows if rows else None


def _months_before(day: date, calendar: Calendar) -> list[Period]:
    return calendar.trail(MONTHS + 1, "month", day)[:-1]

"""The organisation's own chances by milestone, out of its monthly figures, for the forecasts that weigh by them."""

from datetime import date, timedelta

import orjson
from django.db import connection

from kpis.catalogue import CATALOGUE
from kpis.catalogue.splits import Forecast
from kpis.models import Snapshot
from kpis.periods import Calendar, Period
from kpis.pieces import merged

MONTHS = 12


def chance_name(name: str) -> str:
    """Under which a forecast finds its chances among the pieces; nothing is stored by this name."""
    return f"{name}@chances"


def chances_of(periods: list[Period]) -> dict[str, dict]:
    """What to add to the pieces of each period: the organisation's chances as of its end, or today while it runs."""
    forecasts = {
        f"{kpi.key}/{kpi.measure.chances}": chance_name(kpi.key)
        for kpi in CATALOGUE.values()
        if isinstance(kpi.measure, Forecast)
    }
    today = Calendar.current().today()
    months = {period.key: _months_before(period.as_of(today)) for period in periods}
    stored = _stored({month for found in months.values() for month in found}, forecasts)
    return {key: merged(stored.get(month, {}) for month in found) for key, found in months.items()}


def chance(piece: dict, group: int) -> float | None:
    """The share counted of all that came to this group or beyond; None where nothing did."""
    beyond = [numbers for name, numbers in piece.get("b", {}).items() if int(name) >= group]
    hits, rows = (sum(column) for column in zip(*beyond, strict=True)) if beyond else (0, 0)
    return hits / rows if rows else None


def _months_before(day: date) -> list[str]:
    found, last = [], day.replace(day=1) - timedelta(days=1)
    for _ in range(MONTHS):
        found.append(f"{last:%Y-%m}")
        last = last.replace(day=1) - timedelta(days=1)
    return found


def _stored(months: set[str], names: dict[str, str]) -> dict[str, dict]:
    """The organisation's pieces by month, each under the name a forecast finds it by."""
    found: dict[str, dict] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.period, n.name, (s.pieces -> n.name)::text FROM kpis_snapshot s, unnest(%s::text[]) n(name)"
            " WHERE s.kind = %s AND s.subject_id = 0 AND s.period = ANY(%s) AND s.pieces ? n.name",
            [list(names), Snapshot.Kind.ORGANISATION, sorted(months)],
        )
        for month, name, piece in cursor:
            found.setdefault(month, {})[names[name]] = orjson.loads(piece)
    return found

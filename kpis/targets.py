"""Targets in force: the rep's own, else the team's, for the period asked and for the part of it that has passed."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from django.db.models import Q

from kpis.catalogue import CATALOGUE
from kpis.catalogue.kpi import Kpi, Unit
from kpis.models import Target
from kpis.periods import BEGINNING, Calendar, Period
from kpis.subjects import Subject
from pipeline.models import Rep

ADDITIVE = (Unit.COUNT, Unit.MONEY)


@dataclass(frozen=True)
class Due:
    """A target scaled to a period: `value` for all of it, `due` for the part that has passed."""

    value: float
    due: float
    stretch: float | None
    share: float
    is_own: bool


def targets_for(subjects: list[Subject], period: Period, keys) -> dict[tuple[Subject, str], Due]:
    """Targets of these subjects and KPIs, those without one absent."""
    found = targets_over(subjects, [period], keys)
    return {(subject, key): due for (subject, _period, key), due in found.items()}


def targets_over(subjects: list[Subject], periods: list[Period], keys) -> dict[tuple[Subject, str, str], Due]:
    """The same by period key as well. One query, or two where reps fall back on teams, whatever the number of periods."""
    reps = {s.id: s for s in subjects if s.kind == "rep"}
    team_of = dict(Rep.objects.filter(pk__in=reps).values_list("pk", "team_id")) if reps else {}
    teams = {s.id for s in subjects if s.kind == "team"} | {team for team in team_of.values() if team}
    rows = Target.objects.filter(
        Q(rep__in=reps) | Q(team__in=teams),
        kpi__in=list(keys),
        from_on__lt=max((period.end for period in periods), default=BEGINNING),
    )
    history = defaultdict(list)
    for row in rows.order_by("from_on", "pk"):
        history[row.rep_id, row.team_id, row.kpi].append(row)
    calendar, found = Calendar.current(), {}
    for subject in subjects:
        for key in keys:
            own = history.get((subject.id, None, key) if subject.kind == "rep" else (None, subject.id, key))
            set_rows = own or (
                history.get((None, team_of.get(subject.id), key)) if subject.kind == "rep" else None
            )
            # A team's target on a sum is the whole team's: no single rep is asked for it.
            if not set_rows or not (own or CATALOGUE[key].unit not in ADDITIVE):
                continue
            for period in periods:
                if begun := [row for row in set_rows if row.from_on < period.end]:
                    due = _due(begun, CATALOGUE[key], period, calendar, own is not None)
                    found[subject, period.key, key] = due
    return found


def _due(rows: list[Target], kpi: Kpi, period: Period, calendar: Calendar, is_own: bool) -> Due:
    """The target in force, oldest row first: those set for this kind of period, else those of the latest's kind."""
    kinds = {row.period for row in rows}
    kind = period.kind if period.kind in kinds else rows[-1].period
    rows = [row for row in rows if row.period == kind]
    passed = max(period.start, min(period.end, calendar.today() + timedelta(days=1)))
    share = (passed - period.start) / (period.end - period.start)
    value, stretch = float(rows[-1].value), rows[-1].stretch
    if kpi.unit not in ADDITIVE or kpi.measure.of.until:
        return Due(value, value, _number(stretch), share, is_own)
    if kind == period.kind:
        return Due(value, value * share, _number(stretch), share, is_own)
    asked = partial(_asked, rows, start=period.start, calendar=calendar)
    stretched = asked(end=period.end, stretch=True) if stretch is not None else None
    return Due(asked(end=period.end), asked(end=passed), stretched, share, is_own)


def _number(value) -> float | None:
    return None if value is None else float(value)


def _asked(rows: list[Target], *, start: date, end: date, calendar: Calendar, stretch: bool = False) -> float:
    """What a sum's targets ask for in [start, end): each row from its day until the next row's."""
    total = 0.0
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        until = min(end, following.from_on) if following else end
        value = row.stretch if stretch and row.stretch is not None else row.value
        total += float(value) * _worth(row.period, max(start, row.from_on), until, calendar)
    return total


def _worth(kind: str, start: date, end: date, calendar: Calendar) -> float:
    """How many periods of a kind the days [start, end) are worth; a part of one by its days."""
    count, day = 0.0, start
    while day < end:
        own = calendar.of_kind(kind, day)
        count += (min(own.end, end) - day) / (own.end - own.start)
        day = own.end
    return count

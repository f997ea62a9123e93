"""Targets in force: the rep's own, else the team's, for the period asked and for the part of it that has passed."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q

from kpis.catalogue import CATALOGUE
from kpis.catalogue.kpi import Kpi, Unit
from kpis.models import Target
from kpis.periods import Calendar, Period
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
    """Targets of these subjects and KPIs, those without one absent. One query, or two where reps fall back on teams."""
    reps = {s.id: s for s in subjects if s.kind == "rep"}
    team_of = dict(Rep.objects.filter(pk__in=reps).values_list("pk", "team_id")) if reps else {}
    teams = {s.id for s in subjects if s.kind == "team"} | {team for team in team_of.values() if team}
    rows = Target.objects.filter(
        Q(rep__in=reps) | Q(team__in=teams), kpi__in=list(keys), from_on__lt=period.end
    )
    in_force = {(row.rep_id, row.team_id, row.kpi): row for row in rows.order_by("from_on")}
    calendar, found = Calendar.current(), {}
    for subject in subjects:
        for key in keys:
            own = in_force.get((subject.id, None, key) if subject.kind == "rep" else (None, subject.id, key))
            row = own or (
                in_force.get((None, team_of.get(subject.id), key)) if subject.kind == "rep" else None
            )
            # A team's target on a sum is the whole team's: no single rep is asked for it.
            if row and (own or CATALOGUE[key].unit not in ADDITIVE):
                found[subject, key] = _due(row, CATALOGUE[key], period, calendar, own is not None)
    return found


def _due(row: Target, kpi: Kpi, period: Period, calendar: Calendar, is_own: bool) -> Due:
    today = calendar.today()
    elapsed = min(period.end, today + timedelta(days=1)) - period.start
    share = max(0.0, min(1.0, elapsed / (period.end - period.start)))
    scale = _scale(row, period, calendar) if kpi.unit in ADDITIVE and not kpi.measure.of.until else 1.0
    due = scale * (share if kpi.unit in ADDITIVE and not kpi.measure.of.until else 1.0)
    value = float(row.value)
    stretch = float(row.stretch) * scale if row.stretch is not None else None
    return Due(value * scale, value * due, stretch, share, is_own)


def _scale(row: Target, period: Period, calendar: Calendar) -> float:
    """How many of the target's own periods the asked period is worth, by days."""
    if row.period == period.kind:
        return 1.0
    own = calendar.of_kind(row.period, max(period.start, row.from_on))
    return (period.end - max(period.start, row.from_on)) / (own.end - own.start)

"""A reading beside those of the team: by name for who manages them, as quartiles for everybody else."""

from dataclasses import dataclass

from coaching.asked import Asked
from coaching.board import is_ramping
from coaching.evidence_page import quartiles
from coaching.figures import figure
from coaching.scorecard import Line, Readings
from kpis.catalogue import CATALOGUE
from kpis.subjects import Subject, subtree
from pipeline import access
from pipeline.models import Rep


@dataclass(frozen=True)
class Comparison:
    """`lines` is empty where the reader may not see names, `middle` where too few people stand behind it."""

    lines: list[tuple[Rep, Line]]
    middle: str
    lower: str
    upper: str
    people: int


def comparison(
    user, team_id: int | None, key: str, asked: Asked, currency: str, least: int, job: str = ""
) -> Comparison | None:
    """The team's comparable reps; None where there is nobody to compare with."""
    mates = comparable(team_id, asked, job)
    if team_id is None or len(mates) < 2:
        return None
    readings = Readings([Subject.rep(mate.pk) for mate in mates], asked, currency, [key])
    lines = [(mate, readings.line(Subject.rep(mate.pk), key)) for mate in mates]
    values = [float(line.value) for _mate, line in lines if line.value is not None]
    lower = middle = upper = ""
    if len(values) >= least:
        unit = CATALOGUE[key].unit
        lower, middle, upper = (figure(value, unit, currency) for value in quartiles(values))
    by_name = lines if access.teams_visible_to(user).filter(pk=team_id).exists() else []
    if not by_name and not middle:
        return None
    return Comparison(_sorted(by_name, CATALOGUE[key].good), middle, lower, upper, len(values))


def comparable(team_id: int | None, asked: Asked, job: str = "") -> list[Rep]:
    """Today's reps of a team and its subteams, of one job if named: no machines, nobody ramping, nobody gone."""
    if team_id is None:
        return []
    today = asked.calendar.today()
    mates = Rep.objects.filter(team__in=subtree(team_id), is_machine=False, role=Rep.Role.REP)
    mates = mates.exclude(ended_on__lt=today)
    if job:
        mates = mates.filter(job=job)
    return [mate for mate in mates if not is_ramping(mate, today)]


def _sorted(lines: list, good: str) -> list:
    sign = -1 if good == "up" else 1
    return sorted(lines, key=lambda pair: (pair[1].value is None, sign * float(pair[1].value or 0)))

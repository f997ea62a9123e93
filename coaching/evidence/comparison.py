"""A reading beside those of the team: by name for who manages them, as quartiles for everybody else."""

from dataclasses import dataclass
from statistics import quantiles

from django.utils.safestring import SafeString

from coaching import sparkline
from coaching.asked import Asked
from coaching.board import is_ramping
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
    people: int
    quartiles: tuple[float, float, float] | None
    unit: str
    currency: str

    @property
    def lower(self) -> str:
        return self._figure(0)

    @property
    def middle(self) -> str:
        return self._figure(1)

    @property
    def upper(self) -> str:
        return self._figure(2)

    def beside(self, value: float | None) -> SafeString:
        """One's own value as a dot on the team's middle half and median."""
        if self.quartiles is None or value is None:
            return SafeString()
        low, middle, high = self.quartiles
        top = 1.15 * max(high, float(value))
        return sparkline.interval(float(value), low, high, middle, top, width=240)

    def _figure(self, place: int) -> str:
        return figure(self.quartiles[place], self.unit, self.currency) if self.quartiles else ""


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
    middle_half = quartiles(values) if len(values) >= least else None
    by_name = lines if access.teams_visible_to(user).filter(pk=team_id).exists() else []
    if not by_name and not middle_half:
        return None
    kpi = CATALOGUE[key]
    return Comparison(_sorted(by_name, kpi.good), len(values), middle_half, kpi.unit, currency)


def quartiles(values: list[float]) -> tuple[float, float, float]:
    """Lower quartile, median, upper quartile of two or more values."""
    low, middle, high = quantiles(values, n=4, method="inclusive")
    return low, middle, high


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

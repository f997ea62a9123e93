"""Figures for a free range FROM..TO: the same kernel, run on the records when asked; nothing is stored."""

from collections.abc import Collection

from kpis.catalogue import CATALOGUE
from kpis.dated_settings import settings_held
from kpis.frames import Reps
from kpis.kernel import Kernel
from kpis.models import Snapshot
from kpis.periods import Calendar, Grid, Period
from kpis.pieces import merged
from kpis.reader import Reader
from kpis.subjects import Subject, subtree
from pipeline.models import Rep


def computed(
    subjects: list[Subject], periods: list[Period], keys: Collection[str] | None = None
) -> dict[tuple[Subject, str], dict]:
    """Pieces of every subject and range, straight from the records; of some KPIs only where `keys` are given."""
    wanted = [CATALOGUE[key] for key in keys] if keys else CATALOGUE.values()
    measures = {name: measure for kpi in wanted for name, measure in kpi.measures.items()}
    calendar = Calendar.current()
    grid = Grid(periods, calendar, calendar.today())
    teams = {subject: set(subtree(subject.id)) for subject in subjects if subject.kind == "team"}
    with settings_held():
        members = Kernel(Reader(Reps.chosen(_reps_of(subjects, teams)), measures), grid).compute()
    return {
        (subject, period.key): merged(
            by_period[at]
            for (rep, team), by_period in members.items()
            if at in by_period and _is_credited(subject, rep, team, teams)
        )
        for subject in subjects
        for at, period in enumerate(periods)
    }


def _is_credited(subject: Subject, rep: int, team: int, teams: dict) -> bool:
    if subject.kind == "rep":
        return rep == subject.id
    return subject.kind == "organisation" or team in teams[subject]


def _reps_of(subjects: list[Subject], teams: dict) -> list[int]:
    """Whose rows to read: for a team everybody who ever was credited to it."""
    if any(subject.kind == "organisation" for subject in subjects):
        return [0, *Rep.objects.values_list("pk", flat=True)]
    below = set().union(*teams.values()) if teams else set()
    members = Snapshot.objects.filter(kind=Snapshot.Kind.MEMBER, team_id__in=below).values_list(
        "subject_id", flat=True
    )
    named = {subject.id for subject in subjects if subject.kind == "rep"}
    return sorted(named | set(members) | set(Rep.objects.filter(team__in=below).values_list("pk", flat=True)))

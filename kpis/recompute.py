"""Recomputing snapshots: stale marks carry the truth, messages only the hint. The only caller of `snapshots.write`."""

from datetime import date, timedelta

from django.db import connection, transaction

from kpis import snapshots
from kpis.dated_settings import settings_held
from kpis.frames import Reps
from kpis.kernel import Kernel
from kpis.models import Snapshot, Stale
from kpis.periods import BEGINNING, Calendar, Grid
from kpis.pieces import merged
from kpis.reader import Reader
from pipeline.models import Team
from pipeline.settle import settle_marked

REP_LOCK, TEAM_LOCK = 7101, 7102
EPOCH = date(1970, 1, 1)
MARKS_AT_ONCE = 200
TREE = -1  # marks the tree of teams instead of a rep


def drain() -> int:
    """Settle and recompute everything marked, a bounded bite at a time; returns how many marks were cleared."""
    cleared = 0
    while bite := settle_marked() + recompute_marked():
        cleared += bite
    return cleared


def recompute_marked() -> int:
    """Recompute the reps with the oldest marks, their teams and the organisation, in one transaction.

    A mark that arrives meanwhile is a row of its own and stays for the next round: nothing newer is ever lost.
    """
    with transaction.atomic():
        rows = Stale.objects.select_for_update(skip_locked=True).order_by("pk")
        marks = list(rows.values_list("pk", "rep_id", "from_day")[:MARKS_AT_ONCE])
        if not marks:
            return 0
        reps = sorted({rep for _, rep, _ in marks})
        from_day = min(day for _, _, day in marks)
        teams = recompute_reps([rep for rep in reps if rep != TREE], from_day)
        merge_upwards({*teams, *_every_team()} if TREE in reps else teams, from_day)
        Stale.objects.filter(pk__in=[pk for pk, _, _ in marks]).delete()
        return len(marks)


def recompute_reps(reps: list[int], from_day: date = BEGINNING, bulk: bool = False) -> set[int]:
    """Write the members' snapshots of these reps (0: rows without a rep) for periods that end after a day.

    Returns the teams they are or were credited to. The locks hold until the transaction ends, so that a slow
    recompute never overwrites a newer one.
    """
    _lock(REP_LOCK, reps)
    answered = _marks_answered(reps, from_day)
    with settings_held():
        rows, captured = member_rows(reps, from_day, bulk)
    teams = _teams_of(reps, from_day) | {team for _, team, _, _ in rows if team}
    snapshots.write(snapshots.MEMBER, reps, from_day, rows)
    snapshots.capture(captured)
    Stale.objects.filter(pk__in=answered).delete()
    return teams


def _marks_answered(reps: list[int], from_day: date) -> list[int]:
    """Marks of these reps that a recompute from this day answers; taken before the records are read."""
    marks = Stale.objects.select_for_update(skip_locked=True).filter(rep_id__in=reps, from_day__gte=from_day)
    return list(marks.values_list("pk", flat=True))


def member_rows(reps: list[int], from_day: date, bulk: bool) -> tuple[list, dict[str, date]]:
    """([(rep, team, period, pieces)], first day each measure found a row), straight from the records."""
    calendar = Calendar.current()
    reader = Reader(Reps.chosen(reps), bulk=bulk)
    first = reader.first_day()
    if first is None:
        return [], {}
    today = calendar.today()
    periods = [p for p in calendar.grid(EPOCH + timedelta(first), today) if p.end > from_day]
    if not periods:  # what is dated beyond every period counts when its day has come
        return [], {}
    kernel = Kernel(reader, Grid(periods, calendar, today))
    pieces = kernel.compute()
    rows = [
        (rep, team, periods[at], found)
        for (rep, team), by_period in pieces.items()
        for at, found in by_period.items()
        if rep in set(reps)
    ]
    return rows, {name: EPOCH + timedelta(day) for name, day in kernel.captured.items()}


def merge_upwards(teams: set[int], from_day: date) -> None:
    """Merge these teams, everything above them, and the organisation, deepest first."""
    tree = TeamTree()
    for team in tree.upwards(teams):
        merge_team(team, tree, from_day)
    snapshots.write(snapshots.TEAM, sorted(teams - tree.parent.keys()), from_day, [])
    merge_organisation(tree, from_day)


def merge_team(team: int, tree: "TeamTree", from_day: date) -> None:
    _lock(TEAM_LOCK, [team])
    parts = snapshots.parts_of_team(team, tree.children.get(team, []), from_day)
    rows = ((team, 0, period, merged(found)) for period, found in parts)
    snapshots.write(snapshots.TEAM, [team], from_day, rows)


def merge_organisation(tree: "TeamTree", from_day: date) -> None:
    _lock(TEAM_LOCK, [0])
    parts = snapshots.parts_of_organisation(tree.children.get(None, []), from_day)
    rows = ((0, 0, period, merged(found)) for period, found in parts)
    snapshots.write(snapshots.ORGANISATION, [0], from_day, rows)


class TeamTree:
    """Teams by parent and depth; a circle in the data counts as top level."""

    def __init__(self):
        self.parent = dict(Team.objects.values_list("pk", "parent_id"))
        self.children: dict[int | None, list[int]] = {}
        for team, parent in self.parent.items():
            self.children.setdefault(parent, []).append(team)

    def depth(self, team: int) -> int:
        return len(self.line(team))

    def line(self, team: int) -> list[int]:
        """The team and those above it."""
        line = [team]
        while (above := self.parent.get(line[-1])) and above not in line:
            line.append(above)
        return line

    def upwards(self, teams: set[int]) -> list[int]:
        """These teams and all above them, deepest first."""
        every = {above for team in teams if team in self.parent for above in self.line(team)}
        return sorted(every, key=lambda team: (-self.depth(team), team))

    def by_depth(self) -> list[list[int]]:
        """All teams in layers, deepest first."""
        layers: dict[int, list[int]] = {}
        for team in sorted(self.parent):
            layers.setdefault(self.depth(team), []).append(team)
        return [layers[depth] for depth in sorted(layers, reverse=True)]


def _teams_of(reps: list[int], from_day: date) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT team_id FROM kpis_snapshot WHERE kind = 'member' AND subject_id = ANY(%s)"
            ' AND "end" > %s AND team_id > 0',
            [reps, from_day],
        )
        return {row[0] for row in cursor}


def _every_team() -> set[int]:
    """Every team there is, and those gone that left figures behind."""
    left = Snapshot.objects.filter(kind=snapshots.TEAM).values_list("subject_id", flat=True)
    return {*Team.objects.values_list("pk", flat=True), *left.distinct()}


def _lock(space: int, ids: list[int]) -> None:
    """Advisory locks until the transaction ends, in one order for everybody."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, id) FROM (SELECT unnest(%s::int[]) AS id ORDER BY 1) ids",
            [space, sorted(ids)],
        )

"""Teams, reps, sign-ins, and when each rep was there to work."""

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password

from pipeline.demo.cast import (
    CHANGED_TEAM,
    DOMAIN,
    FOCUS,
    MEMBERS,
    NOT_SELLING,
    PASSWORD,
    SIGN_INS,
    TEAMS,
    Member,
    Traits,
)
from pipeline.demo.days import months_before
from pipeline.demo.world import World
from pipeline.models import Absence, Rep, Team, TeamMove

if TYPE_CHECKING:
    from pipeline.demo.accounts import DemoContact

RAMP = 182  # days until a new rep is measured like the others
PLANNED = 60  # days beyond the end for which calendars are open


@dataclass
class DemoRep:
    """A rep at work: traits, the days worked, and the contacts met so far."""

    id: int
    member: Member
    team_id: int | None
    first: date
    last: date
    workdays: list[date]
    known: list[tuple[date, "DemoContact"]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.member.name

    @property
    def traits(self) -> Traits:
        return self.member.traits

    def workday(self, day: date) -> date | None:
        """That day, or the next one on which the rep works; None after leaving."""
        at = bisect_left(self.workdays, max(day, self.first))
        return self.workdays[at] if at < len(self.workdays) else None

    def pace(self, day: date) -> float:
        """1, or less while ramping."""
        if self.member.joined is None:
            return 1.0
        return min(1.0, 0.65 + 0.35 * (day - self.first).days / RAMP)


class Cast(dict[str, DemoRep]):
    """The reps by name."""

    @property
    def sellers(self) -> list[DemoRep]:
        return [rep for name, rep in self.items() if name not in NOT_SELLING]


def people(world: World) -> Cast:
    """Teams, reps, their moves and absences."""
    teams = {
        name: world.add(Team, name=name, playbook=how, focus_kpis=FOCUS[name]) for name, _, _, how in TEAMS
    }
    cast = Cast({member.name: _rep(world, member, teams) for member in MEMBERS})
    for name, parent, manager, _ in TEAMS:
        world.row(Team, teams[name]).update(parent_id=teams.get(parent), manager_id=cast[manager].id)
    return cast


def _rep(world: World, member: Member, teams: dict[str, int]) -> DemoRep:
    days = world.days
    end, left = days.end, member.left
    started = months_before(end, member.joined or MEMBERS.index(member) % 7 * 9 + 20)
    gone = months_before(end, left) if left else None
    rep_id = world.add(
        Rep,
        name=member.name,
        email=f"{member.name.lower().replace(' ', '.')}@{DOMAIN}",
        team_id=teams.get(member.team),
        role=member.role,
        job=member.job,
        started_on=started,
        ramped_on=started + timedelta(days=RAMP),
        ended_on=gone,
        is_machine=member.is_machine,
    )
    first, last = max(days.start, started), gone or end + timedelta(days=PLANNED)
    away = [] if member.is_machine else _absences(world, rep_id, first, min(last, end))
    workdays = [day for day in days.working_days(first, last) if not any(a <= day <= b for a, b in away)]
    if member.team:
        _team_moves(world, member, rep_id, teams, started)
    return DemoRep(rep_id, member, teams.get(member.team), first, last, workdays)


def _team_moves(world: World, member: Member, rep_id: int, teams: dict[str, int], started: date) -> None:
    earlier, months = CHANGED_TEAM.get(member.name, (None, 0))
    if earlier:
        world.add(TeamMove, rep_id=rep_id, team_id=teams[earlier], from_on=started)
        started = months_before(world.days.end, months)
    world.add(TeamMove, rep_id=rep_id, team_id=teams[member.team], from_on=started)


def _absences(world: World, rep_id: int, first: date, last: date) -> list[tuple[date, date]]:
    """Two weeks each summer, some days in winter, an illness now and then."""
    rng, spans = world.rng, []
    for year in range(first.year, last.year + 1):
        spans.append((date(year, 8, rng.randint(1, 16)), 14, "holiday"))
        spans.append((date(year, 12, 27), 7, "holiday"))
        spans.append((date(year, rng.randint(1, 12), rng.randint(1, 28)), rng.randint(1, 4), "illness"))
    taken: list[tuple[date, date]] = []
    for start, length, reason in sorted(spans):
        until = start + timedelta(days=length - 1)
        if first <= start and until <= last and not any(a <= until and start <= b for a, b in taken):
            world.add(Absence, rep_id=rep_id, from_on=start, to_on=until, reason=reason)
            taken.append((start, until))
    return taken


def sign_ins(cast: Cast) -> None:
    """The accounts of SIGN_INS, each tied to the rep of that name."""
    password = make_password(PASSWORD)
    for username, _, _ in SIGN_INS:
        is_admin = username == "ivo"
        user = get_user_model().objects.create(
            username=username,
            email=f"{username}@{DOMAIN}",
            first_name=username.title(),
            password=password,
            is_staff=is_admin,
            is_superuser=is_admin,
        )
        Rep.objects.filter(pk=cast[username.title()].id).update(account_user=user)
        if apps.is_installed("allauth.account"):
            apps.get_model("account", "EmailAddress").objects.create(
                user=user, email=user.email, verified=True, primary=True
            )

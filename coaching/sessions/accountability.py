"""What managers did for their reps in a period: reps coached, sessions held, commitments looked at again."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from coaching.asked import Asked
from coaching.models import Commitment, Session
from pipeline import access
from pipeline.models import Rep, Team


@dataclass(frozen=True)
class Tally:
    """One manager's line; `planned` were due in the period and are neither held nor called off."""

    manager: Rep
    led: int
    coached: int
    held: int
    planned: int
    cancelled: int
    made: int
    reviewed: int
    overdue: int

    @property
    def coached_text(self) -> str:
        if not self.led:
            return _("leads nobody today")
        return _("%(coached)d of %(led)d") % {"coached": self.coached, "led": self.led}


def accountability(user, asked: Asked) -> list[Tally]:
    """A line for each manager this user answers for: an admin sees all, a manager oneself. Five queries."""
    managers = list(_managers(user))
    today = asked.calendar.today()
    led = _led(managers, today)
    sessions, promises = _sessions(managers, asked), _commitments(managers, asked, today)
    coached = _coached(managers, asked)
    return [
        Tally(
            manager=manager,
            led=len(led[manager.pk]),
            coached=len(led[manager.pk] & coached.get(manager.pk, set())),
            **{name: sessions.get(manager.pk, {}).get(name, 0) for name in ("held", "planned", "cancelled")},
            **{name: promises.get(manager.pk, {}).get(name, 0) for name in ("made", "reviewed", "overdue")},
        )
        for manager in managers
    ]


def _managers(user):
    managers = Rep.objects.filter(Exists(Team.objects.filter(manager=OuterRef("pk"))))
    if access.is_admin(user):
        return managers
    own = access.rep_of(user)
    return managers.filter(pk=own.pk) if own else managers.none()


def _led(managers: list[Rep], today: date) -> dict[int, set[int]]:
    """Manager -> reps of the teams they manage themselves, people only and still here."""
    reps = Rep.objects.filter(team__manager__in=managers, role=Rep.Role.REP, is_machine=False)
    led: dict[int, set[int]] = {manager.pk: set() for manager in managers}
    for manager, rep in reps.exclude(ended_on__lt=today).values_list("team__manager", "pk"):
        if manager != rep:
            led[manager].add(rep)
    return led


def _in_period(asked: Asked, name: str) -> Q:
    calendar, period = asked.calendar, asked.period
    return Q(
        **{f"{name}__gte": calendar.midnight(period.start), f"{name}__lt": calendar.midnight(period.end)}
    )


def _sessions(managers: list[Rep], asked: Asked) -> dict[int, dict]:
    rows = Session.objects.filter(_in_period(asked, "at"), manager__in=managers).order_by()
    counts = {state: Count("pk", filter=Q(state=state)) for state in ("held", "planned", "cancelled")}
    return {row["manager"]: dict(row) for row in rows.values("manager").annotate(**counts)}


def _coached(managers: list[Rep], asked: Asked) -> dict[int, set[int]]:
    """Manager -> reps with whom a session was held in the period."""
    rows = Session.objects.held().filter(_in_period(asked, "at"), manager__in=managers).order_by()
    coached: dict[int, set[int]] = {}
    for manager, rep in rows.values_list("manager", "rep").distinct():
        coached.setdefault(manager, set()).add(rep)
    return coached


def _commitments(managers: list[Rep], asked: Asked, today: date) -> dict[int, dict]:
    rows = Commitment.objects.filter(session__manager__in=managers).order_by()
    unlooked = Q(review_on__lt=today, reviewed_at=None) & ~Q(state=Commitment.State.DROPPED)
    counts = rows.values("session__manager").annotate(
        made=Count("pk", filter=_in_period(asked, "created_at")),
        reviewed=Count("pk", filter=_in_period(asked, "reviewed_at")),
        overdue=Count("pk", filter=unlooked),
    )
    return {row["session__manager"]: dict(row) for row in counts}

"""Contested rows as their pages show them: the list, and one with its trail."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from coaching.fairness.contests import contests_visible_to, may_decide
from coaching.keyset import page_of
from coaching.models import Contest
from kpis.catalogue import CATALOGUE
from pipeline import access

MARKS = {"open": "watch", "accepted": "good", "refused": "quiet", "withdrawn": "quiet"}
SHOWN = 50


@dataclass(frozen=True)
class Line:
    """One contest in a list."""

    contest: Contest
    is_mine: bool

    @property
    def mark(self) -> str:
        return MARKS[self.contest.state]

    @property
    def kpi(self) -> str:
        return str(CATALOGUE[self.contest.kpi].label) if self.contest.kpi in CATALOGUE else ""


@dataclass(frozen=True)
class ContestsPage:
    """What is open first, then the latest decided; `following` is the mark of the next page."""

    open: list[Line]
    closed: list[Line]
    following: str
    leads: bool


def contests_page(user, after: str) -> ContestsPage:
    own = access.rep_of(user)
    visible = contests_visible_to(user)
    opened = [] if after else visible.filter(state=Contest.State.OPEN).order_by("opened_at", "pk")
    page = page_of(visible.exclude(state=Contest.State.OPEN), after, SHOWN)

    def line(contest: Contest) -> Line:
        return Line(contest, own is not None and own.pk == contest.rep_id)

    leads = access.is_admin(user) or access.teams_visible_to(user).exists()
    return ContestsPage([line(one) for one in opened], [line(one) for one in page.rows], page.next, leads)


@dataclass(frozen=True)
class Step:
    """One thing that happened to a contest."""

    at: datetime
    who: str
    what: str
    words: str


@dataclass(frozen=True)
class ContestPage(Line):
    may_decide: bool
    steps: list[Step]

    @property
    def is_open(self) -> bool:
        return self.contest.state == Contest.State.OPEN

    @property
    def is_decided(self) -> bool:
        return self.contest.state in (Contest.State.ACCEPTED, Contest.State.REFUSED)

    @property
    def evidence(self) -> str:
        return reverse("rep_kpi", args=[self.contest.rep_id, self.contest.kpi]) if self.kpi else ""

    @property
    def effect(self) -> str:
        """What accepting does, in words."""
        return {
            Contest.Reason.WRONG_DEAL: _("The activity moves to the deal named, and counts there."),
            Contest.Reason.NOT_AN_ANSWER: _("The mail counts as an automatic reply, and answers nothing."),
            Contest.Reason.PRIVATE: _(
                "The activity counts nowhere any more, and its subject is removed for good."
            ),
        }[Contest.Reason(self.contest.reason)]


def contest_page(contest: Contest, user) -> ContestPage:
    own = access.rep_of(user)
    is_mine = own is not None and own.pk == contest.rep_id
    return ContestPage(contest, is_mine, may_decide(user, contest), _steps(contest))


def _steps(contest: Contest) -> list[Step]:
    """The trail out of the history, the latest first; a second save of the same state is no step."""
    steps: list[Step] = []
    state = None
    for past in contest.history.select_related("history_user__rep", "rep", "decided_by").order_by(
        "history_date", "history_id"
    ):
        if past.state != state:
            steps.append(Step(past.history_date, _who(past), _what(past, state), past.decision))
        state = past.state
    return steps[::-1]


def _what(past, before: str | None) -> str:
    if past.state == Contest.State.OPEN:
        return _("contested") if before is None else _("decision taken back")
    return str(past.get_state_display())


def _who(past) -> str:
    """Who signed in did it; where nobody had, whose part it was."""
    user = past.history_user
    if user is None:
        rep = past.decided_by if past.decided_by_id else past.rep
    else:
        rep = getattr(user, "rep", None)
    return rep.name if rep else user.get_username() if user else _("nobody signed in")

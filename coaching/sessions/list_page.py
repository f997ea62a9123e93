"""The sessions somebody has to do with: ahead, to review, held, the series, and what managers did."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from coaching.asked import Asked
from coaching.models import Commitment, Series, Session
from coaching.models.scope import reps_coached_by
from coaching.sessions.accountability import Tally, accountability
from coaching.sessions.commitments import Promise, promises
from pipeline import access
from pipeline.models import Rep

RECENT = 20
JUST_OVER = timedelta(hours=12)


@dataclass(frozen=True)
class SessionsPage:
    """Lists are whole apart from `recent`, the latest sessions that are over."""

    asked: Asked
    ahead: list[Session]
    overdue: list[Session]
    recent: list[Session]
    to_review: list[Promise]
    open: list[Promise]
    series: list[Series]
    reps: list[Rep]
    tallies: list[Tally]
    leads: bool
    has_sessions: bool


def sessions_page(user, asked: Asked, now: datetime) -> SessionsPage:
    today = asked.calendar.today()
    sessions = Session.objects.visible_to(user).select_related("rep", "manager").prefetch_related("questions")
    planned = list(sessions.planned().order_by("at", "pk"))
    commitments = Commitment.objects.visible_to(user).select_related("rep", "session")
    reps = list(reps_coached_by(user).exclude(ended_on__lt=today).filter(is_machine=False))
    return SessionsPage(
        asked=asked,
        ahead=[one for one in planned if one.at > now - JUST_OVER],
        overdue=[one for one in planned if one.at <= now - JUST_OVER],
        recent=list(sessions.exclude(state=Session.State.PLANNED)[:RECENT]),
        to_review=promises(commitments.to_review(today).order_by("review_on", "pk")),
        open=promises(commitments.open().filter(review_on__gt=today).order_by("review_on", "pk")),
        series=_series(user, today),
        reps=reps,
        tallies=accountability(user, asked),
        leads=bool(reps),
        has_sessions=access.rep_of(user) is not None,
    )


def _series(user, today) -> list[Series]:
    running = Series.objects.visible_to(user).exclude(to_on__lt=today)
    return list(running.select_related("rep", "manager").order_by("rep__name_key", "from_on"))

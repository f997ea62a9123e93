"""Standing appointments: the sessions of a series made some weeks ahead, each once, at the same local time all year."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from coaching.digests.notices import tell
from coaching.models import Question, Series, Session
from coaching.sessions.agenda import default_questions
from pipeline.models import Organisation

AHEAD = timedelta(weeks=4)
DAY = timedelta(days=1)


def make_ahead(now: datetime) -> int:
    """Make what every running series still lacks for the weeks ahead; how many sessions that were."""
    running = Series.objects.exclude(to_on__lt=now.date() - DAY).values_list("pk", flat=True)
    return sum(len(make_sessions(pk, now)) for pk in running)


@transaction.atomic
def make_sessions(series_id: int, now: datetime) -> list[Session]:
    """The missing sessions of one series after `now`; locked, so that two makers make each once."""
    series = Series.objects.select_for_update(of=("self",)).select_related("rep__team").get(pk=series_id)
    zone = Organisation.current().zone
    today = now.astimezone(zone).date()
    if series.rep.ended_on and series.rep.ended_on < today:
        return []
    made = _made(series)
    due = (local_moment(day, series, zone) for day in days_of(series, today, today + AHEAD))
    return [_make(series, at) for at in due if at > now and at not in made]


def days_of(series: Series, first: date, last: date) -> Iterator[date]:
    """The days of a series from `first` to `last`, both included."""
    step = timedelta(weeks=series.every_weeks)
    behind = max(0, -((series.from_on - first).days // step.days))
    day, end = series.from_on + behind * step, min(last, series.to_on or last)
    while day <= end:
        yield day
        day += step


def local_moment(day: date, series: Series, zone: ZoneInfo) -> datetime:
    """The same time by the clock on the wall; a time the clock jumps over falls after the jump."""
    return datetime.combine(day, series.time, zone)


def _made(series: Series) -> set[datetime]:
    """The moments sessions were first made for: one that moved since is not made again."""
    first = Session.history.filter(series=series, history_type="+")
    return set(first.values_list("at", flat=True)) | set(series.sessions.values_list("at", flat=True))


def _make(series: Series, at: datetime) -> Session:
    session = Session.objects.create(
        rep=series.rep, manager=series.manager, series=series, at=at, minutes=series.minutes
    )
    ask(session, default_questions(series.rep.team))
    return session


def ask(session: Session, questions: list[str]) -> None:
    """Put questions to the rep beforehand, in this order."""
    Question.objects.bulk_create(
        Question(session=session, position=place, text=text) for place, text in enumerate(questions)
    )


@transaction.atomic
def end_series(series: Series, today: date, now: datetime) -> int:
    """End a series today and call off what it had ahead; how many sessions that were."""
    series.to_on = max(today, series.from_on)
    series.save(update_fields=["to_on"])
    ahead = list(series.sessions.planned().filter(at__gt=now))
    for session in ahead:
        session.state, session.sequence = Session.State.CANCELLED, session.sequence + 1
        session.version += 1
        session.save()
    if ahead:
        tell(series.rep, "series_ended", "/sessions/", manager=series.manager.name, sessions=len(ahead))
    return len(ahead)

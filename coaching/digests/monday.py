"""Monday's digest for whoever manages: whom to coach on what, the week's sessions, what waits for a look or a decision."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coaching.asked import Asked
from coaching.attention.line import AttentionLine
from coaching.attention.queue import Other, Queue, queue
from coaching.dates import moment
from coaching.diagnosis import Diagnosis
from coaching.digests.digest import (
    MONDAY,
    SHOWN,
    Digest,
    Entry,
    Link,
    Section,
    asked_now,
    managed_teams,
    section,
)
from coaching.figures import money
from coaching.models import Commitment, Contest, Session
from coaching.models.scope import reps_coached_by
from coaching.sessions.commitments import Promise, promises
from coaching.templatetags.sessions import answers_state, kpi_label
from pipeline.models import Organisation, Rep, Team

WEEK = timedelta(days=7)


def monday(rep: Rep, day: date, now: datetime) -> Digest:
    """Of `day` and the six days after; figures are those of now. Only what this manager may see."""
    teams, asked = managed_teams(rep), asked_now()
    queues = [(team, queue(team, asked, Organisation.current().currency)) for team in teams]
    sessions = _sessions(rep, asked, day, now)
    reviews = _reviews(rep, day + WEEK)
    contests = list(_contests(rep))
    talks = sum(len(found.lines) for _team, found in queues)
    counts = _counts(talks, len(sessions), len(reviews), len(contests))
    names = ", ".join(team.name for team in teams)
    return Digest(
        kind=MONDAY,
        subject=_("%(teams)s this week: %(counts)s") % {"teams": names, "counts": counts[0]},
        title=_("%(teams)s, week of %(day)s")
        % {"teams": names, "day": date_format(day, "SHORT_DATE_FORMAT")},
        lead=(_("%(counts)s.") % {"counts": ", ".join(counts)},),
        sections=tuple(_of_teams(queues) + _of_week(sessions, reviews, contests, now)),
    )


def _counts(talks: int, sessions: int, reviews: int, contests: int) -> list[str]:
    """What waits, in words; what is not there is not counted, apart from the talks."""
    said = [ngettext("%(n)d person worth a talk", "%(n)d people worth a talk", talks) % {"n": talks}]
    if sessions:
        said.append(ngettext("%(n)d session", "%(n)d sessions", sessions) % {"n": sessions})
    if reviews:
        said.append(
            ngettext("%(n)d commitment to look at again", "%(n)d commitments to look at again", reviews)
            % {"n": reviews}
        )
    if contests:
        said.append(
            ngettext("%(n)d contested row to decide", "%(n)d contested rows to decide", contests)
            % {"n": contests}
        )
    return said


def _of_teams(queues: list[tuple[Team, Queue]]) -> list[Section]:
    found, is_one = [], len(queues) == 1
    for team, waiting in queues:
        name = "" if is_one else f"{team.name}: "
        found += section(
            name + _("Worth a talk this week"),
            [_talk(line) for line in waiting.lines],
            note=_("Ranked by what can still be influenced.") if waiting.lines else "",
            empty=_("Nobody needs a word on a skill."),
        )
        found += section(name + _("Everyone else"), [_other(other) for other in waiting.rest])
    return found


def _of_week(
    sessions: list[Session], reviews: list[Promise], contests: list[Contest], now: datetime
) -> list[Section]:
    meetings = [_session(one, now) for one in sessions]
    looks = [_review(one) for one in reviews[:SHOWN]]
    decisions = [_contest(one) for one in contests[:SHOWN]]
    return [
        *section(_("Sessions in the next seven days"), meetings, empty=_("Nothing is planned.")),
        *section(_("To look at again"), looks, more=_all(reviews, "sessions")),
        *section(_("Contested rows to decide"), decisions, more=_all(contests, "contests")),
    ]


def _talk(line: AttentionLine) -> Entry:
    """The line of the team's page, in its words."""
    kind = line.diagnosis
    named = [
        Link(
            deal.name if deal.amount is None else f"{deal.name}, {money(deal.amount, line.currency, True)}",
            deal.url,
        )
        for deal in line.named
    ]
    texts = (
        _diagnosis(kind) if kind else "",
        " ".join(part for part in (line.gap.said, line.gap.beside, line.copy) if part),
        " ".join(part for part in (line.reach, line.late) if part),
    )
    return Entry(
        title=_("%(rep)s: %(skill)s") % {"rep": line.rep.name, "skill": line.label},
        path=line.row.url,
        texts=tuple(filter(None, texts)),
        links=(*named, Link(_("Plan a session"), line.short_url), Link(_("See the rows"), line.evidence_url)),
    )


def _other(other: Other) -> Entry:
    if other.pattern:
        said = capfirst(f"{other.diagnosis.label}: {other.pattern}")
    elif other.diagnosis.is_judged:
        said = _diagnosis(other.diagnosis)
    else:
        said = other.diagnosis.sentence
    return Entry(other.rep.name, other.url, (said,))


def _diagnosis(told: Diagnosis) -> str:
    """“Busy but thin: effort 3 of 3, quality 0 of 4 on track”."""
    return capfirst(": ".join(part for part in (told.label, told.counts) if part))


def _sessions(rep: Rep, asked: Asked, day: date, now: datetime) -> list[Session]:
    """Those this manager leads, with reps still theirs: of the week, and planned ones whose time has passed."""
    led = Session.objects.led_by(rep.account_user).planned().filter(manager=rep)
    ahead = led.filter(at__lt=asked.calendar.midnight(day + WEEK))
    return list(ahead.select_related("rep").prefetch_related("questions").order_by("at", "pk"))


def _session(session: Session, now: datetime) -> Entry:
    texts = [_("Did it take place?")] if session.at < now else []
    if skill := kpi_label(session.skill):
        texts.append(_("Skill: %(skill)s.") % {"skill": skill})
    if session.questions.all():
        texts.append(_("Answered: %(count)s.") % {"count": answers_state(session)})
    when = moment(session.at)
    return Entry(
        f"{when}: {session.rep.name}",
        reverse("session", args=[session.pk]),
        (" ".join(texts),) if texts else (),
    )


def _local(at: datetime) -> datetime:
    return at.astimezone(Organisation.current().zone)


def _reviews(rep: Rep, end: date) -> list[Promise]:
    """Commitments of this manager's reps whose day has come or comes before `end`."""
    due = Commitment.objects.led_by(rep.account_user).to_review(end - timedelta(days=1))
    return promises(due.select_related("rep").order_by("review_on", "pk"))


def _review(promise: Promise) -> Entry:
    made = promise.commitment
    aim = f"{promise.kpi} {promise.expected}" if promise.kpi else ""
    when = _("Day to look again: %(day)s.") % {"day": date_format(made.review_on, "MONTH_DAY_FORMAT")}
    return Entry(
        f"{made.rep.name}: {made.text}",
        reverse("commitment_review", args=[made.pk]),
        (" ".join(part for part in (f"{aim}." if aim else "", when) if part),),
    )


def _all(found: Sequence, page: str) -> Link | None:
    """Where the rest stands, if not all of them are shown."""
    return Link(_("All %(count)d") % {"count": len(found)}, reverse(page)) if len(found) > SHOWN else None


def _contests(rep: Rep):
    """Open ones of the reps led; their words and subjects stay on the page, since they may be private."""
    waiting = Contest.objects.filter(rep__in=reps_coached_by(rep.account_user), state=Contest.State.OPEN)
    return waiting.select_related("rep", "activity").order_by("opened_at", "pk")


def _contest(contest: Contest) -> Entry:
    words = {
        "rep": contest.rep.name,
        "row": contest.activity.get_kind_display(),
        "day": date_format(_local(contest.activity.at), "SHORT_DATE_FORMAT"),
    }
    title = _("%(rep)s: %(row)s of %(day)s") % words
    return Entry(title, reverse("contest", args=[contest.pk]), (contest.get_reason_display() + ".",))

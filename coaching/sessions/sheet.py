"""One session as a sheet: last commitments, one praise, one skill, few deals, the rep's answers, what is agreed."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.db.models import Q, QuerySet
from django.utils import timezone

from coaching.asked import DEFAULT, Asked
from coaching.deals.attention import attention_of
from coaching.models import Commitment, PrivateNote, Question, Session
from coaching.models.scope import reps_coached_by
from coaching.observed.words import observed
from coaching.scorecard import Line
from coaching.sessions.agenda import (
    DEALS_OFFERED,
    DEALS_SHOWN,
    Skill,
    Suggestion,
    default_questions,
    lines_of,
    ranked,
    skill_of,
    suggestion,
)
from coaching.sessions.commitments import BASELINE, DAY, Promise, promises
from kpis.catalogue import CATALOGUE
from kpis.periods import Calendar, Period
from pipeline import access
from pipeline.models import Deal, Organisation

REVIEW_AFTER = timedelta(weeks=6)


@dataclass(frozen=True)
class Sheet:
    """A session as one reader sees it; `private` is that reader's own note and never anybody else's."""

    session: Session
    asked: Asked
    last: list[Promise]
    praise: Line | None
    skill: Skill | None
    observed: list[str]
    why: str
    deals: list[tuple[Deal, str]]
    questions: list[Question]
    agreed: list[Promise]
    is_own: bool
    leads: bool
    private: str
    today: date

    @property
    def is_planned(self) -> bool:
        return self.session.state == Session.State.PLANNED

    @property
    def is_held(self) -> bool:
        return self.session.state == Session.State.HELD

    @property
    def may_answer(self) -> bool:
        return self.is_own and self.is_planned and bool(self.questions)

    @property
    def may_note(self) -> bool:
        return self.leads and self.session.state != Session.State.CANCELLED

    @cached_property
    def is_answered(self) -> bool:
        return any(question.answer for question in self.questions)


def sheet(session: Session, user) -> Sheet:
    """The sheet of a session this user may see."""
    currency, asked = Organisation.current().currency, period_of(session)
    offered = offered_for(session, asked, currency)
    keys = [session.praise or offered.praise, session.skill or offered.skill]
    lines = lines_of(session.rep, asked, currency, keys)
    own, skill = access.rep_of(user), lines.get(keys[1])
    return Sheet(
        session=session,
        asked=asked,
        last=promises(last_commitments(session)),
        praise=lines.get(keys[0]),
        skill=skill_of(skill, session.rep, asked, user) if skill else None,
        observed=observed(session.rep, keys[1], asked) if skill else [],
        why=session.why or ("" if session.skill else offered.why),
        deals=deals_on(session, user),
        questions=list(session.questions.all()),
        agreed=promises(session.commitments.all()),
        is_own=own is not None and own.pk == session.rep_id,
        leads=reps_coached_by(user).filter(pk=session.rep_id).exists(),
        private=private_note(session, user),
        today=asked.calendar.today(),
    )


def period_of(session: Session) -> Asked:
    """The last thirty days of a session still ahead; of one that is over, those before its day."""
    calendar = Calendar.current()
    if session.state == Session.State.PLANNED:
        return Asked(calendar, calendar.parse(DEFAULT))
    end = session.at.astimezone(calendar.zone).date() + DAY
    start = end - BASELINE
    return Asked(calendar, Period("range", f"{start}..{end}", start, end))


def offered_for(session: Session, asked: Asked, currency: str) -> Suggestion:
    """What the figures offer where nobody has chosen, as long as the session is ahead."""
    if session.state != Session.State.PLANNED or (session.praise and session.skill):
        return Suggestion()
    return suggestion(session.rep, asked, currency)


def private_note(session: Session, user) -> str:
    note = PrivateNote.objects.of(user).filter(session=session).first()
    return note.text if note else ""


def last_commitments(session: Session) -> QuerySet[Commitment]:
    """What was open when the session came, or agreed in the one held before it."""
    earlier = Session.objects.filter(rep=session.rep, at__lt=session.at).held().order_by("-at").first()
    found = Commitment.objects.filter(rep=session.rep, session__at__lt=session.at)
    since = Q(state=Commitment.State.OPEN)
    if earlier:
        since |= Q(session=earlier) | Q(state_at__gte=earlier.at)
    return found.filter(since).order_by("review_on", "pk")


def deals_on(session: Session, user) -> list[tuple[Deal, str]]:
    """The deals on the agenda this reader may see, each with what to do next or, once closed, nothing more."""
    seen = session.agenda_deals.filter(deal__in=access.deals_visible_to(user))
    rows = list(seen.select_related("deal__account", "deal__stage", "deal__owner"))
    still_open = [row.deal for row in rows if row.deal.closed_at is None]
    attention = attention_of(still_open, Calendar.current().today()) if still_open else {}
    said = {pk: one.next_step for pk, one in attention.items()}
    return [(row.deal, row.why or said.get(row.deal_id, "")) for row in rows]


@dataclass(frozen=True)
class Draft:
    """What the form of a new plan begins with, and the deals it offers."""

    initial: dict
    deals: list[Deal]
    questions: list[str]


def draft(rep, query, today: date) -> Draft:
    """A plan prefilled: what the link asked for, else what the figures offer; the deals that need most attention."""
    asked = Asked(Calendar.current(), Calendar.current().parse(DEFAULT))
    offered = suggestion(rep, asked, Organisation.current().currency)
    skill = query.get("skill", "") if query.get("skill") in CATALOGUE else offered.skill
    why = query.get("why", "")[:500] or (offered.why if skill == offered.skill else "")
    wanted = {int(part) for part in query.get("deals", "").split(",") if part.isdecimal() and len(part) < 19}
    wanted = wanted or set(offered.deals if skill == offered.skill else ())
    deals = ranked(rep, today)
    deals = [*(d for d in deals if d.pk in wanted), *(d for d in deals if d.pk not in wanted)][:DEALS_OFFERED]
    chosen = [deal.pk for deal in deals if deal.pk in wanted] or [deal.pk for deal in deals]
    at = timezone.localtime() + DAY
    initial = {
        "day": at.date(),
        "time": at.replace(minute=0).time(),
        "skill": skill,
        "praise": offered.praise,
        "why": why,
        "deals": chosen[:DEALS_SHOWN],
    }
    return Draft(initial, deals, default_questions(rep.team, skill))


def draft_of(session: Session, today: date) -> Draft:
    """The plan as it stands, to be changed: its own deals and the others that ask for attention."""
    own = [row.deal for row in session.agenda_deals.select_related("deal")]
    offered = [deal for deal in ranked(session.rep, today) if deal not in own]
    questions = list(session.questions.values_list("text", flat=True))
    return Draft({"deals": [deal.pk for deal in own]}, [*own, *offered][:DEALS_OFFERED], questions)

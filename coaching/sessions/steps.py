"""What happens to a session: planned, answered, moved, held, called off; a transaction each, and the other side is told."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from coaching.digests.notices import tell
from coaching.models import PrivateNote, Question, Session, SessionDeal
from coaching.sessions.agenda import Suggestion
from coaching.sessions.commitments import commit
from coaching.sessions.forms import AnswerForm, CommitmentForm, NotesForm, PlanForm
from coaching.sessions.series import ask
from pipeline.models import Rep


@transaction.atomic
def plan(form: PlanForm, rep: Rep, manager: Rep) -> Session:
    """Keep a valid plan as a new session, put its questions to the rep and tell them."""
    session = form.save(commit=False)
    session.rep, session.manager, session.at = rep, manager, form.at
    session.save()
    ask(session, form.asked)
    _set_deals(session, form.cleaned_data["deals"])
    _tell_rep(session, "session_planned")
    return session


@transaction.atomic
def change(form: PlanForm) -> bool:
    """Keep a changed plan; False where the form says what stands in the way. A new time tells the rep's calendar."""
    if not form.is_valid():
        return False
    session = form.save(commit=False)
    has_moved = (form.stored.at, form.stored.minutes) != (form.at, session.minutes)
    session.at, session.sequence = form.at, form.stored.sequence + has_moved
    session.version = form.stored.version + 1
    session.save()
    _ask_again(session, form.asked)
    _set_deals(session, form.cleaned_data["deals"])
    if has_moved:
        _tell_rep(session, "session_moved")
    return True


def _ask_again(session: Session, texts: list[str]) -> None:
    """A question that was answered stays as it was answered; the others are asked anew."""
    session.questions.filter(answer="").delete()
    kept = list(session.questions.values_list("text", "position"))
    known, place = {text for text, _position in kept}, max((position for _text, position in kept), default=-1)
    Question.objects.bulk_create(
        Question(session=session, position=place + number, text=text)
        for number, text in enumerate((text for text in texts if text not in known), 1)
    )


def _set_deals(session: Session, deals) -> None:
    session.agenda_deals.all().delete()
    SessionDeal.objects.bulk_create(
        SessionDeal(session=session, deal=deal, position=place) for place, deal in enumerate(deals)
    )


@transaction.atomic
def answer(form: AnswerForm, session: Session, now: datetime) -> bool:
    """Keep the rep's answers while the session is still ahead; False once it is not."""
    if _locked(session).state != Session.State.PLANNED:
        return False
    for question, text in form.given():
        if text != question.answer:
            question.answer, question.answered_at = text, now if text else None
            question.save(update_fields=["answer", "answered_at"])
    tell(session.manager, "session_answered", _path(session), rep=session.rep.name, at=session.at.isoformat())
    return True


@transaction.atomic
def keep_notes(form: NotesForm, private: str, commitment: CommitmentForm | None, author: Rep) -> None:
    """Keep what was noted and agreed; `form` is valid."""
    session = form.save(commit=False)
    session.version = form.stored.version + 1
    session.save()
    PrivateNote.objects.update_or_create(session=session, author=author, defaults={"text": private})
    if commitment is not None:
        commit(commitment.save(commit=False), session)


@transaction.atomic
def hold(session: Session, offered: Suggestion, now: datetime) -> bool:
    """A session that took place; what it was about is kept as it stood. False where it is not ahead any more."""
    stored = _locked(session)
    if stored.state != Session.State.PLANNED:
        return False
    stored.state, stored.held_at, stored.version = Session.State.HELD, now, stored.version + 1
    stored.praise = stored.praise or offered.praise
    if not stored.skill:
        stored.skill, stored.why = offered.skill, stored.why or offered.why
    stored.save()
    _tell_rep(stored, "session_held")
    return True


@transaction.atomic
def cancel(session: Session) -> bool:
    """Call a session off; False where it is not ahead any more."""
    stored = _locked(session)
    if stored.state != Session.State.PLANNED:
        return False
    stored.state, stored.sequence = Session.State.CANCELLED, stored.sequence + 1
    stored.version += 1
    stored.save()
    _tell_rep(stored, "session_cancelled")
    return True


def _locked(session: Session) -> Session:
    return Session.objects.select_for_update(of=("self",)).select_related("rep", "manager").get(pk=session.pk)


def _tell_rep(session: Session, kind: str) -> None:
    tell(session.rep, kind, _path(session), manager=session.manager.name, at=session.at.isoformat())


def _path(session: Session) -> str:
    return reverse("session", args=[session.pk])

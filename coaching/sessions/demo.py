"""The demo's coaching: some months of Maya's sessions with Ada, Ben and Cleo, told in the JSON file beside this."""

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.db import transaction

from coaching.digests.digest import asked_now
from coaching.impact import verdicts as impact
from coaching.models import Commitment, PrivateNote, Series, Session, SessionDeal
from coaching.sessions.agenda import default_questions, ranked, suggestion
from coaching.sessions.commitments import baseline_of, reviewed
from coaching.sessions.series import ask, make_sessions
from kpis.catalogue import CATALOGUE
from kpis.catalogue.kpi import Unit
from kpis.periods import Calendar
from pipeline.models import Organisation, Rep, Team

STORY = Path(__file__).with_suffix(".json")
TEAM, WEEKLY = "North", "Ada"


@transaction.atomic
def seed_sessions(today: date) -> int:
    """Make the demo's sessions around `today`; how many. The same day makes the same sessions."""
    team = Team.objects.select_related("manager").get(name=TEAM)
    manager, reps = team.manager, {rep.name: rep for rep in team.reps.select_related("team")}
    if manager is None:
        return 0
    told = json.loads(STORY.read_text(encoding="utf-8"))
    for entry in told:
        _session(entry, reps[entry["rep"]], manager, today)
    now = datetime.combine(today, time(12), Calendar.current().zone)
    series = Series.objects.create(
        rep=reps[WEEKLY], manager=manager, from_on=_workday(today, 7), time=time(9), every_weeks=2
    )
    return len(told) + len(make_sessions(series.pk, now))


def _session(entry: dict, rep: Rep, manager: Rep, today: date) -> None:
    day = _workday(today, entry["days"])
    at = datetime.combine(day, time(9 + len(rep.name) % 3, 30), Calendar.current().zone)
    state = entry.get("state", "planned" if day > today else "held")
    session = Session.objects.create(
        rep=rep,
        manager=manager,
        at=at,
        state=state,
        held_at=at if state == "held" else None,
        skill=entry["skill"],
        praise=entry["praise"],
        shared_notes=entry.get("notes", ""),
    )
    _answers(session, entry["answers"])
    if "private" in entry:
        PrivateNote.objects.create(session=session, author=manager, text=entry["private"])
    if "commitment" in entry:
        _commitment(session, entry["commitment"])


def _answers(session: Session, answers: list[str]) -> None:
    ask(session, default_questions(session.rep.team, session.skill))
    for question, answer in zip(session.questions.all(), answers, strict=True):
        if answer:
            question.answer, question.answered_at = answer, session.at - timedelta(hours=16)
            question.save()


def _commitment(session: Session, entry: dict) -> None:
    """The commitment as it would have been made that day; a change is told in points or in the KPI's unit."""
    kpi = CATALOGUE[session.skill] if "size" in entry or "points" in entry else None
    size = entry["points"] / 100 if kpi and kpi.unit == Unit.PERCENT else entry.get("size", 0)
    made = Commitment(
        text=entry["text"],
        kpi=kpi.key if kpi else "",
        expected=None if kpi is None else round(size, 4),
        review_on=session.at.date() + timedelta(days=entry["review"]),
    )
    if kpi:
        made.baseline_from, made.baseline_to = baseline_of(session)
    made.session, made.rep = session, session.rep
    made.save()
    over = datetime.combine(made.review_on, time(10), Calendar.current().zone)
    state_at = None if entry["state"] == "open" else over
    Commitment.objects.filter(pk=made.pk).update(
        created_at=session.at, state=entry["state"], state_at=state_at
    )


def judge_sessions() -> None:
    """Once there are figures: prefill what is planned, fix what decides each commitment, look at those again the story

    says were.
    """
    for session in Session.objects.planned().filter(series=None).select_related("rep__team"):
        _prefill(session)
    looked_at = {
        entry["commitment"]["text"]
        for entry in json.loads(STORY.read_text(encoding="utf-8"))
        if entry.get("commitment", {}).get("is_reviewed")
    }
    for made in Commitment.objects.select_related("rep__team", "session__manager"):
        impact.plan(made)
        made.save()
        if made.text in looked_at and made.state_at:
            reviewed(made.pk, made.session.manager, made.state_at)


def _prefill(session: Session) -> None:
    """Praise and deals as the plan's form offers them; the skill is the story's."""
    found = suggestion(session.rep, asked_now(), Organisation.current().currency)
    session.praise = found.praise or session.praise
    session.save()
    deals = found.deals or [deal.pk for deal in ranked(session.rep, Calendar.current().today())[:3]]
    for place, deal in enumerate(deals):
        SessionDeal.objects.create(session=session, deal_id=deal, position=place)


def _workday(today: date, days: int) -> date:
    """So many days from today, on the weekday before where that is a weekend; tomorrow is always tomorrow."""
    day = today + timedelta(days=days)
    return day if days == 1 else day - timedelta(days=max(0, day.weekday() - 4))

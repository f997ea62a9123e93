"""Commitments after they are made, and what managers answer for."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from coaching.asked import Asked
from coaching.models import Commitment, Notice, Session
from coaching.sessions.accountability import accountability
from coaching.sessions.commitments import commit, mark_missed, set_state
from kpis.periods import Calendar
from tests.kpis.world import ROME

pytestmark = pytest.mark.django_db


def held(world, rep, days: int, state: str = "held") -> Session:
    at = datetime.combine(world.today() + timedelta(days=days), time(9), ROME)
    when = at if state == "held" else None
    return Session.objects.create(
        rep=rep, manager=world.maya, at=at, state=state, held_at=when, skill="reply_rate"
    )


def promise(session: Session, review_in: int = 0, **more) -> Commitment:
    review_on = Calendar.current().today() + timedelta(days=review_in)
    return Commitment.objects.create(session=session, rep=session.rep, text="x", review_on=review_on, **more)


def test_a_commitment_is_missed_a_week_after_its_day_and_not_before(world):
    """Seven days of grace: reviewed on day 0, day 7 is still open, day 8 is missed."""
    session, today = held(world, world.ben, -30), world.today()
    late, just, done = promise(session, -8), promise(session, -7), promise(session, -8, state="done")
    assert mark_missed(today, timezone.now()) == 1
    states = [Commitment.objects.get(pk=one.pk).state for one in (late, just, done)]
    assert states == ["missed", "open", "done"]
    assert mark_missed(today, timezone.now()) == 0
    assert late.history.first().state == "missed"


def test_nobody_sets_a_commitment_missed_or_changes_one_that_was(world):
    one, now = promise(held(world, world.ben, -30)), timezone.now()
    assert not set_state(one.pk, "missed", now)
    assert not set_state(one.pk, "nonsense", now)
    Commitment.objects.filter(pk=one.pk).update(state="missed")
    assert not set_state(one.pk, "done", now)


def test_what_decides_is_fixed_when_the_commitment_is_made(world):
    session = held(world, world.ben, -1)
    made = Commitment(
        text="x", kpi="reply_rate", expected="0.05", review_on=world.today() + timedelta(days=40)
    )
    commit(made, session)
    assert made.figures["plan"]["baseline"] == [made.baseline_from.isoformat(), made.baseline_to.isoformat()]
    assert (made.baseline_to - made.baseline_from).days == 30


def test_a_commitment_on_a_figure_nobody_has_yet_is_kept(world):
    made = Commitment(
        text="x", kpi="pricing_days", expected="-5", review_on=world.today() + timedelta(days=40)
    )
    commit(made, held(world, world.dario, -1))
    assert Commitment.objects.get().figures["plan"]["controls"] == 0


def test_a_review_keeps_the_verdict_of_its_day_and_tells_the_rep(world):
    session = held(world, world.ben, -1)
    made = Commitment(
        text="x", kpi="reply_rate", expected="0.05", review_on=world.today() + timedelta(days=40)
    )
    commit(made, session)
    url = f"/commitments/{made.pk}/review/"
    shown = {who: world.signed_in(who).get(url).content.decode() for who in ("maya", "ben")}
    assert all("too early" in page for page in shown.values())
    assert "We looked at it" in shown["maya"]
    assert "We looked at it" not in shown["ben"]
    assert world.signed_in("maya").post(url).status_code == 302
    made.refresh_from_db()
    assert made.verdict == "too_early"
    assert made.reviewed_at is not None
    assert Notice.objects.get().kind == "commitment_reviewed"


def test_what_was_looked_at_is_settled_unless_it_was_too_early(world):
    one = promise(held(world, world.ben, -30), verdict="worked", reviewed_at=timezone.now())
    assert not set_state(one.pk, "dropped", timezone.now())
    before = one.reviewed_at
    world.signed_in("maya").post(f"/commitments/{one.pk}/review/")
    one.refresh_from_db()
    assert one.reviewed_at == before


def test_managers_answer_for_who_was_coached(world, django_assert_max_num_queries):
    """Maya leads Ada, Ben and Cleo in North and Dario below it in Coast, which she does not manage herself.

    last 30 days: Ben twice and Ada once held, Ada once called off, Cleo yesterday planned and not held;
    Ada 40 days ago lies outside, Ben tomorrow is still ahead
    commitments of those sessions: 3 made now, 1 looked at, 1 waiting since yesterday, 1 dropped
    """
    first = held(world, world.ben, -3)
    held(world, world.ben, -10)
    held(world, world.ada, -5)
    held(world, world.ada, -6, "cancelled")
    held(world, world.cleo, -1, "planned")
    held(world, world.ada, -40)
    held(world, world.ben, 1, "planned")
    promise(first, -2, reviewed_at=timezone.now())
    promise(first, -1)
    promise(first, -1, state="dropped")
    calendar = Calendar.current()
    user = world.maya.account_user
    with django_assert_max_num_queries(9):
        (tally,) = accountability(user, Asked(calendar, calendar.parse("last-30")))
    assert (tally.coached_text, tally.held, tally.planned, tally.cancelled) == ("2 of 3", 3, 1, 1)
    assert (tally.made, tally.reviewed, tally.overdue) == (3, 1, 1)


def test_an_admin_sees_every_manager_and_a_rep_none(world):
    held(world, world.ben, -3)
    page = world.signed_in("ivo").get("/sessions/")
    assert [tally.manager.name for tally in page.context["page"].tallies] == ["Maya"]
    assert page.context["page"].recent == []
    assert world.signed_in("ben").get("/sessions/").context["page"].tallies == []


def test_the_list_takes_a_fixed_number_of_queries(world, django_assert_max_num_queries):
    for days in range(1, 9):
        promise(held(world, world.ben, -days), -1)
        held(world, world.ada, days, "planned")
    client = world.signed_in("maya")
    with django_assert_max_num_queries(28):
        assert client.get("/sessions/").status_code == 200

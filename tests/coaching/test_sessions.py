"""Coaching sessions from plan to review, as Maya and Ben: who does what when, and what each step leaves."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from coaching.models import Commitment, Notice, PrivateNote, Session
from coaching.sessions.series import ask
from pipeline.models import Deal
from tests.kpis.world import ROME

pytestmark = pytest.mark.django_db


def planned(world, rep=None, days: int = 1, **more) -> Session:
    """A session of Maya's, by default with Ben tomorrow at nine."""
    day = world.today() + timedelta(days=days)
    at = datetime.combine(day, datetime.min.time(), ROME).replace(hour=9)
    return Session.objects.create(rep=rep or world.ben, manager=world.maya, at=at, **more)


def the_plan(world, **changes) -> dict:
    """What the plan form would send."""
    return {
        "day": world.today() + timedelta(days=1),
        "time": "09:30",
        "minutes": "30",
        "skill": "reply_rate",
        "praise": "emails_sent",
        "why": "one answer of twelve",
        "deals": [world.bens_deal.pk],
        "question_0": "What went well?",
        "question_1": "Where do you want help?",
        "question_2": "",
    } | changes


def the_notes(session: Session, **changes) -> dict:
    """What the form of notes and commitment would send with nothing entered."""
    form = {"seen_version": session.version, "shared_notes": "", "private-text": "", "step": "keep"}
    form |= {"new-text": "", "new-kpi": session.skill, "new-expected": "", "new-review_on": ""}
    return form | changes


def a_promise(world, **changes) -> dict:
    form = {
        "new-text": "Write to two executives a week",
        "new-kpi": "reply_rate",
        "new-expected": "5",
        "new-review_on": world.today() + timedelta(days=42),
    }
    return form | changes


def test_the_plan_comes_prefilled_from_the_link(world):
    link = {"rep": world.ben.pk, "skill": "reply_rate", "deals": world.bens_deal.pk, "why": "1 of 12"}
    page = world.signed_in("maya").get("/sessions/plan/", link)
    initial = page.context["form"].initial
    assert (initial["skill"], initial["why"], initial["deals"]) == (
        "reply_rate",
        "1 of 12",
        [world.bens_deal.pk],
    )
    assert page.context["form"]["question_0"].value().startswith("What went well")


def test_the_plan_comes_prefilled_from_the_figures_where_the_link_says_nothing(world):
    """Nothing is beyond chance among so few: what misses its target, activity before results, and the widest margin.

    missed: 24 of 30 calls, to be watched; € 6,000 of 19,828 won
    made: 6 of 12 mails answered, 50 % for 20 %: +150 %; 12 mails for 10: +20 %; 3 of 6 meetings, 50 % for 40 %: +25 %
    """
    page = world.signed_in("maya").get("/sessions/plan/", {"rep": world.ben.pk})
    initial = page.context["form"].initial
    assert initial["praise"] == "reply_rate"
    assert initial["skill"] == "calls_made"
    assert initial["why"]
    assert initial["deals"] == [world.bens_deal.pk]


def test_a_plan_puts_questions_deals_and_a_notice_to_the_rep(world):
    client = world.signed_in("maya")
    assert client.post(f"/sessions/plan/?rep={world.ben.pk}", the_plan(world)).status_code == 302
    session = Session.objects.get()
    assert (session.rep, session.manager, session.state) == (world.ben, world.maya, "planned")
    assert session.at.astimezone(ROME).strftime("%H:%M") == "09:30"
    assert [one.text for one in session.questions.all()] == ["What went well?", "Where do you want help?"]
    assert [row.deal for row in session.agenda_deals.all()] == [world.bens_deal]
    notice = Notice.objects.get()
    assert (notice.rep, notice.kind, notice.path) == (
        world.ben,
        "session_planned",
        f"/sessions/{session.pk}/",
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"day": "2020-01-01"}, "That day has passed."),
        ({"minutes": "600"}, "Between 5 minutes and 4 hours."),
        ({"skill": "nonsense"}, "is not one of the available choices"),
        ({"time": "late"}, "Enter a valid time."),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_and_nothing_is_kept(world, wrong, said):
    response = world.signed_in("maya").post(f"/sessions/plan/?rep={world.ben.pk}", the_plan(world, **wrong))
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Session.objects.exists()


def test_only_open_deals_of_that_rep_come_on_the_agenda_and_at_most_three(world):
    url, client = f"/sessions/plan/?rep={world.ben.pk}", world.signed_in("maya")
    for foreign in (world.open_deal.pk, world.olgas_deal.pk):
        assert client.post(url, the_plan(world, deals=[foreign])).status_code == 422
    url, deals = f"/sessions/plan/?rep={world.ada.pk}", [world.open_deal.pk, *world.more_open_deals(3)]
    assert client.post(url, the_plan(world, deals=deals)).status_code == 422
    assert client.post(url, the_plan(world, deals=deals[:3])).status_code == 302


def test_a_plan_takes_only_the_fields_it_offers(world):
    smuggled = {"rep": world.olga.pk, "manager": world.ada.pk, "state": "held", "sequence": 9, "version": 7}
    world.signed_in("maya").post(f"/sessions/plan/?rep={world.ben.pk}", the_plan(world, **smuggled))
    session = Session.objects.get()
    assert (session.rep, session.manager, session.state) == (world.ben, world.maya, "planned")
    assert (session.sequence, session.version) == (0, 0)


def test_nobody_plans_with_those_they_do_not_lead(world):
    for who, rep in (("maya", world.olga), ("maya", world.maya), ("ben", world.ada), ("ivo", world.ben)):
        url = f"/sessions/plan/?rep={rep.pk}"
        assert world.signed_in(who).get(url).status_code == 404, who
        assert world.signed_in(who).post(url, the_plan(world)).status_code == 404, who
    assert not Session.objects.exists()


def test_the_rep_answers_first_and_the_manager_is_told(world):
    session = planned(world)
    ask(session, ["What went well?", "Where do you want help?"])
    first, second = session.questions.all()
    assert "Send my answers" in world.signed_in("ben").get(f"/sessions/{session.pk}/").content.decode()
    sent = {f"answer_{first.pk}": "The pumps deal moved", f"answer_{second.pk}": ""}
    assert world.signed_in("ben").post(f"/sessions/{session.pk}/answer/", sent).status_code == 302
    first.refresh_from_db()
    assert first.answer == "The pumps deal moved"
    assert first.answered_at is not None
    assert "The pumps deal moved" in world.signed_in("maya").get(f"/sessions/{session.pk}/").content.decode()
    assert (Notice.objects.get().rep, Notice.objects.get().kind) == (world.maya, "session_answered")


def test_only_the_rep_answers_and_only_the_questions_of_that_session(world):
    session, other = planned(world), planned(world, rep=world.ada)
    ask(session, ["What went well?"])
    ask(other, ["And with you?"])
    mine, foreign = session.questions.get(), other.questions.get()
    url = f"/sessions/{session.pk}/answer/"
    assert world.signed_in("maya").post(url, {f"answer_{mine.pk}": "x"}).status_code == 404
    world.signed_in("ben").post(url, {f"answer_{foreign.pk}": "smuggled", f"answer_{mine.pk}": "mine"})
    foreign.refresh_from_db()
    assert foreign.answer == ""


def test_no_answer_comes_after_the_session_is_over(world):
    session = planned(world, state="cancelled")
    ask(session, ["What went well?"])
    url, field = f"/sessions/{session.pk}/answer/", f"answer_{session.questions.get().pk}"
    assert world.signed_in("ben").post(url, {field: "late"}).status_code == 409
    assert session.questions.get().answer == ""


def test_a_moved_session_rises_in_sequence_and_an_answered_question_stays(world):
    session = planned(world)
    ask(session, ["What went well?", "Where do you want help?"])
    session.questions.filter(position=0).update(answer="All of it")
    sent = the_plan(world, time="16:00", seen_version=0, question_0="Something else?", question_1="")
    assert world.signed_in("maya").post(f"/sessions/{session.pk}/edit/", sent).status_code == 302
    session.refresh_from_db()
    assert (session.sequence, session.version) == (1, 1)
    assert session.at.astimezone(ROME).hour == 16
    assert [one.text for one in session.questions.all()] == ["What went well?", "Something else?"]
    assert Notice.objects.get().kind == "session_moved"
    same = the_plan(world, time="16:00", seen_version=1)
    world.signed_in("maya").post(f"/sessions/{session.pk}/edit/", same)
    session.refresh_from_db()
    assert (session.sequence, session.version) == (1, 2)


def test_the_second_of_two_who_change_a_plan_is_told(world):
    session = planned(world)
    client, url = world.signed_in("maya"), f"/sessions/{session.pk}/edit/"
    assert client.post(url, the_plan(world, seen_version=0)).status_code == 302
    assert client.post(url, the_plan(world, seen_version=0, why="mine")).status_code == 409
    session.refresh_from_db()
    assert session.why == "one answer of twelve"


def test_the_second_of_two_who_keep_notes_is_told(world):
    session = planned(world)
    client, url = world.signed_in("maya"), f"/sessions/{session.pk}/hold/"
    assert client.post(url, the_notes(session, shared_notes="first")).status_code == 302
    assert client.post(url, the_notes(session, shared_notes="second")).status_code == 409
    session.refresh_from_db()
    assert session.shared_notes == "first"


def test_a_session_is_held_with_notes_and_a_commitment_in_one_step(world):
    """5 points on a percentage are 0.05; the baseline are the thirty days up to and with the day of the talk."""
    session = planned(world, days=0, skill="reply_rate")
    sent = the_notes(session, shared_notes="Fewer, better mails", step="hold") | a_promise(world)
    assert world.signed_in("maya").post(f"/sessions/{session.pk}/hold/", sent).status_code == 302
    session.refresh_from_db()
    assert (session.state, session.shared_notes) == ("held", "Fewer, better mails")
    assert session.held_at is not None
    promise = Commitment.objects.get()
    assert (promise.rep, promise.kpi, float(promise.expected), promise.state) == (
        world.ben, "reply_rate", 0.05, "open",
    )  # fmt: skip
    assert promise.baseline_to == world.today() + timedelta(days=1)
    assert promise.baseline_to - promise.baseline_from == timedelta(days=30)
    assert "Fewer, better mails" in world.signed_in("ben").get(f"/sessions/{session.pk}/").content.decode()


def test_what_was_offered_is_kept_as_the_session_is_held(world):
    session = planned(world, days=0)
    world.signed_in("maya").post(f"/sessions/{session.pk}/hold/", the_notes(session, step="hold"))
    session.refresh_from_db()
    assert (session.state, session.skill) == ("held", "calls_made")
    assert session.why


def test_a_change_where_less_is_better_is_kept_downwards(world):
    session = planned(world, days=0)
    sent = the_notes(session) | a_promise(world, **{"new-kpi": "sales_cycle_days", "new-expected": "4"})
    world.signed_in("maya").post(f"/sessions/{session.pk}/hold/", sent)
    assert float(Commitment.objects.get().expected) == -4


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"new-text": ""}, "This field is required."),
        ({"new-expected": ""}, "Say what change you hope for"),
        ({"new-expected": "-5"}, "Say the size of the change"),
        ({"new-review_on": "2020-01-01"}, "pick a day ahead"),
        ({"new-kpi": "nonsense"}, "is not one of the available choices"),
    ],
)
def test_half_a_commitment_is_refused_and_the_notes_wait(world, wrong, said):
    session = planned(world, days=0)
    sent = the_notes(session, shared_notes="typed", step="hold") | a_promise(world, **wrong)
    response = world.signed_in("maya").post(f"/sessions/{session.pk}/hold/", sent)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert "typed" in response.content.decode()
    assert not Commitment.objects.exists()
    assert Session.objects.get().state == "planned"


def test_a_commitment_needs_no_kpi(world):
    session = planned(world, days=0)
    sent = the_notes(session) | a_promise(world, **{"new-kpi": "", "new-expected": ""})
    assert world.signed_in("maya").post(f"/sessions/{session.pk}/hold/", sent).status_code == 302
    assert Commitment.objects.get().baseline_from is None


def test_a_session_called_off_stays_so(world):
    session = planned(world)
    client = world.signed_in("maya")
    assert client.post(f"/sessions/{session.pk}/cancel/").status_code == 302
    session.refresh_from_db()
    assert (session.state, session.sequence) == ("cancelled", 1)
    assert client.post(f"/sessions/{session.pk}/cancel/").status_code == 409
    assert client.post(f"/sessions/{session.pk}/hold/", the_notes(session, step="hold")).status_code == 409
    assert client.get(f"/sessions/{session.pk}/edit/").status_code == 409
    session.refresh_from_db()
    assert session.state == "cancelled"


def test_the_sheet_follows_the_order_of_the_talk(world):
    held = planned(world, days=-20, state="held", held_at=timezone.now())
    Commitment.objects.create(session=held, rep=world.ben, text="Two executives", review_on=world.today())
    session = planned(world, skill="executive_meetings", praise="emails_sent")
    session.agenda_deals.create(deal=world.bens_deal)
    ask(session, ["What went well?"])
    page = world.signed_in("maya").get(f"/sessions/{session.pk}/").content.decode()
    marks = ["What we agreed last time", "Two executives", "Worth praising", "emails_sent",
             "One skill to work on", "Where it still matters", "Cold store",
             "Ben's own answers", "What went well?", "What we agree<"]  # fmt: skip
    places = [page.find(mark) for mark in marks]
    assert -1 not in places
    assert places == sorted(places)


def test_the_rows_of_a_skill_are_three_that_failed(world):
    """Ben mailed twelve people and one answered: three of the eleven who did not."""
    session = planned(world, skill="reply_rate")
    skill = world.signed_in("maya").get(f"/sessions/{session.pk}/").context["page"].skill
    assert skill.has_failed_rows
    assert len(skill.rows) == 3
    assert {row.hit for row in skill.rows} == {False}


def test_a_deal_that_changed_hands_is_not_shown_any_more(world):
    session = planned(world)
    session.agenda_deals.create(deal=world.bens_deal)
    Deal.objects.filter(pk=world.bens_deal.pk).update(owner=world.olga)
    for who in ("maya", "ben"):
        assert "Cold store" not in world.signed_in(who).get(f"/sessions/{session.pk}/").content.decode()


def test_the_sheet_takes_a_fixed_number_of_queries(world, django_assert_max_num_queries):
    session = planned(world, rep=world.ada, skill="reply_rate", praise="calls_made")
    for pk in world.more_open_deals(3):
        session.agenda_deals.create(deal_id=pk)
    client = world.signed_in("maya")
    with django_assert_max_num_queries(67):
        assert client.get(f"/sessions/{session.pk}/").status_code == 200


def test_a_former_manager_sees_nothing_of_it_and_the_new_one_all_but_the_private_notes(world):
    session = planned(world)
    PrivateNote.objects.create(session=session, author=world.maya, text="between me and me")
    world.north.manager = world.olga
    world.north.save()
    assert world.signed_in("maya").get(f"/sessions/{session.pk}/").status_code == 404
    page = world.signed_in("olga").get(f"/sessions/{session.pk}/")
    assert page.status_code == 200
    assert "between me and me" not in page.content.decode()

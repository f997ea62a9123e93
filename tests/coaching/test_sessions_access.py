"""Who sees what of coaching: the rep and their managers, never an admin; private notes their author alone."""

from datetime import datetime, time, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from coaching.models import Commitment, PrivateNote, Series, Session
from coaching.sessions.timeline import timeline
from pipeline.models import Rep
from tests.kpis.world import ROME

pytestmark = pytest.mark.django_db
SECRET = "what-only-maya-knows"


@pytest.fixture
def session(world) -> Session:
    """Maya and Ben yesterday: shared notes, a private one of Maya's, one commitment; and a second one ahead."""
    at = datetime.combine(world.today() - timedelta(days=1), time(9), ROME)
    held = Session.objects.create(
        rep=world.ben, manager=world.maya, at=at, state="held", held_at=at, shared_notes="fewer mails",
        skill="reply_rate",
    )  # fmt: skip
    PrivateNote.objects.create(session=held, author=world.maya, text=SECRET)
    Commitment.objects.create(session=held, rep=world.ben, text="Ask for a meeting", review_on=world.today())
    Session.objects.create(rep=world.ben, manager=world.maya, at=at + timedelta(days=8))
    Series.objects.create(rep=world.ben, manager=world.maya, from_on=world.today(), time=time(9))
    return held


def addresses(session: Session) -> list[str]:
    ahead = Session.objects.planned().get()
    promise = session.commitments.get()
    return [
        "/sessions/",
        f"/sessions/{session.pk}/",
        f"/sessions/{session.pk}/calendar.ics",
        f"/sessions/{ahead.pk}/",
        f"/sessions/{ahead.pk}/edit/",
        f"/sessions/plan/?rep={session.rep_id}",
        f"/commitments/{promise.pk}/review/",
        f"/reps/{session.rep_id}/",
        "/me/",
        "/",
    ]


def test_the_author_reads_the_private_note(world, session):
    assert SECRET in world.signed_in("maya").get(f"/sessions/{session.pk}/").content.decode()


def test_private_notes_are_nowhere_for_anybody_else(world, session):
    """The rep, a manager above, the next manager of the team, an admin, with every page, print and file they reach."""
    above = Rep.objects.create(name="Greta", role="manager", account_user=User.objects.create_user("greta"))
    world.north.parent = type(world.north).objects.create(name="All", manager=above)
    world.north.save()
    reached = 0
    for who in ("ben", "greta", "ivo", "olga", "ada"):
        client = world.signed_in(who)
        for address in addresses(session):
            response = client.get(address, follow=True)
            reached += response.status_code == 200
            assert SECRET.encode() not in response.content, (who, address)
    assert reached > 15
    assert not [row for row in Session.history.all() if SECRET in str(vars(row))]


def test_the_api_and_the_admin_know_no_private_notes(world, session):
    User.objects.filter(username="ivo").update(is_staff=True, is_superuser=True)
    client = world.signed_in("ivo")
    assert b"private" not in client.get("/api/schema/", HTTP_ACCEPT="application/json").content.lower()
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/coaching/privatenote/").status_code == 404


@pytest.mark.parametrize("who", ["ada", "olga", "ivo"])
def test_sessions_of_others_do_not_exist(world, session, who):
    client, promise = world.signed_in(who), session.commitments.get()
    for address in (
        f"/sessions/{session.pk}/", f"/sessions/{session.pk}/calendar.ics", f"/commitments/{promise.pk}/review/",
        f"/sessions/{session.pk}/edit/", f"/series/plan/{world.ben.pk}/",
    ):  # fmt: skip
        foreign, missing = client.get(address), client.get("/sessions/987654321/")
        assert foreign.status_code == 404
        assert foreign.content == missing.content
    series = Series.objects.get()
    for address in (f"/sessions/{session.pk}/{step}/" for step in ("answer", "hold", "cancel", "edit")):
        assert client.post(address).status_code == 404
    assert client.post(f"/commitments/{promise.pk}/", {"state": "done"}).status_code == 404
    assert client.post(f"/series/{series.pk}/end/").status_code == 404
    assert "fewer mails" not in client.get("/sessions/").content.decode()


def test_the_rep_reads_and_answers_but_leads_nothing(world, session):
    client, promise = world.signed_in("ben"), session.commitments.get()
    page = client.get(f"/sessions/{session.pk}/").content.decode()
    assert "fewer mails" in page
    assert "Private notes" not in page
    for step in ("hold", "cancel", "edit"):
        assert client.post(f"/sessions/{session.pk}/{step}/").status_code == 404
    assert client.post(f"/commitments/{promise.pk}/review/").status_code == 404
    assert client.post(f"/series/{Series.objects.get().pk}/end/").status_code == 404


def test_a_rep_sets_the_state_of_their_own_commitment(world, session):
    promise = session.commitments.get()
    assert world.signed_in("ben").post(f"/commitments/{promise.pk}/", {"state": "done"}).status_code == 302
    promise.refresh_from_db()
    assert promise.state == "done"
    world.signed_in("ben").post(f"/commitments/{promise.pk}/", {"state": "missed", "verdict": "worked"})
    promise.refresh_from_db()
    assert (promise.state, promise.verdict) == ("done", "")


def test_one_comes_back_to_this_site_only(world, session):
    url, client = f"/commitments/{session.commitments.get().pk}/", world.signed_in("ben")
    assert client.post(url, {"state": "done", "back": "/me/"}).url == "/me/"
    for elsewhere in ("https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example"):
        assert client.post(url, {"state": "open", "back": elsewhere}).url == f"/sessions/{session.pk}/"


def test_an_admin_who_manages_a_team_leads_it_as_its_manager(world, session):
    world.south.manager = world.ivo
    world.south.save()
    own = Session.objects.create(rep=world.olga, manager=world.ivo, at=timezone.now())
    client = world.signed_in("ivo")
    assert client.get(f"/sessions/{own.pk}/").status_code == 200
    assert client.get(f"/sessions/{session.pk}/").status_code == 404


def test_nobody_sees_a_session_without_signing_in(session):
    for address in addresses(session):
        assert Client().get(address).status_code == 302


def test_forms_are_guarded_against_other_sites(world, session):
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(username="maya"))
    assert client.post(f"/sessions/{session.pk}/cancel/").status_code == 403


def test_the_timeline_says_what_was_agreed_and_nothing_private(world, session, django_assert_num_queries):
    with django_assert_num_queries(3):  # the organisation's zone, sessions, commitments
        entries = timeline(world.ben)
    assert [entry.session.state for entry in entries] == ["planned", "held"]
    assert [one.commitment.text for one in entries[1].promises] == ["Ask for a meeting"]
    assert SECRET not in repr(entries)

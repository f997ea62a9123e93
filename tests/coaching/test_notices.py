"""Notices: who is told what, in which words, and when they are read or gone."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone, translation

import coaching
from coaching.digests.notice_words import WORDS, sentence_of
from coaching.digests.notices import purge, tell, tell_of_due
from coaching.fairness import contests
from coaching.models import Commitment, Contest, Notice, Session
from coaching.sessions import steps as session_steps
from pipeline.models import Activity, Rep

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(world) -> Session:
    return Session.objects.create(rep=world.ben, manager=world.maya, at=timezone.now() + timedelta(days=1))


def bar_of(client) -> str:
    """What the bar says after “Notices”, empty without anything new."""
    page = client.get("/kpis/").content.decode()
    found = re.search(r'<a href="/notices/">Notices(?:<span class="count">(\d+))?', page)
    assert found
    return found[1] or ""


def test_the_bar_counts_what_nobody_opened(world, session):
    ben, ada = world.signed_in("ben"), world.signed_in("ada")
    assert bar_of(ben) == ""
    session_steps.cancel(session)
    assert (bar_of(ben), bar_of(ada)) == ("1", "")


def test_opening_a_notice_leads_there_and_sets_it_read(world, session):
    session_steps.cancel(session)
    ben, notice = world.signed_in("ben"), Notice.objects.get()
    page = ben.get("/notices/").content.decode()
    assert "Maya called off your session of" in page
    assert Notice.objects.get().read_at is None  # the list alone reads nothing
    response = ben.get(f"/notices/{notice.pk}/")
    assert (response.status_code, response.url) == (302, f"/sessions/{session.pk}/")
    assert Notice.objects.get().read_at is not None
    assert bar_of(ben) == ""


def test_all_of_ones_own_are_set_read_and_nobody_elses(world):
    for rep in (world.ben, world.ben, world.ada):
        tell(rep, "contest_refused", "/contests/")
    ben = world.signed_in("ben")
    assert ben.get("/notices/read/").status_code == 405
    assert ben.post("/notices/read/").status_code == 302
    assert list(Notice.objects.filter(read_at=None).values_list("rep", flat=True)) == [world.ada.pk]


def test_a_notice_of_somebody_else_does_not_exist(world):
    notice = tell(world.ada, "contest_refused", "/contests/")
    for name in ("ben", "maya", "ivo"):
        assert world.signed_in(name).get(f"/notices/{notice.pk}/").status_code == 404
    assert Notice.objects.get().read_at is None


def test_the_moment_is_local_and_in_the_readers_language(world):
    # 09:30 in Rome in winter
    notice = tell(world.ben, "session_moved", "/sessions/", manager="Maya", at="2026-11-24T08:30:00+00:00")
    with timezone.override("Europe/Rome"):
        assert sentence_of(notice) == "Maya moved your session to Tue 24 Nov, 09:30."
        with translation.override("it"):
            assert sentence_of(notice).endswith("a martedì 24 nov, 09:30.")


def test_every_kind_that_is_told_has_words():
    told = r'\b(?:tell|_tell_rep)\([\w.]+, "(\w+)"'
    kinds = {
        kind
        for module in Path(coaching.__file__).parent.rglob("*.py")
        for kind in re.findall(told, module.read_text(encoding="utf-8"))
    }
    assert {"session_planned", "session_answered", "contest_opened", "commitment_due"} <= kinds
    assert kinds - {"series_ended"} <= WORDS.keys()
    assert {f"contest_{state}" for state in ("accepted", "refused")} <= WORDS.keys()


def test_a_kind_nobody_knows_any_more_is_still_a_sentence(world):
    assert sentence_of(tell(world.ben, "comet_seen", "/sessions/")) == "Something about your work changed."
    assert sentence_of(tell(world.ben, "session_moved", "/sessions/")).startswith("Your manager moved")


def test_names_bring_no_markup(world):
    Rep.objects.filter(pk=world.maya.pk).update(name="<b>Maya</b> 100%s")
    session = Session.objects.create(
        rep=world.ben, manager=Rep.objects.get(pk=world.maya.pk), at=timezone.now()
    )
    session_steps.cancel(session)
    page = world.signed_in("ben").get("/notices/").content.decode()
    assert "&lt;b&gt;Maya&lt;/b&gt; 100%s called off" in page


def test_a_day_that_has_come_is_told_once_to_the_rep_and_who_leads_them(world, session):
    days = {"due": 0, "just missed by a beat": -3, "to come": 1, "long ago": -30}
    for text, away in days.items():
        Commitment.objects.create(
            session=session, rep=world.ben, text=text, review_on=world.today() + timedelta(days=away)
        )
    assert tell_of_due(world.today()) == 2
    assert tell_of_due(world.today()) == 0
    told = Notice.objects.order_by("pk").values_list("rep", "kind")
    assert sorted(told) == sorted(
        2 * [(world.ben.pk, "commitment_due")] + 2 * [(world.maya.pk, "commitment_due_of")]
    )
    assert "what Ben agreed" in world.signed_in("maya").get("/notices/").content.decode()


def test_what_was_done_or_looked_at_before_its_day_is_not_told(world, session):
    for more in ({"state": "done"}, {"reviewed_at": timezone.now()}):
        Commitment.objects.create(session=session, rep=world.ben, text="x", review_on=world.today(), **more)
    assert tell_of_due(world.today()) == 0


def test_a_rep_who_moved_away_is_named_no_more(world, session):
    tell(world.maya, "session_answered", f"/sessions/{session.pk}/", rep="Ben", at=session.at.isoformat())
    maya = world.signed_in("maya")
    assert "Ben answered the questions" in maya.get("/notices/").content.decode()
    Rep.objects.filter(pk=world.ben.pk).update(team=world.south)
    page = world.signed_in("maya").get("/notices/").content.decode()
    assert "Ben" not in page
    assert "no longer yours to see" in page


def test_contests_tell_who_decides_and_who_asked(world):
    call = Activity.objects.filter(rep=world.ada).order_by("pk")[0]
    kept = contests.keep(
        Contest(rep=world.ada, activity=call, reason="not_an_answer", kpi="calls_made"), None
    )
    contests.refuse(kept, world.maya, "it was one")
    assert (
        "Ada contests a row of evidence; you decide."
        in world.signed_in("maya").get("/notices/").content.decode()
    )
    page = world.signed_in("ada").get("/notices/").content.decode()
    assert "The row you contested was refused" in page
    assert "it was one" not in page


def test_old_ones_go_after_ninety_days_read_or_not(world):
    now = timezone.now()
    for days in (89, 91):
        notice = tell(world.ben, "contest_refused", "/contests/")
        Notice.objects.filter(pk=notice.pk).update(at=now - timedelta(days=days))
    assert purge(now) == 1
    assert [(now - one.at).days for one in Notice.objects.all()] == [89]


def test_a_longer_list_takes_no_more_queries(world, session, django_assert_max_num_queries):
    for n in range(60):
        session_steps._tell_rep(session, "session_moved")
        tell(world.ben, "contest_refused", f"/contests/{n}/")
        tell(world.ben, "commitment_due", f"/commitments/{n}/review/")
    ben = world.signed_in("ben")
    ben.get("/notices/")
    with django_assert_max_num_queries(16):
        page = ben.get("/notices/")
    assert "Earlier" in page.content.decode()


def test_an_empty_page_says_what_would_stand_there(world):
    assert "Nothing happened yet." in world.signed_in("ada").get("/notices/").content.decode()

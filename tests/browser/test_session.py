"""A coaching session end to end, as Maya and Ben: planned, answered, held, kept, looked at again."""

import re
from datetime import timedelta

import pytest

from coaching.models import Commitment, Session
from tests.browser.test_walk import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SECRET = "what-only-maya-knows"


def test_a_session_is_planned_answered_held_and_reviewed(world, visitor):
    with visitor("maya") as page:
        page.goto(
            f"/sessions/plan/?rep={world.ben.pk}&skill=reply_rate&deals={world.bens_deal.pk}&why=Few+answers"
        )
        assert page.locator("#id_skill").input_value() == "reply_rate"
        assert violations(page) == []
        page.get_by_role("button", name="Plan it").click()
        page.get_by_text("Ben is asked to answer first").wait_for()
        assert violations(page) == []
        address = page.url
    session = Session.objects.get(rep=world.ben)

    with visitor("ben", javascript=False) as page:
        page.goto("/sessions/")
        page.get_by_role("table", name="").first.wait_for()
        page.goto(address)
        page.get_by_label("What went well since we last spoke?").fill("Two answers came back")
        page.get_by_role("button", name="Send my answers").click()
        page.get_by_text("Your answers are kept").wait_for()

    with visitor("maya", width=390, theme="dark") as page:
        page.goto(address)
        page.get_by_text("Two answers came back").wait_for()
        assert page.get_by_text("Cold store").count() == 1
        page.get_by_label("Shared notes").fill("Ask one question in each mail")
        page.get_by_label("Private notes").fill(SECRET)
        page.get_by_label("Commitment").fill("Two executives a week")
        page.get_by_label("By how much").fill("5")
        page.get_by_label("Review on").fill(str(world.today() + timedelta(days=42)))
        page.get_by_role("button", name="Held: keep all this").click()
        page.get_by_text("Kept.").wait_for()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    session.refresh_from_db()
    assert session.state == "held"

    with visitor("ben") as page:
        page.goto(address)
        page.get_by_text("Ask one question in each mail").wait_for()
        assert SECRET not in page.content()
        page.get_by_role("button", name=re.compile("^Done")).click()
        page.get_by_text("Noted.").wait_for()
        assert SECRET not in page.content()

    with visitor("maya") as page:
        page.goto(address)
        page.get_by_role("link", name=re.compile("^what changed")).click()
        page.get_by_role("heading", name="Did it work?").wait_for()
        assert violations(page) == []
        page.get_by_role("button", name="We looked at it").click()
        page.get_by_text("Ben reads the same").wait_for()
    promise = Commitment.objects.get(rep=world.ben)
    assert (promise.state, promise.verdict) == ("done", "too_early")
    assert promise.reviewed_at is not None


def test_the_list_is_readable_by_everybody(world, visitor):
    for who, theme, width in (("maya", "light", 1360), ("ben", "dark", 390), ("ivo", "dark", 390)):
        with visitor(who, theme=theme, width=width) as page:
            page.goto("/sessions/")
            assert violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_sheet_prints_without_its_forms(world, visitor):
    with visitor("maya") as page:
        page.goto(f"/sessions/plan/?rep={world.ada.pk}")
        page.get_by_role("button", name="Plan it").click()
        page.get_by_text("Ada is asked to answer first").wait_for()
        assert page.get_by_label("Private notes").is_visible()
        page.emulate_media(media="print")
        assert not page.get_by_label("Private notes").is_visible()
        assert page.locator(".lines").is_visible()

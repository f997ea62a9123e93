"""What Maya sees on Monday without scrolling: whom to coach on what, on which deals, who is not judged, whom to copy."""

import re

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from playwright.sync_api import Locator, Page

from kpis.periods import BEGINNING, Calendar
from kpis.recompute import merge_upwards, recompute_reps
from pipeline.demo import seed
from pipeline.models import Rep
from tests.coaching.pages_world import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
MONDAY = "2026-11-23T08:00:00+01:00"


@pytest.fixture(scope="module")
def world(chromium, django_db_setup, django_db_blocker):
    """The demo world as of a Monday morning, committed for the server's threads."""
    with django_db_blocker.unblock(), time_machine.travel(MONDAY, tick=True):
        cache.clear()
        seed(Calendar.current().today())
        with transaction.atomic():
            merge_upwards(recompute_reps([0, *Rep.objects.values_list("pk", flat=True)]), BEGINNING)
        maya = User.objects.get(username="maya")
        maya.set_password(PASSWORD)
        maya.save()
        yield
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def screen(visitor):
    with visitor("maya", width=1280) as page:
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto("/")
        yield page


def is_in_sight(page: Page, what: Locator) -> bool:
    box, size = what.bounding_box(), page.viewport_size
    return bool(
        box
        and size
        and box["x"] >= 0
        and box["x"] + box["width"] <= size["width"]
        and box["y"] >= 0
        and box["y"] + box["height"] <= size["height"]
    )


def line(page: Page, name: str) -> Locator:
    return page.locator(f".first li[data-rep='{name}']")


def test_ben_is_busy_but_thin_and_his_three_deals_are_named(screen):
    ben = line(screen, "Ben")
    assert "busy but thin" in ben.inner_text()
    assert is_in_sight(screen, ben)
    for company in ("Brenta Valves", "Ostia Foods", "Lario Print"):
        assert is_in_sight(screen, ben.get_by_role("link", name=re.compile(company)))
    assert is_in_sight(screen, ben.get_by_role("link", name="Plan a session"))


def test_the_picture_marks_ben_by_name_in_the_thin_corner(screen):
    name = screen.locator("svg.corners text.place-name.off", has_text="Ben")
    corner = screen.locator("svg.corners rect.place-thin")
    assert is_in_sight(screen, name)
    inside, around = name.bounding_box(), corner.bounding_box()
    assert around["x"] < inside["x"] + inside["width"] < around["x"] + around["width"]
    assert around["y"] < inside["y"] + inside["height"] / 2 < around["y"] + around["height"]
    assert is_in_sight(screen, screen.locator("svg.corners text", has_text="busy but thin"))


def test_dario_is_ramping_and_not_judged(screen):
    dario = line(screen, "Dario")
    assert re.search("ramping.*not judged", dario.inner_text(), re.DOTALL)
    assert is_in_sight(screen, dario)


def test_whom_to_copy_is_said_with_the_pattern(screen):
    copied = screen.locator(".others li", has_text="worth copying").first
    assert re.search(r"\d+ of \d+|median of", copied.inner_text())
    assert is_in_sight(screen, copied)


def test_the_false_alarms_to_expect_are_said(screen):
    note = screen.locator("section[aria-labelledby=attention] .note").first
    assert re.search(r"\d+\.\d false alarms to expect", note.inner_text())
    assert is_in_sight(screen, note)


def test_everybody_of_north_has_one_line(screen):
    names = screen.locator(".first li[data-rep]").evaluate_all("all => all.map(one => one.dataset.rep)")
    assert sorted(names) == ["Ada", "Ben", "Cleo", "Dario", "Elif", "Finn", "Gaia", "Hugo"]

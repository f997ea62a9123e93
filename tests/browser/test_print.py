"""On paper: every page's figures within the sheet, in every language, and nothing to click."""

import pytest

from coaching.models import Commitment
from tests.browser.test_languages import choose
from tests.browser.test_walk import pages_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

# A4 less margins of 14 mm, upright and across, at 96 dots an inch.
UPRIGHT, ACROSS = 688, 1017
LEFTOVERS = """() => [...document.querySelectorAll('main button, main form:not(.kept) select, main summary, .bar, footer')]
  .filter(one => one.checkVisibility()).map(one => one.outerHTML.slice(0, 120))"""
TOO_WIDE = """() => [...document.querySelectorAll('main table, main svg, main h1, main p')]
  .filter(one => one.checkVisibility())
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
  .map(one => one.outerHTML.slice(0, 120) + ' ' + one.getBoundingClientRect().right)"""
# What is only a form has nothing to print beyond its head.
FORMS = ("/sessions/plan/", "/targets/", "/digests/")


@pytest.mark.parametrize("language", ["en", "it", "es"])
def test_every_page_prints_within_the_sheet(world, visitor, language):
    with visitor("maya", width=UPRIGHT) as page:
        page.goto("/")
        if language != "en":
            choose(page, language)
        for address in [*pages_of(world, "maya"), *made_in_sessions()]:
            page.emulate_media(media="screen")
            page.set_viewport_size({"width": UPRIGHT, "height": 900})
            page.goto(address)
            for chart in page.locator("[data-chart]").all():
                chart.locator(".main-svg").first.wait_for()
            page.emulate_media(media="print")
            is_across = page.locator(".across").count()
            page.set_viewport_size({"width": ACROSS if is_across else UPRIGHT, "height": 900})
            assert page.evaluate(LEFTOVERS) == [], address
            assert page.evaluate(TOO_WIDE) == [], address
            said = page.locator("main").inner_text()
            assert len(said) > (60 if address.startswith(FORMS) else 120), address


def made_in_sessions() -> list[str]:
    return [f"/commitments/{pk}/review/" for pk in Commitment.objects.values_list("pk", flat=True)]


def test_pages_with_a_wide_table_lie_across(world, visitor):
    with visitor("maya", width=UPRIGHT) as page:
        for address, lies in (("/", "across"), (f"/reps/{world.ada.pk}/", "auto")):
            page.goto(address)
            page.emulate_media(media="print")
            assert page.evaluate("getComputedStyle(document.body).page") == lies


def test_a_playbook_prints_what_it_says_without_its_buttons(world, visitor):
    with visitor("maya", width=UPRIGHT) as page:
        page.goto(f"/teams/{world.north.pk}/playbook/")
        page.emulate_media(media="print")
        assert page.get_by_text("Focus KPIs").first.is_visible()
        assert page.locator("main input[type=checkbox]").first.is_visible()

"""On paper: every page's figures within the sheet, and nothing to click."""

import pytest

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


def test_every_page_prints_within_the_sheet(world, visitor):
    with visitor("maya", width=UPRIGHT) as page:
        for address in pages_of(world, "maya"):
            page.set_viewport_size({"width": UPRIGHT, "height": 900})
            page.goto(address)
            for chart in page.locator("[data-chart]").all():
                chart.locator(".main-svg").first.wait_for()
            assert faults_on_paper(page) == [], address
            said = page.locator("main").inner_text()
            assert len(said) > (60 if address.startswith(FORMS) else 120), address
            page.emulate_media(media="screen")


def faults_on_paper(page) -> list[str]:
    """What could still be clicked, and what would be cut off, on a sheet as wide as this page takes."""
    page.emulate_media(media="print")
    is_across = page.locator(".across").count()
    page.set_viewport_size({"width": ACROSS if is_across else UPRIGHT, "height": 900})
    return [*page.evaluate(LEFTOVERS), *page.evaluate(TOO_WIDE)]


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

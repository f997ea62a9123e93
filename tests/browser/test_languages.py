"""The pages in Italian and Spanish, chosen at the foot: no wider than screen, phone and paper, longer words or not."""

import pytest

from tests.browser.test_print import UPRIGHT, faults_on_paper
from tests.browser.test_walk import pages_of, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

NAMES = {"it": "Italiano", "es": "Español"}


def choose(page, language: str) -> None:
    page.get_by_role("button", name=NAMES[language]).click()
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == language


@pytest.mark.parametrize("language", NAMES)
def test_every_page_in_every_language(world, visitor, language):
    with visitor("maya", width=UPRIGHT) as page:
        page.goto("/")
        choose(page, language)
        for address in pages_of(world, "maya"):
            page.set_viewport_size({"width": UPRIGHT, "height": 900})
            assert page.goto(address).status == 200, address
            assert page.locator("html").get_attribute("lang") == language
            for chart in page.locator("[data-chart]").all():
                chart.locator(".main-svg").first.wait_for()
            assert faults_on_paper(page) == [], address
            page.emulate_media(media="screen")
            for width in (1280, 390):
                page.set_viewport_size({"width": width, "height": 900})
                page.wait_for_function(
                    "() => document.documentElement.scrollWidth <= innerWidth", timeout=5000
                )
                assert page.evaluate(OVERLAPS) == [], address


def test_a_page_in_another_language_is_readable_by_everybody(world, visitor):
    with visitor("maya") as page:
        page.goto("/")
        choose(page, "it")
        for address in ("/", f"/reps/{world.ada.pk}/", f"/deals/{world.open_deal.pk}/", "/digests/"):
            page.goto(address)
            assert violations(page) == [], address


# Marks beside one another in a cell that is not wrapped: longer words must not run into the next one.
OVERLAPS = """() => [...document.querySelectorAll('.checks')].flatMap(list => {
  const marks = [...list.children].map(mark => [mark, mark.getBoundingClientRect()]);
  return marks.filter(([mark, box]) => mark.scrollWidth > Math.ceil(box.width) + 1).map(([mark]) => mark.textContent);
})"""


def test_the_language_stays_from_page_to_page_and_comes_back(world, visitor):
    with visitor("ada") as page:
        page.goto("/me/?period=last-90")
        choose(page, "it")
        assert page.url.endswith("/me/?period=last-90")
        page.goto("/deals/")
        assert page.get_by_role("heading", name="Trattative").first.is_visible()
        page.get_by_role("button", name="English").click()
        page.wait_for_load_state()
        assert page.get_by_role("heading", name="Deals").first.is_visible()


def test_the_sign_in_page_asks_in_the_language_of_the_browser(chromium, server):
    context = chromium.new_context(base_url=server.url, locale="es-ES")
    page = context.new_page()
    page.goto("/accounts/login/")
    assert page.locator("html").get_attribute("lang") == "es"
    page.get_by_role("button", name="Italiano").click()
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == "it"
    context.close()


def test_charts_name_days_and_numbers_in_the_language(world, visitor):
    with visitor("maya") as page:
        page.goto("/")
        choose(page, "it")
        page.goto(f"/reps/{world.ada.pk}/kpis/reply_rate/")
        chart = page.locator("[data-chart]").first
        tick = chart.locator(".xtick text").first
        tick.wait_for()
        months = ("gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic")
        assert tick.text_content().split()[1] in months
        assert page.locator(".modebar").count() == 0

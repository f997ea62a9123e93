"""The pages in Italian and Spanish: whole, readable by everybody, no wider than the screen; chosen at the foot."""

import pytest

from tests.browser.test_walk import pages_of, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

NAMES = {"it": "Italiano", "es": "Español"}


def choose(page, language: str) -> None:
    page.get_by_role("button", name=NAMES[language]).click()
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == language


@pytest.mark.parametrize(("language", "width"), [("it", 1280), ("es", 1280), ("it", 390), ("es", 390)])
def test_every_page_in_every_language(world, visitor, language, width):
    with visitor("maya", width=width) as page:
        page.goto("/")
        choose(page, language)
        for address in pages_of(world, "maya"):
            assert page.goto(address).status == 200, address
            assert page.locator("html").get_attribute("lang") == language
            if width == 390:
                assert violations(page) == [], address
            overhang = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert overhang <= 0, f"{address} is {overhang} px wider than the screen"
            assert page.evaluate(OVERLAPS) == [], address


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

"""Everyone walks through their pages: figures right, both themes, phone to wide, readable by everybody."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from coaching.figures import figure
from kpis.catalogue import CATALOGUE
from kpis.periods import Calendar
from kpis.readings import read
from kpis.subjects import Subject

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def pages_of(world, who: str) -> list[str]:
    """Addresses in reach of somebody; Ada's own among them for her manager."""
    ada, deal = world.ada.pk, world.open_deal
    shared = ["/deals/", "/deals/?state=won", f"/deals/{deal.pk}/", f"/accounts/{deal.account_id}/", "/kpis/"]
    rep = [
        f"/reps/{ada}/",
        f"/reps/{ada}/?period=last-90",
        f"/reps/{ada}/kpis/reply_rate/",
        f"/reps/{ada}/kpis/calls_made/",
        f"/reps/{ada}/tables/coverage/",
        f"/reps/{ada}/tables/funnel/",
        f"/reps/{ada}/known/",
        f"/reps/{ada}/looks/",
        f"/reps/{ada}/observations/",
    ]
    own = {
        "ada": ["/me/", "/accounts/password/change/", "/sessions/", "/contests/", "/notices/", "/digests/"],
        "maya": [
            "/",
            f"/teams/{world.north.pk}/kpis/calls_made/",
            f"/teams/{world.coast.pk}/",
            f"/targets/teams/{world.north.pk}/",
            f"/targets/reps/{ada}/calls_made/",
            f"/teams/{world.north.pk}/playbook/",
            "/sessions/",
            f"/sessions/plan/?rep={ada}",
            "/coaching/impact/",
            "/contests/",
            "/digests/",
            f"/teams/{world.north.pk}/rubric/",
            "/notices/",
            "/digests/",
        ],
        "ivo": [
            "/organisation/",
            "/organisation/kpis/won_value/",
            "/teams/",
            "/targets/",
            "/settings/",
            "/settings/executive_threshold/",
        ],
    }
    return own[who] + rep + shared


def violations(page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize(("theme", "width"), [("light", 1360), ("dark", 390)])
@pytest.mark.parametrize("who", ["maya", "ada", "ivo"])
def test_every_page_is_readable_by_everybody(world, visitor, who, theme, width):
    with visitor(who, theme=theme, width=width) as page:
        for address in pages_of(world, who):
            assert page.goto(address).status == 200, address
            for chart in page.locator("[data-chart]").all():
                chart.locator(".main-svg").first.wait_for()
            assert violations(page) == [], address
            overhang = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert overhang <= 0, f"{address} is {overhang} px wider than the screen"


def test_the_sign_in_page_is_readable_by_everybody(chromium, server):
    for theme in ("light", "dark"):
        context = chromium.new_context(base_url=server.url, color_scheme=theme)
        page = context.new_page()
        for address in ("/accounts/login/", "/accounts/password/reset/"):
            page.goto(address)
            assert violations(page) == []
        context.close()


def test_what_the_browser_shows_is_what_was_computed(world, visitor):
    period, subject = Calendar.current().parse("last-30"), Subject.rep(world.ada.pk)
    card = read([subject], [period])[subject, "last-30"]
    with visitor("ada") as page:
        page.goto("/me/")
        for key, kpi in CATALOGUE.items():
            shown = page.locator(f"[data-kpi={key}] .val").text_content()
            assert shown == figure(card[key].value, kpi.unit, "EUR"), key


def test_olga_finds_nothing_of_ada(world, visitor):
    with visitor("olga") as page:
        for address in (f"/reps/{world.ada.pk}/", f"/reps/{world.ada.pk}/kpis/calls_made/",
                        f"/deals/{world.open_deal.pk}/", f"/teams/{world.north.pk}/"):  # fmt: skip
            assert page.goto(address).status == 404
            assert "Ada" not in page.content()


def test_more_rows_come_in_place_until_all_are_there(world, visitor):
    with visitor("ada") as page:
        page.goto(f"/reps/{world.ada.pk}/kpis/calls_made/")
        assert page.locator("#evidence-rows tr").count() == 51
        page.get_by_role("link", name="More rows").click()
        page.locator("#evidence-rows tr:nth-child(60)").wait_for()
        assert page.locator("#evidence-rows tr").count() == 60


def test_pages_work_without_javascript(world, visitor):
    with visitor("maya", javascript=False) as page:
        page.goto("/")
        page.locator("details.menu summary").click()
        page.get_by_role("link", name="last 90 days").click()
        assert "period=last-90" in page.url
        page.get_by_role("link", name="Ada", exact=True).first.click()
        page.get_by_role("link", name="Calls made").first.click()
        page.get_by_role("link", name="More rows").click()
        assert page.locator("#evidence-rows tr").count() == 10


def test_a_menu_closes_on_escape_and_gives_the_focus_back(world, visitor):
    with visitor("maya") as page:
        page.goto("/")
        summary = page.locator("details.menu summary")
        summary.click()
        page.keyboard.press("Escape")
        assert not page.locator("details.menu").evaluate("menu => menu.open")
        assert summary.evaluate("summary => summary === document.activeElement")


def test_every_chart_has_its_figures_in_a_table(world, visitor):
    with visitor("maya") as page:
        for address in ("/", f"/reps/{world.ada.pk}/kpis/calls_made/"):
            page.goto(address)
            for chart in page.locator("[data-chart]").all():
                behind = chart.locator("xpath=following-sibling::details")
                behind.locator("summary").click()
                assert behind.locator("tbody tr").count() > 0


def test_charts_follow_the_theme_the_reader_changes_to(world, visitor):
    def ink(page) -> str:
        tick = page.locator("[data-chart] .xtick text").first
        tick.wait_for()
        return tick.evaluate("text => getComputedStyle(text).fill")

    with visitor("maya") as page:
        page.goto(f"/reps/{world.ada.pk}/kpis/calls_made/")
        light = ink(page)
        page.emulate_media(color_scheme="dark")
        page.wait_for_function(
            "light => getComputedStyle(document.querySelector('[data-chart] .xtick text')).fill !== light",
            arg=light,
        )
        assert re.fullmatch(r"rgb\(\d+, \d+, \d+\)", ink(page))

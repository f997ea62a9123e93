"""The rep sees what the manager sees: the same bytes, apart from where one came from and what one may do.

Left out of the comparison: the head (who it is and the way up), forms, links to act, and the comparison with the team,
which names people to whoever leads them and gives everybody else ranges.
"""

import re

import pytest

from tests.coaching.test_known_page import aged, url  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db

DIFFERS = (
    r'<div class="head">.*?</div>\s*(?=<)',
    r"<form.*?</form>",
    r'<small class="act">.*?</small>',
    r'<section aria-labelledby="beside">.*?</section>',
    r'<p class="note">[^<]* sees this page as you do\.</p>',
    r'<a class="pick[^>]*href="/sessions/plan/[^>]*>.*?</a>',
    r'csrf[^"]*"[^"]*"',
)


def body(world, who: str, address: str) -> str:
    response = world.signed_in(who).get(address)
    assert response.status_code == 200
    page = re.search(r"<main.*</main>", response.content.decode(), re.S)[0]
    for pattern in DIFFERS:
        page = re.sub(pattern, "", page, flags=re.S)
    return page


@pytest.mark.parametrize(
    "path",
    [
        "",
        "?period=last-90",
        "kpis/calls_made/",
        "kpis/reply_rate/",
        "kpis/won_value/",
        "looks/",
        "observations/",
    ],
)
def test_rep_and_manager_read_the_same_page(world, path):
    address = f"/reps/{world.ada.pk}/{path}"
    seen = body(world, "maya", address)  # the look it leaves behind is the last of both
    assert len(seen) > 200
    world.signed_in("maya").get(f"/reps/{world.ada.pk}/")
    assert body(world, "ada", address) == body(world, "maya", address)


def test_rep_and_manager_read_the_same_past(aged):  # noqa: F811
    address = url(aged, 2, kpi="calls_made")
    assert body(aged, "ada", address) == body(aged, "maya", address)

"""Pages say how fresh they are and follow a recompute."""

import re

import pytest

from kpis.recompute import drain

pytestmark = pytest.mark.django_db


def line_of(page: str) -> str:
    return re.search(r'<span id="freshness".*?</span>', page, re.DOTALL)[0]


def poll_of(page: str) -> str:
    return re.search(r'hx-get="(/freshness/[^"]+)"', page)[1].replace("&amp;", "&")


def scorecard(world) -> str:
    return world.signed_in("ada").get("/me/").content.decode()


def test_a_fresh_page_says_as_of_when_and_asks_again_now_and_then(world):
    line = line_of(scorecard(world))
    assert re.search(r"Figures as of \d\d:\d\d", line)
    assert "recomputing" not in line
    assert "every 15s" in line


def test_a_written_record_makes_the_page_say_recomputing_and_ask_every_second(world):
    world.call(world.ada, world.ago(1))
    line = line_of(scorecard(world))
    assert "recomputing" in line
    assert "every 1s" in line


def test_nothing_new_is_answered_with_nothing(world):
    assert world.signed_in("ada").get(poll_of(scorecard(world))).status_code == 204


def test_the_fragment_calls_for_the_new_figures_once_they_are_there_and_not_before(world):
    client = world.signed_in("ada")
    world.call(world.ada, world.ago(1))
    poll = poll_of(scorecard(world))
    waiting = client.get(poll)
    assert "recomputing" in waiting.content.decode()
    assert "HX-Trigger" not in waiting.headers
    drain()
    ready = client.get(poll_of(waiting.content.decode()))
    assert ready.headers["HX-Trigger"] == "figures-changed"


def test_a_page_left_open_hears_of_figures_that_changed_since(world):
    client, poll = world.signed_in("ada"), poll_of(scorecard(world))
    world.call(world.ada, world.ago(1))
    drain()
    assert client.get(poll).headers["HX-Trigger"] == "figures-changed"


def test_a_recompute_that_changes_nothing_calls_for_nothing(world):
    client = world.signed_in("ada")
    world.ada.save()
    poll = poll_of(scorecard(world))
    drain()
    answer = client.get(poll)
    assert "HX-Trigger" not in answer.headers
    assert "recomputing" not in answer.content.decode()

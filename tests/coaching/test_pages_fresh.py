"""Pages say how fresh they are and follow a recompute."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from kpis.models import Target
from kpis.recompute import drain
from pipeline.models import Rep, Team, Unsettled

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


def test_a_written_record_makes_the_page_say_recomputing_and_ask_again_at_once(world):
    world.call(world.ada, world.ago(1))
    line = line_of(scorecard(world))
    assert "recomputing" in line
    assert "load delay:400ms" in line


def test_a_page_does_not_hurry_a_worker_that_is_away(world):
    world.call(world.ada, world.ago(1))
    Unsettled.objects.update(marked_at=timezone.now() - timedelta(minutes=5))
    page = scorecard(world)
    assert "load delay:3s" in line_of(page)
    at = timezone.localtime(timezone.now() - timedelta(minutes=5), world.zone())
    assert f"Figures as of {at:%H:%M}" in page


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


@pytest.mark.parametrize("who", ["maya", "ivo"])
def test_every_page_of_figures_and_its_fragment_agree_on_what_was_seen(world, who):
    """Also with a former rep and a machine in the team, and for a manager of two teams."""
    Team.objects.filter(pk=world.south.pk).update(manager=world.maya)
    Rep.objects.filter(pk=world.cleo.pk).update(is_machine=True)
    Rep.objects.filter(pk=world.ben.pk).update(ended_on="2024-05-01")
    drain()
    client = world.signed_in(who)
    pages = [
        "/teams/",
        f"/teams/{world.north.pk}/",
        f"/reps/{world.ada.pk}/",
        f"/teams/{world.north.pk}/kpis/calls_made/",
    ]
    for url in pages + ["/organisation/", "/organisation/kpis/calls_made/"] * (who == "ivo"):
        assert client.get(poll_of(client.get(url).content.decode())).status_code == 204, url


def test_a_recompute_that_changes_nothing_calls_for_nothing(world):
    client = world.signed_in("ada")
    world.ada.save()
    poll = poll_of(scorecard(world))
    drain()
    answer = client.get(poll)
    assert "HX-Trigger" not in answer.headers
    assert "recomputing" not in answer.content.decode()


def test_a_back_dated_close_of_somebody_else_is_heard_where_it_weighs_forecasts(world):
    """Olga's deal lost five weeks ago is among the twelve months behind what Ada's open deals are worth today.

    Of the year before last it says nothing: that page stays as it is.
    """
    world.deal(world.olga, ("qualified", world.ago(300)), ("lost", world.ago(290)))
    drain()
    client, years = world.signed_in("ada"), ["last-30", str(world.today().year - 2)]
    polls = [poll_of(client.get(f"/me/?period={year}").content.decode()) for year in years]
    world.deal(world.olga, ("qualified", world.ago(60)), ("lost", world.ago(35)))
    drain()
    assert [client.get(poll).headers.get("HX-Trigger") for poll in polls] == ["figures-changed", None]


def test_a_new_target_is_heard_by_whom_it_is_for(world):
    ada, olga = world.signed_in("ada"), world.signed_in("olga")
    polls = [(client, poll_of(client.get("/me/").content.decode())) for client in (ada, olga)]
    Target.objects.create(kpi="calls_made", period="month", from_on="2021-01-01", value=40, rep=world.ada)
    assert [client.get(poll).headers.get("HX-Trigger") for client, poll in polls] == ["figures-changed", None]

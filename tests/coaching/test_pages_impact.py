"""Which coaching helps: skill by skill, of one's own teams, as observed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from coaching.models import Commitment, Session

pytestmark = pytest.mark.django_db
PAGE = "/coaching/impact/"


def reviewed(world, rep, kpi: str, kind: str, effect: float | None = None, error: float = 0.02) -> Commitment:
    found = {"kind": kind}
    if effect is not None:
        found |= {"effect": effect, "error": error, "low": effect - 2 * error, "high": effect + 2 * error}
    today = world.today()
    session = Session.objects.create(rep=rep, manager=world.maya, at=timezone.now(), skill=kpi)
    return Commitment.objects.create(
        session=session, rep=rep, text=f"{rep.name} tries <b>this</b>", kpi=kpi, expected="0.1", verdict=kind,
        baseline_from=today - timedelta(days=60), baseline_to=today - timedelta(days=30), review_on=today,
        reviewed_at=timezone.now(), figures={"verdict": found},
    )  # fmt: skip


def text(world, who: str) -> str:
    return world.signed_in(who).get(PAGE).content.decode()


def test_a_skill_shows_its_verdicts_and_their_common_effect(world):
    """+10 and +20 points, equally well known: +15 together."""
    reviewed(world, world.ada, "reply_rate", "worked", 0.10)
    reviewed(world, world.ben, "reply_rate", "worked", 0.20)
    reviewed(world, world.cleo, "reply_rate", "too_early")
    page = world.signed_in("maya").get(PAGE)
    [skill] = page.context["skills"]
    assert [count for _state, _word, count in skill.counts] == [2, 0, 0, 1]
    assert skill.together.mean == pytest.approx(0.15)
    assert "+15 points" in page.content.decode()
    assert page.content.decode().count('<g class="forest-good">') == 2


def test_a_kpi_where_less_is_better_is_drawn_the_other_way_round(world):
    reviewed(world, world.ada, "sales_cycle_days", "worked", -10, 1)
    reviewed(world, world.ben, "sales_cycle_days", "worked", -12, 1)
    [skill] = world.signed_in("maya").get(PAGE).context["skills"]
    assert skill.lines[0][2].startswith("\N{MINUS SIGN}")
    middle = float(str(skill.picture).split('<circle cx="')[1].split('"')[0])
    assert middle > 160  # right of nought, the picture being 320 wide


def test_one_commitment_is_not_put_together(world):
    reviewed(world, world.ada, "reply_rate", "no_evidence", 0.01)
    [skill] = world.signed_in("maya").get(PAGE).context["skills"]
    assert skill.together is None
    assert "two judged commitments" in skill.says


def test_other_teams_coaching_does_not_count_for_a_manager(world):
    reviewed(world, world.olga, "reply_rate", "worked", 0.10)
    assert "Nothing to put together yet" in text(world, "maya")
    assert "Olga" not in text(world, "maya")


def test_an_admin_sees_the_figures_but_not_whose_they_are(world):
    reviewed(world, world.ada, "reply_rate", "worked", 0.10)
    page = text(world, "ivo")
    assert "Reply rate" in page
    assert "Ada tries" not in page
    assert "a commitment you do not read" in page
    assert "Ada tries &lt;b&gt;this" in text(world, "maya")


def test_what_nobody_looked_at_again_does_not_count(world):
    made = reviewed(world, world.ada, "reply_rate", "worked", 0.10)
    Commitment.objects.filter(pk=made.pk).update(reviewed_at=None)
    assert "Nothing to put together yet" in text(world, "maya")


def test_queries_do_not_grow_with_the_commitments(world, django_assert_max_num_queries):
    for number in range(12):
        reviewed(world, world.ada, "reply_rate", "no_evidence", number / 100)
    client = world.signed_in("maya")
    with django_assert_max_num_queries(14):
        client.get(PAGE)


def test_a_reps_kpi_page_says_what_it_would_take(world):
    of_ada = world.signed_in("ada").get(f"/reps/{world.ada.pk}/kpis/reply_rate/")
    of_north = world.signed_in("maya").get(f"/teams/{world.north.pk}/kpis/reply_rate/")
    assert "What would it take" in of_ada.content.decode()
    assert "What would it take" not in of_north.content.decode()

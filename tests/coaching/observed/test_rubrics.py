"""The rubric of a team: the default to begin with, a changed one is new, and only those who lead the team change it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from coaching.models import Rubric
from coaching.observed.observations import keep
from coaching.observed.rubrics import (
    MOST,
    Wanted,
    by_default,
    criteria_of,
    replace,
    rubric_in_use,
    settled,
    wanted_of,
)
from kpis.catalogue import CATALOGUE

pytestmark = pytest.mark.django_db


def url(team) -> str:
    return reverse("rubric", args=[team.pk])


def sent(**changes) -> dict:
    """One criterion, saved on what a team without a rubric shows."""
    blank = {f"{name}_{n}": "" for name in ("text", "guide", "skill") for n in range(MOST)}
    return blank | {"name": "First calls", "seen": "", "text_0": "Agenda set"} | changes


def talk(world):
    return world.call(world.ada, world.ago(2), outcome="reached")


def test_a_team_without_a_rubric_goes_by_the_default_and_looking_at_it_makes_none(world):
    page = world.signed_in("maya").get(url(world.north)).content.decode()
    assert "Next step agreed" in page
    assert "Price defended" in page
    assert not Rubric.objects.exists()


def test_the_default_names_only_kpis_there_are_and_says_what_good_looks_like():
    assert len(by_default()) == 4
    assert {one.skill for one in by_default() if one.skill} <= CATALOGUE.keys()
    assert all(one.guide for one in by_default())


def test_the_first_score_makes_the_default_the_teams_own(world):
    keep(talk(world), world.ada, None, {2: 3}, "")
    made = rubric_in_use(world.north)
    assert wanted_of(made) == by_default()
    assert settled(world.north) == made


def test_a_changed_rubric_is_a_new_one_and_scores_stay_under_the_old(world):
    old = replace(world.north, "Calls", [Wanted("Agenda set"), Wanted("Price defended")])
    given = keep(talk(world), world.ada, old, {1: 3}, "")
    response = world.signed_in("maya").post(url(world.north), sent(seen=old.pk, text_1="Silence kept"))
    assert response.status_code == 302
    now = rubric_in_use(world.north)
    assert [one.text for one in criteria_of(now)] == ["Agenda set", "Silence kept"]
    given.refresh_from_db()
    assert given.rubric == old
    assert [score.criterion.text for score in given.scores.all()] == ["Price defended"]
    assert [one.text for one in criteria_of(old)] == ["Agenda set", "Price defended"]


def test_saving_what_stands_already_makes_no_new_rubric(world):
    old = replace(world.north, "Calls", [Wanted("Agenda set", "Both know why.")])
    form = sent(seen=old.pk, name="Calls", guide_0="Both know why.")
    assert world.signed_in("maya").post(url(world.north), form).status_code == 302
    assert rubric_in_use(world.north) == old


def test_whoever_saved_meanwhile_is_not_overwritten_unawares(world):
    replace(world.north, "Calls", [Wanted("Agenda set")])
    client = world.signed_in("maya")
    refused = client.post(url(world.north), sent(text_0="Mine"))
    assert refused.status_code == 409
    assert [one.text for one in criteria_of(rubric_in_use(world.north))] == ["Agenda set"]
    again = sent(text_0="Mine", seen=refused.context["form"]["seen"].value())
    assert client.post(url(world.north), again).status_code == 302
    assert [one.text for one in criteria_of(rubric_in_use(world.north))] == ["Mine"]


@pytest.mark.parametrize(
    "changes",
    [
        {"text_0": ""},
        {"text_3": "agenda SET"},
        {"skill_0": "galaxy_rate"},
        {"name": ""},
        {"text_0": "x" * 201},
    ],
)
def test_a_rubric_without_sense_is_refused(world, changes):
    assert world.signed_in("maya").post(url(world.north), sent(**changes)).status_code == 422
    assert not Rubric.objects.exists()


def test_fields_nobody_listed_change_nothing(world):
    more = {"team": world.south.pk, "is_active": "", "created_at": timezone.now(), "text_6": "a seventh"}
    world.signed_in("maya").post(url(world.north), sent(**more))
    made = Rubric.objects.get()
    assert (made.team, made.is_active, made.criteria.count()) == (world.north, True, 1)


@pytest.mark.parametrize("who", ["ada", "olga"])
def test_a_rep_and_a_stranger_find_no_rubric_page(world, who):
    client = world.signed_in(who)
    assert client.get(url(world.north)).status_code == 404
    assert client.post(url(world.north), sent()).status_code == 404
    assert not Rubric.objects.exists()

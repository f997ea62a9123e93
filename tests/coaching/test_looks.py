"""Whoever looks at a rep's figures is seen by the rep; what was refused is no look."""

import pytest

from coaching.models import Look

pytestmark = pytest.mark.django_db


def kept(rep) -> list[tuple[str, str, int]]:
    """(viewer, page, times) of a rep's looks, by page."""
    rows = Look.objects.filter(rep=rep).order_by("page", "viewer__name")
    return list(rows.values_list("viewer__name", "page", "times"))


def test_a_manager_who_opens_a_scorecard_is_kept_once_a_day_and_page(world):
    maya = world.signed_in("maya")
    for _ in range(3):
        maya.get(f"/reps/{world.ada.pk}/")
    maya.get(f"/reps/{world.ada.pk}/kpis/calls_made/")
    maya.get(f"/reps/{world.ada.pk}/known/")
    assert kept(world.ada) == [
        ("Maya", "evidence:calls_made", 1),
        ("Maya", "known", 1),
        ("Maya", "scorecard", 3),
    ]


def test_ones_own_looks_are_not_kept(world):
    ada = world.signed_in("ada")
    for path in ("/me/", f"/reps/{world.ada.pk}/", f"/reps/{world.ada.pk}/kpis/calls_made/"):
        assert ada.get(path).status_code == 200
    assert kept(world.ada) == []


def test_what_was_not_shown_is_no_look(world):
    assert world.signed_in("olga").get(f"/reps/{world.ada.pk}/").status_code == 404
    assert world.signed_in("maya").get(f"/reps/{world.ada.pk}/kpis/nonsense/").status_code == 404
    assert kept(world.ada) == []


def test_a_page_that_refreshes_itself_is_the_same_look(world):
    maya = world.signed_in("maya")
    maya.get(f"/reps/{world.ada.pk}/")
    maya.get(f"/reps/{world.ada.pk}/", headers={"HX-Request": "true"})
    assert kept(world.ada) == [("Maya", "scorecard", 1)]


def test_reading_one_rep_through_the_api_is_a_look(world):
    ivo = world.signed_in("ivo")
    ivo.get(f"/api/reps/{world.ada.pk}/")
    ivo.get("/api/snapshots/", {"subject": f"rep:{world.ada.pk}", "period": "last-30", "kpi": "calls_made"})
    ivo.get("/api/snapshots/", {"subject": "all-reps", "period": "last-30", "kpi": "calls_made"})
    assert kept(world.ada) == [("Ivo", "api", 2)]


def test_a_look_costs_one_write_and_the_day_it_falls_on(world, django_assert_num_queries):
    from django.test import RequestFactory

    from coaching.fairness.looks import _keep

    request = RequestFactory().get("/")
    request.user = world.maya.account_user
    with django_assert_num_queries(3):  # who looks, which day it is there, the look
        _keep(request, world.ada.pk, "scorecard")


def test_rep_manager_and_admin_see_who_looked_and_nobody_else(world):
    world.signed_in("ivo").get(f"/reps/{world.ada.pk}/kpis/calls_made/")
    for who in ("ada", "maya", "ivo"):
        page = world.signed_in(who).get(f"/reps/{world.ada.pk}/looks/").content.decode()
        assert "Ivo" in page and "Calls made" in page
    for who in ("ben", "olga"):
        assert world.signed_in(who).get(f"/reps/{world.ada.pk}/looks/").status_code == 404


def test_before_anybody_looked_the_page_says_what_will_stand_there(world):
    assert (
        "Nobody else has looked yet"
        in world.signed_in("cleo").get(f"/reps/{world.cleo.pk}/looks/").content.decode()
    )


def test_the_list_costs_the_same_however_long_it_is(world, django_assert_max_num_queries):
    maya = world.signed_in("maya")
    for key in ("calls_made", "emails_sent", "win_rate", "reply_rate", "won_value"):
        maya.get(f"/reps/{world.ada.pk}/kpis/{key}/")
    ada = world.signed_in("ada")
    with django_assert_max_num_queries(9):
        assert ada.get(f"/reps/{world.ada.pk}/looks/").content.decode().count("Maya") == 5

"""Targets set on the pages: by whom, from when, why, and what they then say. Ada, Ben and Cleo are asked for 30 calls."""

from datetime import timedelta

import pytest

from kpis.models import Target

pytestmark = pytest.mark.django_db


def sent(world, **changes) -> dict:
    """What the form would send for a new target from today on."""
    form = {
        "value": "40",
        "stretch": "",
        "period": "month",
        "from_on": world.today(),
        "reason": "new quarter",
    }
    return form | changes


def of_ada(world, key: str = "calls_made") -> str:
    return f"/targets/reps/{world.ada.pk}/{key}/"


def test_a_manager_with_teams_below_is_offered_each_and_sees_what_is_asked(world):
    client = world.signed_in("maya")
    teams = client.get("/targets/").content.decode()
    assert "North" in teams
    assert "Coast" in teams
    assert "South" not in teams
    page = client.get(f"/targets/teams/{world.north.pk}/").content.decode()
    assert "30 a month" in page
    assert "since 1 Jan 2020" in page
    assert "as the team" in page


def test_a_target_from_today_on_leaves_the_past_alone(world):
    response = world.signed_in("maya").post(of_ada(world), sent(world, stretch="55"))
    assert response.status_code == 302
    rows = list(
        Target.objects.filter(rep=world.ada, kpi="calls_made").values_list("from_on", "value", "stretch")
    )
    assert [str(row[0]) for row in rows] == ["2020-01-01", str(world.today())]
    assert [(float(row[1]), row[2] and float(row[2])) for row in rows] == [(30, None), (40, 55)]


def test_a_target_yet_to_come_is_shown_beside_the_one_in_force(world):
    coming = world.today() + timedelta(days=40)
    world.signed_in("maya").post(of_ada(world), sent(world, from_on=coming))
    page = world.signed_in("maya").get(f"/targets/teams/{world.north.pk}/").content.decode()
    assert "40 a month from" in page
    assert "30 a month" in page


def test_who_changed_it_when_and_why_is_shown(world):
    client = world.signed_in("maya")
    client.post(of_ada(world), sent(world, reason="the region grew"))
    page = client.get(of_ada(world)).content.decode()
    assert "Set: 40 a month, from" in page
    assert "Maya: the region grew" in page


def test_a_share_is_typed_in_percent_and_kept_as_a_fraction(world):
    client, url = world.signed_in("maya"), of_ada(world, "win_rate")
    assert "Target (%)" in client.get(url).content.decode()
    client.post(url, sent(world, value="35"))
    target = Target.objects.get(rep=world.ada, kpi="win_rate")
    assert float(target.value) == 0.35
    assert 'value="35"' in client.get(f"/targets/{target.pk}/").content.decode()


@pytest.mark.parametrize(
    ("key", "wrong", "said"),
    [
        ("win_rate", {"value": "135"}, "A share cannot be more than 100 %."),
        ("calls_made", {"value": "-1"}, "This cannot be below nought."),
        ("calls_made", {"value": "many"}, "Enter a number."),
        ("calls_made", {"stretch": "20"}, "A stretch asks for more than the target, not for less."),
        ("calls_made", {"from_on": "2020-01-01"}, "A target holds from that day already"),
        ("calls_made", {"from_on": "someday"}, "Enter a valid date."),
        ("calls_made", {"period": "decade"}, "is not one of the available choices"),
        ("calls_made", {"reason": ""}, "This field is required."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_kept(world, key, wrong, said):
    before = Target.objects.count()
    response = world.signed_in("maya").post(of_ada(world, key), sent(world, **wrong))
    assert response.status_code == 422
    assert said in response.content.decode()
    assert Target.objects.count() == before


def test_a_stretch_of_a_kpi_where_less_is_better_lies_below_the_target(world):
    client, url = world.signed_in("maya"), of_ada(world, "sales_cycle_days")
    assert client.post(url, sent(world, value="40", stretch="50")).status_code == 422
    assert client.post(url, sent(world, value="40", stretch="30")).status_code == 302


def test_a_correction_holds_from_the_targets_own_day(world):
    target = Target.objects.get(rep=world.ada, kpi="calls_made")
    client, url = world.signed_in("maya"), f"/targets/{target.pk}/"
    seen = client.get(url).context["form"]["seen_version"].value()
    sent_form = sent(world, value="33", from_on="2020-01-01", reason="a typo", seen_version=seen)
    assert client.post(url, sent_form).status_code == 302
    assert float(Target.objects.get(rep=world.ada, kpi="calls_made").value) == 33
    assert target.history.first().history_change_reason == "a typo"


def test_the_second_of_two_who_correct_a_target_is_told(world):
    target = Target.objects.get(rep=world.ada, kpi="calls_made")
    first = sent(world, value="33", from_on="2020-01-01", seen_version=target.history.first().pk)
    url = f"/targets/{target.pk}/"
    assert world.signed_in("maya").post(url, first).status_code == 302
    assert world.signed_in("ivo").post(url, first | {"value": "50"}).status_code == 409
    assert float(Target.objects.get(pk=target.pk).value) == 33


def test_a_target_is_removed_with_a_reason_and_its_past_stays(world):
    target = Target.objects.get(rep=world.ada, kpi="calls_made")
    client, url = world.signed_in("maya"), f"/targets/{target.pk}/remove/"
    assert client.post(url, {"remove-reason": ""}).status_code == 422
    assert client.post(url, {"remove-reason": "no longer asked"}).status_code == 302
    assert not Target.objects.filter(pk=target.pk).exists()
    page = client.get(of_ada(world)).content.decode()
    assert "Removed: 30 a month, from 1 Jan 2020" in page
    assert "no longer asked" in page


def test_the_teams_target_stands_beside_the_sum_of_the_reps(world):
    """30 + 30 + 30 calls a month for Ada, Ben and Cleo; 100 for North."""
    client = world.signed_in("maya")
    client.post(f"/targets/teams/{world.north.pk}/calls_made/", sent(world, value="100"))
    rows = {row.kpi.key: row for row in client.get(f"/targets/teams/{world.north.pk}/").context["page"].rows}
    assert (rows["calls_made"].total, rows["calls_made"].differs) == ("90 a month", True)
    assert (rows["meetings_held"].total, rows["meetings_held"].differs) == ("15 a month", False)
    assert rows["win_rate"].total == ""


def test_a_kpi_and_whom_it_is_asked_of_are_picked_without_a_script(world):
    client, url = world.signed_in("maya"), f"/targets/teams/{world.north.pk}/"
    assert client.get(url, {"kpi": "deals_won", "whom": "team"}).url == f"{url}deals_won/"
    assert client.get(url, {"kpi": "deals_won", "whom": world.ada.pk}).url == of_ada(world, "deals_won")
    assert client.get(url, {"kpi": "deals_won", "whom": world.olga.pk}).status_code == 200


def test_nobody_sets_targets_for_those_they_do_not_lead(world):
    target = Target.objects.get(rep=world.ada, kpi="calls_made")
    for who in ("ada", "olga"):
        client = world.signed_in(who)
        assert client.post(of_ada(world), sent(world)).status_code == 404
        assert client.post(f"/targets/{target.pk}/", sent(world)).status_code == 404
        assert client.post(f"/targets/{target.pk}/remove/", {"remove-reason": "x"}).status_code == 404
    maya = world.signed_in("maya")
    assert maya.post(f"/targets/reps/{world.olga.pk}/calls_made/", sent(world)).status_code == 404
    assert maya.post(f"/targets/teams/{world.south.pk}/calls_made/", sent(world)).status_code == 404
    assert maya.post(f"/targets/reps/{world.ada.pk}/nonsense/", sent(world)).status_code == 404
    assert Target.objects.filter(kpi="calls_made").count() == 3


def test_an_admin_sets_targets_for_everybody(world):
    client = world.signed_in("ivo")
    assert client.post(f"/targets/reps/{world.olga.pk}/calls_made/", sent(world)).status_code == 302
    assert "40 a month" in client.get(f"/targets/teams/{world.south.pk}/").content.decode()


def test_more_than_was_asked_is_shown_as_more(world):
    """Ada made 60 calls in the last 30 days; 30 a month are asked for."""
    page = world.signed_in("ada").get("/me/").content.decode()
    assert "of it reached" in page

"""Observed talks: who scores which by what rubric, and who sees which scores when."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from coaching.models import Notice, Observation
from coaching.observed.observations import Settled, keep, marks
from coaching.observed.rubrics import Wanted, replace
from pipeline.models import Activity, Rep

pytestmark = pytest.mark.django_db

SECRET = "what-Maya-heard"


def url(talk) -> str:
    return reverse("observe", args=[talk.pk])


def given(rubric, **scores) -> dict:
    return {"rubric": rubric.pk, "note": ""} | scores


def test_neither_sees_the_others_scores_before_giving_their_own(world, rubric, talk):
    maya, ben = world.signed_in("maya"), world.signed_in("ben")
    scores = given(rubric, score_0="1", score_1="4") | {"note": SECRET}
    assert maya.post(url(talk), scores).status_code == 302
    for address in (url(talk), f"/reps/{world.ben.pk}/observations/", f"/reps/{world.ben.pk}/", "/sessions/"):
        page = ben.get(address, follow=True).content.decode()
        assert SECRET not in page
        assert "1 not there</td>" not in page
    form = ben.get(url(talk)).context["form"]
    assert {field.value() for field in form.score_fields} == {""}
    ben.post(url(talk), given(rubric, score_0="3"))
    for client in (ben, maya):
        page = client.get(url(talk)).content.decode()
        assert SECRET in page
        assert "<td>1 not there</td><td>3 there</td>" in page
        assert "did not come up" in page


def test_one_may_change_ones_own_until_both_have_scored(world, rubric, talk):
    maya = world.signed_in("maya")
    maya.post(url(talk), given(rubric, score_0="1", score_1="2"))
    assert maya.post(url(talk), given(rubric, score_0="2")).status_code == 302
    scores = Observation.objects.get(observer=world.maya).scores
    assert list(scores.values_list("value", flat=True)) == [2]
    keep(talk, world.ben, rubric, {0: 3}, "")
    assert maya.post(url(talk), given(rubric, score_0="4")).status_code == 409
    assert list(scores.values_list("value", flat=True)) == [2]


def test_the_second_goes_by_the_rubric_of_the_first(world, rubric, talk):
    keep(talk, world.maya, rubric, {0: 2}, "")
    replace(world.north, "Other", [Wanted("Silence kept")])
    page = world.signed_in("ben").get(url(talk)).content.decode()
    assert "Agenda set" in page
    assert "Silence kept" not in page
    assert world.signed_in("ben").post(url(talk), given(rubric, score_0="2")).status_code == 302
    assert set(Observation.objects.values_list("rubric", flat=True)) == {rubric.pk}


def test_scores_by_a_rubric_that_is_no_longer_in_use_are_shown_again(world, rubric, talk):
    replace(world.north, "Other", [Wanted("Silence kept")])
    response = world.signed_in("ben").post(url(talk), given(rubric, score_0="2"))
    assert response.status_code == 422
    assert "The rubric was changed meanwhile" in response.content.decode()
    assert not Observation.objects.exists()


def test_one_manager_observes_a_talk(world, rubric, talk):
    above = Rep.objects.create(name="Greta", role="manager", account_user=User.objects.create_user("greta"))
    world.north.parent = type(world.north).objects.create(name="All", manager=above)
    world.north.save()
    keep(talk, world.maya, rubric, {0: 2}, SECRET)
    greta = world.signed_in("greta")
    assert SECRET not in greta.get(url(talk)).content.decode()
    assert greta.post(url(talk), given(rubric, score_0="4")).status_code == 409
    with pytest.raises(Settled):
        keep(talk, above, rubric, {0: 4}, "")


@pytest.mark.parametrize("who", ["ada", "olga"])
def test_talks_of_others_do_not_exist(world, talks, rubric, who):
    client = world.signed_in(who)
    for address in (url(talks[0]), f"/reps/{world.ben.pk}/observations/"):
        assert client.get(address).status_code == 404
    assert client.post(url(talks[0]), given(rubric, score_0="4")).status_code == 404


def test_an_admin_reads_and_scores_nothing(world, rubric, talk):
    ivo = world.signed_in("ivo")
    page = ivo.get(url(talk))
    assert page.status_code == 200
    assert b"<fieldset" not in page.content
    assert ivo.post(url(talk), given(rubric, score_0="4")).status_code == 404
    assert not Observation.objects.exists()


def test_fields_nobody_listed_change_nothing(world, rubric, talk):
    more = {"observer": world.ada.pk, "rep": world.ada.pk, "activity": 1, "score_9": "4", "score_1": "4"}
    world.signed_in("ben").post(url(talk), given(rubric) | more)
    made = Observation.objects.get()
    assert (made.observer, made.rep, made.activity) == (world.ben, world.ben, talk)
    assert made.scores.count() == 1


@pytest.mark.parametrize("scores", [{}, {"score_0": "5"}, {"score_0": "0"}, {"score_0": "many"}])
def test_what_is_no_score_is_refused(world, rubric, talk, scores):
    assert world.signed_in("ben").post(url(talk), given(rubric, **scores)).status_code == 422
    assert not Observation.objects.exists()


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        (Activity.Kind.EMAIL, {"direction": "out"}),
        (Activity.Kind.CALL, {"outcome": "no_answer"}),
        (Activity.Kind.MEETING, {"status": "planned"}),
        (Activity.Kind.MEETING, {"status": "held", "is_internal": True}),
    ],
)
def test_where_nobody_was_spoken_to_there_is_nothing_to_score(world, rubric, kind, more):
    made = world.activity(kind, world.ben, world.ago(2), world.carla, **more)
    assert world.signed_in("ben").get(url(made)).status_code == 404
    assert marks([made], User.objects.get(username="ben")) == {}


def test_a_deals_timeline_leads_to_the_scores_of_those_one_may_score(world, rubric):
    talk = world.call(world.ben, world.ago(2), outcome="reached", deal=world.bens_deal)
    former = world.call(world.olga, world.ago(4), outcome="reached", deal=world.bens_deal)
    page = world.signed_in("ben").get(f"/deals/{world.bens_deal.pk}/").content.decode()
    assert url(talk) in page
    assert url(former) not in page
    keep(talk, world.ben, rubric, {0: 2}, "")
    said = {name: marks([talk], User.objects.get(username=name)) for name in ("ben", "maya", "ivo")}
    assert said == {"ben": {talk.pk: "your scores"}, "maya": {talk.pk: "score it"}, "ivo": {}}


def test_the_other_side_is_asked_once_and_told_when_both_are_open(world, talk, rubric):
    """Maya scores first, and changes hers; then Ben."""
    keep(talk, world.maya, rubric, {0: 2}, SECRET)
    keep(talk, world.maya, rubric, {0: 3}, SECRET)
    keep(talk, world.ben, rubric, {0: 3}, "")
    told = list(Notice.objects.order_by("pk").values_list("rep__name", "kind", "path"))
    assert told == [("Ben", "talk_scored_by", url(talk)), ("Maya", "talk_open", url(talk))]
    assert (
        "Maya has scored a call or meeting of yours"
        in world.signed_in("ben").get("/notices/").content.decode()
    )
    assert SECRET not in str(list(Notice.objects.values_list("facts", flat=True)))


def test_a_rep_who_scores_first_asks_whoever_leads_them(world, talk, rubric):
    keep(talk, world.ben, rubric, {0: 2}, "")
    assert list(Notice.objects.values_list("rep__name", "kind")) == [("Maya", "talk_scored")]
    maya = world.signed_in("maya")
    assert "Ben has scored a call or meeting." in maya.get("/notices/").content.decode()
    Rep.objects.filter(pk=world.ben.pk).update(team=world.south)
    assert "Ben" not in maya.get("/notices/").content.decode()

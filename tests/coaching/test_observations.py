"""Observed talks: who scores what and sees which scores when, how alike two score, and how it changes.

Four talks of Ben's, scored by Ben (own) and Maya (lead); n: did not come up.

    talk        days ago   agenda own/lead   questions own/lead   next step own/lead
    first         20            3 / 2             3 / 1                n / n
    second        15            3 / 3             4 / 2                2 / 1
    third         10            2 / 2             3 / 3                3 / n
    fourth         5            1 / 4             n / n                n / n     only Maya's, on another talk

Both scored three. Pairs: agenda 3, questions 3, next step 1 = 7. Gaps own - lead: 1 0 0, 2 2 0, 1: sum 6, mean 6/7.
Alike: 3. Within one: 5 of 7. Agenda: gaps 1 0 0, all within one, own 8/3, lead 7/3. Questions: lead 6/3, own 10/3.
"""

import json
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from coaching.asked import DEFAULT, Asked
from coaching.models import Notice, Observation, Rubric, Session
from coaching.observed.agreement import BLIND, Quarter, Seen, agreement, by_criterion, change, seen_of
from coaching.observed.demo import STORY
from coaching.observed.observations import Settled, keep, marks, sides_of
from coaching.observed.quarter_lines import drawn
from coaching.observed.rubrics import Wanted, replace
from coaching.observed.words import observed
from kpis.catalogue import CATALOGUE
from kpis.periods import Calendar
from pipeline.models import Activity, Rep
from tests.kpis.world import ROME

pytestmark = pytest.mark.django_db

WANTED = [
    Wanted("Agenda set"),
    Wanted("Questions asked", skill="manoeuvre_known"),
    Wanted("Next step agreed"),
]
OWN = [{0: 3, 1: 3}, {0: 3, 1: 4, 2: 2}, {0: 2, 1: 3, 2: 3}]
LEAD = [{0: 2, 1: 1}, {0: 3, 1: 2, 2: 1}, {0: 2, 1: 3}]
SECRET = "what-Maya-heard"


@pytest.fixture
def rubric(world) -> Rubric:
    return replace(world.north, "Calls", WANTED)


@pytest.fixture
def talks(world, rubric) -> list[Activity]:
    """The table above; the last one is scored by Maya alone."""
    made = [
        world.call(world.ben, world.ago(days), world.carla, outcome="reached") for days in (20, 15, 10, 5)
    ]
    for talk, own, lead in zip(made, OWN, LEAD, strict=False):
        keep(talk, world.ben, rubric, own, "")
        keep(talk, world.maya, rubric, lead, "")
    keep(made[3], world.maya, rubric, {0: 4}, SECRET)
    return made


@pytest.fixture
def talk(world, rubric) -> Activity:
    return world.meeting(world.ben, world.ago(3), world.carla, subject="Cold store")


def lately() -> Asked:
    calendar = Calendar(ROME)
    return Asked(calendar, calendar.parse(DEFAULT))


def url(talk) -> str:
    return reverse("observe", args=[talk.pk])


def given(rubric, **scores) -> dict:
    return {"rubric": rubric.pk, "note": ""} | scores


def test_agreement_counts_what_both_scored(world, talks):
    found = agreement(seen_of(world.ben, ROME))
    assert (found.activities, found.pairs, found.alike, found.within_one) == (3, 7, 3, 5)
    assert found.difference == pytest.approx(6 / 7)
    assert found.share == pytest.approx(5 / 7)


def test_agreement_of_one_criterion(world, talks):
    rows = by_criterion(seen_of(world.ben, ROME))
    agenda, questions = agreement(rows["Agenda set"]), agreement(rows["Questions asked"])
    assert (agenda.own, agenda.lead) == (pytest.approx(8 / 3), pytest.approx(7 / 3))
    assert (agenda.within_one, questions.within_one) == (3, 1)
    assert questions.difference == pytest.approx(4 / 3)


def test_two_who_score_blindly_are_within_one_ten_times_in_sixteen():
    assert BLIND == (10, 16)


def test_nothing_scored_is_no_agreement(world):
    found = agreement(seen_of(world.ben, ROME))
    assert (found.activities, found.share, found.difference, found.is_enough) == (0, None, None, False)


def test_what_one_side_alone_scored_counts_nowhere(world, talks):
    assert {one.activity for one in seen_of(world.ben, ROME)} == {talk.pk for talk in talks[:3]}
    keep(talks[3], world.ben, Rubric.objects.get(), {0: 1}, "")
    assert agreement(seen_of(world.ben, ROME)).within_one == 5
    assert agreement(seen_of(world.ben, ROME)).pairs == 8


def test_a_quarter_with_fewer_than_three_scores_has_no_mean():
    """Agenda: 2, 3, 2 by the manager in the third quarter (mean 7/3), 4, 4 in the fourth (none)."""
    days = [(date(2026, 7, 1), 2), (date(2026, 8, 5), 3), (date(2026, 9, 30), 2), (date(2026, 10, 1), 4)]
    days.append((date(2026, 11, 2), 4))
    seen = [Seen(n, on, "Agenda set", "", own=None, lead=value) for n, (on, value) in enumerate(days)]
    third, fourth = (Calendar(ROME).quarter(day) for day in (date(2026, 7, 1), date(2026, 10, 1)))
    before, after = change(seen, [third, fourth])
    assert before == Quarter(third, pytest.approx(7 / 3), 3, None, 0)
    assert after == Quarter(fourth, None, 2, None, 0)


def test_a_criterion_that_keeps_its_words_keeps_its_line_through_a_new_rubric(world, talks):
    new = replace(world.north, "Calls", [Wanted("Silence kept"), Wanted("Agenda set")])
    fresh = world.call(world.ben, world.ago(1), outcome="reached")
    keep(fresh, world.ben, new, {1: 3}, "")
    keep(fresh, world.maya, new, {1: 3}, "")
    assert len(by_criterion(seen_of(world.ben, ROME))["Agenda set"]) == 4


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


def test_a_skill_is_told_by_the_manager_over_those_both_scored(world, talks):
    """Questions asked: 1, 2, 3 by Maya, mean 2.0; 3, 4, 3 by Ben, mean 3.3."""
    (said,) = observed(world.ben, "manoeuvre_known", lately())
    assert said == (
        "“Questions asked” 2.0 of 4 over 3 calls and meetings in the manager's eyes, 3.3 in the eyes of Ben."
    )
    page = world.signed_in("ben").get(f"/reps/{world.ben.pk}/kpis/manoeuvre_known/").content.decode()
    assert "2.0 of 4 over 3 calls and meetings" in page
    assert observed(world.ben, "calls_made", lately()) == []


def test_the_sheet_of_a_session_tells_what_was_observed_of_its_skill(world, talks):
    planned = {"rep": world.ben, "manager": world.maya, "at": timezone.now() + timedelta(days=1)}
    about, other = (
        Session.objects.create(skill=skill, **planned) for skill in ("manoeuvre_known", "calls_made")
    )
    for who in ("ben", "maya"):
        client = world.signed_in(who)
        assert "“Questions asked” 2.0 of 4" in client.get(f"/sessions/{about.pk}/").content.decode()
        assert "Observed:" not in client.get(f"/sessions/{other.pk}/").content.decode()


def test_two_talks_make_no_mean(world, talks):
    Observation.objects.filter(activity=talks[0]).delete()
    (said,) = observed(world.ben, "manoeuvre_known", lately())
    assert said == "“Questions asked”: 2 calls and meetings scored so far, a mean from 3 on."


def test_rep_and_manager_read_the_same_list(world, talks):
    said = [world.signed_in(who).get(f"/reps/{world.ben.pk}/observations/") for who in ("ben", "maya")]
    pages = [response.content.decode().partition("<main")[2].partition("<footer")[0] for response in said]
    assert pages[0] == pages[1]
    assert "Maya has scored, Ben not yet" in pages[0]
    assert "On average Ben scores 0.9 points higher than the manager." in pages[0]


def test_the_list_takes_as_many_queries_for_many_talks(world, talks, django_assert_max_num_queries):
    rubric, client = Rubric.objects.get(), world.signed_in("maya")
    for n in range(10):
        fresh = world.call(world.ben, world.ago(2, f"{9 + n % 8:02}:{n + 20}"), outcome="reached")
        keep(fresh, world.ben, rubric, {0: 3}, "")
        keep(fresh, world.maya, rubric, {0: 3}, "")
    with django_assert_max_num_queries(25):
        assert client.get(f"/reps/{world.ben.pk}/observations/").status_code == 200


def test_an_activity_put_to_somebody_else_leaves_its_scores_behind(world, talks):
    Activity.objects.filter(pk=talks[0].pk).update(rep=world.ada)
    assert not sides_of([Activity.objects.get(pk=talks[0].pk)])[talks[0].pk].is_open
    assert agreement(seen_of(world.ben, ROME)).activities == 2
    assert seen_of(world.ada, ROME) == []


def test_the_picture_leaves_a_gap_where_there_is_no_mean_and_escapes_its_words():
    picture = drawn([2.0, None, 3.0, 4.0], [None] * 4, '<b>"')
    assert picture.count("quarter-dot-lead") == 3
    assert picture.count('class="quarter-lead"') == 1
    assert "<b>" not in picture


def test_the_demos_story_names_kpis_there_are():
    told = json.loads(STORY.read_text(encoding="utf-8"))
    assert {one["skill"] for one in told["rubric"] if one["skill"]} <= CATALOGUE.keys()


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

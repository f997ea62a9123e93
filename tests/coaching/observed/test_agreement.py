"""What observed talks teach: how alike two score, how it changes, and what is said of a skill; the talks in conftest."""

import json
from datetime import date, timedelta

import pytest
from django.utils import timezone

from coaching.asked import DEFAULT, Asked
from coaching.models import Observation, Rubric, Session
from coaching.observed.agreement import BLIND, Quarter, Seen, agreement, by_criterion, change, seen_of
from coaching.observed.demo import STORY
from coaching.observed.observations import keep, sides_of
from coaching.observed.quarter_lines import drawn
from coaching.observed.rubrics import Wanted, replace
from coaching.observed.words import observed
from kpis.catalogue import CATALOGUE
from kpis.periods import Calendar
from pipeline.models import Activity
from tests.kpis.world import ROME

pytestmark = pytest.mark.django_db


def lately() -> Asked:
    calendar = Calendar(ROME)
    return Asked(calendar, calendar.parse(DEFAULT))


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


def test_an_activity_put_to_somebody_else_leaves_its_scores_behind(world, talks):
    Activity.objects.filter(pk=talks[0].pk).update(rep=world.ada)
    assert not sides_of([Activity.objects.get(pk=talks[0].pk)])[talks[0].pk].is_open
    assert agreement(seen_of(world.ben, ROME)).activities == 2
    assert seen_of(world.ada, ROME) == []


def test_a_skill_is_told_by_the_manager_over_those_both_scored(world, talks):
    """Questions asked: 1, 2, 3 by Maya, mean 2.0; 3, 4, 3 by Ben, mean 3.3."""
    (said,) = observed(world.ben, "manoeuvre_known", lately())
    assert said == (
        "“Questions asked” 2.0 of 4 over 3 calls and meetings in the manager's eyes, 3.3 in the eyes of Ben."
    )
    page = world.signed_in("ben").get(f"/reps/{world.ben.pk}/kpis/manoeuvre_known/").content.decode()
    assert "2.0 of 4 over 3 calls and meetings" in page
    assert observed(world.ben, "calls_made", lately()) == []


def test_two_talks_make_no_mean(world, talks):
    Observation.objects.filter(activity=talks[0]).delete()
    (said,) = observed(world.ben, "manoeuvre_known", lately())
    assert said == "“Questions asked”: 2 calls and meetings scored so far, a mean from 3 on."


def test_the_sheet_of_a_session_tells_what_was_observed_of_its_skill(world, talks):
    planned = {"rep": world.ben, "manager": world.maya, "at": timezone.now() + timedelta(days=1)}
    about, other = (
        Session.objects.create(skill=skill, **planned) for skill in ("manoeuvre_known", "calls_made")
    )
    for who in ("ben", "maya"):
        client = world.signed_in(who)
        assert "“Questions asked” 2.0 of 4" in client.get(f"/sessions/{about.pk}/").content.decode()
        assert "Observed:" not in client.get(f"/sessions/{other.pk}/").content.decode()


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


def test_the_picture_leaves_a_gap_where_there_is_no_mean_and_escapes_its_words():
    picture = drawn([2.0, None, 3.0, 4.0], [None] * 4, '<b>"')
    assert picture.count("quarter-dot-lead") == 3
    assert picture.count('class="quarter-lead"') == 1
    assert "<b>" not in picture


def test_the_demos_story_names_kpis_there_are():
    told = json.loads(STORY.read_text(encoding="utf-8"))
    assert {one["skill"] for one in told["rubric"] if one["skill"]} <= CATALOGUE.keys()

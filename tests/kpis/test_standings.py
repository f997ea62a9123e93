"""Where figures stand, as the API and `show_kpi` say it: target, standing, flag and why."""

from datetime import date

import pytest

from kpis.models import Target, Threshold
from kpis.payload import names_of
from kpis.periods import Calendar
from kpis.readings import read
from kpis.standings import standing_rows
from kpis.subjects import Subject
from pipeline.models import Rep
from tests.kpis.crowd import TODAY, Crowd

pytestmark = pytest.mark.django_db


def stands(crowd: Crowd, *pairs, period: str = "2026-05") -> list[dict]:
    asked = Calendar.current().parse(period)
    subjects = list(dict.fromkeys(subject for subject, _key in pairs))
    return standing_rows(pairs, asked, TODAY, read(subjects, [asked]), names_of(subjects))


def target(rep, kpi: str, value: float, **more) -> None:
    Target.objects.create(kpi=kpi, period="month", from_on="2026-01-01", value=value, rep=rep, **more)


def test_a_rep_s_figure_stands_against_its_target_and_beside_others(crowd):
    """Ben reached 1 of 40 in May, the five others 20 of 40 each: 101 of 240 in all."""
    target(crowd.world.ben, "reach_rate", 0.4, stretch=0.5)
    (row,) = stands(crowd, (Subject.rep(crowd.world.ben.pk), "reach_rate"))
    assert (row["target"], row["due"], row["stretch"], row["standing"]) == (0.4, 0.4, 0.5, "off_track")
    assert (row["flag"], row["direction"]) == ("alarm", "worse")
    assert row["mean"] == pytest.approx(101 / 240)
    assert 1 / 40 < row["estimate"] < row["mean"]
    assert row["why"].startswith("1 of 40, where reps of the same job are at 42")


def test_of_a_running_sum_only_the_days_that_passed_are_due(crowd):
    """On 15 June 15 of 30 days have passed: of sixty calls thirty are due, and none was made."""
    target(crowd.world.ada, "calls_made", 60)
    (row,) = stands(crowd, (Subject.rep(crowd.world.ada.pk), "calls_made"), period="2026-06")
    assert (row["value"], row["target"], row["due"], row["standing"]) == (0, 60, 30, "off_track")


def test_without_a_target_there_is_no_standing_and_the_flag_stays(crowd):
    (row,) = stands(crowd, (Subject.rep(crowd.world.ben.pk), "reach_rate"))
    assert (row["target"], row["standing"], row["flag"]) == (None, None, "alarm")


def test_a_team_has_a_standing_and_nobody_beside_it(crowd):
    """All of North, its subteam among it, dialled 240 times."""
    Target.objects.create(
        kpi="calls_made", period="month", from_on="2026-01-01", value=200, team=crowd.world.north
    )
    (row,) = stands(crowd, (Subject.team(crowd.world.north.pk), "calls_made"))
    assert (row["value"], row["standing"]) == (240, "on_track")
    assert row["flag"] is row["mean"] is row["why"] is None


def test_a_team_s_own_border_of_near_holds(crowd):
    """Forty of fifty is four fifths: near by default, too little where nine tenths are asked for."""
    target(crowd.world.ada, "calls_made", 50)
    ada = (Subject.rep(crowd.world.ada.pk), "calls_made")
    assert stands(crowd, ada)[0]["standing"] == "watch"
    Threshold.objects.create(team=crowd.world.north, key="near_target", value=90)
    assert stands(crowd, ada)[0]["standing"] == "off_track"


def test_who_ramps_is_held_against_nobody_and_says_so(crowd):
    target(crowd.world.ben, "reach_rate", 0.4)
    Rep.objects.filter(pk=crowd.world.ben.pk).update(ramped_on=date(2026, 9, 1))
    (row,) = stands(crowd, (Subject.rep(crowd.world.ben.pk), "reach_rate"))
    assert (row["target"], row["standing"], row["flag"]) == (0.4, None, None)
    assert row["why"].startswith("Not compared: still ramping, until 1 Sep 2026")


def test_a_figure_s_judgement_does_not_depend_on_what_else_is_asked(crowd):
    pairs = [
        (Subject.rep(rep.pk), key) for rep in crowd.reps for key in ("reach_rate", "calls_made", "texts_sent")
    ]
    together = stands(crowd, *pairs)
    assert together == [stands(crowd, pair)[0] for pair in pairs]

"""Reps beside others of the same job, from their snapshots."""

from datetime import date

import pytest

from kpis.periods import Calendar
from kpis.recompute import drain
from pipeline.models import Absence, Rep
from tests.kpis.crowd import Crowd


def test_one_of_forty_where_the_others_reach_half_is_an_alarm_and_says_why(crowd):
    found = crowd.judged("reach_rate", "calls_made").of(crowd.world.ben.pk, "reach_rate")
    assert (found.is_flag, found.level, found.direction) == (True, "alarm", "worse")
    assert found.size > 3
    assert found.why.startswith("1 of 40, where reps of the same job are at 42")
    assert "comes by chance about once in" in found.why
    assert found.mean == pytest.approx(101 / 240)
    assert 1 / 40 < found.estimate < found.mean


def test_what_is_no_flag_says_so_too(crowd):
    found = crowd.judged("reach_rate", "calls_made").of(crowd.world.ada.pk, "calls_made")
    assert (found.is_flag, found.level, found.direction) == (False, "", "")
    assert found.why == "40 in 21 days at work is within chance: reps of the same job are at 40."
    assert found.mean == pytest.approx(40)


def test_the_view_says_what_was_judged_and_how_many_false_alarms_to_expect(crowd):
    judgements = crowd.judged("reach_rate", "calls_made")
    assert [(rep, key) for rep, key, _one in judgements.flags] == [(crowd.world.ben.pk, "reach_rate")]
    assert judgements.expected_false_alarms == pytest.approx(0.1)
    assert judgements.summary == "6 reps × 2 KPIs judged, 1 flag, 0.1 false alarms to expect"


def test_a_rep_who_was_away_is_held_against_the_days_at_work(crowd):
    """Ada away 18 to 22 May: 16 of 21 days; the mean of all, 240 calls in 121 days, gives 31.7 in 16."""
    Absence.objects.create(rep=crowd.world.ada, from_on="2026-05-18", to_on="2026-05-22")
    found = crowd.judged("calls_made").of(crowd.world.ada.pk, "calls_made")
    assert found.mean == pytest.approx(240 / 121 * 16)
    assert found.why.startswith("40 in 16 days at work")


def test_ramping_and_absent_reps_stand_apart_with_the_reason(crowd):
    Rep.objects.filter(pk=crowd.world.ben.pk).update(ramped_on=date(2026, 9, 1))
    crowd.world.ben.refresh_from_db()
    judgements = crowd.judged("reach_rate")
    assert judgements.apart[crowd.world.ben.pk].startswith("still ramping, until 1 Sep 2026")
    found = judgements.of(crowd.world.ben.pk, "reach_rate")
    assert not found.is_flag
    assert found.why.startswith("Not compared: still ramping")


def test_too_few_rows_are_not_judged(crowd):
    """The interest of a talk is noted nowhere; the reply rate has no mails at all."""
    judgements = crowd.judged("interest_rate", "reply_rate")
    for key in ("interest_rate", "reply_rate"):
        found = judgements.of(crowd.world.ada.pk, key)
        assert not found.is_judged
        assert found.why.startswith("Not judged: ")
    assert judgements.summary.startswith("0 reps × 0 KPIs judged, 0 flags")


def test_a_cohort_most_of_which_still_matures_is_silent(world):
    """Of twelve people mailed on 10 June none has had the fourteen days by the 15th."""
    crowd = Crowd(world)
    for rep in crowd.reps:
        for n in range(12):
            world.mail(rep, f"2026-06-10T10:{n:02}", world.contact(f"{rep.name} {n}"))
    drain()
    crowd.period = Calendar.current().parse("2026-06")
    found = crowd.judged("reply_rate").of(world.ada.pk, "reply_rate")
    assert not found.is_judged
    assert found.why == "Too early: 12 of 12 are still inside their window."


def test_other_jobs_are_not_compared_with(crowd):
    Rep.objects.filter(pk__in=[crowd.reps[4].pk, crowd.reps[5].pk]).update(job="Inside sales")
    for rep in crowd.reps:
        rep.refresh_from_db()
    found = crowd.judged("reach_rate").of(crowd.world.ben.pk, "reach_rate")
    assert found.why == "Only 4 reps of the same job have figures to compare, and it takes 5."


def test_a_forecast_is_held_against_its_target_only(crowd):
    found = crowd.judged("forecast_value").of(crowd.world.ada.pk, "forecast_value")
    assert found.why == "Held against its target, not against others."


def test_a_rep_nobody_handed_in_is_not_judged(crowd):
    assert not crowd.judged("reach_rate").of(crowd.world.olga.pk, "reach_rate").is_judged


def test_who_was_never_computed_is_not_judged(world):
    crowd = Crowd(world)
    assert crowd.judged("calls_made").of(world.ada.pk, "calls_made").why == "Not computed yet."


def test_the_funnel_holds_what_was_judged_and_its_limits(crowd):
    funnel = crowd.judged("reach_rate", "calls_made").funnel(crowd.world.ben.pk, "reach_rate")
    assert (crowd.world.ben.pk, 40, 1 / 40) in funnel.points
    (low, _high) = funnel.limits_at(40).alert
    assert 1 / 40 < low < funnel.mean == pytest.approx(101 / 240)
    assert crowd.judged("reach_rate").funnel(crowd.world.olga.pk, "reach_rate") is None

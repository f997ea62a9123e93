"""Verdicts on commitments: windows and rule fixed in advance, colleagues compared with, too early, kept as said."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from coaching.impact.groups import Windows, controls_of
from coaching.impact.verdicts import Verdict, keep, plan, verdict
from coaching.models import Commitment, Session
from kpis.catalogue import CATALOGUE
from kpis.recompute import drain
from pipeline.models import Absence, Rep
from tests.kpis.world import World

pytestmark = pytest.mark.django_db

# Four weeks each: 20 April to 17 May, 18 May to 14 June; the review on Monday, 15 June.
NOW = "2026-06-15T10:00:00Z"
FIRST, MIDDLE, LAST = date(2026, 4, 20), date(2026, 5, 18), date(2026, 6, 15)
BEFORE, AFTER = "2026-04-21", "2026-05-19"


@pytest.fixture
def world(db):
    with time_machine.travel(NOW, tick=False):
        yield World()


def calls(world: World, rep: Rep, before: int, after: int) -> None:
    for day, count in ((BEFORE, before), (AFTER, after)):
        for n in range(count):
            world.call(rep, f"{day}T{8 + n // 20:02}:{n % 20 * 3:02}", world.carla, outcome="no_answer")


def agreed(world: World, kpi: str = "calls_made", expected: float = 10, rep: Rep | None = None) -> Commitment:
    """A commitment of Ada's, with its rule fixed on the day it was made."""
    with time_machine.travel("2026-05-17T10:00:00Z", tick=False):
        rep = rep or world.ada
        session = Session.objects.create(rep=rep, manager=world.maya, at=timezone.now(), skill=kpi)
        made = Commitment(
            session=session, rep=rep, text="More of it", kpi=kpi, expected=expected,
            baseline_from=FIRST, baseline_to=MIDDLE, review_on=LAST,
        )  # fmt: skip
        plan(made)
        made.save()
    return made


def said(made: Commitment, today: date = LAST) -> Verdict:
    """The verdict once the workers have caught up."""
    drain()
    return verdict(made, today)


@pytest.fixture
def four_others(world) -> World:
    """Ben, Cleo, Dario and Olga dial ten times in either window."""
    for rep in (world.ben, world.cleo, world.dario, world.olga):
        calls(world, rep, 10, 10)
    return world


def test_what_rose_while_the_others_stayed_worked(four_others):
    """
    | who         | 20 Apr – 17 May | 18 May – 14 Jun | per 20 working days |
    | Ada         |      5 |     40 | +35 |
    | four others |     10 |     10 |   0 |
    Every window has twenty working days. Ada's 5 is drawn towards the role's 9, so that less than 35 is left.
    """
    calls(four_others, four_others.ada, 5, 40)
    found = said(agreed(four_others), LAST)
    assert found.kind == "worked"
    assert 29 < found.effect < 35
    assert found.low > 0
    assert [(g.people, g.before, g.after, g.change) for g in found.groups] == [
        (1, "5", "40", "+35"),
        (4, "–", "–", "+0"),
    ]
    assert "4 colleagues in the same job" in found.sentence


def test_what_everybody_did_is_no_effect_of_coaching(world):
    for rep in (world.ada, world.ben, world.cleo, world.dario, world.olga):
        calls(world, rep, 10, 30)
    found = said(agreed(world), LAST)
    assert found.kind == "no_evidence"
    assert abs(found.effect) < 0.5
    assert "in 1 of 10 such cases" in found.sentence or "in 2 of 10" in found.sentence


def test_what_fell_while_the_others_stayed_got_worse(four_others):
    for rep in (four_others.ben, four_others.cleo, four_others.dario, four_others.olga):
        calls(four_others, rep, 40, 40)
    calls(four_others, four_others.ada, 50, 0)
    assert said(agreed(four_others), LAST).kind == "worse"


def test_before_the_review_day_it_is_too_early(four_others):
    calls(four_others, four_others.ada, 5, 40)
    made = agreed(four_others)
    with time_machine.travel("2026-06-14T10:00:00Z", tick=False):
        found = said(made, LAST - timedelta(days=1))
    assert found.kind == "too_early"
    assert "complete on 15 Jun 2026" in found.sentence
    assert "40 dials" in found.sentence


def test_three_are_needed_to_compare_with(four_others):
    """Olga has a commitment on the same KPI, Dario was away for most of the review window: two are left."""
    calls(four_others, four_others.ada, 5, 40)
    agreed(four_others, rep=four_others.olga)
    Absence.objects.create(rep=four_others.dario, from_on=MIDDLE, to_on=LAST)
    found = said(agreed(four_others), LAST)
    assert (found.kind, found.effect) == ("too_early", None)
    assert "2 colleagues" in found.sentence
    assert "it takes 3" in found.sentence


def test_who_is_compared_with_does_the_same_job_is_ramped_and_was_not_coached_on_it(world):
    Rep.objects.filter(pk=world.ben.pk).update(job="Inside sales")
    Rep.objects.filter(pk=world.cleo.pk).update(ramped_on=FIRST + timedelta(days=1))
    Rep.objects.filter(pk=world.dario.pk).update(ended_on=LAST - timedelta(days=3))
    made = agreed(world)
    windows = Windows.of(made, CATALOGUE["calls_made"])
    assert controls_of(world.ada, "calls_made", windows, LAST) == [world.olga]
    agreed(world, kpi="emails_sent", rep=world.olga)
    assert controls_of(world.ada, "calls_made", windows, LAST) == [world.olga]
    agreed(world, rep=world.olga)
    assert controls_of(world.ada, "calls_made", windows, LAST) == []


def test_nothing_measured_before_leaves_nothing_to_start_from(world):
    found = said(agreed(world, kpi="executive_meetings", expected=0.2), LAST)
    assert found.kind == "no_evidence"
    assert "nothing to start from" in found.sentence


def test_too_few_rows_say_how_many_more_it_takes(world):
    """Five meetings with known seniority are needed; the baseline has them, the review window two."""
    boss = world.contact("Bruno", seniority="director")
    for n in range(5):
        world.meeting(world.ada, f"2026-04-2{n + 1}T10:00", (boss, "attendee", "yes"))
    for n in range(2):
        world.meeting(world.ada, f"2026-05-2{n}T10:00", (boss, "attendee", "yes"))
    found = said(agreed(world, kpi="executive_meetings", expected=0.2), LAST)
    assert (found.kind, found.needs) == ("too_early", 3)
    assert "about 3 more are needed" in found.sentence
    assert "2 of 2 meetings" in found.sentence


def test_a_cohorts_window_ends_early_enough_to_be_ripe_on_the_review_day(world):
    made = agreed(world, kpi="reply_rate", expected=0.1)
    facts = made.figures["plan"]
    assert facts["review"] == ["2026-05-18", "2026-06-01"]  # fourteen days for answers
    assert facts["readable_on"] == "2026-06-15"


def test_a_cohort_that_ripens_slowly_is_read_later(world):
    made = agreed(world, kpi="qualified_conversion", expected=0.1)
    assert made.figures["plan"]["review"] == ["2026-05-18", "2026-06-15"]
    assert made.figures["plan"]["readable_on"] == "2026-09-13"  # ninety days on


def test_the_rule_stays_as_it_was_fixed(four_others):
    calls(four_others, four_others.ada, 5, 40)
    made = agreed(four_others)
    made.review_on = LAST + timedelta(days=60)
    assert said(made, LAST).kind == "worked"
    assert made.figures["plan"]["false_worked"] == 0.025


def test_a_verdict_once_given_stays_as_it_was_said(four_others):
    calls(four_others, four_others.ada, 5, 40)
    made = agreed(four_others)
    drain()
    kept = keep(made, LAST)
    made.reviewed_at = timezone.now()
    made.save()
    calls(four_others, four_others.ben, 0, 90)
    made.refresh_from_db()
    assert made.verdict == "worked"
    assert said(made, LAST).effect == kept.effect
    made.reviewed_at = None
    assert said(made, LAST).effect != kept.effect


def test_without_a_kpi_nothing_is_judged(world):
    made = Commitment(rep=world.ada, text="Listen more", review_on=LAST)
    assert plan(made) == {}
    found = said(made, LAST)
    assert (found.kind, found.groups) == ("", ())
    assert keep(made, LAST).kind == made.verdict == ""

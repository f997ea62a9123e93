"""How effort, quality and results go together is said in words, from standings and flags of whole categories."""

import pytest

from coaching.diagnosis import Grade, Kind, diagnose, grade
from coaching.scorecard import Line
from kpis.catalogue import CATALOGUE
from kpis.catalogue.kpi import Category
from kpis.judging.flags import Judgement
from kpis.readings import Reading
from kpis.targets import Due

KEYS = {
    Category.ACTIVITY: ["calls_made", "emails_sent", "meetings_held", "meetings_booked"],
    Category.RESULT: ["deals_won", "prospects_open"],
    Category.QUALITY: ["reply_rate", "executive_meetings", "manoeuvre_known", "nda_signed"],
}
# Of a target of 10 (or 100 %): reached, within a fifth of it, missed, and no row at all.
VALUES = {"good": 10, "watch": 9, "off": 3, "none": None}


def line(key: str, state: str, has_target: bool = True) -> Line:
    kpi = CATALOGUE[key]
    scale = 0.1 if kpi.unit == "percent" else 1
    value = VALUES[state]
    reading = Reading(
        None if value is None else value * scale,
        numerator=value,
        denominator=10,
        evidence_count=50,
        numbers={"n": value, "d": 10},
        kpi=kpi,
    )
    due = Due(10 * scale, 10 * scale, None, 1, True) if has_target else None
    return Line(kpi, reading, due, (), f"/rows/{key}/", "EUR")


def lines(has_target: bool = True, **states: str) -> dict[Category, list[Line]]:
    """`lines(activity="good good", quality="off")`: one KPI after the other."""
    given = {category: states.get(category.value, "").split() for category in Category}
    return {
        category: [line(key, state, has_target) for key, state in zip(KEYS[category], found, strict=False)]
        for category, found in given.items()
    }


def flag(direction: str, size: float) -> Judgement:
    return Judgement("3 of 10.", True, "alert", direction, 0.5, 0.4, 0.01, size)


CASES = [
    # effort, quality, results -> what that is
    ("good good", "off off", "off", Kind.BUSY_BUT_THIN),
    ("good good", "off off", "good", Kind.BUSY_BUT_THIN),
    ("off off", "off off", "off", Kind.EFFORT_LOW),
    ("off off", "off off", "good", Kind.RESULTS_WITHOUT_HABITS),
    ("off off", "good watch", "off", Kind.EFFORT_LOW),
    ("off off", "good watch", "good", Kind.STEADY),
    ("good good", "good watch", "off", Kind.RESULTS_TO_COME),
    ("good good", "good watch", "good", Kind.STEADY),
    ("good good", "good good", "good", Kind.WORTH_COPYING),
    ("off off", "good good", "good", Kind.WORTH_COPYING),
    ("good good", "good good", "off", Kind.RESULTS_TO_COME),
    # one on track and one off: what the results make of it
    ("good good", "good off", "off", Kind.BUSY_BUT_THIN),
    ("good good", "good off", "good", Kind.STEADY),
    # too few to say
    ("none", "none", "good", Kind.NOT_JUDGED),
    ("good", "none", "good", Kind.NOT_JUDGED),
    ("off", "none", "off", Kind.EFFORT_LOW),
    ("off", "none", "good", Kind.RESULTS_WITHOUT_HABITS),
    ("none", "good good", "off", Kind.RESULTS_TO_COME),
    ("good", "good good", "none", Kind.STEADY),
]


@pytest.mark.parametrize(("effort", "quality", "results", "kind"), CASES)
def test_the_three_categories_make_the_kind(effort, quality, results, kind):
    assert diagnose(lines(activity=effort, quality=quality, result=results), {}).kind == kind


@pytest.mark.parametrize(
    ("states", "found"),
    [
        ("good good off", Grade.FINE),  # 2 of 3
        ("good watch off off", Grade.OFF),  # 1.5 of 4
        ("good off", Grade.MIXED),  # 1 of 2
        ("watch watch", Grade.NEAR),  # 1 of 2, none of it off
        ("none none", Grade.UNKNOWN),
    ],
)
def test_watch_counts_half(states, found):
    assert grade(lines(quality=states)[Category.QUALITY], {}) == found


def test_an_even_half_is_off_where_others_do_clearly_better():
    half = lines(quality="good off")[Category.QUALITY]
    assert grade(half, {"executive_meetings": flag("worse", 2.4)}) == Grade.OFF
    assert grade(half, {"executive_meetings": flag("better", -2.4)}) == Grade.MIXED


def test_the_sentence_counts_each_category_and_names_the_worst_of_the_one_to_begin_with():
    ben = diagnose(lines(activity="good good good", quality="watch off off off", result="off"), {})
    assert ben.label == "busy but thin"
    assert ben.sentence == (
        "Effort is fine (3 of 3 on track), quality is off (0 of 4 on track, 1 watched), "
        "results are behind (0 of 1 on track): Meetings with executives 30 % (3 of 10 meetings with known "
        "seniority, target 100 %), Room for manoeuvre known 30 % (3 of 10 prospects, target 100 %)."
    ).replace(" %", "\N{NARROW NO-BREAK SPACE}%")
    assert ben.counts == "effort 3 of 3, quality 0 of 4 on track"


def test_of_what_is_off_the_widest_gap_to_others_is_named_first():
    judged = {"nda_signed": flag("worse", 3.1), "reply_rate": flag("worse", 2.2)}
    ben = diagnose(lines(activity="good", quality="off off off off", result="off"), judged)
    named = ben.sentence.partition("): ")[2]
    assert named.index("NDA signed") < named.index("Reply rate")
    assert "Meetings with executives" not in named


def test_without_targets_the_comparison_with_others_decides():
    judged = {
        "calls_made": flag("better", -3.0),
        "reply_rate": flag("worse", 3.0),
        "executive_meetings": flag("worse", 2.5),
        "manoeuvre_known": Judgement("3 of 10 is within chance.", p=0.4, size=0.3),
    }
    untargeted = lines(False, activity="good", quality="off off off")
    assert diagnose(untargeted, judged).kind == Kind.BUSY_BUT_THIN
    assert diagnose(untargeted, {}).kind == Kind.NOT_JUDGED


def test_who_is_set_apart_is_not_judged_and_told_why():
    dario = diagnose(
        lines(activity="off off", quality="off off", result="off"), {}, "still ramping, until 12 Jan"
    )
    assert (dario.kind, dario.sentence) == (Kind.NOT_JUDGED, "Still ramping, until 12 Jan.")
    assert not dario.is_judged


def test_worth_copying_needs_results_and_quality_that_stands_out():
    judged = {"reply_rate": flag("better", -2.8)}
    assert diagnose(lines(activity="good", quality="good watch", result="good"), judged).kind == (
        Kind.WORTH_COPYING
    )
    assert diagnose(lines(activity="good", quality="good watch", result="none"), judged).kind == Kind.STEADY


def test_the_pattern_to_copy_is_the_line_on_track_furthest_ahead_of_others():
    judged = {"reply_rate": flag("better", -2.1), "executive_meetings": flag("better", -2.9)}
    cleo = diagnose(lines(activity="off", quality="good good off good", result="good"), judged)
    assert cleo.pattern.kpi.key == "executive_meetings"
    assert "Meetings with executives" in cleo.sentence


def test_no_pattern_is_taken_from_what_lies_behind_others():
    judged = {"reply_rate": Judgement("", p=0.3, size=0.8)}
    assert diagnose(lines(activity="good", quality="good off", result="good"), judged).pattern is None

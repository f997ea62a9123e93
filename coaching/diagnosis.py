"""What stands out about a rep, in words: how effort, quality and results of the focus KPIs go together.

Read from standings and flags of whole categories, never from a KPI by name; a position and its reasons, never a score.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from django.db.models import TextChoices
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coaching.scorecard import Line
from kpis.catalogue.kpi import Category, Unit
from kpis.judging.flags import Judgement

POINTS = {"good": 1.0, "watch": 0.5, "off": 0.0}
REASONS_GIVEN = 2


class Kind(TextChoices):
    EFFORT_LOW = "effort_low", gettext_lazy("start with effort")
    BUSY_BUT_THIN = "busy_but_thin", gettext_lazy("busy but thin")
    RESULTS_TO_COME = "results_to_come", gettext_lazy("good work, results yet to come")
    RESULTS_WITHOUT_HABITS = "results_without_habits", gettext_lazy("results without the habits")
    WORTH_COPYING = "worth_copying", gettext_lazy("worth copying")
    STEADY = "steady", gettext_lazy("steady")
    NOT_JUDGED = "not_judged", gettext_lazy("not judged")


class Grade(Enum):
    """Of a category: mostly on track, all but watched, an even half with some off, mostly off, too few to say."""

    FINE, NEAR, MIXED, OFF, UNKNOWN = "fine", "near", "mixed", "off", "unknown"


FINE, NEAR, MIXED, OFF, UNKNOWN = Grade
ANY = set(Grade)
ENOUGH = {FINE, NEAR, MIXED}
# (effort, quality, results) -> what that is; the first row that fits holds. A mixed one is what the results make of it.
RULES: list[tuple[set[Grade], set[Grade], set[Grade], Kind]] = [
    (ENOUGH, {OFF}, ANY, Kind.BUSY_BUT_THIN),
    (ENOUGH, {MIXED}, {OFF}, Kind.BUSY_BUT_THIN),
    ({OFF, UNKNOWN}, {OFF}, ENOUGH, Kind.RESULTS_WITHOUT_HABITS),
    ({OFF}, {UNKNOWN}, ENOUGH, Kind.RESULTS_WITHOUT_HABITS),
    ({OFF}, {OFF, UNKNOWN}, ANY, Kind.EFFORT_LOW),
    ({OFF}, ENOUGH, {OFF, UNKNOWN}, Kind.EFFORT_LOW),
    (ENOUGH | {UNKNOWN}, ENOUGH, {OFF}, Kind.RESULTS_TO_COME),
    (ANY, ENOUGH, ANY, Kind.STEADY),
]
# What the reasons are looked for in; what is worth copying says it by its best line instead.
POINTS_AT = {
    Kind.EFFORT_LOW: Category.ACTIVITY,
    Kind.BUSY_BUT_THIN: Category.QUALITY,
    Kind.RESULTS_TO_COME: Category.RESULT,
    Kind.RESULTS_WITHOUT_HABITS: Category.QUALITY,
}
NOUNS = {
    Category.ACTIVITY: gettext_lazy("effort"),
    Category.QUALITY: gettext_lazy("quality"),
    Category.RESULT: gettext_lazy("results"),
}
WORDS = {
    (Category.ACTIVITY, FINE): gettext_lazy("effort is fine"),
    (Category.ACTIVITY, NEAR): gettext_lazy("effort is nearly there"),
    (Category.ACTIVITY, MIXED): gettext_lazy("effort is mixed"),
    (Category.ACTIVITY, OFF): gettext_lazy("effort is low"),
    (Category.QUALITY, FINE): gettext_lazy("quality is fine"),
    (Category.QUALITY, NEAR): gettext_lazy("quality is nearly there"),
    (Category.QUALITY, MIXED): gettext_lazy("quality is mixed"),
    (Category.QUALITY, OFF): gettext_lazy("quality is off"),
    (Category.RESULT, FINE): gettext_lazy("results are fine"),
    (Category.RESULT, NEAR): gettext_lazy("results are nearly there"),
    (Category.RESULT, MIXED): gettext_lazy("results are mixed"),
    (Category.RESULT, OFF): gettext_lazy("results are behind"),
}


@dataclass(frozen=True)
class Diagnosis:
    """A kind and its reasons; `counts` says them in short, `pattern` is the line worth copying, whatever the kind."""

    kind: Kind
    sentence: str
    counts: str = ""
    pattern: Line | None = None

    @property
    def label(self) -> str:
        return str(self.kind.label)

    @property
    def is_judged(self) -> bool:
        return self.kind != Kind.NOT_JUDGED


def diagnose(
    lines: Mapping[Category, Sequence[Line]], judged: Mapping[str, Judgement], apart: str = ""
) -> Diagnosis:
    """The focus KPIs of a rep by category, and their judgements by KPI key; `apart` is why nobody judges this rep."""
    if apart:
        return Diagnosis(Kind.NOT_JUDGED, _("%(reason)s.") % {"reason": capfirst(apart)})
    grades = {category: grade(lines[category], judged) for category in NOUNS}
    kind = kind_of(grades)
    pattern = pattern_of(lines[Category.QUALITY], judged)
    if kind == Kind.STEADY and stands_out(grades, lines[Category.QUALITY], judged):
        kind = Kind.WORTH_COPYING
    said = ", ".join(_of_category(category, grades[category], lines[category], judged) for category in NOUNS)
    reasons = _reasons(kind, lines, judged, pattern)
    sentence = f"{capfirst(said)}: {reasons}." if reasons else f"{capfirst(said)}."
    return Diagnosis(kind, sentence, _counts(lines, judged), pattern)


def grade(lines: Sequence[Line], judged: Mapping[str, Judgement]) -> Grade:
    """By the share on track, watch counting half; an even half is off where others do clearly better in any of it."""
    states = [state for line in lines if (state := state_of(line, judged))]
    if not states:
        return UNKNOWN
    share = sum(POINTS[state] for state in states) / len(states)
    is_behind = any(_flag(line, judged) == "worse" for line in lines)
    if share < 0.5 or (share == 0.5 and is_behind):
        return OFF
    if share > 0.5:
        return FINE
    return MIXED if "off" in states else NEAR


def state_of(line: Line, judged: Mapping[str, Judgement]) -> str:
    """The standing against the target; without one a flag beside others of the same job, and nothing within chance."""
    if line.state in POINTS:
        return line.state
    if line.target is not None or not line.is_judged:
        return ""
    return {"worse": "off", "better": "good"}.get(_flag(line, judged), "")


def kind_of(grades: Mapping[Category, Grade]) -> Kind:
    effort, quality, results = (
        grades[category] for category in (Category.ACTIVITY, Category.QUALITY, Category.RESULT)
    )
    for efforts, qualities, outcomes, kind in RULES:
        if effort in efforts and quality in qualities and results in outcomes:
            return kind
    return Kind.NOT_JUDGED


def stands_out(
    grades: Mapping[Category, Grade], quality: Sequence[Line], judged: Mapping[str, Judgement]
) -> bool:
    """Results are there, and the quality is clearly better than that of others or on track throughout."""
    if grades[Category.RESULT] not in ENOUGH:
        return False
    states = [state for line in quality if (state := state_of(line, judged))]
    is_better = any(_flag(line, judged) == "better" for line in quality)
    return is_better or (len(states) > 1 and set(states) == {"good"})


def pattern_of(quality: Sequence[Line], judged: Mapping[str, Judgement]) -> Line | None:
    """Of the quality lines on track the one furthest ahead of others of the same job."""
    ahead = [line for line in quality if state_of(line, judged) == "good" and size(line, judged) <= 0]
    return min(ahead, key=lambda line: size(line, judged), default=None)


def size(line: Line, judged: Mapping[str, Judgement]) -> float:
    """The standardised gap to others of the same job, positive where the rep is behind; 0 where unknown."""
    known = judged.get(line.kpi.key)
    return known.size if known else 0.0


def worst_first(lines: Sequence[Line], judged: Mapping[str, Judgement]) -> list[Line]:
    """The lines not on track, those off track before those watched, then by the gap to others."""
    behind = [line for line in lines if state_of(line, judged) in ("off", "watch")]
    return sorted(behind, key=lambda line: (POINTS[state_of(line, judged)], -size(line, judged)))


def in_words(line: Line) -> str:
    """“Meetings with executives 11 % (2 of 18 meetings with known seniority, target 40 %)”."""
    inside = ", ".join(part for part in (counted(line), line.target_sentence) if part)
    said = f"{line.kpi.label} {line.text}"
    return f"{said} ({inside})" if inside else said


def told(line: Line) -> str:
    """The same without the target."""
    inside, said = counted(line), f"{line.kpi.label} {line.text}"
    return f"{said} ({inside})" if inside else said


def counted(line: Line) -> str:
    """“2 of 18 meetings with known seniority”; nothing of a count, which says itself, nor what follows a semicolon."""
    if line.reading is None or line.value is None or line.kpi.unit == Unit.COUNT:
        return ""
    return line.reading.sentence.partition(";")[0]


def _flag(line: Line, judged: Mapping[str, Judgement]) -> str:
    known = judged.get(line.kpi.key)
    return known.direction if known and known.is_flag else ""


def _counts(lines: Mapping[Category, Sequence[Line]], judged: Mapping[str, Judgement]) -> str:
    """“effort 3 of 3, quality 0 of 4 on track”, of what is judged."""
    said = []
    for category in (Category.ACTIVITY, Category.QUALITY):
        if states := [state for line in lines[category] if (state := state_of(line, judged))]:
            words = {"category": NOUNS[category], "good": states.count("good"), "judged": len(states)}
            said.append(_("%(category)s %(good)d of %(judged)d") % words)
    return _("%(counts)s on track") % {"counts": ", ".join(said)} if said else ""


def _of_category(
    category: Category, found: Grade, lines: Sequence[Line], judged: Mapping[str, Judgement]
) -> str:
    """“effort is fine (2 of 3 on track, 1 watched)”."""
    if found == UNKNOWN:
        return _("%(category)s: too few to say") % {"category": NOUNS[category]}
    states = [state for line in lines if (state := state_of(line, judged))]
    count = _("%(good)d of %(judged)d on track") % {"good": states.count("good"), "judged": len(states)}
    if watched := states.count("watch"):
        count = _("%(count)s, %(watched)d watched") % {"count": count, "watched": watched}
    return f"{WORDS[category, found]} ({count})"


def _reasons(kind: Kind, lines, judged: Mapping[str, Judgement], pattern: Line | None) -> str:
    if kind == Kind.WORTH_COPYING:
        return told(pattern) if pattern else ""
    if kind not in POINTS_AT:
        return ""
    return ", ".join(in_words(line) for line in worst_first(lines[POINTS_AT[kind]], judged)[:REASONS_GIVEN])

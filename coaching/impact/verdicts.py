"""Did the coaching work: what decides is fixed when a commitment is made, and applied by the letter at its review."""

from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from coaching.deals.limits import Limits
from coaching.impact import words
from coaching.impact.effects import FALSE_WORKED, LEAST_CONTROLS, Effect, difference
from coaching.impact.groups import Compared, Windows, compared
from coaching.impact.seasons import factors, levelled
from coaching.models import Commitment
from kpis.catalogue import CATALOGUE
from kpis.catalogue.kpi import Kpi
from kpis.judging.window_samples import per_day
from kpis.periods import Calendar
from pipeline.models import Organisation

# Working days present, where a sum is judged by the days behind it.
LEAST_PRESENT = 10
KINDS = Commitment.Verdict
STATES = {
    KINDS.WORKED: "good",
    KINDS.NO_EVIDENCE: "watch",
    KINDS.WORSE: "off",
    KINDS.TOO_EARLY: "quiet",
}


@dataclass(frozen=True)
class Group:
    """A line of the table behind a verdict; levels of few people are not shown."""

    label: str
    people: int
    before: str
    after: str
    change: str


@dataclass(frozen=True)
class Verdict:
    """`kind` is one of Commitment.Verdict, empty without a KPI; effect and interval in the KPI's unit, sums a month.

    `needs`: how many more rows (or days) until anything can be said. `figures` is what is kept of it.
    """

    kind: str
    sentence: str
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    needs: int | None = None
    groups: tuple[Group, ...] = ()
    rule: tuple[str, ...] = ()
    figures: dict[str, Any] | None = None

    @property
    def label(self) -> str:
        return str(KINDS(self.kind).label) if self.kind else ""

    @property
    def state(self) -> str:
        """How it is marked: shape and colour beside the word."""
        return STATES[KINDS(self.kind)] if self.kind else "quiet"


def plan(commitment: Commitment) -> dict:
    """Fix windows, rule and least samples in `commitment.figures` and give them back; the caller saves.

    `detectable` is what the same comparison one baseline earlier could have shown in four cases of five, and `power`
    how often it would have shown the change hoped for; none where there are too few to compare with.
    """
    kpi = CATALOGUE.get(commitment.kpi)
    if kpi is None:
        return commitment.figures
    windows = Windows.of(commitment, kpi)
    least = LEAST_PRESENT if per_day(kpi) else kpi.min_sample
    facts = windows.as_facts() | {
        "least_sample": least,
        "least_controls": LEAST_CONTROLS,
        "false_worked": FALSE_WORKED,
        "expected": float(commitment.expected or 0),
    }
    found = compared(commitment.rep, kpi, windows.earlier, least, Calendar.current().today())
    facts["controls"] = len(found.controls)
    if judged := _effect(found, kpi):
        effect, _season = judged
        facts["detectable"] = effect.detectable
        facts["power"] = effect.power(facts["expected"])
    commitment.figures = commitment.figures | {"plan": facts}
    return commitment.figures


def verdict(commitment: Commitment, today: date) -> Verdict:
    """What a commitment's figures say by the rule fixed for it; once looked at and judged it stays as it was said."""
    kpi = CATALOGUE.get(commitment.kpi)
    if kpi is None:
        return Verdict("", str(words.NO_KPI))
    facts = (commitment.figures or plan(commitment))["plan"]
    kept = commitment.figures.get("verdict")
    if commitment.reviewed_at and kept and kept["kind"] != KINDS.TOO_EARLY:
        return _said(kpi, facts, kept)
    return _said(kpi, facts, _judged(commitment, kpi, facts, today))


def keep(commitment: Commitment, today: date) -> Verdict:
    """Put today's verdict into the commitment and what it rests on into its figures; the caller saves."""
    found = verdict(commitment, today)
    if found.kind:
        commitment.verdict = found.kind
        commitment.figures = commitment.figures | {"verdict": found.figures}
    return found


def _judged(commitment: Commitment, kpi: Kpi, facts: dict, today: date) -> dict:
    """The verdict as facts, by the rule: time first, then samples, then people to compare with, then the interval."""
    windows = Windows.stored(facts)
    found = compared(commitment.rep, kpi, windows, facts["least_sample"], today)
    seen = _seen(found) | {"on": today.isoformat(), "numbers": found.readings[1].numbers}
    if today < windows.readable_on:
        return seen | {"kind": KINDS.TOO_EARLY, "because": "window"}
    if found.readings[0].value is None or found.sizes[0] < facts["least_sample"]:
        return seen | {"kind": KINDS.NO_EVIDENCE, "because": "baseline"}
    if found.pair is None or found.sizes[1] < facts["least_sample"]:
        needs = max(1, ceil(facts["least_sample"] - found.sizes[1]))
        return seen | {"kind": KINDS.TOO_EARLY, "because": "sample", "needs": needs}
    judged = _effect(found, kpi)
    if judged is None:
        return seen | {"kind": KINDS.TOO_EARLY, "because": "nobody"}
    effect, season = judged
    return seen | _of(effect, kpi, facts) | {"start": effect.start / season, "season": season}


def _effect(found: Compared, kpi: Kpi) -> tuple[Effect, float] | None:
    """The effect, and the factor by which the season carried everybody's sums; None with too few to compare with."""
    if found.pair is None or len(found.controls) < LEAST_CONTROLS:
        return None
    season, year = factors(found.controls) if per_day(kpi) else (1.0, 1.0)
    pairs = [levelled(pair, season, year) for pair in (found.pair, *found.controls)]
    return difference(pairs[0], pairs[1:]), season


def _seen(found: Compared) -> dict:
    """What both groups showed; the controls' as their plain means."""
    before, after = ([getattr(pair, side).value for pair in found.controls] for side in ("before", "after"))
    return {
        "before": found.pair.before.value if found.pair else None,
        "after": found.pair.after.value if found.pair else None,
        "sizes": list(found.sizes),
        "controls": len(found.controls),
        "controls_before": sum(before) / len(before) if before else None,
        "controls_after": sum(after) / len(after) if after else None,
    }


def _of(effect: Effect, kpi: Kpi, facts: dict) -> dict:
    """What the arithmetic gave, and how often it would have found the change hoped for."""
    return {
        "kind": effect.kind(kpi.good),
        "effect": effect.estimate,
        "low": effect.low,
        "high": effect.high,
        "error": effect.error,
        "trend": effect.trend,
        "detectable": effect.detectable,
        "power": effect.power(facts["expected"]),
    }


def _said(kpi: Kpi, plan: dict, facts: dict) -> Verdict:
    """Facts in words, in the reader's language."""
    currency = Organisation.current().currency
    told = words.Told(kpi, plan, facts, currency)
    return Verdict(
        kind=facts["kind"],
        sentence=told.sentence,
        effect=facts.get("effect"),
        low=facts.get("low"),
        high=facts.get("high"),
        needs=facts.get("needs"),
        groups=tuple(Group(*line) for line in told.groups(_least_shown())),
        rule=tuple(told.rule),
        figures=facts,
    )


def _least_shown() -> int:
    return Limits.on(Calendar.current().today()).min_people_shown

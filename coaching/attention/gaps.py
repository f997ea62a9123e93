"""The skills a rep could work on: focus KPIs that are off, how wide the gap is, and who shows how it is done."""

from collections.abc import Iterable
from dataclasses import dataclass

from coaching.board import Row
from coaching.diagnosis import Kind, counted, in_words, size, state_of
from coaching.scorecard import Line
from kpis.catalogue.kpi import Category
from kpis.judging.flags import Judgement

# Results are what came of it: one coaches what leads to them.
SKILLS = (Category.ACTIVITY, Category.QUALITY)
# Where the diagnosis names the category to begin with, the skill is of that category.
BEGIN_WITH = {
    Kind.EFFORT_LOW: (Category.ACTIVITY,),
    Kind.BUSY_BUT_THIN: (Category.QUALITY,),
    Kind.RESULTS_WITHOUT_HABITS: SKILLS,
    Kind.RESULTS_TO_COME: SKILLS,
    Kind.STEADY: (Category.QUALITY,),
    Kind.NOT_JUDGED: SKILLS,
}
ONLY_CLEAR = (Kind.STEADY, Kind.RESULTS_TO_COME, Kind.NOT_JUDGED)


@dataclass(frozen=True)
class Gap:
    """How far a rep is from what is asked in one skill; without a target the mean of the role is asked."""

    line: Line
    judgement: Judgement | None
    kind: Kind

    @property
    def reference(self) -> float | None:
        if self.line.target:
            return float(self.line.target.due)
        return self.judgement.mean if self.judgement else None

    @property
    def share(self) -> float:
        """How much of what is asked is missing, 0 to 1; of a KPI that should be low, how much of it is too much."""
        if self.line.value is None or not self.reference:
            return 0.0
        value, asked = float(self.line.value), self.reference
        missing = (
            (asked - value) / asked if self.line.kpi.good == "up" else (value - asked) / max(value, asked)
        )
        return min(max(missing, 0.0), 1.0)

    @property
    def size(self) -> float:
        """The standardised gap to others of the same job, positive where the rep is behind."""
        return self.judgement.size if self.judgement else 0.0

    @property
    def is_flag(self) -> bool:
        return self.judgement is not None and self.judgement.is_flag and self.judgement.direction == "worse"

    @property
    def is_pressing(self) -> bool:
        """Worth a word even where no open deal can be turned by it."""
        return self.is_flag or self.kind not in ONLY_CLEAR

    @property
    def said(self) -> str:
        """The figure, what was counted and what is asked: “11 %: 2 of 18 meetings with known seniority, target 40 %.”"""
        inside = ", ".join(part for part in (counted(self.line), self.line.target_sentence) if part)
        return f"{self.line.text}: {inside}." if inside else f"{self.line.text}."

    @property
    def beside(self) -> str:
        """How that lies beside others of the same job, and whether chance can explain it."""
        return self.judgement.why if self.judgement and self.judgement.is_judged else ""

    @property
    def why(self) -> str:
        """All of it in words that stand alone."""
        return f"{in_words(self.line)}. {self.beside}".strip()


def gaps_of(row: Row) -> list[Gap]:
    """The skills to choose from: those flagged or off track; only watched ones where nothing else is behind.

    Whose work is fine, or cannot be judged as a whole, is not coached on what is merely watched.
    """
    if row.diagnosis is None:
        return []
    kind = row.diagnosis.kind
    categories = BEGIN_WITH.get(kind, ())
    lines = [line for line in row.in_focus if line.kpi.category in categories]
    gaps = [Gap(line, row.judged.get(line.kpi.key), kind) for line in lines]
    clear = [gap for gap in gaps if gap.is_flag or state_of(gap.line, row.judged) == "off"]
    if clear or kind in ONLY_CLEAR:
        return clear
    return [gap for gap in gaps if state_of(gap.line, row.judged) == "watch"]


def example_of(gap: Gap, rows: Iterable[Row]) -> Row | None:
    """Who does well what is missing here: on track with enough rows, the one furthest ahead of others."""
    key = gap.line.kpi.key
    found = [row for row in rows if row.diagnosis and row.diagnosis.is_judged and _is_example(row, key)]
    return min(
        found, key=lambda row: (size(row.lines[key], row.judged), -_goodness(row.lines[key])), default=None
    )


def _is_example(row: Row, key: str) -> bool:
    line = row.lines[key]
    has_rows = line.reading is not None and line.reading.evidence_count >= line.kpi.min_sample
    return has_rows and state_of(line, row.judged) == "good"


def _goodness(line: Line) -> float:
    return float(line.value or 0) * (1 if line.kpi.good == "up" else -1)

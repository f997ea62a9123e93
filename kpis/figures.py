"""What a measure's piece says: its value or the reason there is none, for each kind of measure."""

from dataclasses import dataclass, field
from functools import singledispatch
from statistics import median
from typing import Any

from kpis.catalogue.composites import Composite, PastForecasts, Pooled, Quota, Ratio
from kpis.catalogue.measures import (
    CohortPer,
    CohortShare,
    Concentration,
    Count,
    Distinct,
    FirstCount,
    FirstShare,
    Mean,
    Measure,
    Median,
    Share,
    StateShare,
    Sum,
    SumShare,
    Survival,
)
from kpis.catalogue.splits import Chances, Forecast, Split, Spread
from kpis.chances import chance
from kpis.pieces import size, unpack
from kpis.statistics import kaplan_meier_median, wilson
from kpis.units import Groups, names_of

NO_DENOMINATOR, TOO_FEW, MATURING = "no_denominator", "too_few", "maturing"
NOT_CAPTURED, UNCONVERTIBLE = "not_captured", "unconvertible"
NO_TARGET, TARGET_REACHED = "no_target", "target_reached"
MEDIAN_NEEDS = 5


@dataclass
class Figure:
    """What a measure's piece says: a value or the reason there is none; `numbers` fill the sentence.

    The value is a number; of a survival, what is known of each group by its name.
    """

    value: Any = None
    reason: str | None = None
    numerator: float | None = None
    denominator: float | None = None
    evidence_count: int = 0
    low: float | None = None
    high: float | None = None
    sample: list | None = None
    numbers: dict = field(default_factory=dict)


@singledispatch
def figure_of(measure: Measure | Composite, piece) -> Figure:
    """The figure a measure's piece says; of a composite, the pieces of its parts by name."""
    raise TypeError(f"no reading for {type(measure).__name__}")


@figure_of.register(Count)
@figure_of.register(FirstCount)
def _count(measure: Measure, piece):
    n = piece[0] if piece else 0
    return Figure(n, numerator=n, evidence_count=n, numbers={"n": n})


@figure_of.register
def _sum(measure: Sum, piece):
    cents, rows, unknown = piece or (0, 0, 0)
    if unknown and not rows:
        return Figure(reason=UNCONVERTIBLE, evidence_count=0, numbers={"count": 0, "unknown": unknown})
    return Figure(cents, numerator=cents, evidence_count=rows, numbers={"count": rows, "unknown": unknown})


@figure_of.register
def _distinct(measure: Distinct, piece):
    n = size(piece["s"]) if piece else 0
    return Figure(n, numerator=n, evidence_count=n, numbers={"n": n})


@figure_of.register(Share)
@figure_of.register(StateShare)
@figure_of.register(SumShare)
def _share(measure: Measure, piece):
    n, d = piece or (0, 0)
    if not d:
        return Figure(reason=NO_DENOMINATOR, numerator=0, denominator=0, numbers={"n": 0, "d": 0})
    return Figure(n / d, None, n, d, d, *wilson(n, d), numbers={"n": n, "d": d})


@figure_of.register(FirstShare)
@figure_of.register(CohortShare)
def _cohort(measure: Measure, piece):
    n, d, inside = piece or (0, 0, 0)
    numbers = {"n": n, "d": d, "inside": inside}
    if not d:
        return Figure(
            reason=MATURING if inside else NO_DENOMINATOR, numerator=0, denominator=0, numbers=numbers
        )
    return Figure(n / d, None, n, d, d, *wilson(n, d), numbers=numbers)


@figure_of.register
def _cohort_per(measure: CohortPer, piece):
    share = _cohort(measure, piece)
    hits, rows = share.numerator, share.denominator
    return Figure(
        rows / hits if hits else None,
        None if hits else share.reason or NO_DENOMINATOR,
        rows,
        hits,
        share.evidence_count,
        numbers=share.numbers,
    )


@figure_of.register
def _ratio(measure: Ratio, parts):
    top, bottom = (figure_of(measure.parts[part], parts[part]) for part in ("top", "bottom"))
    n, d = top.numerator or 0, bottom.numerator or 0
    numbers = {"n": n, "d": d, "count": bottom.evidence_count}
    figure = Figure(None, NO_DENOMINATOR, n, d, bottom.evidence_count, numbers=numbers)
    if d:
        figure.value, figure.reason = n / d, None
    return figure


@figure_of.register
def _quota(measure: Quota, parts):
    expected, won = (figure_of(measure.parts[part], parts[part]) for part in ("open", "won"))
    n, target = expected.numerator or 0, parts["target"]
    left = None if target is None else max(target - (won.numerator or 0), 0)
    figure = Figure(
        None, NO_TARGET, n, left, expected.evidence_count, numbers={"n": n / 100, "d": (left or 0) / 100}
    )
    if left:
        figure.value, figure.reason = n / left, None
    elif left == 0:
        figure.reason = TARGET_REACHED
    return figure


@figure_of.register
def _past_forecasts(measure: PastForecasts, worth):
    """Of a `Worth` of several periods together; none of a period that is not of the calendar."""
    if worth is None:
        return Figure()
    n, d = (worth.came, worth.forecast) if worth.forecast else (0, 0)
    figure = Figure(None, NO_DENOMINATOR, n, d, worth.deals, numbers={"came": n / 100, "then": d / 100})
    if d:
        figure.value, figure.reason = n / d, None
    return figure


@figure_of.register
def _pooled(measure: Pooled, parts):
    return _of_sample(sorted(v for piece in parts.values() if piece for v in unpack(piece["v"]).tolist()))


@figure_of.register
def _split(measure: Split, piece):
    figures = {group: figure_of(measure.each, one) for group, one in (piece or {"b": {}})["b"].items()}
    names = names_of(measure, list(figures))
    named = {names[group]: figure.value for group, figure in figures.items() if group in names}
    return Figure(Groups(sorted(named.items())))


@figure_of.register
def _chances(measure: Chances, piece):
    """The share counted from each group on, from the lowest on file up."""
    groups = sorted((piece or {"b": {}})["b"], key=int)
    names = names_of(measure, groups)
    return Figure(Groups({names[group]: chance(piece, int(group)) for group in groups}))


@figure_of.register
def _forecast(measure: Forecast, piece):
    """None where rows stand at a milestone from which nothing has closed yet: there is no chance to weigh by."""
    sums, chances = ((piece[part] or {}) for part in ("sums", "chances"))
    groups = [(chance(chances, int(group)), *numbers) for group, numbers in sums.get("b", {}).items()]
    rows, unknown = (sum(group[at] for group in groups) for at in (2, 3))
    figure = Figure(evidence_count=rows, numbers={"count": rows, "unknown": unknown})
    if unknown and not rows:
        figure.reason = UNCONVERTIBLE
    elif any(share is None for share, _cents, known, _unknown in groups if known):
        figure.reason = NO_DENOMINATOR
    else:
        figure.value = figure.numerator = round(
            sum(share * cents for share, cents, known, _ in groups if known)
        )
    return figure


@figure_of.register
def _spread(measure: Spread, piece):
    groups = (piece or {"b": {}})["b"]
    names = names_of(measure, list(groups))
    figures = {group: figure_of(measure.each, groups[group]) for group in sorted(groups, key=int)}
    return Figure(Groups({names[group]: figure.value for group, figure in figures.items()}))


@figure_of.register(Mean)
@figure_of.register(Concentration)
def _mean(measure: Mean | Concentration, piece):
    total, n = piece or (0, 0)
    total = total if measure.scale == 1 else total / measure.scale  # as shown; the piece keeps it exact
    figure = Figure(None, NO_DENOMINATOR, total, n, n, numbers={"sum": total, "n": n})
    if n:
        figure.value, figure.reason = total / n, None
    return figure


@figure_of.register
def _median(measure: Median, piece):
    return _of_sample(unpack(piece["v"]).tolist() if piece else [])


def _of_sample(sample: list) -> Figure:
    numbers = {"n": len(sample)}
    if not sample:
        return Figure(reason=NO_DENOMINATOR, sample=[], numbers=numbers)
    if len(sample) < MEDIAN_NEEDS:
        return Figure(reason=TOO_FEW, evidence_count=len(sample), sample=sample, numbers=numbers)
    return Figure(median(sample), evidence_count=len(sample), sample=sample, numbers=numbers)


@figure_of.register
def _survival(measure: Survival, piece):
    """Per group: the Kaplan–Meier median, the median of completed visits, and how many of each."""
    groups: dict[str, dict[str, Any]] = {}
    for group, visits in (piece["g"] if piece else {}).items():
        ended, still = (unpack(side).tolist() for side in visits)
        groups[group] = {
            "median": kaplan_meier_median(ended, still),
            "completed": median(ended) if len(ended) >= MEDIAN_NEEDS else None,
            "visits": [len(ended), len(still)],
        }
    return Figure(groups, evidence_count=sum(sum(g["visits"]) for g in groups.values()))

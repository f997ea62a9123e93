"""What a reading offers to compare reps by: a share, a rate, a sample, or no more than a total. Chosen by the measure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import singledispatch

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis.catalogue.composites import Composite, Pooled, Ratio
from kpis.catalogue.kpi import Kpi, Unit
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
)
from kpis.judging.funnel import Peers
from kpis.judging.magnitudes import Ranks, Totals
from kpis.judging.tallies import Rates, Shares
from kpis.readings import Reading

COUNTS = (Count, Distinct, FirstCount)
# A sum of fewer amounts is the story of one of them.
AMOUNTS_NEEDED = 5


@dataclass(frozen=True)
class Seen:
    """A rep's reading and the working days it was made in."""

    reading: Reading
    days: int


@dataclass(frozen=True)
class Comparison:
    """How a KPI's readings are compared.

    `peers` makes the funnel's figures of many; `scale` times a figure of the funnel is the KPI in its unit (a rate per
    day becomes what the rep's own days give); `is_inverse` where the KPI is one over it. `rows` count towards what a
    sum of amounts needs, `is_timed` says that the size is in days.
    """

    peers: Callable[[Sequence[Seen]], Peers]
    scale: Callable[[Seen], float] = lambda seen: 1.0
    is_inverse: bool = False
    is_timed: bool = False
    needs: int = 0

    def in_unit(self, value: float, seen: Seen) -> float | None:
        if self.is_inverse:
            return 1 / value if value else None
        return value * self.scale(seen)


@singledispatch
def comparison(measure: Measure | Composite, kpi: Kpi) -> Comparison | None:
    """None for what is held against a target only: forecasts, coverage of a quota, figures by group."""
    return None


@comparison.register(Count)
@comparison.register(Distinct)
@comparison.register(FirstCount)
def _of_counts(measure: Measure, kpi: Kpi) -> Comparison:
    """Per day at work; what is counted at the period's end does not grow with the days."""
    if measure.of.until:
        return Comparison(lambda all_seen: Rates([_count(one) for one in all_seen], [1] * len(all_seen)))
    return Comparison(
        lambda all_seen: Rates([_count(one) for one in all_seen], [one.days for one in all_seen]),
        scale=lambda seen: float(seen.days),
        is_timed=True,
    )


@comparison.register(Share)
@comparison.register(StateShare)
@comparison.register(FirstShare)
@comparison.register(CohortShare)
def _of_shares(measure: Measure, kpi: Kpi) -> Comparison:
    return Comparison(lambda all_seen: Shares(*_columns(all_seen, "numerator", "denominator")))


@comparison.register
def _of_inverse_shares(measure: CohortPer, kpi: Kpi) -> Comparison:
    """So many rows for each that counts is the share that counts, the other way round."""
    return Comparison(
        lambda all_seen: Shares(*_columns(all_seen, "denominator", "numerator")), is_inverse=True
    )


@comparison.register
def _of_samples(measure: Median, kpi: Kpi) -> Comparison:
    return Comparison(lambda all_seen: Ranks([one.reading.sample_in_unit or [] for one in all_seen]))


@comparison.register
def _of_pooled_samples(measure: Pooled, kpi: Kpi) -> Comparison:
    return _of_samples(measure.medians[0], kpi)


@comparison.register
def _of_sums(measure: Sum, kpi: Kpi) -> Comparison:
    """Per day at work, as ratios."""
    if measure.of.until:
        return Comparison(
            lambda all_seen: _totals(all_seen, kpi, [1.0] * len(all_seen)), needs=AMOUNTS_NEEDED
        )
    return Comparison(
        lambda all_seen: _totals(all_seen, kpi, [float(one.days) for one in all_seen]),
        scale=lambda seen: float(seen.days),
        needs=AMOUNTS_NEEDED,
        is_timed=True,
    )


@comparison.register(Mean)
@comparison.register(Concentration)
def _of_means(measure: Measure, kpi: Kpi) -> Comparison:
    return Comparison(_weighted(kpi))


@comparison.register
def _of_ratios(measure: Ratio, kpi: Kpi) -> Comparison:
    """Two counts make a rate; with sums in it only the spread of the reps says what is usual."""
    if isinstance(measure.top, COUNTS) and isinstance(measure.bottom, COUNTS):
        return Comparison(lambda all_seen: Rates(*_columns(all_seen, "numerator", "denominator")))
    return Comparison(_weighted(kpi), needs=AMOUNTS_NEEDED if kpi.unit == Unit.MONEY else 0)


def _count(seen: Seen) -> int:
    return int(seen.reading.numerator or 0)


def _columns(all_seen: Sequence[Seen], *names: str) -> list[list[int]]:
    return [[int(getattr(one.reading, name)) for one in all_seen] for name in names]


def _totals(all_seen: Sequence[Seen], kpi: Kpi, sizes: list[float]) -> Totals:
    values = [float(one.reading.value) / size for one, size in zip(all_seen, sizes, strict=True)]
    return Totals(values, sizes, all(value > 0 for value in values))


def _weighted(kpi: Kpi) -> Callable[[Sequence[Seen]], Totals]:
    """Money and time are compared as ratios, everything else as differences."""
    is_ratio = kpi.unit in (Unit.MONEY, Unit.HOURS, Unit.DAYS)

    def peers(all_seen: Sequence[Seen]) -> Totals:
        values = [float(one.reading.value) for one in all_seen]
        sizes = [float(one.reading.evidence_count) for one in all_seen]
        return Totals(values, sizes, is_ratio and all(value > 0 for value in values))

    return peers


def silence(kpi: Kpi, comparing: Comparison | None, seen: Seen) -> str:
    """Why a reading is not judged, as a sentence; empty where it can be."""
    reading, rows = seen.reading, seen.reading.evidence_count
    if comparing is None:
        return _("Held against its target, not against others.")
    needed = max(comparing.needs, 0 if _is_count(kpi) else kpi.min_sample)
    waiting = reading.numbers.get("inside", 0)
    # Of a cohort the matured part is judged once it is the larger one; before, it is the hasty and the lucky.
    if waiting and waiting > rows:
        return _("Too early: %(waiting)s of %(all)s are still inside their window.") % {
            "waiting": waiting,
            "all": waiting + rows,
        }
    if reading.value is None and not (comparing.is_inverse and reading.numerator):
        return _("Not judged: %(reason)s.") % {"reason": reading.reason_text}
    if rows < needed:
        return ngettext(
            "Too few to say: %(rows)s, and at least %(needed)s is needed.",
            "Too few to say: %(rows)s, and at least %(needed)s are needed.",
            needed,
        ) % {"rows": rows, "needed": needed}
    return ""


def _is_count(kpi: Kpi) -> bool:
    """Whether nothing is a figure like any other: nought calls are nought."""
    return isinstance(kpi.measure, COUNTS)

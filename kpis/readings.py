"""Reading snapshots: pieces become values, intervals and sentences. Pages call this and never compute a KPI."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import singledispatch
from statistics import median
from typing import Any

import orjson
from django.db import connection
from django.utils.translation import gettext as _

from kpis.catalogue import CATALOGUE
from kpis.catalogue.kpi import (
    Count,
    Distinct,
    FirstCount,
    FirstShare,
    Kpi,
    Measure,
    Median,
    Share,
    Sum,
    Survival,
    Unit,
)
from kpis.free import computed
from kpis.models import Capture, Freshness
from kpis.periods import Period
from kpis.pieces import merged, size, unpack
from kpis.statistics import kaplan_meier_median, wilson
from kpis.subjects import Subject
from kpis.values import DAY_US

NO_DENOMINATOR, TOO_FEW, MATURING = "no_denominator", "too_few", "maturing"
NOT_CAPTURED, UNCONVERTIBLE = "not_captured", "unconvertible"
MEDIAN_NEEDS = 5


@dataclass
class Figure:
    """What a measure's piece says: a value or the reason there is none; `numbers` fill the sentence.

    The value is a number; of a survival, what is known of each group by its name.
    """

    value: Any = None
    reason: str | None = None
    numerator: int | None = None
    denominator: int | None = None
    evidence_count: int = 0
    low: float | None = None
    high: float | None = None
    sample: list | None = None
    numbers: dict = field(default_factory=dict)


@dataclass
class Reading(Figure):
    """A KPI's figure for a subject and period, with what is shown beside it: {name: (label, value, unit)}."""

    kpi: Kpi = field(kw_only=True)
    beside: dict = field(default_factory=dict)

    @property
    def numerator_in_unit(self):
        return in_unit(self.numerator, self.kpi.unit)

    @property
    def sample_in_unit(self) -> list | None:
        return self.sample and [in_unit(value, self.kpi.unit) for value in self.sample]

    @property
    def sentence(self) -> str:
        from kpis.words import sentence

        return sentence(self)

    @property
    def reason_text(self) -> str:
        from kpis.words import reason

        return reason(self.reason)


class Card:
    """All readings of one subject and period: `card[key]`."""

    def __init__(
        self, subject: Subject, period: Period, pieces: dict, context: "Context", computed_at: datetime | None
    ):
        self.subject, self.period, self.pieces = subject, period, pieces
        self.context, self.computed_at = context, computed_at
        self.version = context.versions.get(subject, 0)

    def __getitem__(self, key: str) -> Reading:
        return reading_of(CATALOGUE[key], self.pieces, self.period, self.context.captured)

    def __contains__(self, key: str) -> bool:
        return key in CATALOGUE


@dataclass
class Context:
    captured: dict[str, date]
    versions: dict[Subject, int] = field(default_factory=dict)


def read(subjects: list[Subject], periods: list[Period]) -> dict[tuple[Subject, str], Card]:
    """Cards of every subject and period: three queries for stored periods, the kernel for a free range.

    A subject never computed has no `computed_at`.
    """
    fresh = _freshness(subjects)
    context = Context(_captured(), {subject: version for subject, (_at, version) in fresh.items()})
    stored = _stored(subjects, [period for period in periods if period.is_stored])
    if ranges := [period for period in periods if not period.is_stored]:
        stored |= {place: [pieces] for place, pieces in computed(subjects, ranges).items()}
    return {
        (subject, period.key): Card(
            subject,
            period,
            merged(stored.get((subject, period.key), [])),
            context,
            fresh.get(subject, (None, 0))[0],
        )
        for subject in subjects
        for period in periods
    }


def reading_of(kpi: Kpi, pieces: dict, period: Period, captured: dict[str, date]) -> Reading:
    """One KPI out of a card's pieces."""
    figure = figure_of(kpi.measure, pieces.get(kpi.key))
    reading = Reading(**vars(figure), kpi=kpi)
    first = captured.get(kpi.key)
    if first is None or first >= period.end:
        reading.value, reading.reason, reading.low, reading.high = None, NOT_CAPTURED, None, None
        reading.numerator = reading.denominator = None
    for beside in kpi.beside:
        piece = pieces.get(f"{kpi.key}/{beside.name}")
        reading.beside[beside.name] = (
            beside.label,
            in_unit(figure_of(beside.measure, piece).value, beside.unit),
            beside.unit,
        )
    if reading.sample:
        mean = sum(reading.sample) / len(reading.sample)
        reading.beside = {"mean": (_("mean"), in_unit(mean, kpi.unit), kpi.unit), **reading.beside}
    reading.value = in_unit(reading.value, kpi.unit)
    return reading


def in_unit(value, unit: Unit):
    """Cents to currency, µs to days; everything else as it is. Survival's groups are converted one by one."""
    if value is None:
        return None
    if isinstance(value, dict):
        return {
            group: {name: in_unit(v, unit) if name != "visits" else v for name, v in stage.items()}
            for group, stage in value.items()
        }
    scale = {Unit.MONEY: 100, Unit.DAYS: DAY_US}.get(unit)
    return value / scale if scale else value


@singledispatch
def figure_of(measure: Measure, piece) -> Figure:
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


@figure_of.register
def _share(measure: Share, piece):
    n, d = piece or (0, 0)
    if not d:
        return Figure(reason=NO_DENOMINATOR, numerator=0, denominator=0, numbers={"n": 0, "d": 0})
    return Figure(n / d, None, n, d, d, *wilson(n, d), numbers={"n": n, "d": d})


@figure_of.register
def _first_share(measure: FirstShare, piece):
    n, d, inside = piece or (0, 0, 0)
    numbers = {"n": n, "d": d, "inside": inside}
    if not d:
        return Figure(
            reason=MATURING if inside else NO_DENOMINATOR, numerator=0, denominator=0, numbers=numbers
        )
    return Figure(n / d, None, n, d, d, *wilson(n, d), numbers=numbers)


@figure_of.register
def _median(measure: Median, piece):
    sample = unpack(piece["v"]).tolist() if piece else []
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


def versions(subjects: Sequence[Subject]) -> dict[Subject, int]:
    """How often each subject's figures changed; a subject never computed has no version."""
    return {subject: version for subject, (_at, version) in _freshness(list(subjects)).items()}


def _captured() -> dict[str, date]:
    return dict(Capture.objects.values_list("measure", "first_on"))


def _freshness(subjects: list[Subject]) -> dict[Subject, tuple[datetime, int]]:
    found = Freshness.objects.filter(subject_id__in=[subject.id for subject in subjects])
    kinds = {"member": "rep"}
    rows = {
        Subject(kinds.get(row.kind, row.kind), row.subject_id): (row.computed_at, row.version)
        for row in found
    }
    return {subject: rows[subject] for subject in subjects if subject in rows}


def _stored(subjects: list[Subject], periods: list[Period]) -> dict[tuple[Subject, str], list[dict]]:
    """Pieces by subject and period key; a rolling snapshot of another day does not stand for today's."""
    kinds = {"rep": "member"}
    wanted = {(kinds.get(s.kind, s.kind), s.id): s for s in subjects}
    ends = {period.key: period.end for period in periods}
    found: dict[tuple[Subject, str], list[dict]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT kind, subject_id, period, "end", pieces::text FROM kpis_snapshot'
            " WHERE (kind, subject_id) IN (SELECT * FROM unnest(%s::text[], %s::bigint[])) AND period = ANY(%s)",
            [[kind for kind, _ in wanted], [pk for _, pk in wanted], list(ends)],
        )
        for kind, pk, key, end, pieces in cursor:
            if end == ends[key]:
                found.setdefault((wanted[kind, pk], key), []).append(orjson.loads(pieces))
    return found

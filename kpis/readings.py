"""Reading snapshots: pieces become values, intervals and sentences. Pages call this and never compute a KPI."""

from collections.abc import Callable, Sequence
from contextvars import ContextVar
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
    Chances,
    CohortPer,
    CohortShare,
    Composite,
    Concentration,
    Count,
    Distinct,
    FirstCount,
    FirstShare,
    Forecast,
    Kpi,
    Mean,
    Measure,
    Median,
    Pooled,
    Quota,
    Ratio,
    Share,
    Split,
    Spread,
    StateShare,
    Sum,
    Survival,
    Unit,
    leaves,
)
from kpis.chances import chance, chance_name, chances_of
from kpis.free import computed
from kpis.models import Capture, Freshness
from kpis.periods import Period
from kpis.pieces import merged, size, unpack
from kpis.quotas import quota_name, quotas_of
from kpis.statistics import kaplan_meier_median, wilson
from kpis.subjects import Subject
from kpis.values import DAY_US

NO_DENOMINATOR, TOO_FEW, MATURING = "no_denominator", "too_few", "maturing"
NOT_CAPTURED, UNCONVERTIBLE = "not_captured", "unconvertible"
NO_TARGET, TARGET_REACHED = "no_target", "target_reached"
MEDIAN_NEEDS = 5
_names: ContextVar[dict | None] = ContextVar("names of groups", default=None)


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
        token = _names.set(self.context.names)
        try:
            return reading_of(CATALOGUE[key], self.pieces, self.period, self.context.captured)
        finally:
            _names.reset(token)

    def __contains__(self, key: str) -> bool:
        return key in CATALOGUE


@dataclass
class Context:
    captured: dict[str, date]
    versions: dict[Subject, int] = field(default_factory=dict)
    names: dict[Callable, dict[str, str | None]] = field(default_factory=dict)


def read(subjects: list[Subject], periods: list[Period]) -> dict[tuple[Subject, str], Card]:
    """Cards of every subject and period: three queries for stored periods, the kernel for a free range.

    A subject never computed has no `computed_at`.
    """
    fresh = _freshness(subjects)
    context = Context(_captured(), {subject: version for subject, (_at, version) in fresh.items()})
    stored = _stored(subjects, [period for period in periods if period.is_stored])
    if ranges := [period for period in periods if not period.is_stored]:
        stored |= {place: [pieces] for place, pieces in computed(subjects, ranges).items()}
    chances, quotas = chances_of(periods), quotas_of(subjects, periods)
    return {
        (subject, period.key): Card(
            subject,
            period,
            merged(stored.get((subject, period.key), []))
            | chances[period.key]
            | quotas.get((subject, period.key), {}),
            context,
            fresh.get(subject, (None, 0))[0],
        )
        for subject in subjects
        for period in periods
    }


def reading_of(kpi: Kpi, pieces: dict, period: Period, captured: dict[str, date]) -> Reading:
    """One KPI out of a card's pieces."""
    figure = figure_of(kpi.measure, piece_of(kpi.measure, kpi.key, pieces))
    reading = Reading(**vars(figure), kpi=kpi)
    known = [captured[name] for name in leaves(kpi.key, kpi.measure) if name in captured]
    if not known or min(known) >= period.end:
        reading.value, reading.reason, reading.low, reading.high = None, NOT_CAPTURED, None, None
        reading.numerator = reading.denominator = None
    for beside in kpi.beside:
        piece = piece_of(beside.measure, f"{kpi.key}/{beside.name}", pieces)
        reading.beside[beside.name] = (
            beside.label,
            in_unit(figure_of(beside.measure, piece).value, beside.unit),
            beside.unit,
        )
    if reading.sample:
        mean = sum(reading.sample) / len(reading.sample)
        reading.beside = {"mean": (_("mean"), in_unit(mean, kpi.unit), kpi.unit), **reading.beside}
    if isinstance(kpi.measure, Ratio):
        reading.numbers["n"] = in_unit(reading.numbers["n"], kpi.unit)
    reading.value = in_unit(reading.value, kpi.unit)
    return reading


def piece_of(measure: Measure | Composite, name: str, pieces: dict):
    """A measure's piece out of a card's; of a composite the pieces of its parts."""
    if isinstance(measure, Forecast):
        return {"sums": pieces.get(name), "chances": pieces.get(chance_name(name))}
    if isinstance(measure, Quota):
        parts = {part: pieces.get(f"{name}#{part}") for part in measure.parts}
        return parts | {"target": pieces.get(quota_name(name))}
    if isinstance(measure, Composite):
        return {part: pieces.get(f"{name}#{part}") for part in measure.parts}
    return pieces.get(name)


def names_of(split: Split, groups: list[str]) -> dict[str, str]:
    """The groups' names for people; looked up once for all the cards of one reading."""
    held = _names.get()
    if held is None:
        return split.names(groups)
    known = held.setdefault(split.names, {})
    if missing := [group for group in groups if group not in known]:
        known.update({**dict.fromkeys(missing), **split.names(missing)})
    return {group: name for group in groups if (name := known[group]) is not None}


class Groups(dict):
    """A split's values by the name of the group, in the order of the names."""


def in_unit(value, unit: Unit):
    """Cents to currency, µs to days, hundredths to hours; everything else as it is. Groups are converted one by one."""
    if value is None:
        return None
    if isinstance(value, Groups):
        return Groups({group: in_unit(one, unit) for group, one in value.items()})
    if isinstance(value, dict):
        return {
            group: {name: in_unit(v, unit) if name != "visits" else v for name, v in stage.items()}
            for group, stage in value.items()
        }
    scale = {Unit.MONEY: 100, Unit.DAYS: DAY_US, Unit.HOURS: 100}.get(unit)
    return value / scale if scale else value


@singledispatch
def figure_of(measure: Measure | Composite, piece) -> Figure:
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
    return Figure(Groups({names[group]: groups[group][0] for group in sorted(groups, key=int)}))


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

"""Reading snapshots: pieces become readings, the figures of KPIs. Pages call this and never compute a KPI."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _

from kpis.catalogue import CATALOGUE
from kpis.catalogue.composites import Composite, PastForecasts, Quota, Ratio, leaves
from kpis.catalogue.kpi import Kpi
from kpis.catalogue.measures import Measure
from kpis.catalogue.splits import Forecast
from kpis.chances import chance_name, chances_of
from kpis.figures import NOT_CAPTURED, Figure, figure_of
from kpis.free import computed
from kpis.past_forecasts import Past
from kpis.periods import Calendar, Period
from kpis.pieces import merged
from kpis.quotas import quota_name, quotas_of
from kpis.smaller import Smaller
from kpis.stored import captured, freshness, stored_pieces
from kpis.subjects import Subject
from kpis.units import Names, in_unit, names_held


@dataclass
class Reading(Figure):
    """A KPI's figure for a subject and period, with what is shown beside it: {name: (label, value, unit)}."""

    kpi: Kpi = field(kw_only=True)
    beside: dict = field(default_factory=dict)

    @property
    def numerator_in_unit(self):
        return in_unit(self.numerator, self.kpi.top_in or self.kpi.unit)

    @property
    def denominator_in_unit(self):
        return in_unit(self.denominator, self.kpi.bottom_in)

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

    def __getitem__(self, key: str) -> Reading:
        kpi, as_of = CATALOGUE[key], self.period.as_of(self.context.today)
        with names_held(self.context.names):
            pieces = self.context.smaller.together(kpi, self.pieces, as_of)
            pieces |= self.context.past.pieces(kpi, self.subject, self.period)
            return reading_of(kpi, pieces, self.period, self.context.captured)

    def __contains__(self, key: str) -> bool:
        return key in CATALOGUE


@dataclass
class Context:
    captured: dict[str, date]
    past: Past
    names: Names = field(default_factory=Names)
    smaller: Smaller = field(default_factory=Smaller)
    today: date = field(kw_only=True)


def read(
    subjects: list[Subject], periods: list[Period], keys: Collection[str] | None = None
) -> dict[tuple[Subject, str], Card]:
    """Cards of every subject and period: three queries for stored periods, the kernel for a free range.

    Who asks for a few KPIs over a free range names them, and nothing else is counted. A subject never computed has
    no `computed_at`.
    """
    fresh = freshness(subjects)
    stored = stored_pieces(subjects, [period for period in periods if period.is_stored])
    if ranges := [period for period in periods if not period.is_stored]:
        stored |= {place: [pieces] for place, pieces in computed(subjects, ranges, keys).items()}
    return put_together(subjects, periods, stored, fresh)


def put_together(
    subjects: list[Subject],
    periods: list[Period],
    pieces: dict[tuple[Subject, str], list[dict]],
    fresh: dict[Subject, tuple[datetime, int]],
) -> dict[tuple[Subject, str], Card]:
    """Cards out of stored pieces, with what weighs them from outside; `fresh` says when they were computed."""
    calendar, known = Calendar.current(), captured()
    context = Context(known, Past(subjects, periods, known, calendar), today=calendar.today())
    chances, quotas = chances_of(periods), quotas_of(subjects, periods)
    cards = {
        (subject, period.key): Card(
            subject,
            period,
            merged(pieces.get((subject, period.key), []))
            | chances[period.key]
            | quotas.get((subject, period.key), {}),
            context,
            fresh.get(subject, (None, 0))[0],
        )
        for subject in subjects
        for period in periods
    }
    context.names.of_cards = [card.pieces for card in cards.values()]
    return cards


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
        figure = figure_of(beside.measure, piece)
        reading.beside[beside.name] = (beside.label, in_unit(figure.value, beside.unit), beside.unit)
        if isinstance(beside.measure, PastForecasts):
            reading.numbers |= figure.numbers
    if reading.sample:
        mean = sum(reading.sample) / len(reading.sample)
        reading.beside = {"mean": (_("mean"), in_unit(mean, kpi.unit), kpi.unit), **reading.beside}
    if isinstance(kpi.measure, Ratio):
        sides = {"n": kpi.top_in or kpi.unit, "d": kpi.bottom_in}
        reading.numbers |= {name: in_unit(reading.numbers[name], unit) for name, unit in sides.items()}
    reading.value = in_unit(reading.value, kpi.unit)
    return reading


def piece_of(measure: Measure | Composite, name: str, pieces: dict):
    """A measure's piece out of a card's; of a composite the pieces of its parts."""
    if isinstance(measure, Forecast):
        return {"sums": pieces.get(name), "chances": pieces.get(chance_name(name))}
    if isinstance(measure, Quota):
        parts = {part: pieces.get(f"{name}#{part}") for part in measure.parts}
        return parts | {"target": pieces.get(quota_name(name))}
    if isinstance(measure, Composite) and not isinstance(measure, PastForecasts):
        return {part: pieces.get(f"{name}#{part}") for part in measure.parts}
    return pieces.get(name)

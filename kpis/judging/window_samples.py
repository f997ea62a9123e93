"""What a KPI says of the reps of a role in one window, each with its noise, so that windows and reps can be compared."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from kpis.catalogue.composites import Composite, Ratio
from kpis.catalogue.kpi import Kpi
from kpis.catalogue.measures import (
    CohortPer,
    CohortShare,
    Count,
    Distinct,
    FirstCount,
    FirstShare,
    Measure,
    Share,
    StateShare,
    Sum,
)
from kpis.readings import Reading

# Sums are told per so many working days present, about a month's.
MONTH = 20
SHARES = (Share, StateShare, FirstShare, CohortShare)
COUNTS = (Count, FirstCount, Distinct)
# Standard deviation of a normal sample per median absolute deviation; variance of a median per variance of a mean.
PER_MAD, OF_MEDIAN = 1.4826, 1.5708
# Squared deviation of single amounts, as a share of their squared mean: taken as spread as waiting times are.
OF_AMOUNTS = 1.0


@dataclass(frozen=True)
class Sample:
    """`value` in the KPI's unit, sums per MONTH working days present; `variance` is chance's share in it.

    The variance is nought where rows tell nothing of it. `size`: the rows, or days, that stand behind the value.
    """

    value: float
    variance: float
    size: float


def per_day(kpi: Kpi) -> bool:
    """Whether a KPI grows with the days one was there, as sums do and states do not."""
    return isinstance(kpi.measure, (*COUNTS, Sum)) and not kpi.measure.of.until


def size_of(kpi: Kpi, reading: Reading, present: float) -> float:
    """What stands behind a reading: working days present for sums, else its rows."""
    if per_day(kpi):
        return present
    return float(reading.denominator if reading.denominator is not None else reading.evidence_count)


def samples(kpi: Kpi, readings: Mapping[int, Reading], present: Mapping[int, float]) -> dict[int, Sample]:
    """Rep id -> sample, without those of whom there is no value; chance is reckoned from the role's pooled figure."""
    known = {rep: reading for rep, reading in readings.items() if reading.value is not None}
    sizes = {rep: size_of(kpi, reading, present.get(rep, 0)) for rep, reading in known.items()}
    known = {rep: reading for rep, reading in known.items() if sizes[rep] > 0}
    if not known:
        return {}
    values = {rep: _value(kpi, reading, sizes[rep]) for rep, reading in known.items()}
    variances = _variances(kpi.measure, kpi, known, values, sizes)
    return {rep: Sample(values[rep], variances.get(rep, 0.0), sizes[rep]) for rep in known}


def _value(kpi: Kpi, reading: Reading, size: float) -> float:
    return float(reading.value) * (MONTH / size if per_day(kpi) else 1)


def _variances(measure: Measure | Composite, kpi: Kpi, readings, values, sizes) -> dict[int, float]:
    if isinstance(measure, CohortPer):
        # Rows for each hit: the relative error is that of the hits.
        return {rep: values[rep] ** 2 / reading.denominator for rep, reading in readings.items()}
    if isinstance(measure, SHARES):
        return _of_shares(readings)
    if isinstance(measure, COUNTS):
        return _of_counts(kpi, values, sizes)
    if isinstance(measure, Sum):
        return _of_sums(kpi, readings, values, sizes)
    if isinstance(measure, Ratio) and all(isinstance(part, COUNTS) for part in measure.parts.values()):
        rate = _pooled(values, sizes)
        return {rep: rate / sizes[rep] for rep in readings}
    if all(reading.sample for reading in readings.values()):
        return _of_medians(readings)
    return {}


def _of_shares(readings: Mapping[int, Reading]) -> dict[int, float]:
    """Binomial at the role's share, one hit and one miss added, so that nobody's chance is nought."""
    hits = sum(reading.numerator or 0 for reading in readings.values()) + 1
    rows = sum(reading.denominator or 0 for reading in readings.values()) + 2
    share = hits / rows
    return {rep: share * (1 - share) / (reading.denominator or 1) for rep, reading in readings.items()}


def _of_counts(kpi: Kpi, values: dict[int, float], sizes: dict[int, float]) -> dict[int, float]:
    """Poisson at the role's rate or mean, at the own one where that is higher."""
    if not per_day(kpi):
        mean = sum(values.values()) / len(values)
        return {rep: max(mean, value) for rep, value in values.items()}
    rate = _pooled(values, sizes)
    return {rep: max(rate, value) * MONTH / sizes[rep] for rep, value in values.items()}


def _of_sums(kpi: Kpi, readings, values: dict[int, float], sizes: dict[int, float]) -> dict[int, float]:
    """Compound Poisson at the role's level: as many amounts as come by chance, each as large as chance makes it."""
    amounts = sum(reading.evidence_count for reading in readings.values())
    if not amounts:
        return {}
    amount = sum(float(reading.value) for reading in readings.values()) / amounts
    of_one = (1 + OF_AMOUNTS) * amount
    if not per_day(kpi):
        return dict.fromkeys(values, of_one * sum(values.values()) / len(values))
    return {rep: of_one * _pooled(values, sizes) * MONTH / sizes[rep] for rep in values}


def _of_medians(readings: Mapping[int, Reading]) -> dict[int, float]:
    """From the middle half of all samples together; who waits twice as long as the role varies twice as much."""
    found = {rep: list(map(float, reading.sample_in_unit or [])) for rep, reading in readings.items()}
    middles = {rep: median(sample) for rep, sample in found.items()}
    spread = PER_MAD * median(abs(value - middles[rep]) for rep, sample in found.items() for value in sample)
    usual = median(middles.values())
    longer = {rep: max(1.0, middle / usual) if usual > 0 else 1.0 for rep, middle in middles.items()}
    return {rep: OF_MEDIAN * (spread * longer[rep]) ** 2 / len(sample) for rep, sample in found.items()}


def _pooled(values: Mapping[int, float], sizes: Mapping[int, float]) -> float:
    return sum(values[rep] * sizes[rep] for rep in values) / sum(sizes[rep] for rep in values)

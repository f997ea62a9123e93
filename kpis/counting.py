"""How each kind of measure is counted in bulk: those whose pieces are numbers that add up."""

from functools import singledispatch

import numpy as np

from kpis.catalogue.measures import (
    CohortShare,
    Concentration,
    Count,
    Mean,
    Measure,
    Share,
    StateShare,
    Sum,
    SumShare,
)
from kpis.catalogue.splits import Split, Spread
from kpis.placing import cells, place, starts, summed
from kpis.rows import as_mask


@singledispatch
def pieces_of(measure: Measure, kernel, name: str, frame, rows: np.ndarray) -> None:
    """Add the measure's pieces to the kernel, from the rows of the frame that meet its condition."""
    raise TypeError(f"no kernel for {type(measure).__name__}")


@pieces_of.register
def _count(measure: Count, kernel, name, frame, rows):
    kernel.add_numbers(name, frame, *summed(measure, kernel, frame, rows, None))


@pieces_of.register
def _share(measure: Share, kernel, name, frame, rows):
    hits = as_mask(measure.counted, frame)[rows].astype(float)
    kernel.add_numbers(name, frame, *summed(measure, kernel, frame, rows, hits, None))


@pieces_of.register
def _state_share(measure: StateShare, kernel, name, frame, rows):
    index, period = place(measure, kernel, frame, rows)
    values, known = measure.value.array(frame, index, kernel.grid, period)
    cell, size = cells(kernel, frame, index, period), len(frame.credits) * len(kernel.grid.periods)
    tables = (np.bincount(cell[chosen], minlength=size) for chosen in (known & (values == 1), slice(None)))
    kernel.add_numbers(name, frame, *(table.reshape(len(frame.credits), -1) for table in tables))


@pieces_of.register
def _cohort_share(measure: CohortShare, kernel, name, frame, rows):
    window = measure.within.on_days(frame.days[rows])
    passed = frame.days[rows] + window < np.datetime64(kernel.grid.today, "D").astype(np.int64)
    done = passed | ~as_mask(measure.waits, frame)[rows]
    hits = as_mask(measure.counted, frame)[rows] & done
    weights = (mask.astype(float) for mask in (hits, done, ~done))
    kernel.add_numbers(name, frame, *summed(measure, kernel, frame, rows, *weights))


@pieces_of.register
def _split(measure: Split, kernel, name, frame, rows):
    for group, chosen in measure.by.groups(frame, rows, kernel.grid):
        pieces_of(measure.each, kernel.of_group(group), name, frame, chosen)


@pieces_of.register
def _spread(measure: Spread, kernel, name, frame, rows):
    index, period = place(measure, kernel, frame, rows)
    values, known = measure.by.array(frame, index, kernel.grid, period)
    for group in np.unique(values[known]).tolist():
        mine = known & (values == group)
        tables = _tables(measure.each, kernel, frame, index[mine], period[mine])
        kernel.of_group(str(group)).add_numbers(name, frame, *tables)


@pieces_of.register
def _sum_share(measure: SumShare, kernel, name, frame, rows):
    kernel.add_numbers(name, frame, *_tables(measure, kernel, frame, *place(measure, kernel, frame, rows)))


def _tables(measure: Measure, kernel, frame, index, period) -> list[np.ndarray]:
    """(group, period) tables of these rows: how many they are, or the sums of each of the values."""
    cell, shape = cells(kernel, frame, index, period), (len(frame.credits), len(kernel.grid.periods))
    arrays = [value.array(frame, index, kernel.grid, period) for value in measure.values]
    weights = [values * known for values, known in arrays] or [None]
    tables = (np.bincount(cell, weight, shape[0] * shape[1]) for weight in weights)
    return [np.rint(table).astype(np.int64).reshape(shape) for table in tables]


@pieces_of.register
def _mean(measure: Mean, kernel, name, frame, rows):
    index, period = place(measure, kernel, frame, rows)
    values, known = measure.value.array(frame, index, kernel.grid, period)
    _add_means(kernel, name, frame, cells(kernel, frame, index[known], period[known]), values[known])


@pieces_of.register
def _concentration(measure: Concentration, kernel, name, frame, rows):
    """Rows sorted by cell, group and `per`: each run of one `per` is a share of its group."""
    index, period = place(measure, kernel, frame, rows)
    group, known = measure.group.array(frame, index, kernel.grid, period)
    per, _ = measure.per.array(frame, index, kernel.grid, period)
    cell = cells(kernel, frame, index, period)
    cell, group, per = cell[known], group[known], per[known]
    order = np.lexsort((per, group, cell))
    cell, group, per = cell[order], group[order], per[order]
    runs = np.nonzero(starts(cell, group, per))[0]
    counts = np.diff(np.append(runs, len(per)))
    heads = np.nonzero(starts(cell[runs], group[runs]))[0]
    if len(heads):
        total, squares = np.add.reduceat(counts, heads), np.add.reduceat(counts**2, heads)
        effective = (2 * measure.scale * total**2 + squares) // (2 * squares)
        _add_means(kernel, name, frame, cell[runs[heads]], effective)


def _add_means(kernel, name, frame, cell: np.ndarray, values: np.ndarray) -> None:
    shape = (len(frame.credits), len(kernel.grid.periods))
    total = np.zeros(shape[0] * shape[1], np.int64)
    np.add.at(total, cell, values)
    count = np.bincount(cell, minlength=len(total))
    kernel.add_numbers(name, frame, total.reshape(shape), count.reshape(shape))


@pieces_of.register
def _sum(measure: Sum, kernel, name, frame, rows):
    if measure.of.is_by_day:
        values, known = measure.value.array(frame, rows, kernel.grid, None)
        tables = summed(measure, kernel, frame, rows, values * known.astype(float), known * 1.0, ~known * 1.0)
        return kernel.add_numbers(name, frame, *tables)
    index, period = place(measure, kernel, frame, rows)
    values, known = measure.value.array(frame, index, kernel.grid, period)
    shape = (len(frame.credits), len(kernel.grid.periods))
    cell = frame.group[index] * shape[1] + period
    tables = [
        np.bincount(cell, w, shape[0] * shape[1])
        for w in (values * known.astype(float), known * 1.0, ~known * 1.0)
    ]
    return kernel.add_numbers(name, frame, *(np.rint(t).astype(np.int64).reshape(shape) for t in tables))

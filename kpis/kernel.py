"""Columns x periods -> pieces: every measure of the catalogue for every (rep, team) and period, in bulk."""

import gc
from collections import defaultdict
from functools import singledispatch

import numpy as np

from kpis.catalogue.kpi import (
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
    Split,
    Spread,
    StateShare,
    Sum,
    Survival,
)
from kpis.periods import Grid
from kpis.pieces import pack_runs
from kpis.placing import at_states, in_periods, totals
from kpis.reader import Reader
from kpis.rows import as_mask
from kpis.values import DAY_US

# (rep, team) -> period index -> measure name -> piece
Pieces = dict[tuple[int, int], dict[int, dict]]


class Kernel:
    """Computes pieces for the reps of a reader; `captured` tells the first day each measure found a row."""

    def __init__(self, reader: Reader, grid: Grid):
        self.reader, self.grid = reader, grid
        self.pieces: Pieces = defaultdict(lambda: defaultdict(dict))
        self.captured: dict[str, int] = {}

    def compute(self) -> Pieces:
        # Millions of small lists and no cycles among them: looking for cycles would cost more than the sums.
        gc.disable()
        try:
            self._compute()
        finally:
            gc.enable()
            self.reader.close()
        return self.pieces

    def _compute(self) -> None:
        for name, measure in self.reader.measures.items():
            frame = self.reader.frame(measure.of)
            rows = np.nonzero(as_mask(measure.where, frame))[0]
            if len(rows):
                self._note_capture(name, measure, frame, rows)
                pieces_of(measure, self, name, frame, rows)

    def _note_capture(self, name: str, measure: Measure, frame, rows) -> None:
        days = [value.captured_on(frame, rows) for value in measure.values] or [int(frame.days[rows].min())]
        known = [day for day in days if day is not None]
        if len(known) == len(days):
            self.captured[name] = max(known)

    def add(self, name: str, frame, group: int, period: int, piece) -> None:
        self.pieces[frame.pairs[group]][period][name] = piece

    def add_numbers(self, name: str, frame, *tables: np.ndarray) -> None:
        """Store [a, b, …] wherever any of the (group, period) tables is not zero."""
        stacked = np.stack(tables, axis=-1)
        groups, periods = np.nonzero(stacked.any(axis=-1))
        for group, period, piece in zip(
            groups.tolist(), periods.tolist(), stacked[groups, periods].tolist(), strict=True
        ):
            self.add(name, frame, group, period, piece)

    def add_bags(self, name: str, frame, group, period, values: np.ndarray, letter: str) -> None:
        """Store {letter: packed values} per (group, period); rows come as parallel arrays."""
        cell = group * len(self.grid.periods) + period
        order = np.lexsort((values, cell))
        starts = np.nonzero(_starts(cell[order]))[0]
        packed = pack_runs(values[order], starts)
        for at, text in zip(cell[order][starts].tolist(), packed, strict=True):
            at_group, at_period = divmod(at, len(self.grid.periods))
            self.add(name, frame, at_group, at_period, {letter: text})


class OfGroup(Kernel):
    """The same kernel for one group of a split: its pieces go under the group's name."""

    def __init__(self, kernel: Kernel, group: str):
        self.reader, self.grid, self.pieces, self.group = kernel.reader, kernel.grid, kernel.pieces, group

    def add(self, name: str, frame, group: int, period: int, piece) -> None:
        self.pieces[frame.pairs[group]][period].setdefault(name, {"b": {}})["b"][self.group] = piece


def place(measure: Measure, kernel: Kernel, frame, rows) -> tuple[np.ndarray, np.ndarray]:
    """(row, period) pairs: the periods an event falls in, or at whose end a state holds."""
    if measure.of.until:
        until, known = frame.column(measure.of.until)
        held = at_states(kernel.grid, frame.days, np.where(known, until, np.iinfo(np.int64).max), rows)
        return _due(measure, kernel.grid, frame, *held) if measure.of.due else held
    return in_periods(kernel.grid, frame.days, rows)


def _due(measure: Measure, grid: Grid, frame, index, period) -> tuple[np.ndarray, np.ndarray]:
    """Those of the (row, period) pairs whose date lies in the period."""
    due, known = frame.column(measure.of.due)
    inside = known[index] & (due[index] >= grid.lo[period]) & (due[index] < grid.hi[period])
    return index[inside], period[inside]


def summed(measure: Measure, kernel: Kernel, frame, rows, *weights: np.ndarray | None) -> list[np.ndarray]:
    """(group, period) tables of the weights of these rows (None: 1 each)."""
    if not measure.of.until:
        return [totals(kernel.grid, frame, rows, weight) for weight in weights]
    index, period = place(measure, kernel, frame, rows)
    where = {int(row): at for at, row in enumerate(rows)} if any(w is not None for w in weights) else {}
    at = np.array([where[int(i)] for i in index], np.int64) if where else None
    shape = (len(frame.credits), len(kernel.grid.periods))
    cell = frame.group[index] * shape[1] + period
    return [
        np.rint(np.bincount(cell, None if w is None else w[at], shape[0] * shape[1]))
        .astype(np.int64)
        .reshape(shape)
        for w in weights
    ]


@singledispatch
def pieces_of(measure: Measure, kernel: Kernel, name: str, frame, rows: np.ndarray) -> None:
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
    cell, cells = _cells(kernel, frame, index, period), len(frame.credits) * len(kernel.grid.periods)
    tables = (np.bincount(cell[chosen], minlength=cells) for chosen in (known & (values == 1), slice(None)))
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
        pieces_of(measure.each, OfGroup(kernel, group), name, frame, chosen)


@pieces_of.register
def _spread(measure: Spread, kernel, name, frame, rows):
    index, period = place(measure, kernel, frame, rows)
    values, known = measure.by.array(frame, index, kernel.grid, period)
    cell, shape = _cells(kernel, frame, index, period), (len(frame.credits), len(kernel.grid.periods))
    for group in np.unique(values[known]).tolist():
        table = np.bincount(cell[known & (values == group)], minlength=shape[0] * shape[1])
        OfGroup(kernel, str(group)).add_numbers(name, frame, table.reshape(shape))


@pieces_of.register
def _mean(measure: Mean, kernel, name, frame, rows):
    index, period = place(measure, kernel, frame, rows)
    values, known = measure.value.array(frame, index, kernel.grid, period)
    _add_means(kernel, name, frame, _cells(kernel, frame, index[known], period[known]), values[known])


@pieces_of.register
def _concentration(measure: Concentration, kernel, name, frame, rows):
    """Rows sorted by cell, group and `per`: each run of one `per` is a share of its group."""
    index, period = place(measure, kernel, frame, rows)
    group, known = measure.group.array(frame, index, kernel.grid, period)
    per, _ = measure.per.array(frame, index, kernel.grid, period)
    cell = _cells(kernel, frame, index, period)
    cell, group, per = cell[known], group[known], per[known]
    order = np.lexsort((per, group, cell))
    cell, group, per = cell[order], group[order], per[order]
    runs = np.nonzero(_starts(cell, group, per))[0]
    counts = np.diff(np.append(runs, len(per)))
    starts = np.nonzero(_starts(cell[runs], group[runs]))[0]
    if len(starts):
        total, squares = np.add.reduceat(counts, starts), np.add.reduceat(counts**2, starts)
        effective = (2 * measure.scale * total**2 + squares) // (2 * squares)
        _add_means(kernel, name, frame, cell[runs[starts]], effective)


def _add_means(kernel, name, frame, cell: np.ndarray, values: np.ndarray) -> None:
    shape = (len(frame.credits), len(kernel.grid.periods))
    total = np.zeros(shape[0] * shape[1], np.int64)
    np.add.at(total, cell, values)
    count = np.bincount(cell, minlength=len(total))
    kernel.add_numbers(name, frame, total.reshape(shape), count.reshape(shape))


@pieces_of.register
def _sum(measure: Sum, kernel, name, frame, rows):
    if not measure.of.until:
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


@pieces_of.register
def _median(measure: Median, kernel, name, frame, rows):
    index, period = place(measure, kernel, frame, rows)
    values, known = measure.value.array(frame, index, kernel.grid, period)
    kernel.add_bags(name, frame, frame.group[index][known], period[known], values[known], "v")


@pieces_of.register
def _distinct(measure: Distinct, kernel, name, frame, rows):
    """Sorted once by (group, value, day), a repeat within a period is always its neighbour."""
    values, known = measure.value.array(frame, rows, kernel.grid, None)
    rows, values = rows[known], values[known].astype(np.int64)
    group, day = frame.group[rows], frame.days[rows]
    order = np.lexsort((day, values, group))
    group, values, day = group[order], values[order], day[order]
    once = _starts(group, values, day)
    group, values, day = group[once], values[once], day[once]
    for band in kernel.grid.bands:
        index, period = in_periods(kernel.grid, day, np.arange(len(day)), [band])
        new = _starts(group[index], values[index], period)
        kernel.add_bags(name, frame, group[index][new], period[new], values[index][new], "s")


@pieces_of.register
def _first_count(measure: FirstCount, kernel, name, frame, rows):
    rows, _order, firsts = _in_order(measure, kernel, frame, rows)
    table = np.zeros(len(frame.credits) * len(kernel.grid.periods), np.int64)
    for index, period in firsts:
        table += np.bincount(_cells(kernel, frame, rows[index], period), minlength=len(table))
    kernel.add_numbers(name, frame, table.reshape(len(frame.credits), -1))


@pieces_of.register
def _first_share(measure: FirstShare, kernel, name, frame, rows):
    """The rep's first row per person in each period; a period's cohort matures when its window has passed."""
    grid = kernel.grid
    rows, at, firsts = _in_order(measure, kernel, frame, rows)
    answered_at, has_answer = measure.answered.array(frame, rows, grid, None)
    window = measure.within.on_days(frame.days[rows])
    in_time = has_answer & (answered_at - at <= window * DAY_US)
    passed = frame.days[rows] + window < np.datetime64(grid.today, "D").astype(np.int64)
    tables = np.zeros((3, len(frame.credits) * len(grid.periods)), np.int64)
    for index, period in firsts:
        cell = _cells(kernel, frame, rows[index], period)
        hit, done = in_time[index] & passed[index], passed[index]
        for table, mask in zip(tables, (hit, done, ~done), strict=True):
            table += np.bincount(cell[mask], minlength=len(table))
    kernel.add_numbers(name, frame, *(table.reshape(len(frame.credits), -1) for table in tables))


def _in_order(measure: FirstCount | FirstShare, kernel, frame, rows):
    """(rows by rep, person and moment; their moments; [(index of first rows, their periods)] band by band)."""
    person, _ = measure.per.array(frame, rows, kernel.grid, None)
    at, _ = measure.at.array(frame, rows, kernel.grid, None)
    number, _ = measure.number.array(frame, rows, kernel.grid, None)
    rep = frame.credits[frame.group[rows], 0]
    order = np.lexsort((number, at, person, rep))
    rows, pair, at = rows[order], np.stack([rep[order], person[order]]), at[order]
    firsts = []
    for band in kernel.grid.bands:
        index, period = in_periods(kernel.grid, frame.days[rows], np.arange(len(rows)), [band])
        first = _starts(*pair[:, index], period)
        firsts.append((index[first], period[first]))
    return rows, at, firsts


def _starts(*keys: np.ndarray) -> np.ndarray:
    """Where a run of equal keys starts, in arrays sorted by them."""
    changed = np.logical_or.reduce([key[1:] != key[:-1] for key in keys])
    return np.concatenate([[True], changed]) if len(keys[0]) else np.zeros(0, bool)


def _cells(kernel, frame, rows: np.ndarray, period: np.ndarray) -> np.ndarray:
    return frame.group[rows] * len(kernel.grid.periods) + period


@pieces_of.register
def _survival(measure: Survival, kernel, name, frame, rows):
    """Visits that ended within the period, and those still open at its end with the time they have lasted."""
    grid = kernel.grid
    groups, known = measure.group.array(frame, np.arange(frame.size), grid, None)
    rows = rows[known[rows]]
    until, has_end = frame.column(measure.of.until)
    done = rows[as_mask(measure.ended, frame)[rows] & has_end[rows]]
    index, period = in_periods(grid, until.astype(np.int64), done)
    values, _ = measure.value.ended(frame, index)
    still, still_period = place(measure, kernel, frame, rows)
    lasting, _ = measure.value.array(frame, still, grid, still_period)
    side = np.repeat([0, 1], [len(index), len(still)])
    index, period, values = (
        np.concatenate(pair) for pair in ((index, still), (period, still_period), (values, lasting))
    )
    cell, group = _cells(kernel, frame, index, period), groups[index]
    order = np.lexsort((values, side, group, cell))
    starts = np.nonzero(_starts(cell[order], group[order], side[order]))[0]
    packed = pack_runs(values[order], starts)
    bags: dict[int, dict] = defaultdict(dict)
    heads = (column[order[starts]].tolist() for column in (cell, group, side))
    for at, at_group, at_side, text in zip(*heads, packed, strict=True):
        bags[at].setdefault(str(at_group), ["", ""])[at_side] = text
    for at, piece in bags.items():
        kernel.add(name, frame, *divmod(at, len(grid.periods)), {"g": dict(sorted(piece.items()))})

"""Columns x periods -> pieces: every measure of the catalogue for every (rep, team) and period, in bulk."""

from collections import defaultdict
from functools import singledispatch

import numpy as np

from kpis.catalogue.kpi import Count, Distinct, FirstShare, Measure, Median, Share, Sum, Survival
from kpis.periods import Grid
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
        for name, measure in self.reader.measures.items():
            frame = self.reader.frame(measure.of)
            rows = np.nonzero(as_mask(measure.where, frame))[0]
            if len(rows):
                self._note_capture(name, measure, frame, rows)
                pieces_of(measure, self, name, frame, rows)
        return self.pieces

    def _note_capture(self, name: str, measure: Measure, frame, rows) -> None:
        days = [value.captured_on(frame, rows) for value in measure.values] or [int(frame.days[rows].min())]
        if None not in days:
            self.captured[name] = max(days)

    def add(self, name: str, credits: np.ndarray, group, period, piece) -> None:
        rep, team = credits[group]
        self.pieces[int(rep), int(team)][int(period)][name] = piece

    def add_numbers(self, name: str, frame, *tables: np.ndarray) -> None:
        """Store [a, b, …] wherever any of the (group, period) tables is not zero."""
        stacked = np.stack(tables, axis=-1)
        groups, periods = np.nonzero(stacked.any(axis=-1))
        credits = [(int(rep), int(team)) for rep, team in frame.credits]
        for group, period, piece in zip(
            groups.tolist(), periods.tolist(), stacked[groups, periods].tolist(), strict=True
        ):
            self.pieces[credits[group]][period][name] = piece

    def add_bags(self, name: str, frame, group, period, values: np.ndarray, letter: str) -> None:
        """Store {letter: values} per (group, period); rows come as parallel arrays."""
        if not len(values):
            return
        if not len(values):
            return
        cell = group * len(self.grid.periods) + period
        order = np.lexsort((values, cell))
        cells, starts = np.unique(cell[order], return_index=True)
        for at, bag in zip(cells.tolist(), np.split(values[order], starts[1:]), strict=True):
            self.add(name, frame.credits, *divmod(at, len(self.grid.periods)), {letter: bag.tolist()})


def place(measure: Measure, kernel: Kernel, frame, rows) -> tuple[np.ndarray, np.ndarray]:
    """(row, period) pairs: the periods an event falls in, or at whose end a state holds."""
    if measure.of.until:
        until, known = frame.column(measure.of.until)
        return at_states(kernel.grid, frame.days, np.where(known, until, np.iinfo(np.int64).max), rows)
    return in_periods(kernel.grid, frame.days, rows)


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
    again = (group[1:] == group[:-1]) & (values[1:] == values[:-1]) & (day[1:] == day[:-1])
    once = np.r_[True, ~again] if len(day) else np.zeros(0, bool)
    group, values, day = group[once], values[once], day[once]
    for band in kernel.grid.bands:
        index, period = in_periods(kernel.grid, day, np.arange(len(day)), [band])
        g, v = group[index], values[index]
        new = (
            np.r_[True, (g[1:] != g[:-1]) | (v[1:] != v[:-1]) | (period[1:] != period[:-1])] if len(g) else []
        )
        kernel.add_bags(name, frame, g[new], period[new], v[new], "s")


@pieces_of.register
def _first_share(measure: FirstShare, kernel, name, frame, rows):
    """The rep's first row per person in each period; a period's cohort matures when its window has passed."""
    grid = kernel.grid
    person, _ = measure.per.array(frame, rows, grid, None)
    at, _ = measure.at.array(frame, rows, grid, None)
    answered_at, has_answer = measure.answered.array(frame, rows, grid, None)
    rep = frame.credits[frame.group[rows], 0]
    number, _ = measure.number.array(frame, rows, grid, None)
    order = np.lexsort((number, at, person, rep))
    rows, person, rep, at = rows[order], person[order], rep[order], at[order]
    answered_at, has_answer, day = answered_at[order], has_answer[order], frame.days[rows]
    window = measure.within.on_days(day)
    in_time = has_answer & (answered_at - at <= window * DAY_US)
    today = np.datetime64(grid.today, "D").astype(np.int64)
    passed = day + window < today
    shape = (len(frame.credits), len(grid.periods))
    tables = np.zeros((3, shape[0] * shape[1]), np.int64)
    for band in grid.bands:
        index, period = in_periods(grid, day, np.arange(len(rows)), [band])
        p, r = person[index], rep[index]
        first = (
            np.r_[True, (p[1:] != p[:-1]) | (r[1:] != r[:-1]) | (period[1:] != period[:-1])] if len(p) else []
        )
        index, period = index[first], period[first]
        cell = frame.group[rows[index]] * shape[1] + period
        hit, done = in_time[index] & passed[index], passed[index]
        for table, mask in zip(tables, (hit, done, ~done), strict=True):
            table += np.bincount(cell[mask], minlength=len(table))
    kernel.add_numbers(name, frame, *(table.reshape(shape) for table in tables))


@pieces_of.register
def _survival(measure: Survival, kernel, name, frame, rows):
    """Visits that ended within the period, and those still open at its end with the time they have lasted."""
    grid, bags = kernel.grid, defaultdict(lambda: [[], []])
    groups, known = measure.group.array(frame, np.arange(frame.size), grid, None)
    rows = rows[known[rows]]
    until, has_end = frame.column(measure.of.until)
    done = rows[as_mask(measure.ended, frame)[rows] & has_end[rows]]
    index, period = in_periods(grid, until.astype(np.int64), done)
    values, _ = measure.value.ended(frame, index)
    still, still_period = place(measure, kernel, frame, rows)
    lasting, _ = measure.value.array(frame, still, grid, still_period)
    for side, (i, p, v) in enumerate(((index, period, values), (still, still_period, lasting))):
        for credit, at, group, value in zip(
            frame.group[i].tolist(), p.tolist(), groups[i].tolist(), v.tolist(), strict=True
        ):
            bags[credit, at, group][side].append(int(value))
    cells = defaultdict(dict)
    for (credit, at, group), (ended, open_) in bags.items():
        cells[credit, at][str(group)] = [sorted(ended), sorted(open_)]
    for (credit, at), piece in cells.items():
        kernel.add(name, frame.credits, credit, at, {"g": dict(sorted(piece.items()))})

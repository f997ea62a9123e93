"""Placing rows in periods: events by their day, states by the days at whose end they hold."""

from collections.abc import Callable

import numpy as np

from kpis.catalogue.measures import Measure
from kpis.periods import Grid


def in_periods(grid: Grid, days: np.ndarray, rows: np.ndarray, bands=None) -> tuple[np.ndarray, np.ndarray]:
    """(row, period) for every period [lo, hi) a row's day falls in; `rows` index `days`."""
    found_rows, found_periods = [], []
    for band in grid.bands if bands is None else bands:
        place = np.searchsorted(grid.lo[band], days[rows], side="right") - 1
        inside = place >= 0
        inside[inside] = days[rows[inside]] < grid.hi[band[place[inside]]]
        found_rows.append(rows[inside])
        found_periods.append(band[place[inside]])
    return np.concatenate(found_rows), np.concatenate(found_periods)


def at_states(
    looked_at: np.ndarray, from_days: np.ndarray, until_days: np.ndarray, rows
) -> tuple[np.ndarray, np.ndarray]:
    """(row, period) wherever a state holds at the end of the day each period is looked at: from <= day < until."""
    order = np.argsort(looked_at, kind="stable")
    days = looked_at[order]
    first = np.searchsorted(days, from_days[rows], side="left")
    last = np.searchsorted(days, until_days[rows], side="left")
    lengths = np.maximum(last - first, 0)
    index = np.repeat(rows, lengths)
    offset = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return index, order[np.repeat(first, lengths) + offset]


def holding(row: np.ndarray, rows: int, days: np.ndarray, since: np.ndarray, until: np.ndarray) -> np.ndarray:
    """(row, day) table: how many of a row's stretches [since, until) hold on each of the days."""
    order = np.argsort(days, kind="stable")
    first, last = (np.searchsorted(days[order], edge, side="left") for edge in (since, until))
    change = np.zeros((rows, len(days) + 1), np.int32)
    np.add.at(change, (row, first), 1)
    np.add.at(change, (row, np.maximum(first, last)), -1)
    table = np.empty((rows, len(days)), np.int32)
    table[:, order] = change.cumsum(axis=1)[:, :-1]
    return table


def totals(grid: Grid, frame, rows: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    """(group, period) sums of the rows' weights: one pass over days, then differences of running sums."""
    groups = len(frame.credits)
    days = frame.days[rows]
    base = int(days.min())
    width = int(days.max()) - base + 1
    cube = np.bincount(frame.group[rows] * width + (days - base), weights, groups * width).reshape(
        groups, width
    )
    running = np.concatenate([np.zeros((groups, 1)), cube.cumsum(axis=1)], axis=1)
    lo, hi = (np.clip(edge - base, 0, width) for edge in (grid.lo, grid.hi))
    return np.rint(running[:, hi] - running[:, lo]).astype(np.int64)


def place(measure: Measure, kernel, frame, rows) -> tuple[np.ndarray, np.ndarray]:
    """(row, period) pairs: the periods an event falls in, or at whose end (or first day's) a state holds."""
    of, grid = measure.of, kernel.grid
    if of.until:
        until, known = frame.column(of.until)
        days = grid.opening if of.is_opening else grid.as_of
        found = at_states(days, frame.days, np.where(known, until, np.iinfo(np.int64).max), rows)
    else:
        found = in_periods(grid, frame.days, rows)
    if of.due:
        found = _narrowed(
            found, frame.column(of.due), lambda due, of: (due >= grid.lo[of]) & (due < grid.hi[of])
        )
    if of.beyond:
        found = _narrowed(found, frame.column(of.beyond), lambda day, of: day >= grid.hi[of])
    return found


def _narrowed(found, column, lies: Callable) -> tuple[np.ndarray, np.ndarray]:
    """Those of the (row, period) pairs whose date lies where it should, seen from the period."""
    (index, period), (days, known) = found, column
    keeps = known[index] & lies(days[index], period)
    return index[keeps], period[keeps]


def summed(measure: Measure, kernel, frame, rows, *weights: np.ndarray | None) -> list[np.ndarray]:
    """(group, period) tables of the weights of these rows (None: 1 each)."""
    if measure.of.is_by_day:
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


def cells(kernel, frame, rows: np.ndarray, period: np.ndarray) -> np.ndarray:
    """The (group, period) cell of each row, as one number."""
    return frame.group[rows] * len(kernel.grid.periods) + period


def starts(*keys: np.ndarray) -> np.ndarray:
    """Where a run of equal keys starts, in arrays sorted by them."""
    changed = np.logical_or.reduce([key[1:] != key[:-1] for key in keys])
    return np.concatenate([[True], changed]) if len(keys[0]) else np.zeros(0, bool)

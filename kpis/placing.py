"""Placing rows in periods: events by their day, states by the days at whose end they hold."""

import numpy as np

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
    grid: Grid, from_days: np.ndarray, until_days: np.ndarray, rows
) -> tuple[np.ndarray, np.ndarray]:
    """(row, period) wherever a state holds at the end of the last day a period describes: from <= day < until."""
    order = np.argsort(grid.as_of, kind="stable")
    days = grid.as_of[order]
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

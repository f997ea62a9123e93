"""How measures are counted whose rows must be told apart or put in order: samples, sets, firsts, visits."""

from collections import defaultdict

import numpy as np

from kpis.catalogue.measures import Distinct, FirstCount, FirstShare, Median, Survival
from kpis.counting import pieces_of
from kpis.pieces import pack_runs
from kpis.placing import cells, in_periods, place, starts
from kpis.rows import as_mask
from kpis.values import DAY_US


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
    once = starts(group, values, day)
    group, values, day = group[once], values[once], day[once]
    for band in kernel.grid.bands:
        index, period = in_periods(kernel.grid, day, np.arange(len(day)), [band])
        new = starts(group[index], values[index], period)
        kernel.add_bags(name, frame, group[index][new], period[new], values[index][new], "s")


@pieces_of.register
def _first_count(measure: FirstCount, kernel, name, frame, rows):
    rows, _order, firsts = _in_order(measure, kernel, frame, rows)
    table = np.zeros(len(frame.credits) * len(kernel.grid.periods), np.int64)
    for index, period in firsts:
        table += np.bincount(cells(kernel, frame, rows[index], period), minlength=len(table))
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
        cell = cells(kernel, frame, rows[index], period)
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
        first = starts(*pair[:, index], period)
        firsts.append((index[first], period[first]))
    return rows, at, firsts


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
    cell, group = cells(kernel, frame, index, period), groups[index]
    order = np.lexsort((values, side, group, cell))
    first = np.nonzero(starts(cell[order], group[order], side[order]))[0]
    packed = pack_runs(values[order], first)
    bags: dict[int, dict] = defaultdict(dict)
    heads = (column[order[first]].tolist() for column in (cell, group, side))
    for at, at_group, at_side, text in zip(*heads, packed, strict=True):
        bags[at].setdefault(str(at_group), ["", ""])[at_side] = text
    for at, piece in bags.items():
        kernel.add(name, frame, *divmod(at, len(grid.periods)), {"g": dict(sorted(piece.items()))})

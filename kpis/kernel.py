"""Columns x periods -> pieces: every measure of the catalogue for every (rep, team) and period, in bulk."""

import gc
from collections import defaultdict

import numpy as np

from kpis import sampling  # noqa: F401 -- it registers how its measures are counted
from kpis.catalogue.measures import Measure
from kpis.counting import pieces_of
from kpis.periods import Grid
from kpis.pieces import pack_runs
from kpis.placing import starts
from kpis.reader import Reader
from kpis.rows import as_mask

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

    def of_group(self, group: str) -> "OfGroup":
        return OfGroup(self, group)

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
        first = np.nonzero(starts(cell[order]))[0]
        packed = pack_runs(values[order], first)
        for at, text in zip(cell[order][first].tolist(), packed, strict=True):
            at_group, at_period = divmod(at, len(self.grid.periods))
            self.add(name, frame, at_group, at_period, {letter: text})


class OfGroup(Kernel):
    """The same kernel for one group of a split: its pieces go under the group's name."""

    def __init__(self, kernel: Kernel, group: str):
        self.reader, self.grid, self.pieces, self.group = kernel.reader, kernel.grid, kernel.pieces, group

    def add(self, name: str, frame, group: int, period: int, piece) -> None:
        self.pieces[frame.pairs[group]][period].setdefault(name, {"b": {}})["b"][self.group] = piece

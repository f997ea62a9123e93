"""Reads, for some reps, every source the catalogue needs, with just the columns its measures name."""

from functools import cached_property

from django.db import connection

from kpis import account_records, accounts, attention, departments, handed_over
from kpis.catalogue import CATALOGUE
from kpis.catalogue.measures import Measure
from kpis.frames import Frame, Reps, read
from kpis.rows import Rows, columns_of
from kpis.values import DepartmentsTouched, OfAccount, Untouched
from pipeline.models import Organisation
from pipeline.settle.money import Rates

# What a value computed from other rows needs to be read of them.
READ_FOR = {
    DepartmentsTouched: departments.TOUCHES,
    Untouched: attention.TOUCHES,
    OfAccount: account_records.TOUCHES,
    handed_over.MaterialTypes: handed_over.HANDED_OVER,
}


def needed_columns(measures: list[Measure], rows: Rows) -> set[str]:
    """Columns of a source that these measures, its credit and its day read."""
    columns = {rows.rep, rows.team} | rows.dates
    for measure in measures:
        if measure.of.name == rows.name:
            columns |= measure.of.dates
            columns |= {name for condition in measure.conditions for name in columns_of(condition)}
            columns |= {name for value in measure.values for name in value.columns}
    return columns


class Reader:
    """Frames of the chosen reps, read once each; `measures` are all that will be computed from them."""

    def __init__(self, reps: Reps, measures: dict[str, Measure] | None = None, bulk: bool = False):
        self.reps, self.bulk = reps, bulk
        self.measures = measures or {
            name: measure for kpi in CATALOGUE.values() for name, measure in kpi.measures.items()
        }
        kinds = {type(value) for measure in self.measures.values() for value in measure.values}
        self.read_for = [*self.measures.values(), *(READ_FOR[kind] for kind in READ_FOR if kind in kinds)]
        self.frames: dict[str, Frame] = {}
        self._accounts: accounts.AccountsOver | None = None

    def frame(self, rows: Rows) -> Frame:
        if rows.name not in self.frames:
            self.frames[rows.name] = self._read(rows)
        return self.frames[rows.name]

    def first_day(self) -> int | None:
        """The earliest day of any row of the measures' sources; None where there are none."""
        frames = [self.frame(measure.of) for measure in self.measures.values()]
        return min((int(frame.days.min()) for frame in frames if frame.size), default=None)

    def close(self) -> None:
        """Let go of the frames: they know their reader, and a circle of millions of rows would wait for the collector."""
        self.frames.clear()
        self._accounts = None
        self.__dict__.pop("account_records", None)

    @cached_property
    def rates(self) -> Rates:
        with connection.cursor() as cursor:
            return Rates(cursor, Organisation.current().currency)

    @cached_property
    def attention(self) -> attention.Attention:
        return attention.Attention.of(self)

    @cached_property
    def _departments(self) -> departments.Departments:
        return departments.Departments.of(self)

    def departments(self, grid):
        return self._departments.over(grid)

    def first_two_way_touch(self) -> int | None:
        return self._departments.first_day()

    @cached_property
    def account_records(self) -> account_records.AccountRecords:
        return account_records.AccountRecords(self)

    def accounts(self, grid) -> accounts.AccountsOver:
        """One for all measures: each table is laid out once."""
        if self._accounts is None or self._accounts.grid is not grid:
            self._accounts = accounts.AccountsOver(self.account_records, grid)
        return self._accounts

    def _read(self, rows: Rows) -> Frame:
        columns = sorted(self.own_columns(rows))
        if rows.parent is None:
            credited = self.reps.of(rows.rep)
            return Frame(rows, read(rows.countable().filter(credited), columns, self.bulk), self)
        links = rows.table().model._default_manager.filter(self.reps.of(rows.own_rep or rows.rep))
        return Frame(rows, read(links, columns, self.bulk), self, parent=self.frame(rows.parent))

    def own_columns(self, rows: Rows) -> set[str]:
        """The columns read from a source's own table; a parent's columns come with the parent's frame."""
        wanted = self._columns(rows)
        if rows.parent is None:
            return wanted
        prefix = rows.parent_key.removesuffix("_id") + "__"
        return {name for name in wanted if not name.startswith(prefix)} | {rows.parent_key}

    def _columns(self, rows: Rows) -> set[str]:
        """Columns of the source and what the sources below it reach through their prefix."""
        measures = self.read_for
        columns = needed_columns(measures, rows)
        children = {m.of.name: m.of for m in measures if m.of.parent is rows}
        for child in children.values():
            prefix = child.parent_key.removesuffix("_id") + "__"
            reached = {
                n.removeprefix(prefix) for n in needed_columns(measures, child) if n.startswith(prefix)
            }
            columns |= reached | {"id"}
        return columns

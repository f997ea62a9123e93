"""The registry of bundle files: which model each fills, by which columns, and what makes a row the same row.

A table is declared in one line per file (see `bundle.py`); other layers add their own with `register`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import cached_property

from django.db import models
from django.utils.functional import Promise

from pipeline.intake.columns import Column, Kind, read_column


@dataclass(frozen=True)
class Check:
    """A rule a row must keep; `sql` is false for rows that break it, over the staged columns of alias s."""

    sql: str
    column: str
    reason: str | Promise


@dataclass(frozen=True)
class Table:
    """One bundle file. Rows with an `id` are the same by source and id, others by their natural key.

    `finish` completes a parsed row in place (it raises CellError); `implies` names columns that another one
    brings along; `keeps` holds SQL that decides between the stored row t and the new row n.
    """

    name: str
    model: type[models.Model]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    finish: Callable[[dict], None] | None = None
    implies: dict[str, tuple[str, ...]] = dataclass_field(default_factory=dict)
    keeps: dict[str, str] = dataclass_field(default_factory=dict)
    exports: dict[str, str] = dataclass_field(default_factory=dict)
    checks: tuple[Check, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @property
    def file_name(self) -> str:
        return f"{self.name}.csv"

    @property
    def db_table(self) -> str:
        return self.model._meta.db_table

    @property
    def has_identity(self) -> bool:
        return self.columns[0].kind is Kind.KEY

    @property
    def required(self) -> list[str]:
        return [column.name for column in self.columns if column.is_required or column.is_expected]

    @property
    def visible(self) -> list[Column]:
        return [column for column in self.columns if not column.is_hidden]

    def present(self, names: Iterable[str]) -> list[Column]:
        """The columns a file with these columns fills, implied ones included, in table order."""
        wanted = set(names)
        for name in list(wanted):
            wanted.update(self.implies.get(name, ()))
        return [column for column in self.columns if column.name in wanted]


_TABLES: dict[str, Table] = {}


def register(table: Table) -> Table:
    """Add a bundle file; tables are written in the order in which they were registered."""
    _TABLES[table.name] = table
    return table


def tables() -> dict[str, Table]:
    """All bundle files by name, in writing order."""
    from pipeline.intake import bundle  # noqa: F401 -- declaring registers

    return _TABLES


def table_of(model) -> Table:
    return next(table for table in tables().values() if table.model is model)


def declare(
    name: str, model, columns: str, *, hidden="", renamed=None, dated=None, codes=None, **options
) -> Table:
    """Register the table for `model`: column names by blank, a star where every cell is
    required, a plus where only the column is, `id` for the source's key.

    `renamed` gives the model field where it is called otherwise; `dated` the field that notes a bare date;
    `codes` the enumeration behind a small integer.
    """
    renamed, dated, codes = renamed or {}, dated or {}, codes or {}

    def described(word: str) -> Column:
        name = word.rstrip("*+")
        if name == "id":
            return Column("id", model._meta.get_field("external_id"), Kind.KEY, is_required=True)
        return read_column(
            model,
            name,
            renamed.get(name, name),
            mark=word.removeprefix(name),
            dated=dated.get(name),
            codes=codes.get(name),
        )

    shown = tuple(described(word) for word in columns.split())
    shadows = tuple(
        Column(n, model._meta.get_field(n), Kind.FLAG, empty=False, is_hidden=True) for n in hidden.split()
    )
    key = ("id",) if shown[0].kind is Kind.KEY else _natural_key(model, shown)
    return register(Table(name=name, model=model, columns=shown + shadows, key=key, **options))


def _natural_key(model, columns: tuple[Column, ...]) -> tuple[str, ...]:
    """The columns of the model's unique constraint, by their names in the bundle."""
    constraint = next(c for c in model._meta.constraints if isinstance(c, models.UniqueConstraint))
    names = {column.field.name: column.name for column in columns}
    return tuple(names[field] for field in constraint.fields)

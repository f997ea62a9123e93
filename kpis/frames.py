"""Columns of the records of some reps, as arrays. Arrow straight from PostgreSQL's binary COPY, never row tuples."""

import io
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.csv
from django.db import connection
from django.db.models import Q, QuerySet

from kpis.lines import fetch
from kpis.rows import Rows


@dataclass(frozen=True)
class Reps:
    """Whose rows to read: these reps, as a range where they are many; `nobody` adds rows credited to no rep."""

    ids: tuple[int, ...]
    nobody: bool = False

    @classmethod
    def chosen(cls, reps: list[int]) -> "Reps":
        """0 stands for nobody."""
        return cls(tuple(sorted(rep for rep in reps if rep)), nobody=0 in reps)

    def of(self, column: str) -> Q:
        nobody = Q(**{f"{column}__isnull": True})
        if not self.ids:
            return nobody
        named = Q(**{f"{column}__in": self.ids})
        return named | nobody if self.nobody else named


class Frame:
    """Rows of one source as columns: `column(name)` is (values, known); `group` numbers the (rep, team) credits."""

    def __init__(self, rows: Rows, table: pa.Table, reader, parent: "Frame | None" = None):
        self.rows, self.reader, self.parent = rows, reader, parent
        self.columns = {name: as_array(table[name]) for name in table.column_names}
        if parent is not None:
            self._join(parent)
        self.size = len(next(iter(self.columns.values()))[0]) if self.columns else 0
        self.days = self.column(rows.day)[0].astype(np.int64)
        self.credits, self.group = self._grouped()
        self.pairs = [(rep, team) for rep, team in self.credits.tolist()]

    def column(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        if name not in self.columns and self.parent is not None:
            prefix = self.rows.parent_key.removesuffix("_id") + "__"
            values, known = self.parent.column(name.removeprefix(prefix))
            self.columns[name] = values[self.place], known[self.place]
        return self.columns[name]

    def _join(self, parent: "Frame") -> None:
        """Keep the rows whose parent counts, and remember where each parent stands."""
        keys, wanted = parent.column("id")[0], self.columns[self.rows.parent_key][0]
        order = np.argsort(keys, kind="stable")
        place = np.minimum(np.searchsorted(keys, wanted, sorter=order), max(len(keys) - 1, 0))
        place = order[place] if len(keys) else place
        found = keys[place] == wanted if len(keys) else np.zeros(len(wanted), bool)
        self.place = place[found]
        self.columns = {name: (values[found], known[found]) for name, (values, known) in self.columns.items()}

    def _grouped(self) -> tuple[np.ndarray, np.ndarray]:
        """Distinct (rep, team) pairs, 0 for none, and each row's number among them."""
        rep, has_rep = self.column(self.rows.rep)
        team, has_team = self.column(self.rows.team)
        pairs = np.where(has_rep, rep, 0).astype(np.int64) << 32 | np.where(has_team, team, 0).astype(
            np.int64
        )
        found, group = np.unique(pairs, return_inverse=True)
        return np.stack([found >> 32, found & 0xFFFFFFFF], 1), group


def read(rows: QuerySet, columns: list[str], bulk: bool = False) -> pa.Table:
    """The columns of a queryset as an Arrow table.

    In bulk over a connection of its own (binary, committed rows only); else over Django's, so that what the open
    transaction wrote is seen.
    """
    sql, params = rows.order_by().values_list(*columns).query.sql_with_params()
    with connection.cursor() as cursor:
        statement = cursor.mogrify(sql, params)
        statement = statement.decode() if isinstance(statement, bytes) else statement
        if not bulk:
            return _read_here(cursor, statement, columns)
    return fetch(statement).rename_columns(columns)


def _read_here(cursor, statement: str, columns: list[str]) -> pa.Table:
    """The same table through COPY … CSV; types follow those the binary reading gives."""
    cursor.execute(f"SELECT * FROM ({statement}) probe LIMIT 0")
    types = {name: _arrow_type(col.type_code) for name, col in zip(columns, cursor.description, strict=True)}
    out = io.BytesIO()
    cursor.copy_expert(f"COPY ({statement}) TO STDOUT (FORMAT csv, NULL '\\N')", out)
    if not out.getbuffer().nbytes:
        return pa.table({name: pa.array([], kind) for name, kind in types.items()})
    out.seek(0)
    return pyarrow.csv.read_csv(
        out,
        read_options=pyarrow.csv.ReadOptions(column_names=columns),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=types,
            null_values=["\\N"],
            strings_can_be_null=True,
            true_values=["t"],
            false_values=["f"],
        ),
    )


def _arrow_type(oid: int) -> pa.DataType:
    kinds = {
        16: pa.bool_(),
        20: pa.int64(),
        21: pa.int16(),
        23: pa.int32(),
        701: pa.float64(),
        1082: pa.date32(),
    }
    return kinds.get(oid, pa.timestamp("us", tz="UTC") if oid == 1184 else pa.string())


def as_array(column: pa.ChunkedArray) -> tuple[np.ndarray, np.ndarray]:
    """(values, known); days and moments as whole numbers since 1970, texts as objects, unknown numbers as 0."""
    known = np.asarray(column.is_valid()) if column.null_count else np.ones(len(column), bool)
    if pa.types.is_date(column.type):
        column = column.cast(pa.int32()).cast(pa.int64())
    elif pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us", tz="UTC")).cast(pa.int64())
    elif not (
        pa.types.is_integer(column.type)
        or pa.types.is_boolean(column.type)
        or pa.types.is_floating(column.type)
    ):
        return column.cast(pa.string()).to_pandas().to_numpy(object), known
    if column.null_count:
        column = column.fill_null(False if pa.types.is_boolean(column.type) else 0)
    return column.to_numpy(), known

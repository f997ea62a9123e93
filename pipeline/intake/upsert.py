"""Checked rows into their tables, in sets: before-images first, then updates of what differs, then new rows.

A row that is already as the source says is not touched: no new version, no mark, no image.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models

from pipeline.intake.columns import Column, Kind
from pipeline.intake.staging import Staged
from pipeline.intake.tables import Table, table_of, tables

MANY = 1_000


@dataclass
class Upsert:
    """Writes one staged table for one batch."""

    staged: Staged
    batch_id: int

    @property
    def table(self) -> Table:
        return self.staged.table

    @property
    def target(self) -> str:
        return self.table.db_table

    @property
    def ready(self) -> str:
        return f"ready_{self.table.name}"

    def write(self, cursor) -> None:
        """Everything but references to rows that are written later."""
        self._make_ready(cursor)
        images = f"SELECT {self.batch_id}, '{self.target}', t.id, to_jsonb(t) FROM {self.target} t"
        cursor.execute(
            f'INSERT INTO pipeline_beforeimage (batch_id, "table", row_id, image) {images}'
            f" JOIN {self.ready} n ON n.row_id = t.id WHERE n.is_changed"
        )
        self.staged.changed = self._update(cursor)
        self.staged.added = self._insert(cursor)
        cursor.execute(f"SELECT count(*) FROM {self.ready}")
        self.staged.same = cursor.fetchone()[0] - self.staged.changed - self.staged.added

    def write_late(self, cursor) -> None:
        """References to rows of this table or of one written after it."""
        for column in self.late:
            self._write_late(cursor, column)

    def tell_planner(self, cursor) -> None:
        """Fresh statistics for a table that grew much: what follows in this transaction plans by them."""
        if self.is_big:
            cursor.execute(f"ANALYZE {self.target}")

    @property
    def is_big(self) -> bool:
        return self.staged.added + self.staged.changed > MANY

    @property
    def late(self) -> list[Column]:
        order = list(tables())
        own = order.index(self.table.name)
        return [
            column
            for column in self.staged.columns
            if column.kind is Kind.REFERENCE and order.index(table_of(column.to).name) >= own
        ]

    def _make_ready(self, cursor) -> None:
        """Rows with their references resolved, the row they meet (row_id) and whether they change it."""
        values = dict(self._values())
        kept = {f'"{name}"': sql for name, sql in self.table.keeps.items()}
        final = {
            name: f"CASE WHEN t.id IS NULL THEN n.{name} ELSE {kept[name]} END"
            if name in kept
            else f"n.{name}"
            for name in values
        }
        compared = [name for name in values if name not in self._key_names()]
        differs = (
            f"t.id IS NOT NULL AND ({', '.join(f't.{name}' for name in compared)})"
            f" IS DISTINCT FROM ({', '.join(final[name] for name in compared)})"
            if compared
            else "false"
        )
        inner = ", ".join(f"{sql} AS {name}" for name, sql in values.items())
        outer = ", ".join(f"{sql} AS {name}" for name, sql in final.items())
        cursor.execute(f"DROP TABLE IF EXISTS {self.ready}")
        cursor.execute(
            f"CREATE TEMP TABLE {self.ready} ON COMMIT DROP AS SELECT n.block, n.line, t.id AS row_id, "
            f"({differs}) AS is_changed, {outer}"
            f" FROM (SELECT s.block, s.line, {inner} FROM {self.staged.name} s "
            f"{' '.join(self._joins())} WHERE NOT s.is_bad) n LEFT JOIN {self.target} t ON {self._meets()}"
        )
        cursor.execute(f"ANALYZE {self.ready}")

    def _resolved(self) -> list[Column]:
        late = self.late
        return [column for column in self.staged.columns if column not in late]

    def _values(self) -> Iterator[tuple[str, str]]:
        """(column of the model, SQL over staging) of all present columns and of the whole key."""
        for column in self._resolved():
            if column.kind is Kind.KEY:
                yield "source", 's."id__source"'
                yield "external_id", 's."id"'
            elif column.kind is Kind.REFERENCE:
                yield f'"{column.field.column}"', f'"to_{column.name}".id'
            else:
                yield f'"{column.field.column}"', _or_empty(f's."{column.name}"', column.empty)
            if column.dated is not None:
                yield f'"{column.dated.column}"', f's."{column.name}__dated" IS TRUE'
        for name in self.table.key:
            column = self.table.by_name[name]
            if column not in self.staged.columns:
                yield f'"{column.field.column}"', _literal(column)

    def _joins(self) -> Iterator[str]:
        for column in self._resolved():
            if column.kind is Kind.REFERENCE:
                alias, target = f'"to_{column.name}"', column.to._meta.db_table  # type: ignore[union-attr]
                yield (
                    f'LEFT JOIN {target} {alias} ON {alias}.source = s."{column.name}__source"'
                    f' AND {alias}.external_id = s."{column.name}"'
                )

    def _key_names(self) -> list[str]:
        if self.table.has_identity:
            return ["source", "external_id"]
        return [f'"{self.table.by_name[name].field.column}"' for name in self.table.key]

    def _meets(self) -> str:
        """SQL: stored row t is the row n; parts of a key that may be unknown are equal when both are."""
        optional = {
            f'"{c.field.column}"' for c in self.table.columns if c.name in self.table.key and c.field.null
        }
        return " AND ".join(
            f"t.{name} IS NOT DISTINCT FROM n.{name}" if name in optional else f"t.{name} = n.{name}"
            for name in self._key_names()
        )

    def _update(self, cursor) -> int:
        names = [name for name, _sql in self._values() if name not in self._key_names()]
        if not names:
            return 0
        sets = ", ".join(f"{name} = n.{name}" for name in names)
        version = ", version = t.version + 1" if _has_version(self.table.model) else ""
        cursor.execute(
            f"UPDATE {self.target} t SET {sets}, batch_id = {self.batch_id},"
            f" recorded_at = statement_timestamp(){version}"
            f" FROM {self.ready} n WHERE n.row_id = t.id AND n.is_changed"
        )
        return cursor.rowcount

    def _insert(self, cursor) -> int:
        names = [name for name, _sql in self._values()]
        given = [f"n.{name}" for name in names]
        for name, literal in _defaults(self.table.model, {name.strip('"') for name in names}):
            names.append(name)
            given.append(literal)
        cursor.execute(
            f"WITH added AS (INSERT INTO {self.target} ({', '.join(names)}, batch_id)"
            f" SELECT {', '.join(given)}, {self.batch_id} FROM {self.ready} n WHERE n.row_id IS NULL"
            f" ORDER BY n.block, n.line RETURNING id)"
            f' INSERT INTO pipeline_beforeimage (batch_id, "table", row_id) '
            f"SELECT {self.batch_id}, '{self.target}', id FROM added"
        )
        return cursor.rowcount

    def _write_late(self, cursor, column: Column) -> None:
        name = f'"{column.field.column}"'
        cursor.execute(f"DROP TABLE IF EXISTS late; CREATE TEMP TABLE late ON COMMIT DROP AS"
            f" SELECT t.id AS row_id, o.id AS value FROM {self.staged.name} s JOIN {self.target} t"
            f" ON t.source = s.id__source AND t.external_id = s.id"
            f" LEFT JOIN {column.to._meta.db_table} o"  # type: ignore[union-attr]
            f' ON o.source = s."{column.name}__source" AND o.external_id = s."{column.name}"'
            f" WHERE NOT s.is_bad AND t.{name} IS DISTINCT FROM o.id"
        )  # fmt: skip
        imaged = f"batch_id = {self.batch_id} AND \"table\" = '{self.target}'"
        cursor.execute(
            'INSERT INTO pipeline_beforeimage (batch_id, "table", row_id, image)'
            f" SELECT {self.batch_id}, '{self.target}', t.id, to_jsonb(t) FROM {self.target} t"
            f" JOIN late ON late.row_id = t.id WHERE t.id NOT IN"
            f" (SELECT row_id FROM pipeline_beforeimage WHERE {imaged})"
        )
        self.staged.changed += cursor.rowcount
        self.staged.same -= cursor.rowcount
        cursor.execute(
            f"UPDATE {self.target} t SET {name} = late.value, batch_id = {self.batch_id},"
            f" recorded_at = statement_timestamp() FROM late WHERE late.row_id = t.id"
        )


def _or_empty(sql: str, empty) -> str:
    return sql if empty is None else f"coalesce({sql}, {_quoted(empty)})"


def _literal(column: Column) -> str:
    if column.empty is None:
        sql_type = "bigint" if column.kind is Kind.REFERENCE else column.staged()[0][1]
        return f"NULL::{sql_type}"
    return _quoted(column.empty)


def _quoted(value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


def _has_version(model) -> bool:
    return any(field.name == "version" for field in model._meta.concrete_fields)


def _defaults(model, given: set[str]) -> Iterator[tuple[str, str]]:
    """Columns that the model, not the database, gives a value when a row is made."""
    for field in model._meta.concrete_fields:
        skip = field.primary_key or field.generated or field.column in given or field.name == "batch"
        if not skip and not field.null and field.db_default is models.NOT_PROVIDED:
            yield f'"{field.column}"', _quoted(field.get_default())

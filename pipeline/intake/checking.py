"""Checks of staged rows against others: keys that come twice, references to nothing, rules of a table.

All in sets and all before anything is written, so that an import names every bad row at once.
"""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from pipeline.intake.columns import Column, Kind
from pipeline.intake.rejects import Rejects
from pipeline.intake.staging import Staged
from pipeline.intake.tables import table_of

# The source file's name and header, by our file and the number of the block that read it.
Files = dict[tuple[str, int], tuple[str, tuple[str, ...]]]


def check_all(cursor, staged: dict[str, Staged], files: Files, rejects: Rejects) -> None:
    """Note every bad row in `rejects` and mark it in staging."""
    for one in staged.values():
        cursor.execute(f"ANALYZE {one.name}")
        _drop_repeated(cursor, one)
    for one in staged.values():
        found = [*_twice(cursor, one), *_unknown(cursor, one, staged), *_broken_rules(cursor, one)]
        _note(cursor, one, found, files, rejects)


def leave_out_what_refers_to_bad_rows(cursor, staged, files, rejects: Rejects) -> None:
    """With bad rows left out, rows that refer to them are bad too, and so on until none is found."""
    found_any = True
    while found_any:
        found_any = False
        for one in staged.values():
            found = list(_orphaned(cursor, one, staged))
            _note(cursor, one, found, files, rejects)
            found_any = found_any or bool(found)


def _note(cursor, one: Staged, found: list[tuple], files, rejects: Rejects) -> None:
    for block, line, name, value, reason in found:
        expression = one.blocks[block].columns.get(name)
        file, header = files[one.table.name, block]
        called = expression.called(name, header) if expression is not None else name
        rejects.add(file, line, called, str(value), reason)
    if found:
        cursor.execute(
            f"UPDATE {one.name} s SET is_bad = true FROM unnest(%s::int[], %s::int[]) AS bad (block, line)"
            " WHERE s.block = bad.block AND s.line = bad.line",
            [[row[0] for row in found], [row[1] for row in found]],
        )


def _key(one: Staged) -> str:
    named = [one.table.by_name[name] for name in one.table.key]
    present = [column for column in named if column in one.columns]
    return ", ".join(
        f's."{name}"' for column in present for name, _sql in column.staged() if "__dated" not in name
    )


def _drop_repeated(cursor, one: Staged) -> None:
    """A distinct block yields to rows that blocks before it already brought."""
    distinct = [number for number, block in enumerate(one.blocks) if block.is_distinct and number > 0]
    if distinct:
        cursor.execute(
            f"DELETE FROM {one.name} USING (SELECT s.ctid AS place, s.block, "
            f"min(s.block) OVER (PARTITION BY {_key(one)}) AS first FROM {one.name} s"
            " WHERE NOT s.is_bad) seen"
            f" WHERE {one.name}.ctid = seen.place AND seen.first < seen.block AND seen.block = ANY(%s)",
            [distinct],
        )


def _twice(cursor, one: Staged) -> Iterator[tuple]:
    name = one.table.key[-1] if one.table.by_name[one.table.key[-1]] in one.columns else one.table.key[0]
    cursor.execute(
        f'SELECT block, line, value, first FROM (SELECT s.block, s.line, s."{name}"::text AS value, '
        f"first_value(s.line) OVER same AS first, row_number() OVER same AS n FROM {one.name} s"
        " WHERE NOT s.is_bad"
        f" WINDOW same AS (PARTITION BY {_key(one)} ORDER BY s.block, s.line)) rows WHERE n > 1"
    )
    for block, line, value, first in cursor.fetchall():
        yield block, line, name, value, _("is the same record as line %(line)s") % {"line": first}


def _references(one: Staged) -> Iterator[Column]:
    return (column for column in one.columns if column.kind is Kind.REFERENCE)


def _stored(column: Column) -> str:
    """SQL: the record that s.column names is in the database."""
    return (
        f"EXISTS (SELECT 1 FROM {column.to._meta.db_table} t"  # type: ignore[union-attr]
        f' WHERE t.source = s."{column.name}__source" AND t.external_id = s."{column.name}")'
    )


def _arriving(column: Column, staged: dict[str, Staged], condition: str = "true") -> str:
    """SQL: the record that s.column names is in a file of this import."""
    target = staged.get(table_of(column.to).name)
    if target is None:
        return "false"
    return (
        f'EXISTS (SELECT 1 FROM {target.name} o WHERE o.id = s."{column.name}"'
        f' AND o.id__source = s."{column.name}__source" AND {condition})'
    )


def _unknown(cursor, one: Staged, staged: dict[str, Staged]) -> Iterator[tuple]:
    for column in _references(one):
        cursor.execute(
            f'SELECT s.block, s.line, s."{column.name}" FROM {one.name} s WHERE s."{column.name}" IS NOT NULL'
            f" AND NOT {_arriving(column, staged)} AND NOT {_stored(column)}"
        )
        what = column.to._meta.verbose_name  # type: ignore[union-attr]
        for block, line, value in cursor.fetchall():
            yield block, line, column.name, value, _("no %(what)s has this id") % {"what": what}


def _orphaned(cursor, one: Staged, staged: dict[str, Staged]) -> Iterator[tuple]:
    for column in _references(one):
        cursor.execute(
            f'SELECT s.block, s.line, s."{column.name}" FROM {one.name} s WHERE NOT s.is_bad'
            f' AND s."{column.name}" IS NOT NULL AND NOT {_arriving(column, staged, "NOT o.is_bad")}'
            f" AND NOT {_stored(column)}"
        )
        for block, line, value in cursor.fetchall():
            yield block, line, column.name, value, _("refers to a row that is left out")


def _broken_rules(cursor, one: Staged) -> Iterator[tuple]:
    for check in one.table.checks:
        if not set(re.findall(r"\bs\.(\w+)", check.sql)) <= set(one.names):
            continue
        cursor.execute(
            f'SELECT s.block, s.line, s."{check.column}"::text FROM {one.name} s'
            f" WHERE NOT s.is_bad AND NOT ({check.sql})"
        )
        for block, line, value in cursor.fetchall():
            yield block, line, check.column, value, str(check.reason)

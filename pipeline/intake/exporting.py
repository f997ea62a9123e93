"""All records back out as a bundle, without loss: `import_records` reads it to the same records."""

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.db import connection, transaction

from pipeline.intake.columns import Column, Kind
from pipeline.intake.files import Refused
from pipeline.intake.identity import guarded_sql, identity_sql
from pipeline.intake.tables import Table, tables
from pipeline.models import Organisation

FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # equal records make equal zips
Progress = Callable[[str, int, int], None]


def export_records(target: str | Path, progress: Progress = lambda label, done, total: None) -> list[str]:
    """Write every bundle file that has rows to a folder, or to a zip if the name ends so; the files' names.

    All files show one moment. Raises Refused when the folder already holds files.
    """
    target = Path(target)
    with transaction.atomic(), connection.cursor() as cursor:
        if len(connection.savepoint_ids) == 0:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        zone = Organisation.current().time_zone
        statements = [("organisation.csv", _organisation_sql())]
        statements += [(table.file_name, _select(table, zone)) for table in tables().values()]
        written = []
        with _opener(target) as open_file:
            for number, (name, sql) in enumerate(statements):
                progress(name, number, len(statements))
                if _has_rows(cursor, sql):
                    with open_file(name) as out:
                        cursor.copy_expert(f"COPY ({sql}) TO STDOUT (FORMAT csv, HEADER)", out)
                    written.append(name)
        return written


@contextmanager
def _opener(target: Path) -> Iterator[Callable[[str], IO[bytes]]]:
    """Opens the bundle's files for writing, in a folder or in a zip that appears only when complete."""
    if target.suffix.lower() != ".zip":
        target.mkdir(parents=True, exist_ok=True)
        if any(target.iterdir()):
            raise Refused(f"{target} is not empty")
        yield lambda name: (target / name).open("wb")
        return
    unfinished = target.with_suffix(".unfinished")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
        yield lambda name: archive.open(_entry(name), "w", force_zip64=True)
    unfinished.replace(target)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, FIXED_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _has_rows(cursor, sql: str) -> bool:
    cursor.execute(f"SELECT EXISTS ({sql})")
    return cursor.fetchone()[0]


def _select(table: Table, zone: str) -> str:
    """The table as its file shows it, ordered by its key: equal records give equal files."""
    cells = ", ".join(f'{_cell(column, table, zone)} AS "{column.name}"' for column in table.visible)
    order = ", ".join(_order(table.by_name[name]) for name in table.key)
    return f"SELECT {cells} FROM {table.db_table} t {' '.join(_joins(table))} ORDER BY {order}"


def _joins(table: Table) -> Iterator[str]:
    for column in table.visible:
        if column.kind is Kind.REFERENCE:
            joined = column.to._meta.db_table  # type: ignore[union-attr]
            yield f'LEFT JOIN {joined} "{column.name}" ON "{column.name}".id = t."{column.field.column}"'


def _order(column: Column) -> str:
    if column.kind is Kind.KEY:
        return 't.source COLLATE "C", t.external_id COLLATE "C"'
    if column.kind is Kind.REFERENCE:
        parts = (f'"{column.name}".{part} COLLATE "C" NULLS FIRST' for part in ("source", "external_id"))
        return ", ".join(parts)
    collation = ' COLLATE "C"' if column.kind in (Kind.TEXT, Kind.CHOICE) else ""
    return f't."{column.field.column}"{collation} NULLS FIRST'


def _cell(column: Column, table: Table, zone: str) -> str:
    value = table.exports.get(column.name, f't."{column.field.column}"')
    if column.kind is Kind.KEY:
        return guarded_sql(identity_sql("t"))
    if column.kind is Kind.REFERENCE:
        identity = guarded_sql(identity_sql(f'"{column.name}"'))
        return f'CASE WHEN "{column.name}".id IS NOT NULL THEN {identity} END'
    if column.kind in (Kind.TEXT, Kind.CHOICE):
        return f"nullif({guarded_sql(value)}, '')"
    if column.kind is Kind.CODE:
        words = " ".join(f"WHEN {code} THEN '{word}'" for word, code in (column.choices or {}).items())
        return f"CASE {value} {words} END"
    if column.kind is Kind.DECIMAL:
        return f"trim_scale({value})"
    if column.kind is Kind.FLAG:
        return f"CASE WHEN {value} THEN 'yes' END"
    if column.kind is Kind.MOMENT:
        return _moment(column, value, zone)
    return value


def _moment(column: Column, value: str, zone: str) -> str:
    """ISO 8601 in UTC, fractions only where there are any; a moment known to the day is its local date."""
    utc = f"({value} AT TIME ZONE 'UTC')"
    text = (
        f"to_char({utc}, 'YYYY-MM-DD\"T\"HH24:MI:SS')"
        f" || rtrim(rtrim(to_char({utc}, '.US'), '0'), '.') || CASE WHEN {value} IS NOT NULL THEN 'Z' END"
    )
    if column.dated is None:
        return text
    day = f"to_char({value} AT TIME ZONE '{zone}', 'YYYY-MM-DD')"
    return f'CASE WHEN t."{column.dated.column}" THEN {day} ELSE {text} END'


def _organisation_sql() -> str:
    own = ("name", "time_zone", "currency", "domains", "week_start", "fiscal_year_start")
    rows = " UNION ALL ".join(
        f"SELECT {n}, '{name}', {name}::text, NULL::date FROM pipeline_organisation"
        for n, name in enumerate(own)
    )
    settings = "SELECT 99, key, value, from_on FROM pipeline_setting"
    return (
        f"SELECT key, {guarded_sql('value')} AS value, from_on FROM ({rows} UNION ALL {settings})"
        " x (n, key, value, from_on) WHERE value <> '' ORDER BY n, key COLLATE \"C\", from_on NULLS FIRST"
    )

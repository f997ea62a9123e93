"""Where published data sets lie beside the project, and their known answers."""

import json
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection, transaction

from pipeline.intake.importing import import_records
from pipeline.intake.mapping import load, preset

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
HERE = Path(__file__).parent


def needs(folder: str):
    """Marks for tests of a data set: they skip where there are none at all; one missing among others is a failure."""
    return [
        pytest.mark.realdata,
        pytest.mark.django_db,
        pytest.mark.skipif(
            not DATA.is_dir(), reason=f"no data sets are beside the project, {folder} among them"
        ),
    ]


def answers(path: str) -> dict[str, list[list]]:
    """Rows of each query in a data set's oracle.json, by the query's id."""
    document = json.loads((DATA / path).read_text("utf-8"))
    return {query["id"]: query["rows"] for query in document["queries"]}


def take(folder: str, mapping: str):
    """Import a data set by a mapping of these tests or a shipped preset."""
    given = HERE / f"{mapping}.toml"
    outcome = import_records([DATA / folder], load(given) if given.exists() else preset(mapping))
    assert outcome.state == "done", (outcome.report["why"], *map(str, outcome.rejects.listed[:20]))
    return outcome


def rows(sql: str) -> list[list]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [list(row) for row in cursor.fetchall()]


def plain(values: list) -> list:
    """Numbers as floats, so that rows of two databases compare."""
    return [
        [float(cell) if isinstance(cell, int | float | Decimal) else cell for cell in row] for row in values
    ]


def same(found: list, expected: list) -> bool:
    """Equal rows in equal order, numbers to the last digit the answers print."""
    found, expected = plain(found), plain(expected)
    return len(found) == len(expected) and all(
        one == pytest.approx(other, abs=5e-5) if isinstance(other, float) else one == other
        for row, known in zip(found, expected, strict=True)
        for one, other in zip(row, known, strict=True)
    )


@contextmanager
def imported(blocker, folder: str, mapping: str):
    """The data set imported for the tests of one module, then gone."""
    with blocker.unblock(), transaction.atomic():
        outcome = take(folder, mapping)
        connection.check_constraints()  # once here, not after each test
        yield outcome
        transaction.set_rollback(True)

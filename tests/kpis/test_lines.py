"""The bulk reading's own connection: opened when needed, replaced when it died, never kept after an error."""

import pytest
from adbc_driver_postgresql import dbapi

from kpis.lines import Line

pytestmark = pytest.mark.django_db


@pytest.fixture
def line():
    line = Line()
    yield line
    line.close()


def number(line: Line, statement: str) -> int:
    return line.fetch(statement).column(0)[0].as_py()


def test_one_connection_serves_until_it_is_hung_up(line):
    backends = [number(line, "SELECT pg_backend_pid() AS pid") for _ in range(2)]
    assert backends[0] == backends[1]
    line.close()
    assert number(line, "SELECT pg_backend_pid() AS pid") != backends[0]


def test_hanging_up_opens_nothing(line, monkeypatch):
    monkeypatch.setattr(dbapi, "connect", lambda *_args, **_how: pytest.fail("nobody asked for a connection"))
    line.close()


def test_a_connection_that_died_is_replaced(line):
    dead = number(line, "SELECT pg_backend_pid() AS pid")
    other = Line()
    assert other.fetch(f"SELECT pg_terminate_backend({dead}) AS gone").column(0)[0].as_py()
    other.close()
    assert number(line, "SELECT 7 AS n") == 7


def test_after_an_error_nothing_is_held(line):
    with pytest.raises(dbapi.Error):
        line.fetch("SELECT nonsense")
    assert line.held is None
    assert number(line, "SELECT 7 AS n") == 7

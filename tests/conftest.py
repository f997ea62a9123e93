"""Real PostgreSQL and Redis for the whole run, thrown away at its end, kill -9 included."""

import os
import tempfile
from pathlib import Path

import django
import pytest

from coaching import embedded
from coaching.keeper_places import Places


def start_servers() -> None:
    """Once per run: xdist's workers inherit the addresses and take a Redis database each."""
    if "TOUCHLINE_TEST_VAR" not in os.environ:
        os.environ["TOUCHLINE_TEST_VAR"] = tempfile.mkdtemp(prefix="touchline-test-")
    var = Path(os.environ["TOUCHLINE_TEST_VAR"])
    embedded.hold(var, ["postgres", "redis"], throw_away=True)
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 16
    sockets = Places(var).sockets
    os.environ.update(
        DATABASE_URL=f"postgres://touchline@{str(sockets).replace('/', '%2F')}:5432/touchline",
        REDIS_URL=f"unix://{sockets}/redis.sock?db={worker}",
        VAR_DIR=str(var / f"worker-{worker}"),
        SECRET_KEY="only for tests",
        PLAIN_STATIC="1",
        HTTPS="0",
        DEBUG="0",
        LOG_LEVEL="ERROR",
        EMAIL_URL="memory:",
        DJANGO_SETTINGS_MODULE="coaching.settings",
    )


# At import: settings read the addresses, and test modules read models, before any fixture runs.
start_servers()
django.setup()
# xdist's workers would inherit it, and pytest-django load the settings before their own addresses are set.
del os.environ["DJANGO_SETTINGS_MODULE"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """The bulk reading's own connection would keep the test database from being dropped."""
    yield
    from kpis.lines import hang_up

    hang_up()

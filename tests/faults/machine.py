"""An installation of its own to break: durable PostgreSQL and Redis, real workers and beat, and this process as its web."""

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, connection
from django.test import override_settings
from kombu import pools

from coaching import embedded
from coaching.addresses import broker_url
from coaching.celery import app
from coaching.keeper_places import Places
from coaching.keeper_servers import Postgres, Redis
from coaching.supervisor import Supervisor

WORKER = (
    "-A",
    "coaching",
    "worker",
    "-c",
    "2",
    "-Q",
    "interactive,bulk",
    "-l",
    "WARNING",
    "--pool",
    "prefork",
)
BEAT = ("-A", "tests.faults.hurried", "beat", "-l", "WARNING", "--pidfile=")


class Machine:
    """Leave `connected` before `stop`; every process started here ends with `stop`."""

    def __init__(self) -> None:
        self.var = Path(tempfile.mkdtemp(prefix="touchline-faults-"))
        self.places = Places(self.var)
        self.places.prepare()
        self.lock = self.places.open_lock("holders.lock")
        self.postgres, self.redis = Postgres(self.places, False), Redis(self.places, False)
        for server in (self.postgres, self.redis):
            self.start(server)
        sockets = str(self.places.sockets).replace("/", "%2F")
        self.redis_url = f"unix://{self.places.redis_socket}?db=0"
        environment = {
            "DATABASE_URL": f"postgres://touchline@{sockets}:5432/touchline",
            "REDIS_URL": self.redis_url,
            "VAR_DIR": str(self.var),
            "LOG_LEVEL": "WARNING",
            "REMAP_SIGTERM": "SIGQUIT",
        }
        self.processes = Supervisor(environment, self.places.logs)

    def start(self, server: Postgres | Redis) -> None:
        server.prepare()
        server.start(self.lock)
        wait_for(lambda: (server.settle(), server.answers())[1], f"{server.name} to answer", 60)

    @contextmanager
    def connected(self) -> Iterator[None]:
        """This process as the installation's web: its database, cache and broker."""
        before, broker = dict(connection.settings_dict), app.conf.broker_url
        caches = {"default": {**_cache_settings(), "LOCATION": self.redis_url}}
        connection.close()
        connection.settings_dict.update(embedded.database(self.var), TEST=before["TEST"])
        _use_broker(broker_url(self.redis_url))
        try:
            with override_settings(CACHES=caches):
                call_command("migrate", verbosity=0)
                yield
        finally:
            connection.close()
            connection.settings_dict.update(before)
            _use_broker(broker)

    def work(self) -> None:
        """Have worker and beat run."""
        self.processes.revive()
        schedule = ("-s", str(self.places.run / "beat"))
        for name, arguments in (("worker", WORKER), ("beat", (*BEAT, *schedule))):
            if name not in self.processes.processes:
                self.processes.start(name, "celery", *arguments)

    def kill_worker(self) -> None:
        """kill -9 of the worker and its children at once, as when a machine loses power."""
        worker = self.processes.processes["worker"]
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()

    def kill_redis(self) -> None:
        self.redis.process.kill()
        self.redis.process.wait()

    def said(self) -> str:
        """What worker and beat wrote, for a test that failed."""
        logs = [path for path in self.places.logs.iterdir() if path.stem in ("worker", "beat")]
        return "\n".join(f"{path.stem}: {path.read_text(errors='replace')[-3000:]}" for path in logs)

    def stop(self) -> None:
        self.processes.stop()
        for server in (self.redis, self.postgres):
            server.stop()
        os.close(self.lock)
        for path in {self.var, self.places.home, self.places.sockets}:
            shutil.rmtree(path, ignore_errors=True)


def wait_for(fact: Callable[[], object], what: str, seconds: float = 60, meanwhile: Callable = lambda: None):
    """Until `fact` is true, then its value; a database that is just restarting is no answer yet."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        meanwhile()
        try:
            if found := fact():
                return found
        except (DatabaseError, InterfaceError):
            connection.close()
        time.sleep(0.01)
    raise AssertionError(f"waited {seconds} s for {what}")


def _cache_settings() -> dict:
    from django.conf import settings

    return settings.CACHES["default"]


def _use_broker(url: str) -> None:
    app.conf.broker_url = url
    app.conf.broker_write_url = app.conf.broker_read_url = None
    app.set_default()
    if app._pool is not None:
        app._pool.force_close_all()
    pools.reset()  # they are kept by address: one closed here would be handed to whoever comes next
    app._pool = None
    app.amqp._producer_pool = None

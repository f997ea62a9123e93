"""The two servers a keeper runs: how each is prepared, started, asked whether it answers, and stopped."""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg2

from coaching.keeper_binaries import reachable_postgres, reachable_redis
from coaching.keeper_places import Places

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None
PR_SET_PDEATHSIG = 1


def die_with(parent: int, farewell: int) -> Callable[[], None]:
    """A child's first step: the kernel sends it ``farewell`` when the keeper dies, kill -9 included."""

    def arrange() -> None:
        # Runs after setuid, which would clear the request; the keeper may have died just before it.
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, farewell)
        if os.getppid() != parent:
            os._exit(1)

    return arrange


class Server:
    """A child process of the keeper, run under the servers' account."""

    name = ""
    farewell = signal.SIGTERM

    def __init__(self, places: Places, throw_away: bool) -> None:
        self.places, self.throw_away = places, throw_away
        self.process: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        """Make directories and files ready for a start; no server of ours lives at that moment."""
        raise NotImplementedError

    def command(self) -> list[str]:
        raise NotImplementedError

    def start(self, inherit: int) -> None:
        """Start the process; ``inherit`` is a lock it keeps as long as any process of it lives."""
        with open(self.places.logs / f"{self.name}.log", "ab") as log:
            self.process = subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(inherit,),
                preexec_fn=die_with(os.getpid(), self.farewell),
                **self.identity(),
            )

    def identity(self) -> dict:
        """Popen arguments: working directory, a bare environment, and as root the account to become."""
        plain = {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PATH": "/usr/bin:/bin"}
        become = {}
        if os.geteuid() == 0:
            become = {"user": self.places.account[0], "group": self.places.account[1], "extra_groups": []}
        return {"cwd": self.places.sockets, "env": plain, **become}

    def answers(self) -> bool:
        """Whether the application can work with the server now."""
        raise NotImplementedError

    def settle(self) -> None:
        """Arrange inside the started server what the application expects; repeated until it answers."""

    def died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def stop(self, patience: float = 60) -> None:
        if self.process is None or self.died():
            return
        self.process.send_signal(self.farewell)
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Postgres(Server):
    name = "postgres"
    farewell = signal.SIGINT  # fast shutdown: ends sessions, writes everything down

    def prepare(self) -> None:
        self.places.private_directory(self.places.sockets)
        if not (self.data / "PG_VERSION").exists():
            self._create()
        # The keeper's lock proves that none of our servers lives; a pid in here may be anybody's by now.
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    @property
    def data(self) -> Path:
        return self.places.home / "postgres"

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.places.sockets),
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "shared_buffers": "128MB" if self.throw_away else "256MB",
            "max_wal_size": "4GB",
            "jit": "off",  # short queries on small machines: compiling costs more than it saves
        }
        if self.throw_away:
            settings |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
        pairs = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return [str(reachable_postgres(self.places) / "postgres"), "-D", str(self.data), *pairs]

    def answers(self) -> bool:
        try:
            self._connect("touchline", "touchline").close()
        except psycopg2.OperationalError:
            return False
        return True

    def settle(self) -> None:
        """Create the application's role and database where they are missing."""
        try:
            connection = self._connect("postgres", "postgres")
        except psycopg2.OperationalError:
            return  # still starting
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT FROM pg_roles WHERE rolname = 'touchline'")
            if not cursor.rowcount:
                cursor.execute("CREATE ROLE touchline LOGIN CREATEDB")
            cursor.execute("SELECT FROM pg_database WHERE datname = 'touchline'")
            if not cursor.rowcount:
                cursor.execute("CREATE DATABASE touchline OWNER touchline")
        connection.close()

    def _connect(self, database: str, user: str) -> psycopg2.extensions.connection:
        return psycopg2.connect(host=str(self.places.sockets), dbname=database, user=user, connect_timeout=5)

    def _create(self) -> None:
        # Built aside and renamed: a kill in the middle leaves no half a database behind.
        unfinished = self.data.with_name("postgres.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        self.places.private_directory(unfinished)
        initdb: list[str | Path] = [
            reachable_postgres(self.places) / "initdb",
            "-D",
            unfinished,
            "-U",
            "postgres",
            "--auth=trust",
            "-E",
            "UTF8",
        ]
        subprocess.run(
            [*initdb, "--locale=C.UTF-8", *(["--no-sync"] if self.throw_away else [])],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=sys.stderr,
            preexec_fn=die_with(os.getpid(), signal.SIGTERM),
            **self.identity(),
        )
        if self.data.is_dir():
            self.data.rmdir()
        unfinished.rename(self.data)


class Redis(Server):
    name = "redis"

    def prepare(self) -> None:
        self.places.private_directory(self.places.sockets)
        self.places.private_directory(self.data)
        self.places.redis_socket.unlink(missing_ok=True)

    @property
    def data(self) -> Path:
        return self.places.home / "redis"

    def command(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.places.redis_socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "appendonly": "no" if self.throw_away else "yes",
            "save": "",
            "maxmemory-policy": "noeviction",
        }
        return [
            str(reachable_redis(self.places)),
            *(part for key, value in options.items() for part in (f"--{key}", value)),
        ]

    def answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(5)
            try:
                line.connect(str(self.places.redis_socket))
                line.sendall(b"PING\r\n")
                return line.recv(7).startswith(b"+PONG")
            except OSError:
                return False


SERVERS: dict[str, type[Postgres] | type[Redis]] = {"postgres": Postgres, "redis": Redis}

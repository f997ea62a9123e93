"""PostgreSQL and Redis of our own, on private unix sockets under ``var/``, when no address is configured.

A command *holds* the servers with a shared lock for as long as it lives; see ``keeper.py`` for who runs them.
"""

import fcntl
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from coaching.keeper_binaries import postgres_binaries, redis_binary
from coaching.keeper_places import Places, ServersUnavailable

__all__ = ["ServersUnavailable", "database", "ensure", "hold", "kept_secret", "redis_url"]

PATIENCE = 120  # seconds; recovery after a crash may have to replay a long log
_held: dict[Path, int] = {}


def database(var: Path) -> dict:
    """Django's connection settings for the embedded PostgreSQL."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "touchline",
        "USER": "touchline",
        "PASSWORD": "",
        "HOST": str(Places(var).sockets),
        "PORT": "5432",
    }


def redis_url(var: Path) -> str:
    return f"unix://{Places(var).redis_socket}?db=0"


def kept_secret(var: Path) -> str:
    """The installation's secret: generated once, readable by its owner only."""
    path = var / "secret"
    if not path.exists():
        Places(var).prepare()
        aside = path.with_name(f"secret.{os.getpid()}")
        aside.touch(mode=0o600)
        aside.write_text(secrets.token_urlsafe(50))
        try:
            os.link(aside, path)  # of two commands at once, the first decides
        except FileExistsError:
            pass
        finally:
            aside.unlink()
    try:
        return path.read_text().strip()
    except PermissionError as reason:
        raise Places(var).refusal(reason) from reason


def hold(var: Path, servers: Sequence[str], throw_away: bool = False) -> None:
    """Keep the named servers ("postgres", "redis") up while this process lives; wait until they answer.

    ``throw_away``: nothing is made durable and ``var`` is deleted at the end (tests only).
    Raises ServersUnavailable with what to do instead.
    """
    if not servers:
        return
    places = Places(var)
    places.prepare()
    if var not in _held:
        lock = places.open_lock("holders.lock")
        fcntl.flock(lock, fcntl.LOCK_SH)
        _held[var] = lock  # never closed: the kernel lets go when this process ends, however it ends
    ensure(var, servers, throw_away)


def ensure(var: Path, servers: Sequence[str], throw_away: bool = False) -> None:
    """Start a keeper if none lives, and wait for its servers; the caller holds them already."""
    from coaching.keeper_servers import SERVERS

    places = Places(var)
    wanted = [SERVERS[name](places, throw_away) for name in servers]
    deadline = time.monotonic() + PATIENCE
    keeper = None
    while not (_kept(places) and all(server.answers() for server in wanted)):
        if keeper is not None and keeper.poll():
            raise ServersUnavailable(f"The embedded servers did not start.\n{_log(places)}")
        if time.monotonic() > deadline:
            raise ServersUnavailable(
                f"The embedded servers under {var} do not answer; see {places.logs}. "
                "A command that runs with another DATABASE_URL or REDIS_URL may keep fewer of them."
            )
        if not _kept(places) and (keeper is None or keeper.poll() is not None):
            keeper = _start_keeper(places, servers, throw_away)
        time.sleep(0.02)


def _kept(places: Places) -> bool:
    """Whether a keeper lives: it holds its lock from its first moment to its last."""
    lock = places.open_lock("keeper.lock")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def _start_keeper(places: Places, servers: Sequence[str], throw_away: bool) -> subprocess.Popen:
    find = {"postgres": postgres_binaries, "redis": redis_binary}
    for name in servers:
        find[name]()  # says what is missing here, where somebody reads it
    how = ["throw-away"] if throw_away else []
    with open(places.logs / "keeper.log", "wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "coaching.keeper", str(places.var), ",".join(servers), *how],
            cwd=Path(__file__).resolve().parent.parent,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # a terminal's Ctrl-C is for the command, not for the database
        )


def _log(places: Places) -> str:
    return (places.logs / "keeper.log").read_text(errors="replace").strip()[-2000:]

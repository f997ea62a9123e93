"""The process that owns the embedded servers, and stops them when no command holds the holders' lock.

Started by ``embedded.hold`` as ``python -m coaching.keeper VAR SERVERS [throw-away]``; nobody else calls it.
"""

import fcntl
import os
import shutil
import signal
import sys
import time
from pathlib import Path

from coaching.keeper_places import Places
from coaching.keeper_servers import SERVERS, Server

PULSE = 0.1  # seconds between two looks at servers and holders
GRACE = 1.0  # seconds without any holder before stopping: `make` runs one command after the other
ATTEMPTS = 5


def take(path: Path, patience: float) -> int | None:
    """The exclusive lock on ``path`` as a file descriptor, or None after ``patience`` seconds."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return lock
        except BlockingIOError:
            if time.monotonic() > deadline:
                os.close(lock)
                return None
            time.sleep(PULSE / 5)


class Keeper:
    """Starts the servers, restarts one that died, and stops them with the last holder."""

    def __init__(self, places: Places, servers: list[Server], servers_lock: int) -> None:
        self.places, self.servers, self.servers_lock = places, servers, servers_lock
        self.told_to_stop = False
        signal.signal(signal.SIGTERM, self.hear)
        signal.signal(signal.SIGINT, self.hear)

    def hear(self, *_: object) -> None:
        self.told_to_stop = True

    def bring_up(self) -> None:
        for server in self.servers:
            server.prepare()
            server.start(self.servers_lock)
        for server in self.servers:
            self.await_answer(server)

    def await_answer(self, server: Server) -> None:
        deaths = 0
        while not self.told_to_stop and not server.answers():
            if server.died():
                deaths += 1
                if deaths == ATTEMPTS:
                    raise SystemExit(f"{server.name} does not start:\n{last_lines(self.places, server.name)}")
                time.sleep(PULSE * 5)
                server.prepare()
                server.start(self.servers_lock)
            server.settle()
            time.sleep(PULSE / 5)

    def watch(self) -> None:
        """Return once nobody held the lock for the grace; it stays taken: newcomers wait for the end."""
        holders = self.places.open_lock("holders.lock")
        alone_since = None
        while not self.told_to_stop:
            for server in self.servers:
                if server.died():
                    print(f"{server.name} died and is started again", file=sys.stderr, flush=True)
                    self.await_answer(server)
            try:
                fcntl.flock(holders, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                alone_since = None
            else:
                alone_since = alone_since or time.monotonic()
                if time.monotonic() - alone_since >= GRACE:
                    return
                fcntl.flock(holders, fcntl.LOCK_UN)
            time.sleep(PULSE)

    def stop(self) -> None:
        for server in reversed(self.servers):
            server.stop()


def last_lines(places: Places, name: str, count: int = 12) -> str:
    log = places.logs / f"{name}.log"
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:]) if log.exists() else ""


def main(var: str, names: str, *how: str) -> None:
    os.umask(0o077)
    places, throw_away = Places(Path(var)), "throw-away" in how
    if take(places.run / "keeper.lock", patience=1) is None:
        return  # another one keeps already
    # The servers inherit this second lock: after a kill -9 of the last keeper it frees when they are gone.
    servers_lock = take(places.run / "servers.lock", patience=60)
    if servers_lock is None:
        raise SystemExit("The servers of a keeper that was killed do not end; look into the logs.")
    keeper = Keeper(places, [SERVERS[name](places, throw_away) for name in names.split(",")], servers_lock)
    try:
        keeper.bring_up()
        keeper.watch()
    finally:
        keeper.stop()
        if throw_away:
            shutil.rmtree(places.var, ignore_errors=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Where the embedded servers live on disk, and under which account they run."""

import hashlib
import os
import pwd
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

LONGEST_SOCKET_PATH = 106  # bytes; sun_path holds 108 with its closing NUL
POSTGRES_SOCKET, REDIS_SOCKET = ".s.PGSQL.5432", "redis.sock"


class ServersUnavailable(RuntimeError):
    """The embedded servers cannot run here; the message says what to do instead."""


@dataclass(frozen=True)
class Places:
    """Every path derives from ``var``, so that two commands agree without talking to each other."""

    var: Path

    @cached_property
    def home(self) -> Path:
        """``var`` itself, or for root a directory the unprivileged account can reach."""
        if os.geteuid() != 0 or reachable(self.var.parent, *self.account):
            return self.var
        if (self.var / "postgres").exists():
            raise ServersUnavailable(
                f"{self.var} holds a database, but the account that runs PostgreSQL (uid {self.account[0]}) "
                "cannot reach it. Move it back, or let others traverse its parent directories."
            )
        return Path("/var/lib") / f"touchline-{self._digest}"

    @cached_property
    def account(self) -> tuple[int, int]:
        """(uid, gid) of the servers: our own, or as root an unprivileged one, kept once data exists."""
        if os.geteuid() != 0:
            return os.geteuid(), os.getegid()
        for path in (self.var / "postgres", self.var):
            if path.exists() and path.stat().st_uid != 0:
                return path.stat().st_uid, path.stat().st_gid
        for name in ("postgres", "nobody"):
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return entry.pw_uid, entry.pw_gid
        raise ServersUnavailable(
            "PostgreSQL refuses to run as root and this machine has no account 'nobody'."
        )

    @property
    def run(self) -> Path:
        return self.var / "run"

    @property
    def logs(self) -> Path:
        return self.var / "logs"

    @cached_property
    def sockets(self) -> Path:
        wanted = self.home / "sockets"
        if len(os.fsencode(wanted / POSTGRES_SOCKET)) <= LONGEST_SOCKET_PATH:
            return wanted
        # Fixed /tmp, not TMPDIR: commands started with different environments must meet.
        return Path("/tmp") / f"touchline-{self.account[0]}-{self._digest}"  # noqa: S108 - owner checked

    @property
    def redis_socket(self) -> Path:
        return self.sockets / REDIS_SOCKET

    @cached_property
    def _digest(self) -> str:
        return hashlib.sha256(os.fsencode(self.var)).hexdigest()[:12]

    def prepare(self) -> None:
        """Make what every command needs; parents of ``var`` are the user's and keep their modes."""
        try:
            self.var.mkdir(mode=0o755, parents=True, exist_ok=True)
            if os.geteuid() == 0 and self.var.stat().st_uid == 0:
                self.var.chmod(self.var.stat().st_mode | 0o011)
            for directory in (self.run, self.logs):
                directory.mkdir(mode=0o700, exist_ok=True)
        except PermissionError as reason:
            raise self.refusal(reason) from reason

    def open_lock(self, name: str) -> int:
        """A file descriptor of the lock file ``name``, made where missing."""
        try:
            return os.open(self.run / name, os.O_RDWR | os.O_CREAT, 0o600)
        except PermissionError as reason:
            raise self.refusal(reason) from reason

    def refusal(self, reason: OSError) -> ServersUnavailable:
        return ServersUnavailable(
            f"{self.var} belongs to another account ({reason}). Set VAR_DIR to a directory of your own."
        )

    def private_directory(self, path: Path) -> Path:
        """Create ``path`` with mode 0700 for the servers' account; refuse somebody else's directory."""
        if self.home != self.var:
            self.home.mkdir(exist_ok=True)
            self.home.chmod(0o711)
        if not path.exists():
            path.mkdir(mode=0o700)
            if os.geteuid() == 0:
                os.chown(path, *self.account)
        found = path.lstat()
        if path.is_symlink() or found.st_uid != self.account[0]:
            raise ServersUnavailable(f"{path} belongs to somebody else; remove it or set VAR_DIR elsewhere.")
        path.chmod(0o700)
        return path


def reachable(path: Path, uid: int, gid: int) -> bool:
    """Whether the account may traverse every directory down to ``path`` (mode bits only)."""
    for step in (path.resolve(), *path.resolve().parents):
        if not step.exists():
            continue
        found = step.stat()
        bit = 0o100 if found.st_uid == uid else 0o010 if found.st_gid == gid else 0o001
        if not found.st_mode & bit:
            return False
    return True

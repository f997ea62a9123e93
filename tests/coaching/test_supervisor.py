"""A supervisor with real children: revived, ended together, and never outliving it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.coaching.embedded_world import ROOT, bare_environment, eventually

pytestmark = pytest.mark.faults

SUPERVISE = """
from pathlib import Path
from coaching.supervisor import Supervisor
with Supervisor({}, Path.cwd()) as supervisor:
    for name in ("first", "second"):
        supervisor.start(name, "child", name)
    supervisor.watch(lambda: None)
"""
# A child that, like a web server mid-request, needs a moment after being told to end.
CHILD = """
import os, signal, sys, time
from pathlib import Path
def leave(*_):
    time.sleep(0.2)
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
Path(sys.argv[1]).write_text(str(os.getpid()))
while True:
    time.sleep(0.05)
"""


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    (tmp_path / "child.py").write_text(CHILD)
    environment = bare_environment(PYTHONPATH=os.pathsep.join([str(ROOT), str(tmp_path)]))
    process = subprocess.Popen([sys.executable, "-c", SUPERVISE], cwd=tmp_path, env=environment)
    assert eventually(lambda: len(children(tmp_path)) == 2)
    yield process
    process.kill()
    process.wait()


def children(where: Path) -> dict[str, int]:
    files = [where / "first", where / "second"]
    return {file.name: int(file.read_text()) for file in files if file.exists() and file.read_text()}


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_child_that_dies_is_started_again(supervisor: subprocess.Popen, tmp_path: Path) -> None:
    before = children(tmp_path)
    os.kill(before["first"], signal.SIGKILL)
    assert eventually(lambda: children(tmp_path)["first"] != before["first"])
    assert children(tmp_path)["second"] == before["second"]


@pytest.mark.parametrize("farewell", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_nothing_outlives_the_supervisor(
    supervisor: subprocess.Popen, tmp_path: Path, farewell: signal.Signals
) -> None:
    pids = children(tmp_path).values()
    supervisor.send_signal(farewell)
    assert supervisor.wait(10) == (-9 if farewell == signal.SIGKILL else 0)
    assert eventually(lambda: not any(alive(pid) for pid in pids), seconds=5)

"""The whole installation from nothing on one machine, the way a newcomer starts it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.coaching.embedded_world import ROOT, bare_environment, eventually

pytestmark = pytest.mark.faults
PATIENCE_S = 400


def processes(var: Path) -> list[str]:
    """Command lines that belong to this demo: they, or their environment, name its directory."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            environment = (entry / "environ").read_bytes().decode(errors="replace")
        except (OSError, UnicodeDecodeError):
            continue
        if entry.name != str(os.getpid()) and (str(var) in line or f"VAR_DIR={var}\0" in environment):
            found.append(line)
    return found


@pytest.fixture
def var() -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix="touchline-demo-"))
    yield directory
    assert eventually(lambda: not processes(directory), seconds=30), processes(directory)
    shutil.rmtree(directory)


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


@pytest.fixture
def start_demo(var: Path) -> Iterator[Callable[[int], subprocess.Popen[str]]]:
    """Starts a demo on a port; one that a failed test left is killed before its directory goes."""
    started: list[subprocess.Popen[str]] = []

    def start(port: int) -> subprocess.Popen[str]:
        started.append(
            subprocess.Popen(
                [sys.executable, "manage.py", "demo"],
                cwd=ROOT,
                env=bare_environment(VAR_DIR=str(var), PORT=str(port), PLAIN_STATIC="1"),
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        return started[-1]

    yield start
    for demo in started:
        demo.kill()
        demo.wait()


def read_until_ready(demo: subprocess.Popen[str]) -> str:
    assert demo.stdout is not None
    said, impatience = "", threading.Timer(PATIENCE_S, demo.kill)
    impatience.start()
    try:
        for line in demo.stdout:
            said += line
            if "Ctrl-C" in line:
                return said
    finally:
        impatience.cancel()
    raise AssertionError(f"the demo ended, or was not ready in {PATIENCE_S} s:\n{said}")


def ask(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.read().decode()


def test_the_demo_starts_from_nothing_and_leaves_nothing(
    var: Path, start_demo: Callable[[int], subprocess.Popen[str]]
) -> None:
    port = free_port()
    demo = start_demo(port)
    said = read_until_ready(demo)
    assert f"http://127.0.0.1:{port}/" in said
    for name in ("ada", "maya", "ivo"):
        assert name in said
    assert eventually(lambda: ask(port, "/healthz")[0] == 200, seconds=30), ask(port, "/healthz")
    assert ask(port, "/accounts/login/")[0] == 200
    demo.send_signal(signal.SIGKILL)
    demo.wait()
    assert eventually(lambda: not processes(var), seconds=30), processes(var)

    again = start_demo(port)
    read_until_ready(again)
    health = json.loads(ask(port, "/healthz")[1])
    assert health["database"]["ok"] and health["broker"]["ok"]
    again.send_signal(signal.SIGINT)
    assert again.wait(60) == 0
    assert eventually(lambda: not processes(var), seconds=30), processes(var)


def test_a_taken_port_is_named(var: Path) -> None:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        line.listen()
        port = line.getsockname()[1]
        demo = subprocess.run(
            [sys.executable, "manage.py", "demo"],
            cwd=ROOT,
            env=bare_environment(VAR_DIR=str(var), PORT=str(port)),
            capture_output=True,
            text=True,
        )
    assert demo.returncode != 0
    assert f"PORT={port + 1}" in demo.stderr
    assert eventually(lambda: not processes(var))

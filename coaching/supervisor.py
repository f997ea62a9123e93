"""Runs the processes of an installation on one machine, restarts those that die, and leaves none behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from coaching.keeper_servers import die_with

PULSE = 0.5  # seconds
PATIENCE = 20  # seconds for a process to end by itself


class Supervisor:
    """Use as a context: leaving it, by a signal too, stops everything it started, last first."""

    def __init__(self, environment: dict[str, str], logs: Path) -> None:
        """``logs``: an existing directory; each process writes ``<name>.log`` there."""
        self.environment, self.logs = {**os.environ, **environment}, logs
        self.commands: dict[str, list[str]] = {}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> "Supervisor":
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, _leave)
        return self

    def __exit__(self, *_: object) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        self.stop()

    def start(self, name: str, module: str, *arguments: str) -> None:
        """Run ``python -m module arguments`` until told otherwise."""
        self.commands[name] = [sys.executable, "-m", module, *arguments]
        self._launch(name)

    def watch(self, meanwhile: Callable[[], None]) -> None:
        """Never returns: revive what died, and do ``meanwhile`` at every look."""
        while True:
            meanwhile()
            self.revive()
            time.sleep(PULSE)

    def revive(self) -> None:
        for name, process in self.processes.items():
            if process.poll() is not None:
                print(
                    f"{name} ended with {process.returncode} and is started again",
                    file=sys.stderr,
                    flush=True,
                )
                self._launch(name)

    def stop(self) -> None:
        ending = list(reversed(self.processes.values()))
        for process in ending:
            process.terminate()
        deadline = time.monotonic() + PATIENCE
        for process in ending:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _launch(self, name: str) -> None:
        with open(self.logs / f"{name}.log", "ab") as log:
            self.processes[name] = subprocess.Popen(
                self.commands[name],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches the supervisor only, which ends them in order
                preexec_fn=die_with(os.getpid(), signal.SIGTERM),
            )


def _leave(*_: object) -> None:
    sys.exit(0)

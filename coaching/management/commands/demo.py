"""The whole of Touchline on this machine, with a world to look at: database, workers, scheduler and pages."""

import io
import os
import socket
import sys
import time
import urllib.request
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.cache import cache
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from coaching import embedded
from coaching.health import ALIVE
from coaching.supervisor import Supervisor

ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "coaching.settings",
    "REMAP_SIGTERM": "SIGQUIT",  # Celery hands running tasks back instead of waiting for their end
}
LOGS = settings.VAR_DIR / "logs"
WORKER = ("-A", "coaching", "worker", "-c", "2", "-Q", "interactive,bulk", "-l", "WARNING")


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []  # migrate makes them, when there is something to migrate

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))

    def handle(self, *, port: int, **_options: object) -> None:
        refuse_taken(port)
        LOGS.mkdir(parents=True, exist_ok=True)
        migrate()
        collect_static()
        seeded = seed()
        site = os.environ.get("SITE_URL") or f"http://127.0.0.1:{port}"
        with Supervisor({**ENVIRONMENT, "SITE_URL": site}, LOGS) as supervisor:
            cache.delete(ALIVE)  # of the workers of last time
            start(supervisor, port)
            compute(supervisor, seeded)
            wait(supervisor, "web", lambda: answers(port))
            start_beat(supervisor)  # last: until here it would only take time from what somebody waits for
            self.stdout.write(welcome(port))
            self.stdout.flush()
            supervisor.watch(lambda: embedded.ensure(settings.VAR_DIR, settings.EMBEDDED))


def refuse_taken(port: int) -> None:
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            line.bind(("127.0.0.1", port))
        except OSError as reason:
            raise CommandError(
                f"Port {port} is taken; choose another, for example PORT={port + 1}."
            ) from reason


def migrate() -> None:
    """Bring the tables up to date; asks first, since asking takes a tenth of the time."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0)


def collect_static() -> None:
    """Collect what the browser loads, unless nothing is newer than the last time."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if settings.PLAIN_STATIC:
        return
    collected = manifest.stat().st_mtime if manifest.exists() else 0
    found = (storage.path(name) for finder in get_finders() for name, storage in finder.list([]))
    if any(os.stat(path).st_mtime > collected for path in found):
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["redoc"])


def seed() -> bool:
    """Fill an empty database with the demo world; True when it was empty."""
    from pipeline.models import Rep

    if Rep.objects.exists():
        return False
    call_command("seed_demo", stdout=io.StringIO())  # the sign-ins are told at the end
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # else the first recompute reads tables the planner knows nothing of
    return True


def start(supervisor: Supervisor, port: int) -> None:
    supervisor.start("worker", "celery", *WORKER)
    bind = ("--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4", "--preload")
    supervisor.start(
        "web", "gunicorn", "coaching.wsgi", *bind, "--no-control-socket", "--log-level", "warning"
    )


def start_beat(supervisor: Supervisor) -> None:
    schedule = settings.CELERY_BEAT_SCHEDULE_FILENAME
    supervisor.start(
        "beat", "celery", "-A", "coaching", "beat", "-l", "WARNING", "--pidfile=", "-s", schedule
    )


def compute(supervisor: Supervisor, seeded: bool) -> None:
    """Fill the snapshots, through the workers just started."""
    from kpis.models import Snapshot

    if seeded or not Snapshot.objects.exists():
        wait(supervisor, "worker", lambda: cache.get(ALIVE) is not None)
        call_command("recompute_kpis", all=True)
    if seeded:
        from coaching.fairness.demo import seed_late_news
        from coaching.sessions.demo import judge_sessions
        from kpis.periods import Calendar

        seed_late_news(Calendar.current().today())
        judge_sessions()


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
            return True
    except OSError:
        return False


def wait(supervisor: Supervisor, name: str, fact: Callable[[], bool]) -> None:
    """Until ``fact`` holds, reviving what dies; gives up after three minutes, naming the log of ``name``."""
    deadline = time.monotonic() + 180
    while not fact():
        if time.monotonic() > deadline:
            sys.exit(f"The {name} does not answer; see {LOGS / name}.log.")
        supervisor.revive()
        time.sleep(0.1)


def welcome(port: int) -> str:
    from pipeline.demo import SIGN_INS

    rows = [f"  {name:<10} {password:<18} {text}" for name, password, text in SIGN_INS]
    return "\n".join(
        [
            "",
            _("Touchline is ready: http://127.0.0.1:%(port)d/") % {"port": port},
            _("Sign in as one of:"),
            *rows,
            _("Logs: %(logs)s") % {"logs": LOGS},
            _("Ctrl-C stops everything."),
        ]
    )

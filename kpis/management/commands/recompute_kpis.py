"""manage.py recompute_kpis: drain what is marked, or with --all recompute everything through the workers."""

import time

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from kpis.models import Run
from kpis.recompute import drain
from kpis.runs import ItemFailed, cancel, start_run, work
from kpis.tasks import send_hints

POLL_S = 0.2
PATIENCE_S = 5


class Command(BaseCommand):
    help = "Recompute KPIs: what is marked stale, or everything (--all) through the Celery workers, with progress."

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="recompute every rep, team and period")
        parser.add_argument("--here", action="store_true", help="in this process, without workers")

    def handle(self, **options):
        if not options["all"]:
            self.stdout.write(f"{drain()} marks cleared")
            return
        run = start_run()
        if not options["here"]:
            send_hints(run.pk, run.waiting())
        try:
            self._follow(run, options["here"])
        except KeyboardInterrupt:
            cancel(run)
            self.stderr.write("Cancelled: what was recomputed stays.")
            return
        if run.error:
            raise CommandError(f"Given up: {run.error}")
        if run.finished_at is None:
            raise CommandError("The run was cancelled.")
        seconds = (run.finished_at - run.started_at).total_seconds()
        self.stdout.write(f"{run.items.count()} items recomputed in {seconds:.1f} s")

    def _follow(self, run: Run, here: bool) -> None:
        """Show the run's progress until it is over; while no worker gets on with it, do its items here."""
        bar = Progress(
            TextColumn("recomputing"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        )
        with bar:
            task = bar.add_task("", total=run.items.count())
            done, moved = 0, time.monotonic()
            while run.is_open:
                if done != (done := run.items.exclude(done_at=None).count()):
                    moved = time.monotonic()
                bar.update(task, completed=done)
                # A message lost, or consumed by a failure, is not sent again before beat looks for it.
                alone = here or time.monotonic() - moved > PATIENCE_S
                if not (alone and self._help(run)):
                    time.sleep(POLL_S)
                run.refresh_from_db()
            bar.update(task, completed=run.items.exclude(done_at=None).count())

    def _help(self, run: Run) -> bool:
        """Whether there was an item to do; the run has noted its failure, and gives up after a few."""
        try:
            return work(run.pk)
        except ItemFailed as reason:
            self.stderr.write(f"An item failed: {reason}")
            return True

"""Fill an empty database with the demo world."""

import sys
from datetime import date
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from pipeline.demo import SIGN_INS, AlreadyPeopled, seed
from pipeline.demo.sowing import ZONE

WIDTH = 30


class Command(BaseCommand):
    help = "Fill an empty database with eighteen months of an invented sales organisation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--end", type=date.fromisoformat, help="last day of the demo, YYYY-MM-DD; default: today"
        )

    def handle(self, *args, end: date | None, **options) -> None:
        try:
            seed(end or timezone.localdate(timezone=ZoneInfo(ZONE)), self._progress)
        except AlreadyPeopled as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write("Sign in as:")
        for username, password, who in SIGN_INS:
            self.stdout.write(f"  {username:<6} {password}  {who}")

    def _progress(self, what: str, done: int, total: int) -> None:
        filled = WIDTH * done // total
        bar = "█" * filled + "·" * (WIDTH - filled)
        end = "\n" if done == total or not sys.stderr.isatty() else ""
        self.stderr.write(f"\r{bar} {done:>7} / {total} rows  {what:<28}", ending=end)

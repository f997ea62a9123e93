"""The demo world of the records, and the coaching that goes with it."""

from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone

from coaching.observed.demo import seed_observations
from coaching.sessions.demo import seed_sessions
from pipeline.demo.sowing import ZONE
from pipeline.management.commands.seed_demo import Command as SeedRecords


class Command(SeedRecords):
    help = "Fill an empty database with eighteen months of an invented sales organisation and its coaching."

    def handle(self, *args, end: date | None, **options) -> None:
        last = end or timezone.localdate(timezone=ZoneInfo(ZONE))
        super().handle(*args, end=last, **options)
        seed_sessions(last)
        seed_observations(last)

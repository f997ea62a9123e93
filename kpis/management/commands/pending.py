"""manage.py pending: what waits to be computed, and for how long."""

import json
import sys

from django.core.management.base import BaseCommand

from kpis.pending import pending


class Command(BaseCommand):
    help = "List unsettled records, stale marks and unfinished runs with their age in seconds."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--fail-if-any", action="store_true", help="exit with 1 if anything waits")

    def handle(self, **options):
        waiting = pending()
        if options["json"]:
            self.stdout.write(json.dumps(waiting))
        elif not waiting:
            self.stdout.write("Nothing is pending.")
        else:
            for entry in waiting:
                self.stdout.write(
                    f"{entry['kind']:10} {entry['subject'] if entry['subject'] is not None else '':>8}"
                    f" {entry['marks']:>7} marks {entry['age_s']:>9.1f} s"
                )
        if waiting and options["fail_if_any"]:
            sys.exit(1)

"""manage.py verify_snapshots: recompute everything in memory and list what the stored figures differ in."""

import json
import sys

from django.core.management.base import BaseCommand

from kpis.verify import differences


class Command(BaseCommand):
    help = "Recompute from scratch in memory and list every stored figure that differs; exit 1 if any does."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true")

    def handle(self, **options):
        found = differences()
        if options["json"]:
            self.stdout.write(json.dumps(found, default=str))
        else:
            for entry in found:
                self.stdout.write("  ".join(f"{name}={value}" for name, value in entry.items()))
            self.stdout.write(f"{len(found)} stored figures differ")
        if found:
            sys.exit(1)

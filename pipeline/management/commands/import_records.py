"""Import records from a bundle or, through a preset or a mapping, from another system's export."""

import json

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from pipeline.intake.files import Refused
from pipeline.intake.importing import Outcome, import_records
from pipeline.intake.mapping import Mapping, load, preset, preset_names

ROWS_SHOWN = 50


class Command(BaseCommand):
    help = "Import records: a folder, a zip, or CSV files (also gzipped). Whole or not at all."

    def add_arguments(self, parser):
        parser.add_argument("paths", nargs="+", metavar="PATH")
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--preset", default="touchline", help=f"one of {', '.join(preset_names())}")
        which.add_argument("--mapping", metavar="FILE.toml", help="a mapping of your own")
        parser.add_argument("--dry-run", action="store_true", help="check everything, write nothing")
        parser.add_argument(
            "--leave-bad-rows-out", action="store_true", help="take the good rows of a file with bad ones"
        )
        parser.add_argument("--rejects", metavar="FILE", help="write every bad row to this CSV file")
        parser.add_argument("--json", action="store_true", help="print the report as JSON, nothing else")
        parser.add_argument(
            "--date-order", choices=["dmy", "mdy", "ymd"], help="for dates that are not ISO 8601"
        )
        parser.add_argument("--numbers", choices=["point", "comma"], help="the decimal sign of amounts")

    def handle(self, *args, **options):
        outcome = self._import(options)
        if options["rejects"]:
            outcome.rejects.write(options["rejects"])
        if options["json"]:
            self.stdout.write(json.dumps(outcome.report, indent=2, ensure_ascii=False))
        else:
            self._tell(outcome)
        if outcome.is_refused:
            raise CommandError(f"Refused: {outcome.report['why']}")

    def _import(self, options) -> Outcome:
        with tqdm(disable=options["json"], leave=False, bar_format="{desc} {bar} {n_fmt}/{total_fmt}") as bar:

            def progress(label: str, done: int, total: int) -> None:
                bar.total, bar.n = total, done
                bar.set_description_str(label)

            try:
                return import_records(
                    options["paths"],
                    self._mapping(options),
                    dry_run=options["dry_run"],
                    leave_bad_rows_out=options["leave_bad_rows_out"],
                    progress=progress,
                )
            except Refused as error:
                raise CommandError(f"Refused: {error}") from error

    @staticmethod
    def _mapping(options) -> Mapping:
        chosen = load(options["mapping"]) if options["mapping"] else preset(options["preset"])
        return chosen.declaring(date_order=options["date_order"], numbers=options["numbers"])

    def _tell(self, outcome: Outcome) -> None:
        report = outcome.report
        for file in report["files"]:
            shown = "tab" if file["delimiter"] == "\t" else file["delimiter"]
            self.stdout.write(
                f"{file['file']}: {file['encoding']}, delimiter {shown}, dates {file['date_order']}, "
                f"numbers {file['numbers']}"
            )
            if file["columns_not_read"]:
                self.stdout.write(f"  columns not read: {', '.join(file['columns_not_read'])}")
        if report["not_read"]:
            self.stdout.write(f"files not read: {', '.join(report['not_read'])}")
        for name, counts in report["tables"].items():
            left = "".join(f"; left out {count} ({reason})" for reason, count in counts["left_out"].items())
            self.stdout.write(
                f"{name}: {counts['added']} new, {counts['changed']} changed,"
                f" {counts['same']} as they were{left}"
            )
        for reject in outcome.rejects.sorted()[:ROWS_SHOWN]:
            self.stderr.write(str(reject))
        if outcome.rejects.count > ROWS_SHOWN:
            self.stderr.write(f"… and {outcome.rejects.count - ROWS_SHOWN} more: see --rejects FILE")
        if not outcome.is_refused:
            self.stdout.write({"checked": "Checked; nothing was written.", "done": "Done."}[outcome.state])

"""Write all records as a bundle that import_records reads back without loss."""

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from pipeline.intake.exporting import export_records
from pipeline.intake.files import Refused


class Command(BaseCommand):
    help = "Export all records as a bundle: a folder, or one file if the name ends in .zip."

    def add_arguments(self, parser):
        parser.add_argument("target", metavar="DIR|FILE.zip")

    def handle(self, *args, **options):
        with tqdm(leave=False, bar_format="{desc} {bar} {n_fmt}/{total_fmt}") as bar:

            def progress(label: str, done: int, total: int) -> None:
                bar.total, bar.n = total, done
                bar.set_description_str(label)

            try:
                written = export_records(options["target"], progress)
            except Refused as error:
                raise CommandError(f"Refused: {error}") from error
        self.stdout.write(f"{len(written)} files in {options['target']}: {', '.join(written)}")

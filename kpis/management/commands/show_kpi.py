"""manage.py show_kpi: one number, for whom and when asked, with its arithmetic."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kpis.catalogue import CATALOGUE
from kpis.payload import names_of, row
from kpis.periods import Calendar
from kpis.readings import read
from kpis.standings import standing_rows
from kpis.subjects import Subject
from pipeline.models import Rep, Team


class Command(BaseCommand):
    help = (
        "Show one KPI. Periods: 2017, 2017-Q1, 2017-03, 2017-W10, last-30, last-90, rolling-12, all, or FROM..TO "
        "(TO is the first day after). Percent figures are fractions; for medians the sample stands in place of "
        "numerator and denominator. With it stand its target, how it stands against that, and of a rep's figure whether it "
        "is a flag beside others of the same job, and why."
    )

    def add_arguments(self, parser):
        parser.add_argument("key")
        who = parser.add_mutually_exclusive_group()
        who.add_argument("--organisation", action="store_true", help="the whole organisation (default)")
        who.add_argument("--team", metavar="ID")
        who.add_argument("--rep", metavar="ID")
        who.add_argument("--all-reps", action="store_true")
        parser.add_argument("--period", required=True)
        parser.add_argument("--json", action="store_true")

    def handle(self, key, period, **options):
        if key not in CATALOGUE:
            raise CommandError(f"There is no KPI “{key}”. There are: {', '.join(CATALOGUE)}.")
        try:
            asked = Calendar.current().parse(period)
        except ValueError as error:
            raise CommandError(str(error)) from error
        subjects = self._subjects(options)
        cards = read(subjects, [asked])
        names = names_of(subjects)
        pairs = [(subject, key) for subject in subjects]
        stands = standing_rows(pairs, asked, Calendar.current().today(), cards, names)
        rows = [
            _shown(row(key, cards[subject, asked.key], names) | where)
            for subject, where in zip(subjects, stands, strict=True)
        ]
        if options["json"]:
            self.stdout.write(json.dumps(rows, default=str, ensure_ascii=False, indent=1))
        else:
            for line in rows:
                self.stdout.write("  ".join(f"{name}={_text(value)}" for name, value in line.items()))

    def _subjects(self, options) -> list[Subject]:
        if options["team"]:
            return [Subject.team(_pk(Team, options["team"]))]
        if options["rep"]:
            return [Subject.rep(_pk(Rep, options["rep"]))]
        if options["all_reps"]:
            return [
                Subject.rep(pk) for pk in Rep.objects.order_by("name_key", "pk").values_list("pk", flat=True)
            ]
        return [Subject.organisation()]


def _pk(model, asked: str) -> int:
    """A record by its number, its id at the source or its name, whatever is unambiguous."""
    for lookup in ({"pk": asked} if asked.isdigit() else {}, {"external_id": asked}, {"name": asked}):
        found = list(model.objects.filter(**lookup).values_list("pk", flat=True)[:2]) if lookup else []
        if len(found) == 1:
            return found[0]
    raise CommandError(f"There is no {model._meta.verbose_name} “{asked}”.")


def _shown(row: dict) -> dict:
    """The row without what does not apply: a median has a sample, everything else a fraction."""
    absent = ("sample",) if row["sample"] is None else ("numerator", "denominator")
    at = row["computed_at"]
    return {name: value for name, value in row.items() if name not in absent} | {
        "computed_at": timezone.localtime(at).isoformat() if at else None
    }


def _text(value) -> str:
    return "–" if value is None else str(value)

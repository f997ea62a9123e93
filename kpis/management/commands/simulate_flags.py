"""manage.py simulate_flags: how often flags are wrong, and what they find, on figures whose truth is known."""

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from kpis.judging.decision import FEWEST_PEERS
from kpis.judging.discovery import FALSE_SHARE
from kpis.judging.rehearsal import Setting, Tally, rehearse


class Command(BaseCommand):
    requires_system_checks = []  # it looks at no records and no pages
    help = (
        "Judge weeks of invented figures with the code that judges the real ones. Without --effect nobody differs "
        "more than reps usually do (--spread) and every flag is a false alarm; with it, the share found is printed."
    )

    def add_arguments(self, parser):
        parser.add_argument("--weeks", type=int, default=1000)
        parser.add_argument("--reps", type=int, default=12)
        parser.add_argument("--kpis", type=int, default=10)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--effect", type=float, default=0.0, help="0.5: figures made to differ are half as high"
        )
        parser.add_argument("--spread", type=float, default=0.0, help="0.2: reps differ by a fifth as a rule")

    def handle(self, weeks, reps, kpis, seed, effect, spread, **options):
        if reps < FEWEST_PEERS or min(weeks, kpis) < 1 or not 0 <= effect < 1 or spread < 0:
            raise CommandError(
                f"At least {FEWEST_PEERS} reps, one week and KPI, an effect from 0 to below 1."
            )
        setting = Setting(reps, kpis, effect, spread)
        hidden = options["verbosity"] == 0
        *_before, tally = tqdm(rehearse(setting, weeks, seed), total=weeks, unit="week", disable=hidden)
        self.stdout.write("\n".join(report(tally)))


def report(tally: Tally) -> list[str]:
    """The tally in lines, the promise beside what was found."""
    lines = [
        f"{tally.weeks} weeks, {tally.comparisons} comparisons, {tally.flags} flags, {tally.wrong} of them false",
        f"false flags / comparisons: {tally.false_per_comparison:.3%}",
        f"weeks with a false flag: {tally.weeks_with_wrong / tally.weeks:.1%}",
        f"false discovery rate: {tally.false_share:.1%} (promised: {FALSE_SHARE:.0%} at most)",
    ]
    if not tally.planted:
        return lines
    lines.append("found of the differences planted:")
    return lines + [
        f"  {kind:<8} {tally.found[kind]:>6} of {tally.planted[kind]:>6}  {share:>6.1%}"
        for kind, share in tally.power.items()
    ]

"""manage.py simulate_coaching: how often the verdict says “worked” where coaching did nothing, and where it did."""

from argparse import ArgumentParser
from dataclasses import replace

from django.core.management.base import BaseCommand, CommandError

from coaching.impact.effects import FALSE_WORKED, LEAST_CONTROLS
from coaching.impact.simulated import KINDS, Role, Tally, simulate

EFFECTS = (0.0, 0.25, 0.5, 1.0)


class Command(BaseCommand):
    help = (
        "Judge invented roles by the rule commitments are judged by, for shares, counts, sums and medians. Without an "
        "effect “worked” is a false alarm, which the rule promises in at most %s %% of cases, also where who looked worst "
        "was coached; with one, the share found is printed beside what the comparisons said."
    ) % (100 * FALSE_WORKED)
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rounds", type=int, default=2000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--effect",
            type=float,
            help="one true effect, relative to the role's mean: 0.5 is half as much again",
        )
        parser.add_argument("--kind", choices=list(KINDS), help="of the KPI; all of them without it")
        parser.add_argument(
            "--reps", type=int, default=Role.reps, help="reps in the role, the coached one among them"
        )
        parser.add_argument("--rows", type=int, help="what stands behind a window: rows, or days at work")

    def handle(self, *, rounds: int, seed: int, effect, kind, reps: int, rows, **_options) -> None:
        if rounds < 1 or reps <= LEAST_CONTROLS or (rows is not None and rows < 2):
            raise CommandError(f"At least one round, {LEAST_CONTROLS + 1} reps and 2 rows.")
        for name in KINDS if kind is None else (kind,):
            role = Role(name, reps, rows)
            usual = rows or KINDS[name].size
            self.stdout.write(f"{name}: {rounds} rounds, {reps} reps, about {usual} rows or days a window")
            self.stdout.write("effect  picked    worked  worse   found   power stated")
            for true in EFFECTS if effect is None else (effect,):
                for is_worst in (True, False):
                    tried = replace(role, effect=true, picks_worst=is_worst)
                    self.stdout.write(_line(tried, simulate(tried, rounds, seed)))


def _line(role: Role, tally: Tally) -> str:
    picked = "worst" if role.picks_worst else "any"
    stated = f"{tally.stated:6.1%}" if role.effect else ""
    return f"{role.effect:+.0%}   {picked:<8} {tally.worked:6.1%} {tally.worse:6.1%}  {tally.mean:+.1%}   {stated}".rstrip()

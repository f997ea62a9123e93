"""manage.py simulate_coaching: how often the verdict says “worked” where coaching did nothing, and where it did."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from coaching.impact.effects import FALSE_WORKED
from coaching.impact.simulated import Role, Tally, simulate

EFFECTS = (0.0, 0.05, 0.1, 0.15, 0.2)


class Command(BaseCommand):
    help = (
        "Judge invented roles by the rule commitments are judged by. Without an effect “worked” is a false alarm, which "
        "the rule promises in at most %s %% of cases, also where the rep was coached because the figure looked worst."
    ) % (100 * FALSE_WORKED)
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rounds", type=int, default=2000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--effect", type=float, help="one true effect, as a share: 0.1 is ten points")
        parser.add_argument(
            "--reps", type=int, default=Role.reps, help="reps in the role, the coached one among them"
        )
        parser.add_argument(
            "--rows", type=int, default=Role.rows, help="rows behind a rep's share in a window"
        )

    def handle(
        self, *, rounds: int, seed: int, effect: float | None, reps: int, rows: int, **_options
    ) -> None:
        role = Role(reps=reps, rows=rows)
        self.stdout.write(
            f"{rounds} rounds, {reps} reps, about {rows} rows a window; mean share {role.share:.0%}"
        )
        self.stdout.write("effect  picked    worked  worse   found   power stated")
        for true in EFFECTS if effect is None else (effect,):
            for is_worst in (True, False):
                self.stdout.write(_line(true, is_worst, simulate(role, rounds, seed, true, is_worst)))


def _line(effect: float, is_worst: bool, tally: Tally) -> str:
    picked = "worst" if is_worst else "any"
    stated = f"{tally.stated:6.1%}" if effect else ""
    return f"{effect:+.2f}   {picked:<8} {tally.worked:6.1%} {tally.worse:6.1%}  {tally.mean:+.3f}   {stated}"

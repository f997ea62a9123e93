"""What random worlds are drawn with: a plan of how much, and dice that like the days around which things happen.

Each row is drawn from its own seed, so that a world of fewer rows is the same world with rows missing: that is what
lets Hypothesis shrink a failure by turning the counts down.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from hypothesis import strategies as st

# Days around which things happen: ends of weeks, months and years, both changes of the clock, the last fortnight.
DAYS = [
    date(2025, 7, 1), date(2025, 12, 31), date(2026, 1, 1), date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 8),
    date(2026, 3, 16), date(2026, 3, 17), date(2026, 3, 28), date(2026, 3, 29), date(2026, 3, 31), date(2026, 4, 1),
    date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 2), date(2026, 6, 13), date(2026, 6, 14), date(2026, 6, 15),
    date(2026, 6, 16),
]  # fmt: skip
TIMES = [time(0), time(0, 30), time(9), time(9, 0, 40), time(9, 1), time(9, 1, 1), time(17), time(23, 59, 59)]
ROLES = ["", "decision_maker", "decision_maker", "economic_buyer", "champion", "user", "blocker"]


@dataclass(frozen=True)
class Plan:
    """What to draw: a seed and how many of each; `edits` are made after the first recompute."""

    seed: int
    moves: int
    settings: int
    deals: int
    steps: int
    activities: int
    edits: int

    def dice(self, what: str, number: int = 0) -> "Dice":
        return Dice(f"{self.seed} {what} {number}")


PLANS = st.builds(
    Plan,
    seed=st.integers(0, 10**9),
    moves=st.integers(0, 4),
    settings=st.integers(0, 3),
    deals=st.integers(0, 7),
    steps=st.integers(1, 6),
    activities=st.integers(0, 40),
    edits=st.integers(0, 8),
)


class Dice(Random):
    zone = UTC

    def maybe(self, values, share: float = 0.5):
        return self.choice(values) if values and self.random() < share else None

    def day(self) -> date:
        return self.choice(DAYS) + timedelta(self.choice([0, 0, 0, 0, 1, -1, 7]))

    def moment(self) -> datetime:
        """Usually a local time, now and then an instant just before midnight UTC."""
        if self.random() < 0.15:
            return datetime.combine(self.day(), time(23, 30), UTC)
        return datetime.combine(self.day(), self.choice(TIMES), self.zone)

    def amount(self) -> Decimal:
        return Decimal(self.choice(["0", "99.99", "1000", "2500.50", "40000"]))

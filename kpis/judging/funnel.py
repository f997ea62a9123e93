"""The funnel: how far each rep of a role lies from the others, and where the limits of chance are.

Each kind of figure brings its exact test of one rep against the rest: `tallies` what is counted, `magnitudes` what is
large or long. What follows from a gap is decided in `flags`.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from kpis.judging.dispersion import Others


@dataclass(frozen=True)
class Gap:
    """One rep against the others, positive where higher.

    `residual` is Pearson's, divided by its own error; `score` the normal score of the exact tail; `chance` how often
    as large a gap on either side comes by chance alone; `distance` the gap on the scale on which reps differ: about a
    relative difference, as a logarithm, so that twice and half are as far.
    """

    residual: float
    score: float
    chance: float
    distance: float


NO_GAP = Gap(0.0, 0.0, 1.0, 0.0)


class Peers(ABC):
    """Figures of reps who are compared, in one order; `sizes` are what each figure stands on (rows, days)."""

    sizes: Sequence[float]
    has_chance = True  # whether the figure itself says how much of the spread is chance
    is_share = False

    mean: float
    values: list[float]
    gaps: list[Gap]
    estimates: list[float]

    def __len__(self):
        return len(self.sizes)

    @cached_property
    def leverages(self) -> list[float]:
        whole = sum(self.sizes)
        return [size / whole if whole else 0.0 for size in self.sizes]

    @cached_property
    def chi_square(self) -> float:
        """Pearson's: of reps who differ by chance alone about one less than their number."""
        return sum((1 - h) * gap.residual**2 for h, gap in zip(self.leverages, self.gaps, strict=True))

    @property
    @abstractmethod
    def reaches(self) -> list[float]:
        """How strongly a difference between reps shows in each figure, in variances of chance: see `Others.reach`."""

    @property
    def scale(self) -> float:
        """What a distance of one (about a doubling) is in the figures' unit, at the mean."""
        return self.mean

    def others(self, without: int | None = None) -> Others:
        """What the figures say of how much reps differ; `without` leaves one rep out.

        Chi-square then loses what that rep adds: the identity behind externally studentised residuals.
        """
        chi_square, df = self.chi_square, len(self) - 1
        reach, weight = self._reach
        if without is not None:
            chi_square, df = max(chi_square - self.gaps[without].residual ** 2, 0.0), df - 1
            own = 1 - self.leverages[without]
            reach, weight = reach - own * self.reaches[without], weight - own
        return Others(chi_square, df, reach / weight)

    @cached_property
    def _reach(self) -> tuple[float, float]:
        """Σ weight × reach and Σ weight over all, weights 1 − leverage."""
        weights = [1 - h for h in self.leverages]
        return sum(w * reach for w, reach in zip(weights, self.reaches, strict=True)), sum(weights)

    @abstractmethod
    def error(self, size: float) -> float:
        """Standard error by chance of a figure that stands on `size`."""

"""Invented roles in which coaching does nothing, or a known something: how often the verdict's own rule finds it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from coaching.impact.effects import Pair, difference
from kpis.judging.window_samples import Sample


@dataclass(frozen=True)
class Role:
    """A role as simulated: reps' true shares, how far they wander between windows, rows in a window, windows of past."""

    reps: int = 9
    share: float = 0.2
    between: float = 0.05
    wander: float = 0.03
    rows: int = 60
    trend: float = 0.02
    past: int = 6


@dataclass(frozen=True)
class Tally:
    """Shares of the rounds by verdict, the mean effect found, and how often the comparisons said they would find it."""

    worked: float
    worse: float
    mean: float
    stated: float


def simulate(role: Role, rounds: int, seed: int, effect: float = 0.0, picks_worst: bool = True) -> Tally:
    """Verdicts of so many rounds in which one rep is coached with this effect on a share."""
    chance = np.random.default_rng(seed)
    found = [difference(*_round(role, chance, effect, picks_worst)) for _ in range(rounds)]
    kinds = Counter(one.kind("up") for one in found)
    return Tally(
        kinds["worked"] / rounds,
        kinds["worse"] / rounds,
        float(np.mean([one.estimate for one in found])),
        float(np.mean([one.power(effect) for one in found])),
    )


def _round(
    role: Role, chance: np.random.Generator, effect: float, picks_worst: bool
) -> tuple[Pair, list[Pair]]:
    """One role's two windows; the coached rep is the one whose baseline looks worst, as managers pick, or any."""
    skill = _drawn(role, chance)
    past = _past(skill, role, chance)
    rows = [chance.integers(role.rows // 2, role.rows * 3 // 2 + 1, role.reps) for _ in range(2)]
    before = chance.binomial(rows[0], _wandered(skill, role, chance))
    coached = int(np.argmin(before / rows[0])) if picks_worst else 0
    gain = np.where(np.arange(role.reps) == coached, effect, 0.0) + role.trend
    after = chance.binomial(rows[1], np.clip(_wandered(skill, role, chance) + gain, 0, 1))
    sides = list(map(list, (_samples(before, rows[0]), _samples(after, rows[1]))))
    pairs = [Pair(*three) for three in zip(*sides, past, strict=True)]
    return pairs.pop(coached), pairs


def _past(skill: np.ndarray, role: Role, chance: np.random.Generator) -> list[Sample | None]:
    """The year before, as so many windows at once; none for a role without one."""
    if not role.past:
        return [None] * role.reps
    rows = np.full(role.reps, role.rows)
    hits = sum(chance.binomial(rows, _wandered(skill, role, chance)) for _ in range(role.past))
    return list(_samples(np.asarray(hits), rows * role.past))


def _drawn(role: Role, chance: np.random.Generator) -> np.ndarray:
    """True shares from a beta distribution with this mean and standard deviation."""
    if not role.between:
        return np.full(role.reps, role.share)
    weight = role.share * (1 - role.share) / role.between**2 - 1
    return chance.beta(role.share * weight, (1 - role.share) * weight, role.reps)


def _wandered(skill: np.ndarray, role: Role, chance: np.random.Generator) -> np.ndarray:
    """Days are good and bad for everybody: the skill as it shows in one window."""
    return np.clip(skill + chance.normal(0, role.wander / np.sqrt(2), len(skill)), 0.001, 0.999)


def _samples(hits: np.ndarray, rows: np.ndarray) -> Iterator[Sample]:
    """As `kpis.judging.window_samples` reckons shares: binomial noise at the role's pooled share."""
    share = (hits.sum() + 1) / (rows.sum() + 2)
    for hit, of in zip(hits.tolist(), rows.tolist(), strict=True):
        yield Sample(hit / of, float(share * (1 - share) / of), of)

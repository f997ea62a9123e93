"""Which gaps are flags: limits, overdispersion, false discoveries over all reps and KPIs together. No records, no words."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from kpis.judging.discovery import discoveries
from kpis.judging.dispersion import Differences, Others, usual
from kpis.judging.funnel import Peers
from kpis.judging.tails import student_limit

# Spiegelhalter's (2005) funnel limits: 95 % and 99.8 %.
ALERT, ALARM = 0.05, 0.002
# With fewer, what is usual among the others cannot be told, and a mean would tell of single people.
FEWEST_PEERS = 5


@dataclass(frozen=True)
class Family:
    """One KPI over the reps of one role; `peers` has their figures in the order of `reps`."""

    role: str
    key: str
    reps: Sequence[int]
    peers: Peers

    @cached_property
    def place(self) -> dict[int, int]:
        return {rep: place for place, rep in enumerate(self.reps)}


@dataclass(frozen=True)
class Finding:
    """What is said of one rep and KPI: `gap` in errors, wider by what reps usually differ; positive where higher."""

    gap: float
    p: float
    is_flag: bool

    @property
    def level(self) -> str:
        if not self.is_flag:
            return ""
        return "alarm" if self.p <= ALARM else "alert"

    @property
    def is_outside(self) -> bool:
        """Beyond the 95 % limits, flag or not."""
        return self.p <= ALERT


def decide(families: Sequence[Family]) -> dict[tuple[int, str], Finding]:
    """(rep, KPI) -> finding. The false discovery rate is held over everything that is handed in together."""
    judged = [family for family in families if len(family.peers) >= FEWEST_PEERS]
    priors = {place: usual(_without(judged, *place)) for place in _reps_by_role(judged)}
    places = [(family, rep) for family in judged for rep in family.reps]
    gaps = [_widened(family, rep, priors[family.role, rep]) for family, rep in places]
    believed = discoveries([p for _gap, p in gaps])
    return {
        (rep, family.key): Finding(gap, p, number in believed and p <= ALERT)
        for number, ((family, rep), (gap, p)) in enumerate(zip(places, gaps, strict=True))
    }


def _reps_by_role(families: Sequence[Family]) -> set[tuple[str, int]]:
    return {(family.role, rep) for family in families for rep in family.reps}


def _without(families: Sequence[Family], role: str, rep: int) -> list[Others]:
    """What the rep's colleagues say of every KPI of the role."""
    return [
        family.peers.others(family.place.get(rep))
        for family in families
        if family.role == role and family.peers.has_chance
    ]


def _widened(family: Family, rep: int, prior) -> tuple[float, float]:
    """The gap and its p-value: by chance alone and beside how much reps differ, whichever is the larger.

    How much they differ is read off the others only, so that nobody hides in the spread they make themselves.
    """
    place, peers = family.place[rep], family.peers
    own = peers.gaps[place]
    if not peers.has_chance:
        return own.score, own.chance
    spread, lever = Differences.seen(peers.others(place), prior), peers.leverages[place]
    p = spread.beyond(own.score, own.distance, lever)
    return spread.gap(own.score, own.distance, lever), max(own.chance, p)


@dataclass(frozen=True)
class Limits:
    """Both limits around the mean for a figure standing on `size`, in the figures' own unit."""

    size: float
    alert: tuple[float, float]
    alarm: tuple[float, float]


def limits(family: Family, families: Sequence[Family], sizes: Sequence[float]) -> list[Limits]:
    """The funnel as it is drawn, by normal approximation and the spread of all; the judgement itself is exact."""
    peers = family.peers
    found = []
    for size in sizes:
        error = peers.error(size)
        if peers.has_chance:
            outs = _outs(family, families, error)
        else:
            outs = [error * student_limit(p, len(peers) - 2) for p in (ALERT, ALARM)]
        found.append(Limits(size, *((peers.mean - out, peers.mean + out) for out in outs)))
    return found


def _outs(family: Family, families: Sequence[Family], error: float) -> list[float]:
    """How far out both limits lie for a figure with this error by chance.

    The rep furthest out is left aside, as Spiegelhalter winsorises, lest an outlier draw the limits around itself.
    """
    peers = family.peers
    alike = [_settled(one.peers) for one in families if one.role == family.role and one.peers.has_chance]
    spread = Differences.seen(_settled(peers), usual(alike))
    return [
        spread.limit(p, (error / peers.scale) ** 2) * peers.scale if error else 0.0 for p in (ALERT, ALARM)
    ]


def _settled(peers: Peers) -> Others:
    return peers.others(without=max(range(len(peers)), key=lambda place: abs(peers.gaps[place].residual)))

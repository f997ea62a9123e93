"""A rep's own trend: whether thirteen weeks lead anywhere, or up and down as weeks do. Silent where too little is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import inf, sqrt

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis.catalogue.kpi import Kpi
from kpis.judging.attendance import was_there
from kpis.judging.comparing import Seen, comparison
from kpis.judging.funnel import Peers
from kpis.judging.tails import student_beyond
from kpis.judging.tallies import Rates, Shares
from kpis.periods import Period
from kpis.readings import Reading

WEEKS_NEEDED = 8
# Of a hundred arrows on a page, one may come by chance.
BY_CHANCE = 0.01
# Counts of fewer rows in all weeks together lead nowhere that could be seen.
ROWS_NEEDED = 10


@dataclass(frozen=True)
class Trend:
    """`direction` is where the figure goes ('up', 'down' or none that can be seen), not whether that is good."""

    direction: str
    why: str
    p: float | None = None


@dataclass(frozen=True)
class Week:
    """A week's reading (None: there is none), and how many of its working days so far the rep was at work."""

    period: Period
    reading: Reading | None
    days: int = 5
    whole: int = 5

    def is_silent(self, kpi: Kpi) -> bool:
        """Whether it says nothing of who was away for most of it; what stands at its end stands all the same."""
        return not kpi.measure.of.until and not was_there(self.days, self.whole)

    def value(self, kpi: Kpi) -> float | None:
        if self.reading is None or self.reading.value is None or self.is_silent(kpi):
            return None
        return float(self.reading.value)


def completed(weeks: Sequence[Week], today: date) -> list[Week]:
    """Weeks that are over: the running one has not had its days yet."""
    return [week for week in weeks if not week.period.is_running(today)]


def trend(kpi: Kpi, past: Sequence[Week]) -> Trend:
    """Of weeks that are over (see `completed`), oldest first; those the rep was away for are left out.

    Shares and counts by the slope of their rows (Cochran 1954, Armitage 1955; for counts its Poisson form), everything
    else by Mann's (1945) and Kendall's τ; what is measured at a moment, by its steps from week to week.
    """
    weeks = [
        (at, Seen(week.reading, max(week.days, 1)))
        for at, week in enumerate(past)
        if week.reading and week.value(kpi) is not None
    ]
    if len(weeks) < WEEKS_NEEDED:
        return Trend(
            "",
            ngettext(
                "Figures of %(n)s week: a trend takes %(needed)s.",
                "Figures of %(n)s weeks: a trend takes %(needed)s.",
                len(weeks),
            )
            % {"n": len(weeks), "needed": WEEKS_NEEDED},
        )
    comparing = comparison(kpi.measure, kpi)
    if comparing is None:
        return Trend("", _("No trend is read from this figure."))
    times = [at for at, _seen in weeks]
    if kpi.measure.of.until:
        return _told(*_of_steps(times, [float(seen.reading.value) for _at, seen in weeks]), len(weeks))
    peers = comparing.peers([seen for _at, seen in weeks])
    if isinstance(peers, Shares | Rates):
        hits = sum(peers.hits if isinstance(peers, Shares) else peers.counts)
        if hits < ROWS_NEEDED:
            return Trend(
                "", _("Only %(n)s in all these weeks: too few for a trend.") % {"n": number_format(hits)}
            )
        slope, p = _of_rows(times, peers)
        return _told(-slope if comparing.is_inverse else slope, p, len(weeks))
    values = [float(seen.reading.value) / comparing.scale(seen) for _at, seen in weeks]
    return _told(*_of_order(values), len(weeks))


def _told(slope: float, p: float, weeks: int) -> Trend:
    words = {"weeks": weeks, "odds": number_format(round(1 / p)) if p > 1e-4 else number_format(10_000)}
    if p > BY_CHANCE or not slope:
        return Trend("", _("Up and down over %(weeks)s weeks, as chance has it: no trend.") % words, p)
    if slope > 0:
        return Trend(
            "up", _("Rising over %(weeks)s weeks; chance does that about once in %(odds)s.") % words, p
        )
    return Trend(
        "down", _("Falling over %(weeks)s weeks; chance does that about once in %(odds)s.") % words, p
    )


def _of_rows(times: Sequence[int], peers: Peers) -> tuple[float, float]:
    """Slope and p of weekly shares or counts: the score test, its variance widened by how much weeks differ anyway."""
    whole = sum(peers.sizes)
    middle = sum(time * size for time, size in zip(times, peers.sizes, strict=True)) / whole
    spread = sum(size * (time - middle) ** 2 for time, size in zip(times, peers.sizes, strict=True))
    variance = peers.error(1) ** 2
    if not variance or not spread:
        return 0.0, 1.0
    slope = sum(
        size * value * (time - middle)
        for time, size, value in zip(times, peers.sizes, peers.values, strict=True)
    )
    out = slope / sqrt(variance * spread)
    df = len(times) - 2
    phi = max(1.0, (peers.chi_square - out * out) / df)
    return slope, student_beyond(out / sqrt(phi), df)


def _of_order(values: Sequence[float]) -> tuple[float, float]:
    """Kendall's S and its p by the normal approximation, ties and continuity corrected."""
    n = len(values)
    s = sum((b > a) - (b < a) for i, a in enumerate(values) for b in values[i + 1 :])
    ties = [values.count(value) for value in set(values)]
    variance = (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in ties)) / 18
    if not s or not variance:
        return 0.0, 1.0
    return float(s), student_beyond((abs(s) - 1) / sqrt(variance), inf)


def _of_steps(times: Sequence[int], values: Sequence[float]) -> tuple[float, float]:
    """Mean step from week to week and its p by Student's t: a stock carries over, so that only its steps are new."""
    pairs = list(zip(times, values, strict=True))
    steps = [(b - a) / (later - week) for (week, a), (later, b) in pairwise(pairs)]
    mean, n = sum(steps) / len(steps), len(steps)
    variance = sum((step - mean) ** 2 for step in steps) / (n - 1)
    if not variance:
        return (mean, 0.0) if mean else (0.0, 1.0)
    return mean, student_beyond(mean / sqrt(variance / n), n - 1)

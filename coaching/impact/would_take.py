"""What would it take: were a rep's share the team's median, how much more of what it leads to, from their own funnel."""

from dataclasses import dataclass
from datetime import date
from statistics import median

import numpy as np
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from coaching.asked import Asked
from coaching.deals.limits import Limits
from coaching.figures import figure, number
from kpis.catalogue import CATALOGUE
from kpis.catalogue.kpi import Kpi, Unit
from kpis.judging.peers import comparable
from kpis.readings import Reading, read
from kpis.subjects import Subject, subtree
from kpis.targets import targets_for
from pipeline.models import Rep

YEAR = "rolling-12"
LEAST_HITS = 5
DRAWS, SEED = 4000, 20
DAYS_A_MONTH = 365.25 / 12
# One more answer brings one more meeting at the most, whatever else brought the meetings so far.
MOST_PER_HIT = 1.0


@dataclass(frozen=True)
class Gain:
    """How many more of `kpi` a month, with the 95 % interval; `per_hit` of them are reckoned for a hit; `came` so far."""

    kpi: Kpi
    more: float
    low: float
    high: float
    per_hit: float
    came: float


@dataclass(frozen=True)
class WouldTake:
    """One sentence for each thing the KPI feeds, how it was reckoned, or why nothing can be said."""

    sentences: list[str]
    basis: str


def would_take(rep: Rep, key: str, asked: Asked, currency: str) -> WouldTake | None:
    """None for a KPI that feeds nothing. The last twelve months count, whatever the page's period."""
    kpi = CATALOGUE[key]
    if not kpi.feeds:
        return None
    today = asked.calendar.today()
    year = Asked(asked.calendar, asked.calendar.parse(YEAR))
    teams = subtree(rep.team_id) if rep.team_id else []
    mates = comparable(teams, year.period, today, rep.job)
    subjects = [Subject.rep(one.pk) for one in {mate.pk: mate for mate in [*mates, rep]}.values()]
    cards = read(subjects, [year.period])
    own = cards[Subject.rep(rep.pk), year.period.key]
    goal, whose = _goal(kpi, rep, mates, cards, year, Limits.on(today).min_people_shown)
    months = _months(rep, year, today)
    reason = _why_not(kpi, own[key], goal, currency)
    if reason or goal is None:
        return WouldTake([], reason)
    gains = [gain(own[key], own[fed], goal, months) for fed in kpi.feeds]
    sentences = [_sentence(kpi, found, goal, whose, currency) for found in gains if found]
    return WouldTake(sentences, _basis(own[key], gains) if sentences else _too_few())


def gain(reading: Reading, fed: Reading, goal: float, months: float) -> Gain | None:
    """Hits missing to the goal times what a hit brought, drawn from what twelve months leave uncertain; None: too few.

    The share is beta, the count it feeds gamma distributed about what was seen (Jeffreys' priors).
    """
    hits, rows, came = reading.numerator or 0, reading.denominator or 0, fed.numerator or 0
    if hits < LEAST_HITS or came < LEAST_HITS:
        return None
    chance = np.random.default_rng(SEED)
    shares = chance.beta(hits + 0.5, rows - hits + 0.5, DRAWS)
    per_hit = np.minimum(chance.gamma(came + 0.5, 1 / hits, DRAWS), MOST_PER_HIT)
    low, high = np.quantile((goal - shares) * rows / months * per_hit, [0.025, 0.975])
    rate = min(came / hits, MOST_PER_HIT)
    return Gain(fed.kpi, (goal - hits / rows) * rows / months * rate, float(low), float(high), rate, came)


def _goal(kpi: Kpi, rep: Rep, mates: list[Rep], cards, year: Asked, least: int) -> tuple[float | None, str]:
    """The team's median where enough people stand behind it, else the target; and which of the two."""
    values = [cards[Subject.rep(mate.pk), year.period.key][kpi.key].value for mate in mates]
    known = [float(value) for value in values if value is not None]
    if len(known) >= least:
        return median(known), "median"
    own = Subject.rep(rep.pk)
    target = targets_for([own], year.period, [kpi.key]).get((own, kpi.key))
    return (target.value, "target") if target else (None, "")


def _months(rep: Rep, year: Asked, today: date) -> float:
    start = max(year.period.start, rep.started_on or year.period.start)
    return max(1.0, (today - start).days / DAYS_A_MONTH)


def _why_not(kpi: Kpi, reading: Reading, goal: float | None, currency: str) -> str:
    if kpi.unit != Unit.PERCENT or reading.value is None or (reading.denominator or 0) < kpi.min_sample:
        return _too_few()
    if goal is None:
        return _("There is neither a team median of enough people nor a target to reckon with.")
    if reading.value >= goal:
        words = {"value": figure(reading.value, kpi.unit, currency), "goal": figure(goal, kpi.unit, currency)}
        return _("Already there: %(value)s over the last twelve months, %(goal)s would be the aim.") % words
    return ""


def _too_few() -> str:
    return _("Too few in the last twelve months to reckon with.")


def _sentence(kpi: Kpi, found: Gain, goal: float, whose: str, currency: str) -> str:
    words = {
        "goal": figure(goal, kpi.unit, currency),
        "fed": _within(found.kpi),
        "more": _about(found.more),
        "low": _about(max(found.low, 0)),
        "high": _about(found.high),
    }
    text = (
        _(
            "Were it the team's twelve-month median (%(goal)s): about %(more)s more %(fed)s a month (%(low)s to %(high)s)."
        )
        if whose == "median"
        else _("Were it the target (%(goal)s): about %(more)s more %(fed)s a month (%(low)s to %(high)s).")
    )
    return text % words


def _basis(reading: Reading, gains: list[Gain | None]) -> str:
    """Where the sentences come from: one's own twelve months, and what each hit is taken to bring."""
    said = [_("last twelve months: %(sentence)s") % {"sentence": reading.sentence}]
    for found in filter(None, gains):
        words = {"fed": _within(found.kpi), "came": number(found.came, 0)}
        if found.per_hit < MOST_PER_HIT:
            text = _("%(came)s %(fed)s, %(rate)s for each of these")
        else:
            text = _("%(came)s %(fed)s, of which one at the most is reckoned for each of these")
        said.append(text % (words | {"rate": number(found.per_hit, 2)}))
    said.append(_("it holds if further ones bring as much"))
    return capfirst("; ".join(said)) + "."


def _within(kpi: Kpi) -> str:
    """The label as it stands within a sentence: “NDA signed” keeps its capitals."""
    label = str(kpi.label)
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _about(value: float) -> str:
    return number(value, 0 if value >= 9.5 else 1)

"""How long a skill takes to act, learnt from the deals the organisation won: what is begun later comes too late."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import log2
from statistics import median

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coaching.attention.skill_rows import good_days
from kpis.catalogue import CATALOGUE
from kpis.catalogue.kpi import Kpi
from pipeline.models import Episode

STEPS = ("qualified_day", "prospect_day", "proposal_day", "negotiation_day", "closed_day")
# A year of won deals, the latest of them; fewer deals than the least say nothing of how long things take.
HISTORY_DAYS, DEALS_READ, DEALS_NEEDED = 365, 400, 10
USUAL_DAYS = 14.0
# Too late is a strong word: said where fewer than one in four came in time.
LEAST_CHANCE = 0.25
AN_HOUR_S = 3600


@dataclass(frozen=True)
class LeadTime:
    """Median days from what a KPI counts on a deal to that deal's next step forward; `deals`: how many spoke.

    Without enough of them (`deals` 0) it is the median time between two steps of won deals, failing that a fortnight.
    """

    days: float
    deals: int

    def chance(self, days_left: int | None) -> float:
        """The share (0..1) of cases in which the skill acts within the days left: 1 - 2^(-left / median).

        The wait is taken to have no memory, which a median alone can carry. Without a date it is an even chance.
        """
        if days_left is None:
            return 0.5
        return 1 - 0.5 ** (max(days_left, 0) / self.days)

    @property
    def least(self) -> float:
        """Days it takes in the quickest quarter of the cases: with fewer left it is too late."""
        return -self.days * log2(1 - LEAST_CHANCE)

    def is_too_late(self, days_left: int | None) -> bool:
        return days_left is not None and days_left < self.least

    @property
    def sentence(self) -> str:
        days = ngettext("about %(n)d day", "about %(n)d days", round(self.days)) % {"n": round(self.days)}
        if not self.deals:
            return _("Acts within %(days)s, as long as a step between stages usually takes.") % {"days": days}
        words = {"days": days, "deals": self.deals}
        return _("Acts within %(days)s: so soon the next step came in half of %(deals)d deals won.") % words


def lead_times(keys: Iterable[str], today: date) -> dict[str, LeadTime]:
    """KPI key -> its lead time; learnt anew each hour: the won deals of a year hardly move in one."""
    keys = list(keys)
    names = {key: f"lead-time:{today}:{key}" for key in keys}
    known = cache.get_many(names.values())
    found = {key: LeadTime(*known[name]) for key, name in names.items() if name in known}
    if missing := [key for key in keys if key not in found]:
        learnt = learn(missing, today)
        cache.set_many({names[key]: (time.days, time.deals) for key, time in learnt.items()}, AN_HOUR_S)
        found |= learnt
    return found


def learn(keys: Iterable[str], today: date) -> dict[str, LeadTime]:
    """The same without the cache: a query for the won deals and one for each KPI."""
    steps = steps_of_won_deals(today)
    usual = LeadTime(usual_days(steps), 0)
    return {key: lead_time(CATALOGUE[key], steps) or usual for key in keys}


def steps_of_won_deals(today: date) -> dict[int, list[date]]:
    """Deal id -> the days on which it moved forward, the win last; the latest deals won within a year."""
    won = Episode.objects.filter(
        outcome=Episode.Outcome.WON,
        closed_day__gt=today - timedelta(days=HISTORY_DAYS),
        closed_day__lte=today,
    ).order_by("-closed_day", "-pk")
    rows = won.values_list("deal_id", *STEPS)[:DEALS_READ]
    return {deal: sorted({day for day in days if day}) for deal, *days in rows}


def usual_days(steps: dict[int, list[date]]) -> float:
    """Median days between two steps of won deals."""
    gaps = [(later - earlier).days for days in steps.values() for earlier, later in pairwise(days)]
    return max(float(median(gaps)), 1.0) if len(steps) >= DEALS_NEEDED and gaps else USUAL_DAYS


def lead_time(kpi: Kpi, steps: dict[int, list[date]]) -> LeadTime | None:
    """None below the deals needed. A deal speaks once, by the median of its waits: a busy one not for all.

    A step on the same day does not count as what came of it: facts are often noted together with the step.
    """
    waits = defaultdict(list)
    for deal, day in good_days(kpi, steps):
        place = bisect_right(steps[deal], day)
        if place < len(steps[deal]):
            waits[deal].append((steps[deal][place] - day).days)
    if len(waits) < DEALS_NEEDED:
        return None
    return LeadTime(max(float(median(median(days) for days in waits.values())), 1.0), len(waits))

"""Accounts by their open deals: how far the furthest is, and which had no call since they entered their stage."""

import numpy as np
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from kpis.conditions import DIALLED_PEOPLE
from kpis.rows import OPEN_DEALS, PEOPLE
from pipeline.models import DealSpan
from pipeline.models.deals import Milestone

OPEN_MILESTONES = range(Milestone.LEAD, Milestone.WON)
FOREVER = np.iinfo(np.int64).max


def open_on(as_of) -> QuerySet[DealSpan]:
    """Spans of the deals open at the end of a day."""
    held = Q(to_day__isnull=True) | Q(to_day__gt=as_of)
    return OPEN_DEALS.countable().filter(held, from_day__lte=as_of)


def furthest_open(as_of) -> QuerySet:
    """(account, milestone) of each account's furthest open deal; one in no stage stands at the beginning."""
    spans = open_on(as_of).order_by().filter(deal__account__isnull=False)
    return spans.values("deal__account_id").annotate(
        furthest=Max(Coalesce("milestone", Milestone.LEAD.value))
    )


def uncalled_deals(as_of) -> QuerySet[DealSpan]:
    """Open deals of which nobody of the account was dialled, by anybody, since they entered their present stage."""
    since = PEOPLE.where(DIALLED_PEOPLE).filter(
        contact__account_id=OuterRef("deal__account_id"),
        activity__day__gte=OuterRef("entered_day"),
        activity__day__lte=as_of,
    )
    return open_on(as_of).filter(~Exists(since), entered_day__isnull=False)


def furthest_table(records, over) -> np.ndarray:
    """(account, period): the milestone of the furthest open deal, 0 where there is none."""
    deals = records.deals
    first, last = over.line.at(deals["from_day"]), over.line.at(deals["to_day"])
    found = np.zeros((len(records.ids), len(over.grid.as_of)), np.int64)
    for milestone in OPEN_MILESTONES:
        at = deals["milestone"] == milestone
        found[over.laid(deals["account"][at], first[at], last[at]) > 0] = milestone
    return found


def uncalled_table(records, over) -> np.ndarray:
    """(account, period): open deals without a call in their stage; each is one from its start to the first call."""
    deals, (account, day) = records.deals, records.dials
    known = np.nonzero(deals["has_entered"])[0]
    stretch = {name: deals[name][known] for name in ("account", "from_day", "to_day", "entered_day")}
    called = _first_after(account, day, stretch["account"], stretch["entered_day"])
    first, last = (
        over.line.at(days) for days in (stretch["from_day"], np.minimum(stretch["to_day"], called))
    )
    return over.laid(stretch["account"], first, last)


def _first_after(account: np.ndarray, day: np.ndarray, of: np.ndarray, since: np.ndarray) -> np.ndarray:
    """The first of the (account, day) rows, sorted, of each account on or after a day; far away where there is none."""
    width = 1 << 24  # days since 1970, either side
    place = np.searchsorted(account * width + day, of * width + since)
    nearest = np.minimum(place, max(len(day) - 1, 0))
    found = (place < len(day)) & (account[nearest] == of) if len(day) else np.zeros(len(of), bool)
    return np.where(found, day[nearest] if len(day) else 0, FOREVER)

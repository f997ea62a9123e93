"""What the organisation's won deals looked like when they moved on from a milestone, and how long stays in a stage last.

The same six checks judge them as of the day they left, by today's limits. Read once a day, kept in the cache.
"""

from collections import defaultdict
from dataclasses import astuple, dataclass, field
from datetime import date, timedelta
from math import ceil
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import Max, QuerySet
from django.utils import translation

from coaching.deals.checks import Check, ledger_of
from coaching.deals.limits import Limits
from coaching.deals.past import Past
from pipeline.models import Deal, DealSpan, Episode

# Ten say something; the latest wins of a year are asked, so many at most.
LEAST, DAYS, MOST = 10, 365, 300
A_DAY = 24 * 60 * 60

STAYS = """
    SELECT stage_id, percentile_cont(0.75) WITHIN GROUP (ORDER BY to_day - entered_day), count(*)
    FROM pipeline_dealspan
    WHERE ends_visit AND entered_day IS NOT NULL AND to_day > %s AND to_day <= %s
    GROUP BY stage_id HAVING count(*) >= %s
"""


@dataclass
class Usual:
    """Won deals on the day they moved on from one milestone: how many, their fine checks, and those by check.

    `judged` are the deals of which a check said anything at all, `fine` those of which it was fine.
    """

    deals: int = 0
    judged: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    fine: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, ledger: tuple[Check, ...]) -> None:
        self.deals += 1
        for check in ledger:
            self.judged[check.key] += check.is_fine or check.state != "quiet"
            self.fine[check.key] += check.is_fine

    @property
    def says_something(self) -> bool:
        return self.deals >= LEAST

    @property
    def mean(self) -> float:
        """Fine checks of a won deal, on average, of six."""
        return sum(self.fine.values()) / self.deals if self.deals else 0.0

    def mostly_had(self, check: Check) -> bool:
        return self.says_something and self.fine[check.key] * 2 >= self.deals

    def mostly_lacked(self, check: Check) -> bool:
        return self.judged[check.key] >= LEAST and self.fine[check.key] * 2 < self.judged[check.key]


@dataclass(frozen=True)
class Patterns:
    """`usual` by milestone; `stays`: stage id -> the whole days within which three in four stays end, where ten have."""

    usual: dict[int, Usual]
    stays: dict[int, int]

    def at(self, milestone: int | None) -> Usual:
        return self.usual.get(milestone or 0) or Usual()


def patterns(today: date, limits: Limits) -> Patterns:
    """From deals won before today; a day's first reader computes them, and whoever comes after a further win."""
    won = won_before(today)
    newest = won.aggregate(newest=Max("pk"))["newest"]
    key = f"deal-patterns:{today}:{newest}:{'-'.join(map(str, astuple(limits)))}".replace(" ", "")
    found = cache.get(key)
    if found is None:
        found = _computed(won, today, limits)
        cache.set(key, found, A_DAY)
    usual, stays = found
    return Patterns({milestone: _usual(*counts) for milestone, counts in usual.items()}, stays)


def won_before(today: date) -> QuerySet[Episode]:
    return Episode.objects.filter(
        outcome=Episode.Outcome.WON, closed_day__lt=today, closed_day__gte=today - timedelta(days=DAYS)
    )


def usual_of(won: QuerySet[Episode], limits: Limits) -> dict[int, Usual]:
    """Milestone -> what these won deals had on the day they moved on from it; seven queries."""
    lives = set(won.order_by("-closed_day", "-pk").values_list("deal", "number")[:MOST])
    deals = Deal.objects.only("pk", "account_id").in_bulk([deal for deal, _number in lives])
    past = Past.of(deals)
    found: dict[int, Usual] = defaultdict(Usual)
    with translation.override("en"):  # their words are never read
        for span in _last_spans(deals):
            if (span.deal_id, span.episode) in lives:
                left_on: Any = span.to_day
                seen = past.seen(span, deals[span.deal_id], limits)
                found[span.milestone or 0].add(ledger_of(seen, left_on, limits))
    return dict(found)


def _last_spans(deals: dict[int, Deal]) -> QuerySet[DealSpan]:
    """The last stretch of every deal at each milestone it has moved on from."""
    spans = DealSpan.objects.filter(deal__in=deals, milestone__isnull=False, to_day__isnull=False)
    order = ("deal_id", "episode", "milestone")
    return spans.order_by(*order, "-from_at", "-pk").distinct(*order)


def _computed(won: QuerySet[Episode], today: date, limits: Limits) -> tuple[dict[int, tuple], dict[int, int]]:
    """The counts as plain numbers, which is what a cache keeps."""
    usual = {
        milestone: (one.deals, dict(one.judged), dict(one.fine))
        for milestone, one in usual_of(won, limits).items()
    }
    with connection.cursor() as cursor:
        cursor.execute(STAYS, [today - timedelta(days=DAYS), today, LEAST])
        stays = {stage: ceil(days) for stage, days, _count in cursor.fetchall()}
    return usual, stays


def _usual(deals: int, judged: dict[str, int], fine: dict[str, int]) -> Usual:
    return Usual(deals, defaultdict(int, judged), defaultdict(int, fine))

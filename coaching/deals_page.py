"""The list of deals: open ones by the attention they need, closed ones by when they closed."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet

from coaching.deal_checks import Health, health_of
from coaching.deal_limits import Limits
from coaching.forms import DealsFilter
from coaching.keyset import page_of
from pipeline.models import Deal, DealSpan
from pipeline.models.deals import Milestone

# Ranking by attention reads the checks of every deal; beyond so many the expected close orders them.
RANKED_AT_MOST = 400
SHOWN = 50


@dataclass(frozen=True)
class DealsPage:
    deals: Sequence[tuple[Deal, Health | None]]
    count: int
    is_ranked: bool
    next: str = ""
    wanted: dict = field(default_factory=dict)


def deals_page(visible: QuerySet[Deal], wanted: dict, after: str, today) -> DealsPage:
    """`wanted`: the filter's cleaned data; `after`: the page's mark, a row number where they are ranked."""
    rows = chosen(visible, wanted).select_related("account", "stage", "owner")
    state = wanted.get("state") or DealsFilter.OPEN
    count, limits = rows.count(), Limits.on(today)
    if state == DealsFilter.OPEN and count <= RANKED_AT_MOST:
        return _ranked(list(rows), after, today, limits, wanted)
    order = ("expected_close_on", "pk") if state == DealsFilter.OPEN else ("-closed_at", "-pk")
    page = page_of(rows.order_by(*order), after, SHOWN)
    health = health_of(page.rows, today, limits)
    return DealsPage([(deal, health[deal.pk]) for deal in page.rows], count, False, page.next, wanted)


def chosen(visible: QuerySet[Deal], wanted: dict) -> QuerySet[Deal]:
    rows = visible
    state = wanted.get("state") or DealsFilter.OPEN
    if state == DealsFilter.OPEN:
        rows = rows.filter(Exists(DealSpan.objects.filter(deal=OuterRef("pk"), to_at=None)))
    elif state != DealsFilter.ALL:
        rows = rows.filter(stage__milestone=Milestone.WON if state == DealsFilter.WON else Milestone.LOST)
    if wanted.get("q"):
        text = wanted["q"].replace("\0", "")
        rows = rows.filter(Q(name__icontains=text) | Q(account__name__icontains=text))
    return rows.filter(**{name: wanted[name] for name in ("owner", "stage") if wanted.get(name)})


def _ranked(deals: list[Deal], after: str, today, limits: Limits, wanted: dict) -> DealsPage:
    health = health_of(deals, today, limits)
    ranked = sorted(((deal, health[deal.pk]) for deal in deals), key=lambda pair: pair[1].attention)
    start = int(after) if after.isdecimal() else 0
    rest = str(start + SHOWN) if start + SHOWN < len(ranked) else ""
    return DealsPage(ranked[start : start + SHOWN], len(ranked), True, rest, wanted)

"""The list of deals: open ones by the attention they need, closed ones by when they closed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from coaching.deals.attention import FINE, LESS, MORE, DealAttention, attention_of
from coaching.forms import DealsFilter
from coaching.keyset import page_of
from pipeline.models import Deal, DealSpan
from pipeline.models.deals import Milestone

# Ranking by attention reads the checks of every deal; beyond so many the expected close orders them.
RANKED_AT_MOST = 400
SHOWN = 50

Pair = tuple[Deal, DealAttention | None]


@dataclass(frozen=True)
class DealsPage:
    """One page of deals; `groups` counts the ranked ones by the attention they need."""

    deals: Sequence[Pair]
    count: int
    is_ranked: bool
    next: str = ""
    wanted: dict = field(default_factory=dict)
    groups: Counter[str] = field(default_factory=Counter)

    @property
    def group(self) -> str:
        return self.wanted.get("attention") or ""

    @property
    def choices(self) -> list[tuple[str, str, int]]:
        """(value, label, deals) of every group; the first stands for all of them."""
        words = dict(DealsFilter.GROUPS)
        total = sum(self.groups.values())
        return [
            ("", str(words[""]), total),
            *((key, str(words[key]), self.groups[key]) for key in (MORE, FINE, LESS)),
        ]


def deals_page(visible: QuerySet[Deal], wanted: dict, after: str, today: date) -> DealsPage:
    """`wanted`: the filter's cleaned data; `after`: the page's mark, a row number where they are ranked."""
    rows = chosen(visible, wanted).select_related("account", "stage", "owner")
    state = wanted.get("state") or DealsFilter.OPEN
    count = rows.count()
    if state == DealsFilter.OPEN and count <= RANKED_AT_MOST:
        return _ranked(list(rows), after, today, wanted)
    order = ("expected_close_on", "pk") if state == DealsFilter.OPEN else ("-closed_at", "-pk")
    page = page_of(rows.order_by(*order), after, SHOWN)
    attention = attention_of(page.rows, today)
    return DealsPage([(deal, attention[deal.pk]) for deal in page.rows], count, False, page.next, wanted)


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


def _ranked(deals: list[Deal], after: str, today: date, wanted: dict) -> DealsPage:
    attention = attention_of(deals, today)
    groups = Counter(one.group for one in attention.values())
    group = wanted.get("attention")
    ranked: list[Pair] = [
        (one.deal, one)
        for one in sorted(attention.values(), key=lambda one: one.rank)
        if group in (None, "", one.group)
    ]
    start = int(after) if after.isdecimal() else 0
    rest = str(start + SHOWN) if start + SHOWN < len(ranked) else ""
    return DealsPage(ranked[start : start + SHOWN], len(ranked), True, rest, wanted, groups)

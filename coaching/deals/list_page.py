"""The list of deals: open ones by the attention they need, closed ones by when they closed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from coaching.deals.attention import FINE, LESS, MORE, DealAttention, attention_of
from coaching.deals.ranking import AT_ONCE, by_attention, open_among
from coaching.forms import DealsFilter
from coaching.keyset import page_of
from coaching.models import DealRank
from pipeline.models import Deal
from pipeline.models.deals import Milestone

SHOWN = 50
# Most that asks for work first; of those with nothing the ones that need less come last, as `DealAttention.rank` has it.
BY_RANK = ("-rank__needs", "rank__group", "expected_close_on", "pk")

Pair = tuple[Deal, DealAttention | None]


@dataclass(frozen=True)
class DealsPage:
    """One page of deals; `groups` counts the ranked ones by the attention they need.

    `weighed_at`: when their order was made, where there are too many to do it for the page.
    """

    deals: Sequence[Pair]
    count: int
    is_ranked: bool
    next: str = ""
    wanted: dict = field(default_factory=dict)
    groups: Counter[str] = field(default_factory=Counter)
    weighed_at: datetime | None = None

    @property
    def is_waiting(self) -> bool:
        """Open deals whose order workers have not made yet."""
        return not self.is_ranked and (self.wanted.get("state") or DealsFilter.OPEN) == DealsFilter.OPEN

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
    if state == DealsFilter.OPEN and count <= AT_ONCE:
        return _ranked(rows, after, today, wanted)
    if state == DealsFilter.OPEN:
        return _ranked_before(rows, after, today, wanted)
    deals, rest = _shown(rows.order_by("-closed_at", "-pk"), after, today)
    return DealsPage(deals, count, False, rest, wanted)


def chosen(visible: QuerySet[Deal], wanted: dict) -> QuerySet[Deal]:
    rows = visible
    state = wanted.get("state") or DealsFilter.OPEN
    if state == DealsFilter.OPEN:
        rows = open_among(rows)
    elif state != DealsFilter.ALL:
        rows = rows.filter(stage__milestone=Milestone.WON if state == DealsFilter.WON else Milestone.LOST)
    if wanted.get("q"):
        text = wanted["q"].replace("\0", "")
        rows = rows.filter(Q(name__icontains=text) | Q(account__name__icontains=text))
    return rows.filter(**{name: wanted[name] for name in ("owner", "stage") if wanted.get(name)})


def _ranked(rows: QuerySet[Deal], after: str, today: date, wanted: dict) -> DealsPage:
    found = by_attention(rows, today)
    groups = Counter(one.group for one in found)
    group = wanted.get("attention")
    ranked: list[Pair] = [(one.deal, one) for one in found if group in (None, "", one.group)]
    start = int(after) if after.isdecimal() else 0
    rest = str(start + SHOWN) if start + SHOWN < len(ranked) else ""
    return DealsPage(ranked[start : start + SHOWN], len(ranked), True, rest, wanted, groups)


def _ranked_before(rows: QuerySet[Deal], after: str, today: date, wanted: dict) -> DealsPage:
    """In the order workers made; deals that came since stand at the end, and before there is any, by expected close."""
    groups = Counter(
        dict(rows.filter(rank__isnull=False).order_by().values_list("rank__group").annotate(Count("pk")))
    )
    if group := wanted.get("attention"):
        rows = rows.filter(rank__group=group)
    deals, rest = _shown(
        rows.select_related("account", "stage", "owner", "rank").order_by(*BY_RANK), after, today
    )
    latest = DealRank.objects.order_by("-weighed_at").values_list("weighed_at", flat=True).first()
    weighed_at = timezone.localtime(latest) if latest else None
    return DealsPage(deals, rows.count(), latest is not None, rest, wanted, groups, weighed_at)


def _shown(rows: QuerySet[Deal], after: str, today: date) -> tuple[list[Pair], str]:
    page = page_of(rows, after, SHOWN)
    attention = attention_of(page.rows, today)
    return [(deal, attention[deal.pk]) for deal in page.rows], page.next

"""Open deals by the attention they need. Weighing very many takes seconds: workers do it then, and pages read it."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet

from coaching.deals.attention import DealAttention, attention_of
from coaching.models import DealRank
from pipeline.models import Deal, DealSpan

# So many a page weighs itself, in about a third of a second.
AT_ONCE = 400
CHUNK = 500


def open_among(deals: QuerySet[Deal]) -> QuerySet[Deal]:
    return deals.filter(Exists(DealSpan.objects.filter(deal=OuterRef("pk"), to_at=None)))


def by_attention(deals: QuerySet[Deal], today: date) -> list[DealAttention]:
    """The open ones among these deals with what they need, those that need most first."""
    found = open_among(deals).select_related("account", "stage", "owner")
    return sorted(attention_of(found, today).values(), key=lambda one: one.rank)


def keep_ranks(today: date, now: datetime) -> int:
    """Weigh every open deal where there are more than a page does itself; how many. Those that closed lose theirs."""
    weighed = 0
    if open_among(Deal.objects.all()).count() > AT_ONCE:
        for deals in _chunks():
            found = attention_of(deals, today)
            DealRank.objects.bulk_create(
                [
                    DealRank(deal_id=pk, needs=one.needs, group=one.group, weighed_at=now)
                    for pk, one in found.items()
                ],
                update_conflicts=True,
                unique_fields=["deal"],
                update_fields=["needs", "group", "weighed_at"],
            )
            weighed += len(found)
    DealRank.objects.exclude(weighed_at=now).delete()
    return weighed


def _chunks() -> Iterator[list[Deal]]:
    """All open deals by their keys, so many at a time, whatever is closed or opened meanwhile."""
    opened = open_among(Deal.objects.select_related("stage", "account", "owner")).order_by("pk")
    last = 0
    while deals := list(opened.filter(pk__gt=last)[:CHUNK]):
        yield deals
        last = deals[-1].pk

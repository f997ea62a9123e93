"""What the checks of deals rest on, read for many deals at once; conditions are the KPIs' own."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from coaching.deals.checks import Seen
from coaching.deals.limits import Limits
from kpis import conditions
from kpis.departments import two_way_touches
from kpis.rows import ACTIVITIES, PEOPLE, as_sql
from pipeline.models import AccountFact, Deal, DealFact, DealSpan

NdaFacts = Mapping[tuple[str, int], list[tuple[date, str]]]


def seen_today(deals: Mapping[int, Deal], today: date, limits: Limits) -> dict[int, Seen]:
    """Deal id -> what its checks look at; six queries however many deals there are."""
    spans, sent, met = current_spans(deals), mails(deals), meetings_held(deals)
    involved, ndas = departments(deals, today, limits), nda_facts(deals)
    return {
        pk: Seen(
            spans.get(pk),
            sent.get(pk),
            met.get(pk),
            involved.get(pk, set()),
            deal.nda,
            facts_of(deal, ndas),
        )
        for pk, deal in deals.items()
    }


def current_spans(ids: Iterable[int]) -> dict[int, DealSpan]:
    """Deal id -> what holds of it now; only open deals have one."""
    spans = DealSpan.objects.filter(deal__in=ids, to_at=None).select_related("stage")
    return {span.deal_id: span for span in spans}


def mails(ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Deal id -> people mailed, how many of them ever answered, and when last."""
    sent = PEOPLE.where(conditions.MAILED_PEOPLE).filter(activity__deal__in=ids).order_by()
    people = sent.values("activity__deal").annotate(
        mailed=Count("contact", distinct=True),
        answered=Count("contact", distinct=True, filter=Q(answered_at__isnull=False)),
        last=Max("answered_at"),
    )
    return {row["activity__deal"]: row for row in people}


def meetings_held(ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Deal id -> meetings held, how many with an executive, and the last day of those."""
    executive = as_sql(conditions.WITH_EXECUTIVE, ACTIVITIES.day)
    held = ACTIVITIES.where(conditions.MEETINGS_HELD).filter(deal__in=ids).order_by()
    counts = held.values("deal").annotate(
        held=Count("pk"), executive=Count("pk", filter=executive), last=Max("day", filter=executive)
    )
    return {row["deal"]: row for row in counts}


def departments(ids: Iterable[int], today: date, limits: Limits) -> dict[int, set[str]]:
    """Deal id -> departments with a two-way touch in the window; contacts merely on file do not count."""
    since = today - timedelta(days=limits.two_way_days)
    touches = two_way_touches().filter(activity__deal__in=ids, activity__day__gt=since)
    found = defaultdict(set)
    for deal_id, department in touches.values_list("activity__deal", "contact__department").distinct():
        found[deal_id].add(department)
    return found


def nda_facts(deals: Mapping[int, Deal]) -> NdaFacts:
    """("deal" or "account", id) -> its NDA facts as (day, kind)."""
    kinds = [kind for kind in DealFact.Kind.values if kind.startswith("nda_")]
    facts = defaultdict(list)
    for deal_id, kind, on in DealFact.objects.filter(deal__in=deals, kind__in=kinds).values_list(
        "deal", "kind", "on"
    ):
        facts["deal", deal_id].append((on, kind))
    accounts = {deal.account_id for deal in deals.values() if deal.account_id}
    for account_id, kind, on in AccountFact.objects.filter(account__in=accounts).values_list(
        "account", "kind", "on"
    ):
        facts["account", account_id].append((on, kind))
    return facts


def facts_of(deal: Deal, facts: NdaFacts) -> list[tuple[date, str]]:
    """What is on file for the deal, and what it inherits from its account."""
    return [*facts.get(("deal", deal.pk), []), *facts.get(("account", deal.account_id or 0), [])]


def next_meetings(ids: Iterable[int]) -> dict[int, datetime]:
    """Deal id -> the next meeting ahead that is neither cancelled nor declined by all."""
    ahead = ACTIVITIES.where(conditions.PLANNED_MEETINGS).filter(deal__in=ids, at__gte=timezone.now())
    return dict(ahead.order_by().values("deal").annotate(first=Min("at")).values_list("deal", "first"))


def last_touches(ids: Iterable[int], today: date) -> dict[int, date]:
    """Deal id -> the day of the last touch either way, by anybody."""
    touches = ACTIVITIES.where(conditions.TOUCHES_EITHER_WAY).filter(deal__in=ids, day__lte=today)
    return dict(touches.order_by().values("deal").annotate(last=Max("day")).values_list("deal", "last"))

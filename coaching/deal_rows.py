"""What the checks of deals rest on, read for many deals at once; conditions are the KPIs' own."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from coaching.deal_limits import Limits
from kpis import conditions
from kpis.departments import two_way_touches
from kpis.rows import ACTIVITIES, PEOPLE, as_sql
from pipeline.models import AccountFact, Activity, Deal, DealFact, DealSpan


def current_spans(ids: Iterable[int]) -> dict[int, DealSpan]:
    """Deal id -> what holds of it now; only open deals have one."""
    spans = DealSpan.objects.filter(deal__in=ids, to_at=None).select_related("stage")
    return {span.deal_id: span for span in spans}


def mails(ids: Iterable[int]) -> dict[int, dict]:
    """Deal id -> people mailed, how many of them ever answered, and when last."""
    sent = PEOPLE.where(conditions.MAILED_PEOPLE).filter(activity__deal__in=ids).order_by()
    people = sent.values("activity__deal").annotate(
        mailed=Count("contact", distinct=True),
        answered=Count("contact", distinct=True, filter=Q(answered_at__isnull=False)),
        last=Max("answered_at"),
    )
    return {row["activity__deal"]: row for row in people}


def meetings_held(ids: Iterable[int]) -> dict[int, dict]:
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


def nda_facts(deals: dict[int, Deal]) -> dict[tuple[str, int], list[tuple[date, str]]]:
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


def next_meetings(ids: Iterable[int]) -> dict[int, datetime]:
    planned = Activity.objects.filter(
        deal__in=ids, kind=Activity.Kind.MEETING, status=Activity.Status.PLANNED, at__gte=timezone.now()
    ).order_by()
    return dict(planned.values("deal").annotate(first=Min("at")).values_list("deal", "first"))

"""The dated rows behind each of a deal's six checks: the latest answers, meetings, facts and touches, each with its place.

The deal's page links to them; lists of many deals say the checks only.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from coaching.deals.checks import local_day
from kpis import conditions as c
from kpis.departments import two_way_touches
from kpis.rows import ACTIVITIES, PEOPLE, as_sql
from pipeline.models import AccountFact, Activity, Deal, DealFact, DealSpan

SHOWN = 3
Kind = DealFact.Kind
FACTS = {
    "pricing": (Kind.PRICING, Kind.PROCUREMENT),
    "room": (Kind.SCOPE, Kind.DISCOUNT_RANGE, Kind.TIMING),
    "nda": (Kind.NDA_REQUESTED, Kind.NDA_SIGNED, Kind.NDA_EXPIRED),
}


@dataclass(frozen=True)
class Item:
    """One dated row: its day, what it says, and the place on the deal's page that shows it (none: it has none)."""

    on: date
    text: str
    place: str = ""
    activity: int | None = None


def evidence_of(deal: Deal, facts: Iterable[DealFact], span: DealSpan | None) -> dict[str, list[Item]]:
    """Check key -> its latest rows, newest first; four queries. `span`: what holds of the deal now, if it is open."""
    by_check = {key: _facts(facts, kinds, span) for key, kinds in FACTS.items()}
    by_check["nda"] = _latest([*by_check["nda"], *_inherited(deal)])
    return by_check | {
        "answers": _answers(deal),
        "executive": _with_executive(deal),
        "departments": _departments(deal),
    }


def activities_in(evidence: dict[str, list[Item]]) -> set[int]:
    """The activities the page has to show for the links to lead somewhere."""
    return {item.activity for items in evidence.values() for item in items if item.activity}


def _facts(facts: Iterable[DealFact], kinds: tuple[str, ...], span: DealSpan | None) -> list[Item]:
    return [Item(fact.on, _said(fact, span), f"fact-{fact.pk}") for fact in facts if fact.kind in kinds]


def _said(fact: DealFact, span: DealSpan | None) -> str:
    """The fact, and whether it has gone stale: the amount or the expected close has moved too far since."""
    if span is None or getattr(span, f"{fact.kind}_on", fact.on) is not None:
        return str(fact.get_kind_display())
    return _("%(fact)s, to be discussed anew: amount or close has moved") % {"fact": fact.get_kind_display()}


def _inherited(deal: Deal) -> list[Item]:
    """What the account's own NDA says."""
    rows = AccountFact.objects.filter(account=deal.account_id) if deal.account_id else []
    return [
        Item(row.on, _("%(fact)s, for the whole account") % {"fact": row.get_kind_display()}) for row in rows
    ]


def _answers(deal: Deal) -> list[Item]:
    rows = PEOPLE.where(c.MAILED_PEOPLE).filter(activity__deal=deal, answered_at__isnull=False)
    latest = rows.order_by("-answered_at", "-pk").values_list("answer", "answered_at", "contact__name")
    seen, found = set(), []
    for answer, at, name in latest[: SHOWN * 3]:
        if answer not in seen:
            seen.add(answer)
            found.append(_item(local_day(at), _("%(name)s answered") % {"name": name}, answer))
    return found[:SHOWN]


def _with_executive(deal: Deal) -> list[Item]:
    met = ACTIVITIES.where(c.MEETINGS_HELD).filter(as_sql(c.WITH_EXECUTIVE, ACTIVITIES.day), deal=deal)
    return [
        _item(day, subject or _("Meeting held"), pk)
        for pk, day, subject in met.order_by("-at", "-pk").values_list("pk", "day", "subject")[:SHOWN]
    ]


def _departments(deal: Deal) -> list[Item]:
    """The last two-way touch of every department."""
    rows = two_way_touches().filter(activity__deal=deal)
    latest = rows.order_by("contact__department", "-activity__at", "-pk").distinct("contact__department")
    kinds = dict(Activity.Kind.choices)
    items = [
        _item(day, _("%(department)s, %(kind)s") % {"department": name, "kind": kinds[kind]}, pk)
        for name, day, kind, pk in latest.values_list(
            "contact__department", "activity__day", "activity__kind", "activity"
        )
    ]
    return sorted(items, key=lambda item: item.on, reverse=True)


def _item(on: date, text: str, activity: int | None) -> Item:
    return Item(on, text, f"activity-{activity}" if activity else "", activity)


def _latest(items: list[Item]) -> list[Item]:
    return sorted(items, key=lambda item: item.on, reverse=True)

"""What the checks of a deal would have looked at on a past day: every dated row, cut at that day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import BooleanField, Case, Value, When

from coaching.deals.checks import Seen, local_day
from coaching.deals.limits import Limits
from coaching.deals.rows import NdaFacts, facts_of, nda_facts
from kpis import conditions
from kpis.departments import two_way_touches
from kpis.rows import ACTIVITIES, PEOPLE, as_sql
from pipeline.models import Deal, DealSpan


@dataclass(frozen=True)
class Past:
    """Everything dated the checks may look at: rows by deal, each with its day; five queries."""

    mails: dict[int, list[tuple[int, date, Any]]]
    meetings: dict[int, list[tuple[date, bool]]]
    departments: dict[int, list[tuple[str, date]]]
    ndas: NdaFacts

    @classmethod
    def of(cls, deals: Mapping[int, Deal]) -> "Past":
        mails = PEOPLE.where(conditions.MAILED_PEOPLE).filter(activity__deal__in=deals).order_by()
        met = ACTIVITIES.where(conditions.MEETINGS_HELD).filter(deal__in=deals).order_by()
        touches = two_way_touches().filter(activity__deal__in=deals).order_by().distinct()
        executive = When(as_sql(conditions.WITH_EXECUTIVE, ACTIVITIES.day), then=Value(True))
        met = met.annotate(executive=Case(executive, default=Value(False), output_field=BooleanField()))
        return cls(
            _by_deal(mails.values_list("activity__deal", "contact", "activity__day", "answered_at")),
            _by_deal(met.values_list("deal", "day", "executive")),
            _by_deal(touches.values_list("activity__deal", "contact__department", "activity__day")),
            nda_facts(deals),
        )

    def seen(self, span: DealSpan, deal: Deal, limits: Limits) -> Seen:
        """What the checks would have looked at on the day this stretch ended."""
        as_of: Any = span.to_day
        since = as_of - timedelta(days=limits.two_way_days)
        touched = self.departments.get(deal.pk, [])
        return Seen(
            span,
            self._mails(deal.pk, as_of),
            self._meetings(deal.pk, as_of),
            {name for name, day in touched if since < day <= as_of},
            span.nda,
            facts_of(deal, self.ndas),
        )

    def _mails(self, deal: int, as_of: date) -> dict[str, Any] | None:
        sent = [(contact, at) for contact, day, at in self.mails.get(deal, []) if day <= as_of]
        answers = [(contact, at) for contact, at in sent if at and local_day(at) <= as_of]
        if not sent:
            return None
        return {
            "mailed": len({contact for contact, _at in sent}),
            "answered": len({contact for contact, _at in answers}),
            "last": max((at for _contact, at in answers), default=None),
        }

    def _meetings(self, deal: int, as_of: date) -> dict[str, Any] | None:
        held = [(day, executive) for day, executive in self.meetings.get(deal, []) if day <= as_of]
        if not held:
            return None
        days = [day for day, executive in held if executive]
        return {"held": len(held), "executive": len(days), "last": max(days, default=None)}


def _by_deal(rows: Iterable[tuple]) -> dict[int, list]:
    found: dict[int, list] = defaultdict(list)
    for deal, *rest in rows:
        found[deal].append(tuple(rest))
    return found

"""One deal put together: the line of its stages, its checks, its people and what happened."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coaching import sparkline
from coaching.deals.attention import DealAttention, attention_of
from coaching.deals.checks import Check
from coaching.deals.evidence import Item, activities_in, evidence_of
from coaching.deals.limits import Limits
from coaching.deals.patterns import Usual
from coaching.deals.people_map import PeopleMap, people_map
from pipeline.models import Activity, ActivityContact, Deal, DealFact, StageChange
from pipeline.models.deals import Milestone

TIMELINE = 60


@dataclass(frozen=True)
class Visit:
    """A stay in a stage; `days` are whole local days, the last visit of an open deal lasts until today."""

    name: str
    milestone: int
    from_on: date
    to_on: date
    actor: str

    @property
    def days(self) -> int:
        return (self.to_on - self.from_on).days

    @property
    def kind(self) -> str:
        return f"stage-{self.milestone}"

    @property
    def is_end(self) -> bool:
        return self.milestone in (Milestone.WON, Milestone.LOST)

    @property
    def lasted(self) -> str:
        if self.is_end:
            return ""
        return ngettext("%(days)d day", "%(days)d days", self.days) % {"days": self.days}


@dataclass(frozen=True)
class LedgerLine:
    """A check with the dated rows behind it; `is_asking` where it asks for work at this stage."""

    check: Check
    items: list[Item]
    is_asking: bool
    usual: Usual

    @property
    def won(self) -> str:
        """Of how many won deals it was fine when they moved on from here."""
        if not self.usual.says_something:
            return ""
        words = {"fine": self.usual.fine[self.check.key], "deals": self.usual.deals}
        return _("%(fine)d of %(deals)d") % words


@dataclass(frozen=True)
class DealPage:
    deal: Deal
    today: date
    attention: DealAttention | None
    visits: list[Visit]
    people: PeopleMap
    evidence: dict[str, list[Item]]
    activities: list[Activity]
    facts: list[DealFact]
    currency: str

    @property
    def ledger(self) -> list[LedgerLine]:
        """The six checks, each with its dated rows and how won deals stood here; none once the deal is closed."""
        if self.attention is None:
            return []
        asking, usual = self.attention.asking, self.attention.usual
        return [
            LedgerLine(check, self._linked(check.key), check in asking, usual)
            for check in self.attention.ledger
        ]

    def _linked(self, check: str) -> list[Item]:
        """The check's rows; what stands elsewhere, as an answer without a deal does, is not linked."""
        here = {activity.pk for activity in self.activities}
        return [
            item if item.activity is None or item.activity in here else replace(item, place="")
            for item in self.evidence.get(check, [])
        ]

    @property
    def line(self) -> SafeString:
        days = sum(visit.days for visit in self.visits) or 1
        parts = [(visit.kind, visit.days / days) for visit in self.visits if visit.days]
        return sparkline.bar(parts, self.line_words, css="line") if parts else SafeString()

    @property
    def line_words(self) -> str:
        stays = [
            _("%(stage)s from %(day)s") % {"stage": v.name, "day": v.from_on.isoformat()} for v in self.visits
        ]
        return _("Stages passed: %(stays)s") % {"stays": ", ".join(stays)}


def deal_page(deal: Deal, today: date, currency: str) -> DealPage:
    is_open = deal.spans.filter(to_at=None).exists()
    attention = attention_of([deal], today)[deal.pk] if is_open else None
    facts = list(deal.facts.select_related("activity").order_by("-on", "-pk"))
    evidence = evidence_of(deal, facts, attention.span if attention else None)
    return DealPage(
        deal=deal,
        today=today,
        attention=attention,
        visits=visits_of(
            deal.stage_changes.select_related("stage", "actor").order_by("at", "seq", "pk"), today
        ),
        people=people_map(deal, today, Limits.on(today)),
        evidence=evidence,
        activities=_activities(deal, activities_in(evidence)),
        facts=facts,
        currency=deal.currency or currency,
    )


def visits_of(changes: Iterable[StageChange], today: date) -> list[Visit]:
    """Stays between changes; entering the stage one is in already is no new visit."""
    stays: list[StageChange] = []
    for change in changes:
        if not stays or stays[-1].stage_id != change.stage_id:
            stays.append(change)
    starts = [timezone.localtime(change.at).date() for change in stays]
    visits = []
    for change, start, end in zip(stays, starts, [*starts[1:], None], strict=True):
        is_end = change.stage.milestone in (Milestone.WON, Milestone.LOST)
        last = start if is_end and end is None else end or max(today, start)
        actor = change.actor.name if change.actor else ""
        visits.append(Visit(change.stage.name, change.stage.milestone, start, last, actor))
    return visits


def _activities(deal: Deal, also: set[int]) -> list[Activity]:
    """The latest, and those the checks refer to, newest first."""
    people = Prefetch("people", ActivityContact.objects.select_related("contact"))
    rows = deal.activities.filter(duplicate_of=None).order_by("-at", "-pk")
    shown = set(rows.values_list("pk", flat=True)[:TIMELINE]) | also
    return list(rows.filter(pk__in=shown).select_related("rep").prefetch_related(people))

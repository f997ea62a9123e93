"""One deal put together: the line of its stages, its checks, its people and what happened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Prefetch, Q
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coaching import sparkline
from coaching.deal_attention import DealAttention, attention_of
from pipeline.models import Activity, ActivityContact, Deal, DealContact, DealFact, StageChange
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
class DealPage:
    deal: Deal
    today: date
    attention: DealAttention | None
    visits: list[Visit]
    people: list[tuple[DealContact, datetime | None]]
    activities: list[Activity]
    facts: list[DealFact]
    currency: str

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
    return DealPage(
        deal=deal,
        today=today,
        attention=attention_of([deal], today)[deal.pk] if is_open else None,
        visits=visits_of(
            deal.stage_changes.select_related("stage", "actor").order_by("at", "seq", "pk"), today
        ),
        people=_people(deal),
        activities=_activities(deal),
        facts=list(deal.facts.select_related("activity").order_by("-on", "-pk")),
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


def _people(deal: Deal) -> list[tuple[DealContact, datetime | None]]:
    """The deal's contacts, each once in their latest role, with the last two-way touch on this deal."""
    roles = deal.deal_contacts.select_related("contact").order_by("contact__name_key", "contact", "from_at")
    latest = {role.contact_id: role for role in roles}
    heard = Q(activity__direction=Activity.Direction.IN) | Q(activity__status=Activity.Status.HELD)
    heard |= Q(activity__outcome=Activity.Outcome.REACHED)
    touches = ActivityContact.objects.filter(heard, activity__deal=deal, contact__in=latest).order_by()
    last = dict(touches.values("contact").annotate(last=Max("activity__at")).values_list("contact", "last"))
    return [(role, last.get(contact)) for contact, role in latest.items()]


def _activities(deal: Deal) -> list[Activity]:
    people = Prefetch("people", ActivityContact.objects.select_related("contact"))
    rows = deal.activities.filter(duplicate_of=None).select_related("rep").prefetch_related(people)
    return list(rows.order_by("-at", "-pk")[:TIMELINE])

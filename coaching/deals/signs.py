"""Signs that an open deal needs somebody: stalled, untouched, overdue, pressure on one person, a negative relationship.

Each is a rule one can read, worth one; none weighs more than another.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import F
from django.utils.translation import gettext as _

from coaching.dates import days_from
from coaching.deals.limits import Limits
from coaching.deals.patterns import Patterns
from kpis import conditions as c
from kpis.playbook import STALLED, THRESHOLDS
from kpis.rows import PEOPLE
from pipeline.models import Deal, DealSpan, Relationship


@dataclass(frozen=True)
class Sign:
    """A name, a short word for tables, a sentence that says which rule it breaks, the day it rests on."""

    key: str
    name: str
    word: str
    sentence: str
    on: date | None = None
    person: str = ""

    state = "off"


@dataclass(frozen=True)
class Facts:
    """What the signs of one deal rest on, besides its span."""

    touched_on: date | None = None
    meeting_at: datetime | None = None
    pressed: tuple[str, int] | None = None
    against: tuple[str, int, date] | None = None


@dataclass
class SignRows:
    """Deal id -> what was read for it, for many deals at once."""

    touched: Mapping[int, date]
    meetings: Mapping[int, datetime]
    pressed: Mapping[int, tuple[str, int]] = field(default_factory=dict)
    against: Mapping[int, tuple[str, int, date]] = field(default_factory=dict)

    def of(self, deal: int) -> Facts:
        return Facts(
            self.touched.get(deal), self.meetings.get(deal), self.pressed.get(deal), self.against.get(deal)
        )


def signs_of(
    deal: Deal, span: DealSpan, facts: Facts, today: date, limits: Limits, patterns: Patterns
) -> tuple[Sign, ...]:
    found = (
        _stalled(span, today, limits, patterns),
        _untouched(facts, today, limits),
        _overdue(deal, today),
        _pressure(facts, limits),
        _negative(facts),
    )
    return tuple(sign for sign in found if sign)


def days_in_stage(span: DealSpan | None, today: date) -> int | None:
    """Whole local days since the deal entered its stage."""
    if span is None:
        return None
    return max((today - (span.entered_day or span.from_day)).days, 0)


def _stalled(span: DealSpan | None, today: date, limits: Limits, patterns: Patterns) -> Sign | None:
    days = days_in_stage(span, today)
    if span is None or days is None:
        return None
    usual = None if limits.stalled_days else patterns.stays.get(span.stage_id or 0)
    limit = usual or limits.stalled_days or THRESHOLDS[STALLED].default or 0
    if days <= limit:
        return None
    said = _("%(days)d days in this stage; three in four stays end within %(limit)d.")
    if usual is None:
        said = _("%(days)d days in this stage; more than %(limit)d is long.")
    words = {"days": days, "limit": limit}
    return Sign(
        "stalled",
        _("Stalled"),
        _("stalled %(days)d d") % words,
        said % words,
        span.entered_day or span.from_day,
    )


def _untouched(facts: Facts, today: date, limits: Limits) -> Sign | None:
    last = facts.touched_on
    if facts.meeting_at or (last and last > today - timedelta(days=limits.untouched_days)):
        return None
    if last is None:
        said = _("No touch on record, and no meeting ahead.")
    else:
        said = _("The last touch was %(when)s, and no meeting lies ahead.") % {"when": days_from(last, today)}
    return Sign("untouched", _("Untouched"), _("untouched"), said, last)


def _overdue(deal: Deal, today: date) -> Sign | None:
    late = [
        (said, day)
        for said, day in (
            (_("It was expected to close %(when)s."), deal.expected_close_on),
            (_("The next step was due %(when)s."), deal.next_step_on),
        )
        if day and day < today
    ]
    if not late:
        return None
    sentence = " ".join(said % {"when": days_from(day, today)} for said, day in late)
    return Sign("overdue", _("Overdue"), _("overdue"), sentence, min(day for _said, day in late))


def _pressure(facts: Facts, limits: Limits) -> Sign | None:
    if facts.pressed is None:
        return None
    name, touches = facts.pressed
    said = _("%(touches)d touches to %(name)s within %(days)d days, and nothing back.")
    words = {"touches": touches, "name": name, "days": limits.pressure_days}
    return Sign("pressure", _("Pressure"), _("pressure on one"), said % words, person=name)


def _negative(facts: Facts) -> Sign | None:
    if facts.against is None:
        return None
    name, score, on = facts.against
    said = _("%(name)s was last rated %(score)s.") % {"name": name, "score": f"−{abs(score)}"}
    return Sign("negative", _("Negative relationship"), _("somebody against"), said, on, person=name)


def pressed_people(ids: Collection[int], today: date, limits: Limits) -> dict[int, tuple[str, int]]:
    """Deal id -> the person with most touches of ours since they last came back to us, where these are too many.

    Two queries. What counts as coming back: their own mail or text, a meeting they attended, a reached call, on
    this deal or any other.
    """
    window = {
        "activity__day__gt": today - timedelta(days=limits.pressure_days),
        "activity__day__lte": today,
    }
    ours = PEOPLE.where(c.under("activity", c.TOUCHES)).filter(activity__deal__in=ids, **window).order_by()
    touches = defaultdict(set)
    for deal, contact, name, activity, at in ours.values_list(
        "activity__deal", "contact", "contact__name", "activity", "activity__at"
    ):
        touches[deal, contact, name].add((at, activity))
    many = {key: rows for key, rows in touches.items() if len(rows) >= limits.pressure_touches}
    back = _last_back({contact for _deal, contact, _name in many}, window)
    found: dict[int, tuple[str, int]] = {}
    for (deal, contact, name), rows in sorted(many.items(), key=lambda pair: pair[0]):
        unanswered = sum(contact not in back or at > back[contact] for at, _activity in rows)
        if unanswered >= max(limits.pressure_touches, found.get(deal, ("", 0))[1] + 1):
            found[deal] = (name, unanswered)
    return found


def _last_back(contacts: set[int], window: dict[str, date]) -> dict[int, datetime]:
    rows = PEOPLE.where(c.TWO_WAY).filter(contact__in=contacts, **window)
    return dict(rows.order_by("activity__at").values_list("contact", "activity__at"))


def people_against(ids: Collection[int], today: date, limits: Limits) -> dict[int, tuple[str, int, date]]:
    """Deal id -> the person on it rated lowest, where the latest rating is below zero and not old; one query."""
    latest = (
        Relationship.objects.filter(contact__deal_contacts__deal__in=ids, rated_on__lte=today)
        .annotate(deal=F("contact__deal_contacts__deal"))
        .order_by("deal", "contact_id", "-rated_on", "-pk")
        .distinct("deal", "contact_id")
        .values_list("deal", "contact__name", "score", "rated_on")
    )
    since, wanted = today - timedelta(days=limits.rating_stale_days), set(ids)
    found: dict[int, tuple[str, int, date]] = {}
    for deal, name, score, on in latest:
        if score < min(0, found.get(deal, ("", 0))[1]) and on >= since and deal in wanted:
            found[deal] = (name, score, on)
    return found

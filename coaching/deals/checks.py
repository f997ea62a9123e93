"""The six quality checks of a deal: answers, executive, pricing, room for manoeuvre, NDA, departments.

Each check says its state in a word and its evidence in a sentence. What it looks at is handed in, so that the same
six judge an open deal today and a won deal on the day it moved on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coaching.dates import days_from
from coaching.deals.limits import Limits
from pipeline.models import Deal, DealFact, DealSpan
from pipeline.models.deals import Milestone

# An answer older than so many days is worth another look.
FRESH_ANSWER_DAYS = 30


@dataclass(frozen=True)
class Check:
    """A state (good, watch, off, quiet), a short word for tables, a sentence for the ledger.

    `is_settled`: quiet for good, since nothing is asked for here.
    """

    key: str
    name: str
    state: str
    word: str
    sentence: str
    on: date | None = None
    is_settled: bool = False

    @property
    def is_fine(self) -> bool:
        return self.state == "good" or self.is_settled


@dataclass(frozen=True)
class Seen:
    """What the six checks look at, as of a day; `mails` and `meetings` as in `coaching.deals.rows`."""

    span: DealSpan | None
    mails: dict[str, Any] | None = None
    meetings: dict[str, Any] | None = None
    departments: set[str] = field(default_factory=set)
    nda: str = ""
    nda_facts: Sequence[tuple[date, str]] = ()


def ledger_of(seen: Seen, as_of: date, limits: Limits) -> tuple[Check, ...]:
    """The six checks, in the order pages show them."""
    return (
        _answers(seen.mails, as_of),
        _executive(seen.meetings),
        _pricing(seen.span, as_of, limits),
        _room(seen.span),
        _nda(seen.nda, seen.nda_facts, as_of),
        _multithreading(seen.departments, limits),
    )


def _answers(row: dict[str, Any] | None, as_of: date) -> Check:
    key, name = "answers", _("Answers")
    if row is None:
        return Check(key, name, "quiet", _("no mails"), _("Nobody has been mailed on this deal."))
    said = _("%(answered)d of %(mailed)d people mailed have answered") % row
    if row["last"] is None:
        return Check(key, name, "off", _("no answer"), said + ".")
    on = local_day(row["last"])
    age = (as_of - on).days
    sentence = _("%(said)s, the last %(when)s.") % {"said": said, "when": days_from(on, as_of)}
    return Check(key, name, "good" if age <= FRESH_ANSWER_DAYS else "watch", _("answers"), sentence, on)


def _executive(row: dict[str, Any] | None) -> Check:
    key, name = "executive", _("Executive")
    if row is None:
        return Check(key, name, "quiet", _("no meeting"), _("No meeting has been held on this deal."))
    sentence = _("%(executive)d of %(held)d meetings held had an executive in the room.") % row
    if not row["executive"]:
        return Check(key, name, "off", _("no executive"), sentence)
    return Check(key, name, "good", _("executive"), sentence, row["last"])


def _pricing(span: DealSpan | None, as_of: date, limits: Limits) -> Check:
    key, name = "pricing", _("Pricing clock")
    if span is None or span.pricing_on is None:
        return Check(
            key, name, "quiet", _("pricing not begun"), _("Neither pricing nor procurement has come up.")
        )
    open_for = max((as_of - span.pricing_on).days, 0)
    state = (
        "off"
        if open_for > limits.pricing_alert_days
        else "watch"
        if open_for > limits.pricing_alert_days / 2
        else "good"
    )
    sentence = ngettext(
        "Pricing has been open for %(days)d day; %(usual)s.",
        "Pricing has been open for %(days)d days; %(usual)s.",
        open_for,
    ) % {"days": open_for, "usual": _usual_pricing(limits)}
    return Check(key, name, state, _("pricing %(days)d d") % {"days": open_for}, sentence, span.pricing_on)


def _usual_pricing(limits: Limits) -> str:
    """Where the limit comes from, as the second half of a sentence."""
    limit = {"limit": limits.pricing.days, "contracts": limits.pricing.contracts}
    if limits.is_pricing_own:
        return _("more than %(limit)d is long in this team") % limit
    if limits.pricing.contracts:
        return (
            _("of your %(contracts)d latest contracts three in four were signed within %(limit)d days")
            % limit
        )
    return _("more than %(limit)d is long, as the settings say until ten contracts do") % limit


def _room(span: DealSpan | None) -> Check:
    key, name = "room", _("Room for manoeuvre")
    parts = {_("scope"): "scope_on", _("discount range"): "discount_range_on", _("timing"): "timing_on"}
    known = {word: getattr(span, column) for word, column in parts.items() if span and getattr(span, column)}
    missing = [word for word in parts if word not in known]
    early = span is not None and (span.reached or 0) < Milestone.PROSPECT
    state = "good" if not missing else "watch" if known else "quiet" if early or span is None else "off"
    said = _("Known: %(known)s.") % {"known": ", ".join(known)} if known else ""
    asked = _("Still to be discussed: %(missing)s.") % {"missing": ", ".join(missing)} if missing else ""
    word = _("room %(known)d/3") % {"known": len(known)}
    return Check(key, name, state, word, f"{said} {asked}".strip(), max(known.values(), default=None))


def _nda(needed: str, facts: Sequence[tuple[date, str]], as_of: date) -> Check:
    key, name = "nda", _("NDA")
    past = sorted((on, kind) for on, kind in facts if on <= as_of)
    ends = [(on, kind) for on, kind in past if kind in (DealFact.Kind.NDA_SIGNED, DealFact.Kind.NDA_EXPIRED)]
    if ends and ends[-1][1] == DealFact.Kind.NDA_SIGNED:
        return Check(key, name, "good", _("NDA signed"), _("Signed."), ends[-1][0])
    if ends:
        return Check(key, name, "off", _("NDA expired"), _("Signed once, but expired."), ends[-1][0])
    if needed == Deal.Nda.NOT_NEEDED:
        return Check(key, name, "quiet", _("NDA not needed"), _("Not needed here."), is_settled=True)
    if past:
        waiting = (as_of - past[-1][0]).days
        sentence = ngettext(
            "Requested %(n)d day ago, not signed.", "Requested %(n)d days ago, not signed.", waiting
        )
        return Check(key, name, "watch", _("NDA requested"), sentence % {"n": waiting}, past[-1][0])
    if needed == Deal.Nda.NEEDED:
        return Check(key, name, "off", _("NDA missing"), _("Needed, and not yet asked for."))
    return Check(key, name, "quiet", _("NDA unknown"), _("Nobody has said whether one is needed."))


def _multithreading(departments: set[str], limits: Limits) -> Check:
    count = len(departments)
    fine, thin = count >= limits.departments_fine, count >= limits.departments_thin
    state = "good" if fine else "watch" if thin else "off"
    word = ngettext("%(count)d dept", "%(count)d depts", count) % {"count": count}
    if not departments:
        sentence = _("No department has talked back in %(days)d days.") % {"days": limits.two_way_days}
    else:
        sentence = _("In touch both ways: %(departments)s.") % {"departments": ", ".join(sorted(departments))}
    return Check("departments", _("Departments"), state, word, sentence)


def local_day(at: datetime) -> date:
    return timezone.localtime(at).date()

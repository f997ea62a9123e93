"""The six quality checks of open deals: answers, executive, pricing, room for manoeuvre, NDA, departments.

Each check says its state in a word and its evidence in a sentence.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coaching import deal_rows as rows
from coaching.deal_limits import Limits
from pipeline.models import Deal, DealFact, DealSpan
from pipeline.models.deals import Milestone


@dataclass(frozen=True)
class Check:
    """A state (good, watch, off, quiet), a short word for tables, a sentence for the ledger."""

    name: str
    state: str
    word: str
    sentence: str
    on: date | None = None


@dataclass(frozen=True)
class Health:
    """How an open deal stands today: its checks, days in its stage, the next meeting."""

    checks: tuple[Check, ...]
    span: DealSpan | None
    next_meeting_at: object
    days_in_stage: int | None

    @property
    def attention(self) -> tuple:
        """Ranks deals: most checks off first, then most watched, then the one expected to close soonest."""
        states = [check.state for check in self.checks]
        closes = self.span.expected_close_on if self.span else None
        return (-states.count("off"), -states.count("watch"), closes or date.max)


def health_of(deals: Iterable[Deal], today: date, limits: Limits) -> dict[int, Health]:
    """Deal id -> Health, for open deals; six queries however many deals there are."""
    by_id = {deal.pk: deal for deal in deals}
    ids = list(by_id)
    spans = rows.current_spans(ids)
    mails, meetings, departments = (
        rows.mails(ids),
        rows.meetings_held(ids),
        rows.departments(ids, today, limits),
    )
    ndas, planned = rows.nda_facts(by_id), rows.next_meetings(ids)
    return {
        pk: Health(
            checks=(
                _answers(mails.get(pk), today),
                _executive(meetings.get(pk)),
                _pricing(spans.get(pk), today, limits),
                _room(spans.get(pk)),
                _nda(deal, spans.get(pk), ndas, today),
                _multithreading(departments.get(pk, set()), limits),
            ),
            span=spans.get(pk),
            next_meeting_at=planned.get(pk),
            days_in_stage=_days_in_stage(spans.get(pk), today),
        )
        for pk, deal in by_id.items()
    }


def _answers(row: dict | None, today: date) -> Check:
    name = _("Answers")
    if row is None:
        return Check(name, "quiet", _("no mails"), _("Nobody has been mailed on this deal."))
    said = _("%(answered)d of %(mailed)d people mailed have answered") % row
    if row["last"] is None:
        return Check(name, "off", _("no answer"), said + ".")
    on = timezone.localtime(row["last"]).date()
    age = (today - on).days
    sentence = _("%(said)s, the last %(days)d days ago.") % {"said": said, "days": age}
    return Check(name, "good" if age <= 30 else "watch", _("answers"), sentence, on)


def _executive(row: dict | None) -> Check:
    name = _("Executive")
    if row is None:
        return Check(name, "quiet", _("no meeting"), _("No meeting has been held on this deal."))
    sentence = _("%(executive)d of %(held)d meetings held had an executive in the room.") % row
    if not row["executive"]:
        return Check(name, "off", _("no executive"), sentence)
    return Check(name, "good", _("executive"), sentence, row["last"])


def _pricing(span: DealSpan | None, today: date, limits: Limits) -> Check:
    name = _("Pricing clock")
    if span is None or span.pricing_on is None:
        return Check(name, "quiet", _("pricing not begun"), _("Neither pricing nor procurement has come up."))
    open_for = max((today - span.pricing_on).days, 0)
    state = (
        "off"
        if open_for > limits.pricing_alert_days
        else "watch"
        if open_for > limits.pricing_alert_days / 2
        else "good"
    )
    sentence = ngettext(
        "Pricing has been open for %(days)d day; more than %(limit)d is long.",
        "Pricing has been open for %(days)d days; more than %(limit)d is long.",
        open_for,
    ) % {"days": open_for, "limit": limits.pricing_alert_days}
    return Check(name, state, _("pricing %(days)d d") % {"days": open_for}, sentence, span.pricing_on)


def _room(span: DealSpan | None) -> Check:
    name = _("Room for manoeuvre")
    parts = {_("scope"): "scope_on", _("discount range"): "discount_range_on", _("timing"): "timing_on"}
    known = {word: getattr(span, column) for word, column in parts.items() if span and getattr(span, column)}
    missing = [word for word in parts if word not in known]
    early = span is not None and (span.reached or 0) < Milestone.PROSPECT
    state = "good" if not missing else "watch" if known else "quiet" if early or span is None else "off"
    said = _("Known: %(known)s.") % {"known": ", ".join(known)} if known else ""
    asked = _("Still to be discussed: %(missing)s.") % {"missing": ", ".join(missing)} if missing else ""
    word = _("room %(known)d/3") % {"known": len(known)}
    return Check(name, state, word, f"{said} {asked}".strip(), max(known.values(), default=None))


def _nda(deal: Deal, span: DealSpan | None, ndas: dict, today: date) -> Check:
    name = _("NDA")
    facts = [*ndas.get(("deal", deal.pk), []), *ndas.get(("account", deal.account_id), [])]
    past = sorted((on, kind) for on, kind in facts if on <= today)
    ends = [(on, kind) for on, kind in past if kind in (DealFact.Kind.NDA_SIGNED, DealFact.Kind.NDA_EXPIRED)]
    if ends and ends[-1][1] == DealFact.Kind.NDA_SIGNED:
        return Check(name, "good", _("NDA signed"), _("Signed."), ends[-1][0])
    if ends:
        return Check(name, "off", _("NDA expired"), _("Signed once, but expired."), ends[-1][0])
    if deal.nda == Deal.Nda.NOT_NEEDED:
        return Check(name, "quiet", _("NDA not needed"), _("Not needed here."))
    if past:
        waiting = (today - past[-1][0]).days
        sentence = ngettext(
            "Requested %(n)d day ago, not signed.", "Requested %(n)d days ago, not signed.", waiting
        )
        return Check(name, "watch", _("NDA requested"), sentence % {"n": waiting}, past[-1][0])
    if deal.nda == Deal.Nda.NEEDED:
        return Check(name, "off", _("NDA missing"), _("Needed, and not yet asked for."))
    return Check(name, "quiet", _("NDA unknown"), _("Nobody has said whether one is needed."))


def _multithreading(departments: set[str], limits: Limits) -> Check:
    count = len(departments)
    fine, thin = count >= limits.departments_fine, count >= limits.departments_thin
    state = "good" if fine else "watch" if thin else "off"
    word = ngettext("%(count)d dept", "%(count)d depts", count) % {"count": count}
    if not departments:
        sentence = _("No department has talked back in %(days)d days.") % {"days": limits.two_way_days}
    else:
        sentence = _("In touch both ways: %(departments)s.") % {"departments": ", ".join(sorted(departments))}
    return Check(_("Departments"), state, word, sentence)


def _days_in_stage(span: DealSpan | None, today: date) -> int | None:
    if span is None:
        return None
    entered = span.entered_at or span.from_at
    return max((today - timezone.localtime(entered).date()).days, 0)

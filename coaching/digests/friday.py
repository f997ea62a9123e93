"""Friday's digest for a rep: where they stand, what moved, which deals ask for work, what was agreed, the next session."""

from datetime import date, datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coaching.attention.line import AttentionLine
from coaching.dates import days_from, moment
from coaching.deals.attention import DealAttention
from coaching.digests.digest import FRIDAY, SHOWN, Digest, Entry, Link, asked_now, section
from coaching.figures import money
from coaching.models import Commitment, Session
from coaching.rep_page import RepPage, rep_page
from coaching.scorecard import Line, Readings
from coaching.sessions.commitments import Promise, promises
from coaching.templatetags.sessions import kpi_label
from kpis.judging.trends import completed, trend
from kpis.playbook import focus_keys
from kpis.subjects import Subject
from pipeline.models import Deal, Organisation, Rep

DEALS = 5


def friday(rep: Rep, day: date, now: datetime) -> Digest:
    """A rep's own week: the words of the scorecard, nobody else's figures."""
    asked, currency = asked_now(), Organisation.current().currency
    page = rep_page(rep, asked, currency)
    deals = [(deal, needs) for deal, needs in page.deals if needs.needs]
    count = ngettext("%(n)d deal asks for work", "%(n)d deals ask for work", len(deals)) % {"n": len(deals)}
    moved = what_moved(Readings([Subject.rep(rep.pk)], asked, currency, focus_keys(rep.team)))
    return Digest(
        kind=FRIDAY,
        subject=_("Your week: %(count)s") % {"count": count},
        title=_("Your week to %(day)s") % {"day": date_format(day, "SHORT_DATE_FORMAT")},
        lead=_lead(page),
        sections=(
            *section(_("To begin with"), _first(page.attention)),
            *section(_("What moved"), moved, empty=_("No figure in sight rises or falls beyond chance.")),
            *section(
                _("Deals asking for work"),
                [_deal(deal, needs, page) for deal, needs in deals[:DEALS]],
                empty=_("No open deal asks for work."),
                more=_all_deals(len(deals)),
            ),
            *section(_("Agreed and open"), [_promise(one) for one in _promises(rep)]),
            *section(_("Your next session"), _session(rep, now), empty=_("Nothing is planned.")),
        ),
    )


def _lead(page: RepPage) -> tuple[str, ...]:
    """The sentence on top of the scorecard."""
    told = page.diagnosis
    if told is None:
        return ()
    return (f"{capfirst(told.label)}. {told.sentence}" if told.is_judged else told.sentence,)


def _first(line: AttentionLine | None) -> list[Entry]:
    if line is None:
        return []
    reach = " ".join(part for part in (line.reach, line.late) if part)
    return [Entry(line.label, line.evidence_url, (line.gap.said, reach))]


def what_moved(readings: Readings) -> list[Entry]:
    """The KPIs in sight with a trend over the weeks that are over, beyond chance."""
    subject, today = readings.subjects[0], readings.asked.calendar.today()
    found = []
    for key in readings.keys:
        line = readings.line(subject, key)
        seen = trend(line.kpi, completed(readings.trail(subject, key), today))
        if seen.direction:
            found.append(_moved(line, seen.direction, seen.why))
    return found


def _moved(line: Line, direction: str, why: str) -> Entry:
    word = _("better") if direction == line.kpi.good else _("to be watched")
    return Entry(f"{line.kpi.label} {line.text}: {word}", line.url, (why,))


def _deal(deal: Deal, needs: DealAttention, page: RepPage) -> Entry:
    amount = "" if needs.amount is None else money(needs.amount, page.currency, short=True)
    closes = days_from(deal.expected_close_on, page.today)
    close = _("expected to close %(when)s") % {"when": closes} if closes else ""
    title = ", ".join(part for part in (deal.name, amount, close) if part)
    return Entry(title, reverse("deal", args=[deal.pk]), (needs.next_step, needs.sum_sentence))


def _all_deals(count: int) -> Link | None:
    return Link(_("All %(count)d") % {"count": count}, reverse("deals")) if count > DEALS else None


def _promises(rep: Rep) -> list[Promise]:
    mine = Commitment.objects.own_of(rep.account_user).open().order_by("review_on", "pk")
    return promises(mine[:SHOWN])


def _promise(promise: Promise) -> Entry:
    made = promise.commitment
    when = _("Day to look again: %(day)s.") % {"day": date_format(made.review_on, "MONTH_DAY_FORMAT")}
    aim = f"{promise.kpi} {promise.expected}. " if promise.kpi else ""
    return Entry(made.text, reverse("commitment_review", args=[made.pk]), (aim + when,))


def _session(rep: Rep, now: datetime) -> list[Entry]:
    ahead = Session.objects.own_of(rep.account_user).planned().filter(at__gt=now)
    session = ahead.select_related("manager").prefetch_related("questions").order_by("at", "pk").first()
    if session is None:
        return []
    when = moment(session.at)
    texts = [_("Skill: %(skill)s.") % {"skill": skill} for skill in [kpi_label(session.skill)] if skill]
    if waiting := sum(not question.answer for question in session.questions.all()):
        texts.append(
            ngettext(
                "%(n)d question waits for your answer.", "%(n)d questions wait for your answer.", waiting
            )
            % {"n": waiting}
        )
    title = _("%(when)s with %(manager)s") % {"when": when, "manager": session.manager.name}
    return [Entry(title, reverse("session", args=[session.pk]), (" ".join(texts),) if texts else ())]

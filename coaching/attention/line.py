"""A line of the attention queue in words: the skill, why, which deals it can still turn, who shows how."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from math import ceil
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coaching.attention.gaps import Gap
from coaching.attention.lead_times import LeadTime
from coaching.board import Row
from coaching.dates import weekday
from coaching.deals.open_deals import OpenDeal
from coaching.diagnosis import Diagnosis, counted
from coaching.figures import money
from pipeline.models import Rep

DEALS_NAMED, FRIDAY = 3, 4


@dataclass(frozen=True)
class AttentionLine:
    """Coach a rep on a gap: `deals` are those it can still turn, most to gain first; `too_late` of them it cannot."""

    row: Row
    gap: Gap
    lead: LeadTime
    deals: tuple[OpenDeal, ...]
    too_late: int
    example: Row | None
    currency: str

    @property
    def rep(self) -> Rep:
        if self.row.rep is None:
            raise ValueError("only reps are coached")
        return self.row.rep

    @property
    def diagnosis(self) -> Diagnosis | None:
        return self.row.diagnosis

    @property
    def skill(self) -> str:
        return self.gap.line.kpi.key

    @property
    def label(self) -> str:
        return str(self.gap.line.kpi.label)

    @cached_property
    def influence(self) -> float:
        """What coaching now may move, in the organisation's currency: the sum over deals of weight x gap x chance."""
        return sum(deal.weight * self.gap.share * self.lead.chance(deal.days_left) for deal in self.deals)

    @property
    def amount(self) -> float:
        return sum(deal.amount or 0 for deal in self.deals)

    @property
    def named(self) -> tuple[OpenDeal, ...]:
        return self.deals[:DEALS_NAMED]

    @property
    def unnamed(self) -> int:
        return len(self.deals) - len(self.named)

    @property
    def act_by(self) -> date | None:
        """The last day on which the skill still acts on the first of these deals to close."""
        closes = [deal.closes_on for deal in self.deals if deal.closes_on]
        if not closes:
            return None
        day = min(closes) - timedelta(days=ceil(self.lead.least))
        # Nobody is coached at a weekend: the Friday before is the last chance.
        return day - timedelta(days=max(day.weekday() - FRIDAY, 0))

    @property
    def reach(self) -> str:
        """“3 deals, € 84k still reachable, the first until 27 Nov”."""
        if not self.deals:
            return _("No open deal it can still turn: it will show in the next ones.")
        count = ngettext("%(n)d deal", "%(n)d deals", len(self.deals)) % {"n": len(self.deals)}
        words = {"deals": count, "amount": money(self.amount, self.currency, short=True)}
        said = _("%(deals)s, %(amount)s still reachable") % words
        if self.act_by is None:
            return f"{said}."
        return _("%(said)s, the first until %(day)s.") % {
            "said": said,
            "day": weekday(self.act_by),
        }

    @property
    def late(self) -> str:
        if not self.too_late:
            return ""
        said = ngettext("Already too late: %(n)d.", "Already too late: %(n)d.", self.too_late)
        return said % {"n": self.too_late}

    @property
    def copy(self) -> str:
        """“Cleo shows how: 5 of 12 meetings with known seniority.”"""
        if self.example is None:
            return ""
        line = self.example.lines[self.skill]
        words = {"rep": self.example.label, "how": counted(line) or line.text}
        return _("%(rep)s shows how: %(how)s.") % words

    @property
    def url(self) -> str:
        """The form that plans a session on this, filled in."""
        return f"{self.short_url}&{urlencode({'why': self.gap.why})}"

    @property
    def short_url(self) -> str:
        """The same without its why: what stands in a mail holds no figures."""
        given = {
            "rep": self.rep.pk,
            "skill": self.skill,
            "deals": ",".join(str(deal.pk) for deal in self.named),
        }
        return f"{reverse('session_plan')}?{urlencode(given, safe=',')}"

    @property
    def evidence_url(self) -> str:
        return self.gap.line.url

"""What a rep's observations come to: agreement, change over quarters, the talks scored and those still to score."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from statistics import fmean

from django.db.models import Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from coaching.figures import DASH, joined, number, percent
from coaching.models import Observation
from coaching.observed import quarter_lines
from coaching.observed.agreement import (
    BLIND,
    LEAST,
    Agreement,
    Quarter,
    Seen,
    agreement,
    by_criterion,
    change,
    quarters,
    seen_of,
)
from coaching.observed.observations import Sides, sides_of, took_place
from coaching.observed.rubrics import HIGHEST
from coaching.observed.words import mean_text, talks_text
from kpis.periods import Calendar, Period
from pipeline.models import Activity, Rep

TALKS, OFFERED = 40, 8
OFFERED_SINCE = timedelta(days=30)


@dataclass(frozen=True)
class Compared:
    """A criterion as both score it, in words; `of` how many scores it rests on."""

    criterion: str
    of: int
    own: str
    lead: str
    gap: str
    alike: str


@dataclass(frozen=True)
class Changed:
    """A criterion over the quarters: a picture and the same as cells."""

    criterion: str
    quarters: list[Quarter]

    @property
    def cells(self) -> list[tuple[str, str]]:
        """(the manager's mean, the rep's and how many) a quarter."""
        return [(mean_text(one.lead), self._beside(one)) for one in self.quarters]

    def _beside(self, one: Quarter) -> str:
        if not one.lead_count and not one.own_count:
            return ""
        if one.lead is None and one.own is None:
            return _("only %(count)d") % {"count": max(one.lead_count, one.own_count)}
        words = {"own": mean_text(one.own), "count": max(one.lead_count, one.own_count)}
        return _("own view %(own)s · of %(count)d") % words

    @property
    def picture(self) -> SafeString:
        leads, owns = [one.lead for one in self.quarters], [one.own for one in self.quarters]
        if sum(value is not None for value in leads) < 2:
            return SafeString()
        return quarter_lines.drawn(leads, owns, self.label)

    @property
    def label(self) -> str:
        known = [(one.period.label, mean_text(one.lead)) for one in self.quarters if one.lead is not None]
        told = ", ".join(f"{period} {mean}" for period, mean in known)
        return _("%(criterion)s by quarter, as the manager scored it: %(told)s") % {
            "criterion": self.criterion,
            "told": told,
        }


@dataclass(frozen=True)
class Talk:
    """A call or meeting on the list, by how far its scoring is."""

    activity: Activity
    sides: Sides

    @property
    def about(self) -> str:
        with_whom = self.activity.deal or self.activity.company
        return joined(with_whom.name if with_whom else "", self.activity.subject)

    @property
    def means(self) -> tuple[str, str]:
        """(the manager's, the rep's) over all criteria; dashes until both have scored."""
        if not self.sides.is_open:
            return DASH, DASH
        return _whole(self.sides.lead), _whole(self.sides.own)

    @property
    def state(self) -> str:
        lead = self.sides.lead.observer.name if self.sides.lead else ""
        own = self.activity.rep.name if self.activity.rep else ""
        if self.sides.is_open:
            return _("%(manager)s and %(rep)s") % {"manager": lead, "rep": own}
        if lead:
            return _("%(manager)s has scored, %(rep)s not yet") % {"manager": lead, "rep": own}
        return _("%(rep)s has scored, a manager not yet") % {"rep": own} if self.sides.own else ""


@dataclass(frozen=True)
class ObservedPage:
    rep: Rep
    seen: list[Seen]
    periods: list[Period]
    talks: list[Talk]
    has_earlier: bool
    offered: list[Talk]

    @property
    def last_label(self) -> str:
        return self.periods[-1].label

    @cached_property
    def whole(self) -> Agreement:
        return agreement(self.seen)

    @property
    def sentence(self) -> str:
        """How alike the two score, or how many talks are missing to say so."""
        if not self.whole.is_enough:
            words = {"count": self.whole.activities, "least": LEAST, "name": self.rep.name}
            return (
                _("Both have scored %(count)d so far; from %(least)d on it shows how alike you see them.")
                % words
            )
        words = {
            "share": percent(self.whole.share or 0),
            "pairs": self.whole.pairs,
            "talks": talks_text(self.whole.activities),
            "gap": self._gap(),
        }
        return _("%(share)s of %(pairs)d scores in %(talks)s are alike or one apart. %(gap)s") % words

    def _gap(self) -> str:
        gap = round(self.whole.difference or 0, 1)
        words = {"name": self.rep.name, "points": number(abs(gap), 1)}
        if not gap:
            return _("On average %(name)s scores as high as the manager.") % words
        if gap > 0:
            return _("On average %(name)s scores %(points)s points higher than the manager.") % words
        return _("On average %(name)s scores %(points)s points lower than the manager.") % words

    @property
    def blind(self) -> str:
        words = {
            "within": BLIND[0],
            "all": BLIND[1],
            "highest": HIGHEST,
            "share": percent(BLIND[0] / BLIND[1]),
        }
        return (
            _(
                "Two who scored blindly from 1 to %(highest)d would be alike or one apart %(within)d times in %(all)d "
                "(%(share)s): agreement begins above that."
            )
            % words
        )

    @property
    def compared(self) -> list[Compared]:
        if not self.whole.is_enough:
            return []
        return [_compared(text, agreement(rows)) for text, rows in by_criterion(self.seen).items()]

    @cached_property
    def changed(self) -> list[Changed]:
        found = (Changed(text, change(rows, self.periods)) for text, rows in by_criterion(self.seen).items())
        return [one for one in found if any(quarter.lead is not None for quarter in one.quarters)]


def observed_page(rep: Rep, calendar: Calendar) -> ObservedPage:
    """Everything that both have scored, and the talks without what one side alone gave."""
    shown = ("company", "deal", "rep")
    scored = Activity.objects.filter(Q(rep=rep) & Q(observations__rep=rep)).distinct().order_by("-at", "-pk")
    today = calendar.today()
    since = calendar.midnight(today - OFFERED_SINCE)
    fresh = took_place(rep.activities.filter(at__gte=since, observations=None)).order_by("-at", "-pk")
    found, offered = list(scored.select_related(*shown)[: TALKS + 1]), fresh.select_related(*shown)[:OFFERED]
    talks = found[:TALKS]
    sides = sides_of(talks)
    return ObservedPage(
        rep=rep,
        seen=seen_of(rep, calendar.zone),
        periods=quarters(calendar, today),
        talks=[Talk(one, sides[one.pk]) for one in talks],
        has_earlier=len(found) > TALKS,
        offered=[Talk(one, Sides(rep.pk)) for one in offered],
    )


def _compared(text: str, found: Agreement) -> Compared:
    gap = round(found.difference, 1) if found.difference is not None else None
    return Compared(
        text,
        found.pairs,
        own=mean_text(found.own),
        lead=mean_text(found.lead),
        gap=DASH if gap is None else f"{'+' if gap > 0 else ''}{number(gap, 1)}",
        alike=percent(found.share) if found.share is not None else DASH,
    )


def _whole(one: Observation | None) -> str:
    values = [score.value for score in one.scores.all()] if one else []
    return mean_text(fmean(values)) if values else DASH

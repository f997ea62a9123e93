"""A rep's scorecard put together: three columns of KPIs, and the open deals with their checks."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from statistics import median

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coaching.asked import Asked
from coaching.board import caveat, is_ramping, share_on_track
from coaching.charts import quadrant
from coaching.comparison import comparable
from coaching.deal_checks import Health, health_of
from coaching.deal_limits import Limits
from coaching.figures import figure, joined
from coaching.scorecard import Line, Readings, focus_keys
from kpis.catalogue import CATALOGUE
from kpis.catalogue.kpi import Category
from kpis.readings import read
from kpis.subjects import Subject
from pipeline.models import Deal, Rep

DEALS_SHOWN = 25


@dataclass(frozen=True)
class Column:
    """A category: its focus KPIs, the rest, and how many of the focus are on track."""

    category: Category
    focus: list[Line]
    rest: list[Line]

    @property
    def judged(self) -> int:
        return sum(line.state in ("good", "watch", "off") for line in self.focus)

    @property
    def summary(self) -> str:
        counts = Counter(line.state for line in self.focus)
        if not self.judged:
            return _("too few to say") if any(line.target for line in self.focus) else _("no targets set")
        words = {"good": counts["good"], "judged": self.judged}
        return _("%(good)d of %(judged)d on track") % words

    @property
    def state(self) -> str:
        counts = Counter(line.state for line in self.focus)
        if not self.judged:
            return "quiet"
        return (
            "off"
            if counts["off"] * 2 >= self.judged
            else "good"
            if counts["good"] == self.judged
            else "watch"
        )


@dataclass(frozen=True)
class RepPage:
    rep: Rep
    asked: Asked
    currency: str
    columns: list[Column]
    deals: list[tuple[Deal, Health]]
    open_deals: int
    today: date

    @cached_property
    def note(self) -> str:
        return joined(self.rep.job, caveat(self.rep, self.today))

    @property
    def place(self) -> str:
        """The rep's corner in the picture of work against quality."""
        if is_ramping(self.rep, self.today):
            return ""
        return quadrant(
            *(share_on_track(column.focus) for column in self.columns if column.category != Category.RESULT)
        )

    @property
    def standing(self) -> str:
        """The three categories in a sentence."""
        words = [
            f"{column.category.label.lower()}: {column.summary}" for column in self.columns if column.judged
        ]
        return "; ".join(words)

    @property
    def deals_note(self) -> str:
        if self.open_deals <= len(self.deals):
            return ngettext("%(count)d open deal", "%(count)d open deals", self.open_deals) % {
                "count": self.open_deals
            }
        words = {"shown": len(self.deals), "count": self.open_deals}
        return _("the %(shown)d that need most attention of %(count)d open deals") % words


def rep_page(rep: Rep, asked: Asked, currency: str) -> RepPage:
    today = asked.calendar.today()
    limits = Limits.on(today)
    ranked = ranked_deals(Deal.objects.filter(owner=rep), today, limits)
    return RepPage(
        rep=rep,
        asked=asked,
        currency=currency,
        columns=_columns(rep, asked, currency, limits),
        deals=ranked[:DEALS_SHOWN],
        open_deals=len(ranked),
        today=today,
    )


def ranked_deals(deals, today: date, limits: Limits) -> list[tuple[Deal, Health]]:
    """The open ones among these deals with their health, those that need most attention first."""
    found = list(
        deals.filter(spans__to_at=None, spans__isnull=False)
        .select_related("account", "stage", "owner")
        .distinct()
    )
    health = health_of(found, today, limits)
    return sorted(((deal, health[deal.pk]) for deal in found), key=lambda pair: pair[1].attention)


def _columns(rep: Rep, asked: Asked, currency: str, limits: Limits) -> list[Column]:
    readings = Readings([Subject.rep(rep.pk)], asked, currency)
    in_focus = focus_keys(rep.team)
    medians = team_medians(rep, asked, currency, limits, list(CATALOGUE))
    is_judged = not is_ramping(rep, asked.calendar.today())
    columns = []
    for category in Category:
        keys = [key for key, kpi in CATALOGUE.items() if kpi.category == category]
        lines = {
            key: readings.line(Subject.rep(rep.pk), key, is_judged, medians.get(key, "")) for key in keys
        }
        focus = [lines[key] for key in in_focus[category]]
        columns.append(Column(category, focus, [lines[key] for key in keys if key not in in_focus[category]]))
    return columns


def team_medians(rep: Rep, asked: Asked, currency: str, limits: Limits, keys: list[str]) -> dict[str, str]:
    """KPI key -> the team's median in words, from so many people on that nobody can be picked out."""
    mates = comparable(rep.team_id, asked, rep.job)
    if len(mates) < limits.min_people_shown:
        return {}
    cards = read([Subject.rep(mate.pk) for mate in mates], [asked.period])
    said = {}
    for key in keys:
        values = [
            card[key].value for card in cards.values() if card is not None and card[key].value is not None
        ]
        if len(values) >= limits.min_people_shown:
            middle = figure(median(map(float, values)), CATALOGUE[key].unit, currency)
            said[key] = _("team median %(value)s") % {"value": middle}
    return said

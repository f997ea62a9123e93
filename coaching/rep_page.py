"""A rep's scorecard put together: the diagnosis, three columns of KPIs, and the open deals with their checks."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from statistics import median

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coaching.asked import Asked
from coaching.attention.line import AttentionLine
from coaching.attention.queue import line_of
from coaching.board import Row, caveat, rep_row
from coaching.deals.attention import DealAttention
from coaching.deals.limits import Limits
from coaching.deals.ranking import by_attention
from coaching.diagnosis import Diagnosis
from coaching.evidence.comparison import comparable
from coaching.figures import figure, joined
from coaching.scorecard import Line, Readings
from kpis.catalogue import CATALOGUE
from kpis.catalogue.kpi import Category
from kpis.judging.circles import judged
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
    row: Row
    attention: AttentionLine | None
    columns: list[Column]
    deals: list[tuple[Deal, DealAttention]]
    open_deals: int
    today: date

    @cached_property
    def note(self) -> str:
        return joined(self.rep.job, caveat(self.rep, self.today))

    @property
    def diagnosis(self) -> Diagnosis | None:
        return self.row.diagnosis

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
    ranked = by_attention(rep.deals.all(), today)
    readings = Readings([Subject.rep(rep.pk)], asked, currency)
    row = rep_row(rep, rep.team, readings, judged([rep], asked.period, today, cards=readings.cards))
    return RepPage(
        rep=rep,
        asked=asked,
        currency=currency,
        row=row,
        attention=line_of(row, asked, currency),
        columns=_columns(readings, row, team_medians(rep, asked, currency, Limits.on(today))),
        deals=[(one.deal, one) for one in ranked[:DEALS_SHOWN]],
        open_deals=len(ranked),
        today=today,
    )


def _columns(readings: Readings, row: Row, medians: dict[str, str]) -> list[Column]:
    columns, subject = [], readings.subjects[0]
    focus = {category: [line.kpi.key for line in lines] for category, lines in row.focus.items()}
    for category in Category:
        keys = [key for key, kpi in CATALOGUE.items() if kpi.category == category]
        lines = {key: readings.line(subject, key, row.is_compared, medians.get(key, "")) for key in keys}
        in_sight = [lines[key] for key in focus[category]]
        columns.append(Column(category, in_sight, [lines[key] for key in keys if key not in focus[category]]))
    return columns


def team_medians(rep: Rep, asked: Asked, currency: str, limits: Limits) -> dict[str, str]:
    """KPI key -> the team's median in words, from so many people on that nobody can be picked out."""
    mates = comparable(rep.team_id, asked, rep.job)
    if len(mates) < limits.min_people_shown:
        return {}
    cards = read([Subject.rep(mate.pk) for mate in mates], [asked.period])
    said = {}
    for key in CATALOGUE:
        values = [
            card[key].value for card in cards.values() if card is not None and card[key].value is not None
        ]
        if len(values) >= limits.min_people_shown:
            middle = figure(median(map(float, values)), CATALOGUE[key].unit, currency)
            said[key] = _("team median %(value)s") % {"value": middle}
    return said

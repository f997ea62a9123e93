"""What past forecasts were worth: what a period's beginning promised, what came, and what slipped out of it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from coaching.tables.table import Head, Row, Table, TableAsked, count, share
from kpis.past_forecasts import KPI, Worth, closed_before, together, worths
from kpis.periods import Period
from kpis.readings import read
from kpis.stored import captured

KINDS = ("month", "quarter", "year")


@dataclass(frozen=True)
class Past:
    period: Period
    worth: Worth
    slipped: int  # cents


def past_forecasts(asked: TableAsked) -> Table:
    """The running period and the last three closed ones of the period's kind, and the closed ones together."""
    found = _found(asked)
    return Table(
        title=_("What past forecasts were worth"),
        intro=_(
            "What the first day of each period forecast for it, by the organisation's win rates of the twelve full months "
            "before; what was then won in it; and what slipped: the amount of deals put off during the period from a day "
            "in it to one beyond it, and still put off at its end or by now."
        ),
        header=[
            Head(_("Period"), False),
            Head(_("Deals")),
            Head(_("Open")),
            Head(_("Weighted")),
            Head(_("Won")),
            Head(_("Won of the forecast")),
            Head(_("Slipped")),
        ],
        rows=[_row(asked, one) for one in found] + [_together(asked, found[1:])],
        empty="",
        notes=[
            _("Won in a period is whatever was won in it, expected or not: more than the forecast can come."),
            _(
                "A period without a forecast is left out of the sum: nothing was recorded yet, or nothing closed."
            ),
        ],
    )


def _found(asked: TableAsked) -> list[Past]:
    """The running period first, then the closed ones, the latest first."""
    calendar, chosen = asked.asked.calendar, asked.asked.period
    running = calendar.of_kind(chosen.kind if chosen.kind in KINDS else "month", asked.today)
    periods = [running, *reversed(closed_before(running, asked.today, calendar))]
    known, cards = worths([asked.subject], periods, calendar, captured()), read([asked.subject], periods)
    return [
        Past(
            period,
            known[asked.subject, period.key],
            round((cards[asked.subject, period.key][KPI.key].beside["slipped"][1] or 0) * 100),
        )
        for period in periods
    ]


def _row(asked: TableAsked, past: Past) -> Row:
    name = str(past.period.label)
    if past.period.is_running(asked.today):
        name = _("%(period)s so far") % {"period": name}
    return Row([name, *_cells(asked, past.worth, past.slipped)])


def _cells(asked: TableAsked, worth: Worth, slipped: int) -> list[str]:
    amounts = [asked.money(cents) for cents in (worth.open, worth.forecast, worth.came)]
    return [count(worth.deals), *amounts, share(worth.came, worth.forecast or 0), asked.money(slipped)]


def _together(asked: TableAsked, found: list[Past]) -> Row:
    worth = together(past.worth for past in found)
    cells = _cells(asked, worth, sum(past.slipped for past in found))
    return Row([_("the closed ones together"), *cells], is_total=True)

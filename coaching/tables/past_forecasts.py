"""What past forecasts were worth: what a period's beginning promised, what came, and what slipped out of it."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, Sum
from django.utils.translation import gettext as _

from coaching.tables.forecasting import WON, Month, cents_of, rates_known, win_rates
from coaching.tables.table import Head, Row, Table, TableAsked, count, share
from kpis.periods import Period
from pipeline.models import DealSpan

CLOSED, KINDS = 3, ("month", "quarter", "year")


def past_forecasts(asked: TableAsked) -> Table:
    """The running period and the last three closed ones of the period's kind, and the closed ones together."""
    kind = asked.asked.period.kind if asked.asked.period.kind in KINDS else "month"
    *closed, running = asked.asked.calendar.trail(CLOSED + 1, kind, asked.today)
    found = [(period, *_worth(asked, period)) for period in [running, *reversed(closed)]]
    return Table(
        title=_("What past forecasts were worth"),
        intro=_(
            "What the first day of each period forecast for it, what was then won in it, and what slipped: the amount of "
            "deals expected in it on that day and, at its end or by now, expected after it."
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
        rows=[_row(asked, period, month, won, slipped) for period, month, won, slipped in found]
        + [_together(asked, found[1:])],
        empty="",
        notes=[
            _("Won in a period is whatever was won in it, expected or not: more than the forecast can come.")
        ],
    )


def _worth(asked: TableAsked, period: Period) -> tuple[Month, int, int]:
    """(what the first day forecast, cents won in the period, cents slipped out of it)."""
    chances, rates, month, slipped = win_rates(period.start), rates_known(), Month(), 0
    for span in _expected(asked, period):
        cents = cents_of(span, rates, period.start)
        month.add(span, cents, chances)
        slipped += (cents or 0) * span.has_slipped
    won = asked.closed().filter(WON, closed_day__gte=period.start, closed_day__lt=period.end)
    return month, won.aggregate(cents=Sum("amount_cents"))["cents"] or 0, slipped


def _expected(asked: TableAsked, period: Period) -> Iterable[Any]:
    """Deals open on the first day and expected to close in the period, with whether they are expected after it since."""
    last = min(period.end - timedelta(1), asked.today)
    held = Q(to_day__isnull=True) | Q(to_day__gt=last)
    later = DealSpan.objects.filter(
        held, deal=OuterRef("deal"), from_day__lte=last, expected_close_on__gte=period.end
    )
    due = asked.open_on(period.start).filter(
        expected_close_on__gte=period.start, expected_close_on__lt=period.end
    )
    return due.annotate(has_slipped=Exists(later.order_by()))


def _row(asked: TableAsked, period: Period, month: Month, won: int, slipped: int) -> Row:
    name = str(period.label)
    if period.is_running(asked.today):
        name = _("%(period)s so far") % {"period": name}
    return Row([name, *_cells(asked, month, won, slipped)])


def _cells(asked: TableAsked, month: Month, won: int, slipped: int) -> list[str]:
    weighted = round(month.weighted)
    amounts = [asked.money(cents) for cents in (month.open, weighted, won)]
    return [count(month.deals), *amounts, share(won, weighted), asked.money(slipped)]


def _together(asked: TableAsked, found: list[tuple[Period, Month, int, int]]) -> Row:
    months = [month for _period, month, _won, _slipped in found]
    whole = Month(
        deals=sum(month.deals for month in months),
        open=sum(month.open for month in months),
        weighted=sum(month.weighted for month in months),
    )
    won, slipped = sum(one[2] for one in found), sum(one[3] for one in found)
    return Row([_("the closed ones together"), *_cells(asked, whole, won, slipped)], is_total=True)

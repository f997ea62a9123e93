"""The forecast by month of expected close: what is open, what it is worth by one's own win rates, what slipped."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from coaching.tables.table import Head, Row, Table, TableAsked, count
from pipeline.models import Deal, Episode, Organisation
from pipeline.models.deals import Milestone
from pipeline.settle.money import Rates

EPOCH = date(1970, 1, 1)
PAST_MONTHS = 3
WON = Q(outcome=Episode.Outcome.WON)
RATE_DAYS = 730  # win rates of the last two years


@dataclass
class Month:
    deals: int = 0
    open: int = 0
    weighted: float = 0
    committed: int = 0
    best_case: int = 0
    unconvertible: int = 0


def forecast(asked: TableAsked) -> Table:
    today = asked.today
    this = asked.asked.calendar.month(today).start
    chances = win_rates(today)
    months = _by_month(asked, today, chances)
    overdue = [months.pop(month) for month in sorted(month for month in months if month < this)]
    rows = [_row(asked, f"{month:%Y-%m}", found) for month, found in sorted(months.items())]
    if overdue:
        rows.insert(0, _row(asked, _("overdue"), _together(overdue)))
    return Table(
        title=_("Forecast"),
        intro=_(
            "Open deals as of today by the month they are expected to close, whatever the period above. Weighted: each "
            "amount by the share of the organisation's deals won, in the two years before, among those that got as far. "
            "Lost deals count nothing."
        ),
        header=[
            Head(_("Expected to close"), False),
            Head(_("Deals")),
            Head(_("Open")),
            Head(_("Weighted")),
            Head(_("Committed")),
            Head(_("Best case")),
        ],
        rows=rows,
        empty=_("No open deal has an expected close. Give deals one, and each month gets a line."),
        also=[_past_forecasts(asked, this)],
    )


def _past_forecasts(asked: TableAsked, this: date) -> Table:
    return Table(
        title=_("What past forecasts were worth"),
        intro=_("What the first day of each month forecast for it, beside what was then won in it."),
        header=[
            Head(_("Month"), False),
            Head(_("Deals")),
            Head(_("Open")),
            Head(_("Weighted")),
            Head(_("Committed")),
            Head(_("Best case")),
            Head(_("Won")),
        ],
        rows=[_past(asked, month, win_rates(month)) for month in _past_months(this)],
        empty="",
    )


def win_rates(day: date) -> dict[int, float]:
    """Milestone -> share won among the episodes that reached it and closed in the time before; absent: none closed."""
    closed = Episode.objects.exclude(outcome=Episode.Outcome.OPEN).filter(
        closed_day__lt=day, closed_day__gte=day - timedelta(days=RATE_DAYS), reached__isnull=False
    )
    by_reach = closed.order_by().values_list("reached").annotate(n=Count("pk"), won=Count("pk", filter=WON))
    found = list(by_reach)
    rates = {}
    for milestone in range(Milestone.LEAD, Milestone.WON):
        ahead = [(n, won) for reached, n, won in found if reached >= milestone]
        if total := sum(n for n, _won in ahead):
            rates[milestone] = sum(won for _n, won in ahead) / total
    return rates


def _by_month(asked: TableAsked, day: date, chances: dict[int, float]) -> dict[date, Month]:
    """Open deals as they stood at the end of a day, by the first day of the month they were expected to close in."""
    months: dict[date, Month] = defaultdict(Month)
    with connection.cursor() as cursor:
        rates = Rates(cursor, Organisation.current().currency)
    for span in asked.open_on(day).filter(expected_close_on__isnull=False):
        month = months[span.expected_close_on.replace(day=1)]
        cents, is_known = rates.cents(span.amount, span.currency, (day - EPOCH).days)
        month.deals += 1
        month.unconvertible += not is_known
        month.open += cents or 0
        month.weighted += (cents or 0) * chances.get(span.reached or Milestone.LEAD, 0)
        month.committed += (cents or 0) * (span.forecast == Deal.Forecast.COMMITTED)
        month.best_case += (cents or 0) * (
            span.forecast in (Deal.Forecast.COMMITTED, Deal.Forecast.BEST_CASE)
        )
    return months


def _together(months: list[Month]) -> Month:
    names = ("deals", "open", "weighted", "committed", "best_case", "unconvertible")
    return Month(**{name: sum(getattr(month, name) for month in months) for name in names})


def _row(asked: TableAsked, name: str, month: Month, *more: str) -> Row:
    amounts = (month.open, round(month.weighted), month.committed, month.best_case)
    return Row([name, count(month.deals), *(asked.money(cents) for cents in amounts), *more])


def _past(asked: TableAsked, month: date, chances: dict[int, float]) -> Row:
    """What a past month's first day forecast for it, and the value won in it."""
    end = asked.asked.calendar.month(month).end
    won = asked.closed().filter(WON, closed_day__gte=month, closed_day__lt=end)
    cents = sum(won.exclude(amount_cents=None).values_list("amount_cents", flat=True))
    forecast = _by_month(asked, month, chances).get(month, Month())
    return _row(asked, f"{month:%Y-%m}", forecast, asked.money(cents))


def _past_months(this: date) -> list[date]:
    months = [this]
    while len(months) <= PAST_MONTHS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months[1:]

"""The forecast by month of expected close: what is open, what it is worth by one's own win rates, what slipped."""

from collections import defaultdict
from datetime import date

from django.utils.translation import gettext as _

from coaching.tables.forecasting import Month, cents_of, rates_known, win_rates
from coaching.tables.past_forecasts import past_forecasts
from coaching.tables.table import Head, Row, Table, TableAsked, count


def forecast(asked: TableAsked) -> Table:
    today = asked.today
    this = asked.asked.calendar.month(today).start
    chances = win_rates(today, asked.asked.calendar)
    months = _by_month(asked, today, chances)
    overdue = [months.pop(month) for month in sorted(month for month in months if month < this)]
    rows = [_row(asked, f"{month:%Y-%m}", found) for month, found in sorted(months.items())]
    if overdue:
        rows.insert(0, _row(asked, _("overdue"), _together(overdue)))
    return Table(
        title=_("Forecast"),
        intro=_(
            "Open deals as of today by the month they are expected to close, whatever the period above. Weighted: each "
            "amount by the share of the organisation's deals won, in the twelve full months before, among those that got "
            "as far. "
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
        also=[past_forecasts(asked)],
    )


def _by_month(asked: TableAsked, day: date, chances: dict[int, float]) -> dict[date, Month]:
    """Open deals as they stood at the end of a day, by the first day of the month they were expected to close in."""
    months: dict[date, Month] = defaultdict(Month)
    rates = rates_known()
    for span in asked.open_on(day).filter(expected_close_on__isnull=False):
        months[span.expected_close_on.replace(day=1)].add(span, cents_of(span, rates, day), chances)
    return months


def _together(months: list[Month]) -> Month:
    names = ("deals", "open", "weighted", "committed", "best_case", "unconvertible")
    return Month(**{name: sum(getattr(month, name) for month in months) for name in names})


def _row(asked: TableAsked, name: str, month: Month) -> Row:
    amounts = (month.open, round(month.weighted), month.committed, month.best_case)
    return Row([name, count(month.deals), *(asked.money(cents) for cents in amounts)])

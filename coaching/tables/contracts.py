"""Contracts per year: how many and how much, by the same day of each year, and over twelve months rolling."""

from collections import defaultdict
from datetime import date, timedelta

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from coaching.tables.table import Head, Row, Table, TableAsked, count
from kpis.periods import Period
from pipeline.models import Episode

Totals = tuple[int, int]


def contracts(asked: TableAsked) -> Table:
    days = list(
        asked.closed()
        .filter(outcome=Episode.Outcome.WON)
        .values_list("closed_day")
        .order_by("closed_day")
        .annotate(Count("pk"), Sum("amount_cents"))
    )
    calendar, today = asked.asked.calendar, asked.today
    by_year: dict[Period, list] = defaultdict(list)
    for day, n, cents in days:
        by_year[calendar.year(day)].append((day, n, cents or 0))
    passed = today - calendar.year(today).start
    rows = [
        _row(asked, year.key, _total(found), _total(found, year.start + passed))
        for year, found in sorted(by_year.items(), key=lambda item: item[0].start, reverse=True)
    ]
    if rows:
        last = calendar.rolling("rolling-12", today)
        rolling = [(day, n, cents or 0) for day, n, cents in days if last.start <= day < last.end]
        rows.insert(0, Row([_("last 12 months"), *_texts(asked, _total(rolling)), "", ""], is_total=True))
    return Table(
        title=_("Contracts per year"),
        intro=_("Deals won, credited to who owned them when they were signed."),
        header=[
            Head(_("Year"), False),
            Head(_("Contracts")),
            Head(_("Value")),
            Head(_("By this day of the year")),
            Head(_("Value by this day")),
        ],
        rows=rows,
        empty=_("No contracts yet. Once a deal enters a won stage, its year is listed here."),
    )


def _row(asked: TableAsked, name: str, whole: Totals, by_now: Totals) -> Row:
    return Row([name, *_texts(asked, whole), *_texts(asked, by_now)])


def _texts(asked: TableAsked, totals: Totals) -> list[str]:
    return [count(totals[0]), asked.money(totals[1])]


def _total(found: list, until: date | None = None) -> Totals:
    """(contracts, cents) up to and with a day."""
    until = until or date.max - timedelta(days=1)
    kept = [(n, cents) for day, n, cents in found if day <= until]
    return sum(n for n, _cents in kept), sum(cents for _n, cents in kept)

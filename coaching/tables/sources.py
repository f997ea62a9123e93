"""Lead sources side by side: how good their leads are, what they brought, and what a contract from each took."""

from collections import Counter

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from coaching import figures
from coaching.tables.materials import materials
from coaching.tables.table import Head, Row, Table, TableAsked, count, share
from kpis.catalogue.costs import COST_PER_CONVERSION
from kpis.catalogue.kpi import Unit
from kpis.catalogue.sources import SOURCE_QUALITY, source_names
from kpis.catalogue.splits import SMALLER
from kpis.readings import read
from kpis.rows import COSTS
from kpis.smaller import LEAST
from kpis.units import Groups
from pipeline.models import Cost


def sources(asked: TableAsked) -> Table:
    card = read([asked.subject], [asked.asked.period])[asked.subject, asked.asked.period.key]
    quality, cost = card[SOURCE_QUALITY.key].beside, card[COST_PER_CONVERSION.key].beside
    leads = _groups(quality, "leads")
    smaller = source_names([SMALLER])[SMALLER]
    spent_only = [name for name in _groups(cost, "by_source") if name not in leads]
    lines = [*sorted(leads, key=lambda name: (name == smaller, -leads[name])), *spent_only]
    columns = [
        leads,
        {name: (value or 0) * leads[name] for name, value in _groups(quality, "by_source").items()},
        _groups(quality, "won"),
        _groups(quality, "value"),
        _groups(cost, "by_source"),
        _groups(cost, "won_by_source"),
        _hours(asked, lines, smaller),
    ]
    return Table(
        title=_("Lead sources"),
        intro=_(
            "Leads are deals created in the period; qualified and won is what became of them so far. Cost is what was "
            "spent on the source in the period for each contract signed in it, hours what was logged on its deals."
        ),
        header=[
            Head(_("Source"), False),
            Head(_("Leads")),
            Head(_("Qualified")),
            Head(pgettext("leads", "Won")),
            Head(_("Value per lead")),
            Head(_("Spent")),
            Head(_("Cost per contract")),
            Head(_("Hours per contract")),
        ],
        rows=[_row(asked, name, [column.get(name) or 0 for column in columns]) for name in lines],
        notes=[_("Smaller sources have fewer than %(n)s leads each.") % {"n": count(_least(asked))}],
        empty=_(
            "No lead of this period has a source. Give deals a lead source, and each source gets a line."
        ),
        also=[materials(card)],
    )


def _hours(asked: TableAsked, lines: list[str], smaller: str) -> Counter[str]:
    """Hours logged in the period on deals of each source, by the name its line has."""
    period, found = asked.asked.period, Counter[str]()
    logged = Cost.objects.filter(
        asked.credited(COSTS), kind=Cost.Kind.TIME, day__gte=period.start, day__lt=period.end
    )
    by_source = (
        logged.order_by().values_list("time_entry__deal__lead_source__name").annotate(Sum("hours_100"))
    )
    for name, hundredths in by_source:
        if name:
            found[name if name in lines else smaller] += hundredths / 100
    return found


def _least(asked: TableAsked) -> int:
    return int(LEAST.on(asked.asked.period.as_of(asked.today)))


def _row(asked: TableAsked, name: str, sums: list[float]) -> Row:
    leads, qualified, won, value, spent, contracts, hours = sums
    return Row(
        [
            name,
            count(int(leads)),
            share(qualified, leads),
            count(int(won)),
            asked.money(round(value * 100 / leads)) if leads else "",
            asked.money(round(spent * 100)),
            asked.money(round(spent * 100 / contracts)) if contracts else _("none yet"),
            _time(hours, contracts),
        ]
    )


def _time(hours: float, contracts: float) -> str:
    if not hours:
        return figures.DASH
    return figures.figure(hours / contracts, Unit.HOURS, "") if contracts else _("none yet")


def _groups(beside: dict, name: str) -> Groups:
    return beside[name][1] or Groups()

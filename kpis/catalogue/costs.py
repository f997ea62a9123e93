"""Results against what they cost: money and time for each contract."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kpis import conditions as c
from kpis.catalogue.composites import Ratio
from kpis.catalogue.kpi import Beside, Category, Kpi, Unit
from kpis.catalogue.measures import Count, Sum
from kpis.catalogue.sources import by_source
from kpis.catalogue.splits import split
from kpis.rows import CLOSED_DEALS, COSTS
from kpis.values import Value
from pipeline.models import Cost

SPENT = Sum(COSTS, value=Value("cents"))
BY_KIND = Value("kind")


def cost_kinds(kinds: list[str]) -> dict[str, str]:
    return {kind: str(Cost.Kind(int(kind)).label) for kind in kinds}


COST_PER_CONVERSION = Kpi(
    key="cost_per_conversion",
    category=Category.RESULT,
    label=_("Cost per contract"),
    unit=Unit.MONEY,
    definition=_(
        "What selling cost in the period for each contract signed in it: hours logged at the job's standard hourly "
        "cost of that day, spend on lead sources, telephony and material. A month's spend on a source is shared over "
        "the first attempts on its people that month; spend nobody's attempts earn stays with the team, on the "
        "month's first day. Hours without a known hourly cost are left out."
    ),
    sentence=ngettext_lazy("%(n)s spent for %(d)s contract", "%(n)s spent for %(d)s contracts", "d"),
    measure=Ratio(bottom=Count(CLOSED_DEALS, where=c.WON), top=SPENT),
    beside=(
        Beside("by_kind", _("spent on"), split(SPENT, BY_KIND, cost_kinds), Unit.MONEY),
        Beside(
            "by_source",
            _("spent on leads from"),
            by_source(SPENT, Value("lead_source_id")),
            Unit.MONEY,
        ),
        Beside(
            "won_by_source",
            _("contracts from"),
            by_source(Count(CLOSED_DEALS, where=c.WON)),
            Unit.COUNT,
        ),
    ),
    good="down",
    seeds=("T1", "X1"),
    ask=_("Which of these hours and sources brought a contract?"),
)

COSTS_OF_RESULTS = [
    Kpi(
        key="rebate_accrued",
        category=Category.RESULT,
        label=_("Rebate accrued"),
        unit=Unit.MONEY,
        definition=_(
            "What the contracts of the period earn their accounts back (the rappel): each contract's amount by the percent "
            "of the highest tier its account has reached in that calendar year so far, credited to who owned the deal at "
            "its close. The account's whole won value of the year decides the tier; a tier reached later raises the "
            "year's earlier contracts too. The table of rebates shows the way to the next tier."
        ),
        sentence=ngettext_lazy(
            "%(count)s contract with an account that has rebate tiers",
            "%(count)s contracts with accounts that have rebate tiers",
            "count",
        ),
        measure=Sum(CLOSED_DEALS, where=c.WON & Q(rebate_cents__isnull=False), value=Value("rebate_cents")),
        left_out=(
            (_("account without rebate tiers, or amount unknown"), c.WON & Q(rebate_cents__isnull=True)),
        ),
        good="down",
        seeds=("P3",),
        ask=_("Which account is one order away from its next tier?"),
    ),
    COST_PER_CONVERSION,
    Kpi(
        key="time_per_conversion",
        category=Category.RESULT,
        label=_("Hours per contract"),
        unit=Unit.HOURS,
        definition=_("Hours logged in the period for each contract signed in it."),
        sentence=ngettext_lazy("%(n)s h for %(d)s contract", "%(n)s h for %(d)s contracts", "d"),
        measure=Ratio(
            bottom=Count(CLOSED_DEALS, where=c.WON),
            top=Sum(COSTS, where=c.LOGGED_HOURS, value=Value("hours_100")),
        ),
        good="down",
        seeds=("X1",),
        ask=_("Where did the hours go that brought nothing?"),
    ),
]

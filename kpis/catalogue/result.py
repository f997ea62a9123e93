"""Results: what came of it?"""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from kpis import conditions as c
from kpis.catalogue.composites import Ratio
from kpis.catalogue.kpi import Beside, Category, Kpi, Unit
from kpis.catalogue.measures import CohortShare, Count, Median, Share, Sum, Survival
from kpis.dated_settings import Dated
from kpis.rows import CLOSED_DEALS, CREATED_DEALS, OPEN_DEALS, QUALIFIED_DEALS
from kpis.values import ConvertedAmount, Difference, TimeSince, Value, VisitTime

STAGE_DAYS = Kpi(
    key="stage_days",
    category=Category.RESULT,
    label=_("Days in stage"),
    unit=Unit.DAYS,
    definition=_(
        "Median days in their present stage over the deals open at the period's end; needs five. Beside it, per "
        "stage, how long a visit lasts (Kaplan–Meier median: open visits are censored, not dropped)."
    ),
    sentence=ngettext_lazy("median of %(n)s open deal", "median of %(n)s open deals", "n"),
    measure=Median(OPEN_DEALS, where=Q(entered_at__isnull=False), value=TimeSince()),
    beside=(
        Beside(
            "visits",
            _("a visit lasts"),
            Survival(
                OPEN_DEALS,
                where=Q(entered_at__isnull=False),
                ended=Q(ends_visit=True),
                value=VisitTime(),
                group=Value("stage_id"),
            ),
            Unit.DAYS,
        ),
    ),
    good="down",
    min_sample=5,
    seeds=("D1", "F8"),
    ask=_("What has to happen for the oldest to move?"),
)

RESULT = [
    Kpi(
        key="pipeline_created",
        category=Category.RESULT,
        label=_("Pipeline created"),
        unit=Unit.MONEY,
        definition=_(
            "The first known amount of the deals created in the period, at the creation date's rate, credited to who "
            "created them (else to who owned them then)."
        ),
        sentence=ngettext_lazy("%(count)s deal created", "%(count)s deals created", "count"),
        measure=Sum(CREATED_DEALS, value=Value("opened_cents")),
        beside=(Beside("count", _("deals created"), Count(CREATED_DEALS), Unit.COUNT),),
        leads=True,
        good="up",
        seeds=("D4",),
        ask=_("Where did the best of these come from?"),
    ),
    Kpi(
        key="prospects_open",
        category=Category.RESULT,
        label=_("Prospects"),
        unit=Unit.COUNT,
        definition=_("Open deals, as of the period's end, whose buyer has made a request."),
        sentence=ngettext_lazy("%(n)s open prospect", "%(n)s open prospects", "n"),
        measure=Count(OPEN_DEALS, where=c.IS_PROSPECT),
        good="up",
        seeds=("C3",),
        ask=_("Which of these would you not chase again?"),
    ),
    Kpi(
        key="prospects_volume",
        category=Category.RESULT,
        label=_("Prospects' volume"),
        unit=Unit.MONEY,
        definition=_(
            "What the open prospects ask for in all, as of the period's end: each deal's amount then, at that day's rate."
        ),
        sentence=ngettext_lazy("%(count)s open prospect", "%(count)s open prospects", "count"),
        measure=Sum(OPEN_DEALS, where=c.IS_PROSPECT, value=ConvertedAmount()),
        good="up",
        seeds=("C4",),
        ask=_("How much of this closes without you?"),
    ),
    Kpi(
        key="deals_won",
        category=Category.RESULT,
        label=_("Deals won"),
        unit=Unit.COUNT,
        definition=_(
            "Contracts signed in the period, credited to who owned the deal then. A deal that reopens later stays won "
            "in the period in which it was signed; one that goes from won straight to lost was never signed."
        ),
        sentence=ngettext_lazy("%(n)s contract", "%(n)s contracts", "n"),
        measure=Count(CLOSED_DEALS, where=c.WON),
        beside=(
            Beside("lost", pgettext_lazy("deals", "lost"), Count(CLOSED_DEALS, where=c.LOST), Unit.COUNT),
        ),
        leads=True,
        good="up",
        seeds=("T1", "F7", "C5"),
        ask=_("What did these have in common?"),
    ),
    Kpi(
        key="won_value",
        category=Category.RESULT,
        label=_("Won"),
        unit=Unit.MONEY,
        definition=_(
            "The total amount of the contracts signed in the period, at the close date's rate. A target on it is a quota."
        ),
        sentence=ngettext_lazy("%(count)s contract", "%(count)s contracts", "count"),
        measure=Sum(CLOSED_DEALS, where=c.WON, value=Value("amount_cents")),
        leads=True,
        good="up",
        seeds=("C6",),
        ask=_("What is still reachable in this period?"),
    ),
    Kpi(
        key="gross_margin",
        category=Category.RESULT,
        label=_("Gross margin"),
        unit=Unit.PERCENT,
        definition=_(
            "Amount less cost of the contracts signed in the period, as a share of their amount: of those whose amount "
            "and cost are known, both as known at the close and at that day's rate. A cost first noted after the close "
            "counts as known."
        ),
        sentence=ngettext_lazy(
            "%(n)s of %(d)s, over %(count)s contract with a known cost",
            "%(n)s of %(d)s, over %(count)s contracts with a known cost",
            "count",
        ),
        top_in=Unit.MONEY,
        bottom_in=Unit.MONEY,
        measure=Ratio(
            bottom=Sum(CLOSED_DEALS, where=c.WON & c.KNOWN_MARGIN, value=Value("amount_cents")),
            top=Sum(
                CLOSED_DEALS,
                where=c.WON & c.KNOWN_MARGIN,
                value=Difference("amount_cents", less="cost_cents"),
            ),
        ),
        beside=(
            Beside(
                "unknown_cost",
                _("of the contracts, cost unknown"),
                Share(CLOSED_DEALS, where=c.WON, counted=Q(cost_cents__isnull=True)),
                Unit.PERCENT,
            ),
        ),
        left_out=(
            (_("cost unknown, or no exchange rate"), c.WON & Q(cost_cents__isnull=True)),
            (_("amount unknown"), c.WON & Q(cost_cents__isnull=False, amount_cents__isnull=True)),
        ),
        good="up",
        min_sample=3,
        seeds=("P3",),
        ask=_("What was given away that nobody asked for?"),
    ),
    Kpi(
        key="win_rate",
        category=Category.RESULT,
        label=_("Win rate"),
        unit=Unit.PERCENT,
        definition=_(
            "Deals won as a share of the deals closed in the period that had ever been qualified. Open deals do not count."
        ),
        sentence=ngettext_lazy(
            "%(n)s of %(d)s qualified deals closed was won",
            "%(n)s of %(d)s qualified deals closed were won",
            "n",
        ),
        measure=Share(CLOSED_DEALS, where=c.WAS_QUALIFIED, counted=c.WON),
        left_out=((_("never qualified"), c.LOST & (Q(reached__isnull=True) | ~c.WAS_QUALIFIED)),),
        leads=True,
        good="up",
        min_sample=5,
        feeds=("deals_won",),
        seeds=("T1",),
        ask=_("At which stage were these deals really lost?"),
    ),
    Kpi(
        key="qualified_conversion",
        category=Category.RESULT,
        label=_("Qualified to prospect"),
        unit=Unit.PERCENT,
        definition=_(
            "Of the deals that became qualified in the period, the share whose buyer made a request within 90 days (a "
            "setting), credited to who owned the deal on becoming qualified. Deals whose days have not passed are shown "
            "apart; one that went straight past qualified took no days; one that reopens and qualifies counts anew."
        ),
        sentence=ngettext_lazy(
            "%(n)s of %(d)s qualified deals became a prospect in time",
            "%(n)s of %(d)s qualified deals became prospects in time",
            "n",
        ),
        measure=CohortShare(
            QUALIFIED_DEALS,
            counted=Q(prospect_days__lte=Dated("qualified_window_days")),
            within=Dated("qualified_window_days"),
        ),
        good="up",
        min_sample=5,
        feeds=("deals_won",),
        seeds=("C2",),
        ask=_("What did the qualified ones that went no further have in common?"),
    ),
    Kpi(
        key="sales_cycle_days",
        category=Category.RESULT,
        label=_("Sales cycle"),
        unit=Unit.DAYS,
        definition=_("Median days from creation to close over the deals won in the period; needs five."),
        sentence=ngettext_lazy("median of %(n)s deal won", "median of %(n)s deals won", "n"),
        measure=Median(CLOSED_DEALS, where=c.WON & Q(cycle_us__isnull=False), value=Value("cycle_us")),
        beside=(
            Beside(
                "lost",
                _("deals lost"),
                Median(CLOSED_DEALS, where=c.LOST & Q(cycle_us__isnull=False), value=Value("cycle_us")),
                Unit.DAYS,
            ),
        ),
        left_out=((_("creation date unknown or after the close"), c.WON & Q(cycle_us__isnull=True)),),
        good="down",
        min_sample=5,
        seeds=("X1", "F8"),
        ask=_("Where did the slowest of these wait?"),
    ),
    STAGE_DAYS,
]

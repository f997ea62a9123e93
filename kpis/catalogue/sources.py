"""Where leads come from, and which of them are worth the work."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kpis import conditions as c
from kpis.catalogue.kpi import Beside, Category, Kpi, Unit
from kpis.catalogue.measures import Count, Measure, Share, Sum
from kpis.catalogue.splits import SMALLER, Split, split
from kpis.rows import CREATED_DEALS
from kpis.values import Value
from pipeline.models import LeadSource

FROM_A_SOURCE = Q(deal__lead_source__isnull=False)
SOURCE = Value("deal__lead_source_id")


def source_names(ids: list[str]) -> dict[str, str]:
    """Names of lead sources by their id as text."""
    known = [int(pk) for pk in ids if pk != SMALLER]
    named = {str(pk): name for pk, name in LeadSource.objects.filter(pk__in=known).values_list("pk", "name")}
    return named | ({SMALLER: str(_("smaller sources"))} if SMALLER in ids else {})


def by_source(each: Measure, source: Value = SOURCE) -> Split:
    """A measure by lead source; sources with few leads stand together."""
    return split(each, source, source_names, counted_by="source_quality/leads")


QUALIFIED = Share(CREATED_DEALS, where=FROM_A_SOURCE, counted=Q(qualified_day__isnull=False))

SOURCE_QUALITY = Kpi(
    key="source_quality",
    category=Category.QUALITY,
    label=_("Quality of lead sources"),
    unit=Unit.PERCENT,
    definition=_(
        "Of the leads of the period (deals created, credited to who created them) whose source is known, the share "
        "that became qualified so far; leads of a young period may still. Beside it the same for each source; those with "
        "fewer than 20 leads (a setting) stand together."
    ),
    sentence=_("%(n)s of %(d)s leads with a known source became qualified"),
    measure=QUALIFIED,
    beside=(
        Beside("by_source", _("qualified, from"), by_source(QUALIFIED), Unit.PERCENT),
        Beside(
            "leads",
            _("leads from"),
            by_source(Count(CREATED_DEALS, where=FROM_A_SOURCE)),
            Unit.COUNT,
        ),
        Beside(
            "won",
            _("won, from"),
            by_source(Count(CREATED_DEALS, where=FROM_A_SOURCE & c.WON)),
            Unit.COUNT,
        ),
        Beside(
            "value",
            _("won value, from"),
            by_source(Sum(CREATED_DEALS, where=FROM_A_SOURCE & c.WON, value=Value("amount_cents"))),
            Unit.MONEY,
        ),
    ),
    left_out=((_("source unknown"), Q(deal__lead_source__isnull=True)),),
    good="up",
    min_sample=20,
    seeds=("T1",),
    ask=_("Which source would you give up first?"),
)

SOURCES = [SOURCE_QUALITY]

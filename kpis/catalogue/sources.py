"""Where leads come from, and which of them are worth the work."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kpis import conditions as c
from kpis.catalogue.kpi import Beside, Category, Kpi, Unit
from kpis.catalogue.measures import Count, Share, Sum
from kpis.catalogue.splits import split
from kpis.rows import CREATED_DEALS
from kpis.values import Value
from pipeline.models import LeadSource

FROM_A_SOURCE = Q(deal__lead_source__isnull=False)
SOURCE = Value("deal__lead_source_id")


def source_names(ids: list[str]) -> dict[str, str]:
    """Names of lead sources by their id as text."""
    named = LeadSource.objects.filter(pk__in=[int(pk) for pk in ids]).values_list("pk", "name")
    return {str(pk): name for pk, name in named}


QUALIFIED = Share(CREATED_DEALS, where=FROM_A_SOURCE, counted=Q(qualified_day__isnull=False))

SOURCE_QUALITY = Kpi(
    key="source_quality",
    category=Category.QUALITY,
    label=_("Quality of lead sources"),
    unit=Unit.PERCENT,
    definition=_(
        "Of the leads of the period (deals created, credited to who created them) whose source is known, the share "
        "that became qualified so far; leads of a young period may still. Beside it the same for each source."
    ),
    sentence=ngettext_lazy(
        "%(n)s of %(d)s lead with a known source became qualified",
        "%(n)s of %(d)s leads with a known source became qualified",
        "d",
    ),
    measure=QUALIFIED,
    beside=(
        Beside("by_source", _("qualified, from"), split(QUALIFIED, SOURCE, source_names), Unit.PERCENT),
        Beside(
            "leads",
            _("leads from"),
            split(Count(CREATED_DEALS, where=FROM_A_SOURCE), SOURCE, source_names),
            Unit.COUNT,
        ),
        Beside(
            "won",
            _("won, from"),
            split(Count(CREATED_DEALS, where=FROM_A_SOURCE & c.WON), SOURCE, source_names),
            Unit.COUNT,
        ),
        Beside(
            "value",
            _("won value, from"),
            split(
                Sum(CREATED_DEALS, where=FROM_A_SOURCE & c.WON, value=Value("amount_cents")),
                SOURCE,
                source_names,
            ),
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

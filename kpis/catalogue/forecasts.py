"""Results still to come: what the open deals are likely to bring."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from kpis import conditions as c
from kpis.catalogue.composites import PastForecasts, Quota
from kpis.catalogue.kpi import Beside, Category, Kpi, Unit
from kpis.catalogue.measures import Share, Sum
from kpis.catalogue.splits import Chances, Forecast
from kpis.rows import CLOSED_DEALS, DUE_AT_FIRST, DUE_DEALS, SLIPPED_DEALS, Rows
from kpis.values import AmountAtFirst, AmountThatDay, ConvertedAmount, Value
from pipeline.models import Deal
from pipeline.models.deals import Milestone

WON_VALUE = Sum(CLOSED_DEALS, where=c.WON, value=Value("amount_cents"))
EXPECTED = Q(expected_close_on__isnull=False)


def milestones(groups: list[str]) -> dict[str, str]:
    return {group: str(Milestone(int(group)).label) for group in groups}


def weighed(of: Rows, amount: ConvertedAmount) -> Forecast:
    """Amounts by milestone, each times the organisation's chance from there on."""
    each = Sum(of, where=EXPECTED, value=amount)
    return Forecast(of, where=EXPECTED, each=each, by=Value("reached"), names=milestones, chances="chances")


def expected(where: Q) -> Sum:
    return Sum(DUE_DEALS, where=EXPECTED & where, value=ConvertedAmount())


FORECASTS = [
    Kpi(
        key="forecast_value",
        category=Category.RESULT,
        label=_("Forecast"),
        unit=Unit.MONEY,
        definition=_(
            "What the deals open at the period's end and expected to close in it are likely to bring: each amount, at that "
            "day's rate, times the organisation's win rate from the furthest milestone the deal reached. That rate is of "
            "all deals closed in the twelve full months before; where nothing closed from a milestone there is no forecast. "
            "Slipped: what was put off during the period from a day in it to one beyond it, and at its end still is."
        ),
        sentence=ngettext_lazy(
            "%(count)s open deal expected to close in the period",
            "%(count)s open deals expected to close in the period",
            "count",
        ),
        measure=weighed(DUE_DEALS, ConvertedAmount()),
        beside=(
            Beside("open", _("their amount in all"), expected(Q()), Unit.MONEY),
            Beside(
                "committed",
                pgettext_lazy("amount", "committed"),
                expected(Q(forecast=Deal.Forecast.COMMITTED)),
                Unit.MONEY,
            ),
            Beside(
                "best_case",
                pgettext_lazy("amount", "best case"),
                expected(Q(forecast=Deal.Forecast.BEST_CASE)),
                Unit.MONEY,
            ),
            Beside(
                "slipped",
                _("slipped out of the period"),
                Sum(SLIPPED_DEALS, where=Q(slipped_from__isnull=False), value=AmountThatDay()),
                Unit.MONEY,
                is_listed=True,
            ),
            Beside(
                "past",
                _("won of what was forecast for the last three closed periods"),
                PastForecasts(forecast=weighed(DUE_AT_FIRST, AmountAtFirst()), came=WON_VALUE),
                Unit.PERCENT,
            ),
            Beside(
                "chances",
                _("won, of the period's closings from each milestone on"),
                Chances(
                    CLOSED_DEALS,
                    where=Q(reached__isnull=False),
                    each=Share(CLOSED_DEALS, where=Q(reached__isnull=False), counted=c.WON),
                    by=Value("reached"),
                    names=milestones,
                ),
                Unit.PERCENT,
            ),
        ),
        good="up",
        seeds=("D1", "P3"),
        ask=_("Which of these would you bet on, and what makes you sure?"),
    ),
    Kpi(
        key="quota_coverage",
        category=Category.RESULT,
        label=_("Quota coverage"),
        unit=Unit.PERCENT,
        definition=_(
            "The amount of the open deals that had ever been qualified and are expected to close in the period, as a share "
            "of what is left of its target on the won value. Nothing to say without a target, and once it is reached."
        ),
        sentence=_("%(n)s open and expected to close, for %(d)s left of the target"),
        measure=Quota(open=expected(c.WAS_QUALIFIED), won=WON_VALUE, target="won_value"),
        top_in=Unit.MONEY,
        bottom_in=Unit.MONEY,
        good="up",
        seeds=("P3",),
        ask=_("Which of these deals will really close in time?"),
    ),
]

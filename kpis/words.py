"""What a figure says in words: the sentence with its arithmetic, the reason for a dash, the formula of a KPI."""

from decimal import ROUND_HALF_UP, Decimal
from functools import singledispatch
from math import ceil

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis.catalogue.composites import Composite, Pooled, Quota, Ratio
from kpis.catalogue.measures import (
    CohortPer,
    CohortShare,
    Concentration,
    Count,
    Distinct,
    FirstShare,
    Mean,
    Measure,
    Median,
    Share,
    StateShare,
    Sum,
)
from kpis.catalogue.splits import Forecast
from kpis.figures import (
    MATURING,
    MEDIAN_NEEDS,
    NO_DENOMINATOR,
    NO_TARGET,
    NOT_CAPTURED,
    TARGET_REACHED,
    TOO_FEW,
    UNCONVERTIBLE,
)
from kpis.values import OfAccount

WHOLE_FROM = 1000  # amounts from here on are said without their fraction


class Said(int):
    """A number as a sentence says it; as the whole number that it is, it chooses the plural."""

    text: str

    def __new__(cls, value: float):
        made = super().__new__(cls, ceil(value))
        digits = 0 if abs(value) >= WHOLE_FROM or float(value).is_integer() else 2
        rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
        made.text = number_format(rounded, digits, use_l10n=True, force_grouping=True)
        return made

    def __str__(self):
        return self.text


def sentence(reading) -> str:
    """E.g. "18 of 61 people mailed answered in time; 9 more are still inside the window"."""
    if reading.reason == NOT_CAPTURED:
        return reason(NOT_CAPTURED)
    parts = [reading.kpi.sentence % {name: Said(value) for name, value in reading.numbers.items()}]
    if inside := reading.numbers.get("inside"):
        parts.append(
            ngettext(
                "%(n)s more is still inside the window", "%(n)s more are still inside the window", inside
            )
            % {"n": number_format(inside)}
        )
    if unknown := reading.numbers.get("unknown"):
        parts.append(
            ngettext(
                "%(n)s without amount or rate is left out",
                "%(n)s without amount or rate are left out",
                unknown,
            )
            % {"n": number_format(unknown)}
        )
    if "then" in reading.numbers:
        parts.append(_past_forecasts(reading.numbers["came"], reading.numbers["then"]))
    return "; ".join(parts)


def _past_forecasts(came: float, then: float) -> str:
    if not then:
        return _("none of the last three closed periods has a forecast to hold against what came")
    return _("%(came)s won of the %(then)s forecast when the last three closed periods began") % {
        "came": Said(came),
        "then": Said(then),
    }


def reason(code: str | None) -> str:
    """Why there is a dash instead of a value."""
    return {
        None: "",
        NO_DENOMINATOR: _("nothing to measure in this period"),
        TOO_FEW: _("fewer than %s: too few for a median") % MEDIAN_NEEDS,
        MATURING: _("too early: the window has not passed yet"),
        NO_TARGET: _("no target set"),
        TARGET_REACHED: _("the target is reached"),
        NOT_CAPTURED: _("not captured: nobody has recorded this yet"),
        UNCONVERTIBLE: _("no amount, or no exchange rate known"),
    }[code]


def formula(kpi) -> str:
    """The formula in one line, read off the measure."""
    return _formula(kpi.measure)


@singledispatch
def _formula(measure: Measure | Composite) -> str:
    return str(measure.of.label)


@_formula.register
def _count(measure: Count) -> str:
    return _("number of %(rows)s that count") % {"rows": measure.of.label}


@_formula.register
def _sum(measure: Sum) -> str:
    if isinstance(measure.value, OfAccount):
        return _of_accounts(measure.value, measure)
    return _("sum over the %(rows)s that count") % {"rows": measure.of.label}


@_formula.register
def _forecast(measure: Forecast) -> str:
    return _("sum over the %(rows)s of amount x the organisation's win rate from their milestone") % {
        "rows": measure.of.label
    }


@_formula.register
def _distinct(measure: Distinct) -> str:
    return _("number of different companies among the %(rows)s that count") % {"rows": measure.of.label}


@_formula.register(Share)
@_formula.register(StateShare)
def _share(measure: Measure) -> str:
    return _("hits / all, over the %(rows)s that count; never a mean of ratios") % {"rows": measure.of.label}


@_formula.register
def _first_share(measure: FirstShare) -> str:
    return _("people who answered in time / people whose window has passed")


@_formula.register
def _mean(measure: Mean) -> str:
    return _("mean of %(what)s") % {"what": _of_accounts(measure.value, measure)}


def _of_accounts(value: OfAccount, measure: Measure) -> str:
    names = {
        "contacts": _("contacts on file"),
        "touched": _("contacts touched"),
        "strength": _("weighted latest ratings"),
    }
    return _("%(what)s of the %(rows)s") % {"what": names[value.what], "rows": measure.of.label}


@_formula.register
def _concentration(measure: Concentration) -> str:
    return _("1 / sum of squared shares of the %(rows)s that count; mean over accounts") % {
        "rows": measure.of.label
    }


@_formula.register
def _median(measure: Median) -> str:
    return _("median over the %(rows)s that count, recomputed from the rows") % {"rows": measure.of.label}


@_formula.register
def _cohort_share(measure: CohortShare) -> str:
    return _("hits / all, over the %(rows)s whose window has passed") % {"rows": measure.of.label}


@_formula.register
def _cohort_per(measure: CohortPer) -> str:
    return _("%(rows)s whose window has passed / those among them that count") % {"rows": measure.of.label}


@_formula.register
def _ratio(measure: Ratio) -> str:
    return _("%(top)s / %(bottom)s, each summed first") % {
        "top": _formula(measure.top),
        "bottom": _formula(measure.bottom),
    }


@_formula.register
def _pooled(measure: Pooled) -> str:
    return _("median over %(rows)s together") % {
        "rows": _(" and ").join(str(median.of.label) for median in measure.medians)
    }


@_formula.register
def _quota(measure: Quota) -> str:
    return _("open amount expected to close / (target − won so far)")

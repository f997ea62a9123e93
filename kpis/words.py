"""What a figure says in words: the sentence with its arithmetic, the reason for a dash, the formula of a KPI."""

from functools import singledispatch

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis.catalogue.kpi import Count, Distinct, FirstShare, Measure, Median, Share, Sum
from kpis.readings import (
    MATURING,
    MEDIAN_NEEDS,
    NO_DENOMINATOR,
    NOT_CAPTURED,
    TOO_FEW,
    UNCONVERTIBLE,
)


def sentence(reading) -> str:
    """E.g. "18 of 61 people mailed answered in time; 9 more are still inside the window"."""
    if reading.reason == NOT_CAPTURED:
        return reason(NOT_CAPTURED)
    numbers = {
        name: number_format(value, use_l10n=True, force_grouping=True)
        for name, value in reading.numbers.items()
    }
    parts = [str(reading.kpi.sentence) % numbers]
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
    return "; ".join(parts)


def reason(code: str | None) -> str:
    """Why there is a dash instead of a value."""
    return {
        None: "",
        NO_DENOMINATOR: _("nothing to measure in this period"),
        TOO_FEW: _("fewer than %s: too few for a median") % MEDIAN_NEEDS,
        MATURING: _("too early: the window has not passed yet"),
        NOT_CAPTURED: _("not captured: nobody has recorded this yet"),
        UNCONVERTIBLE: _("no amount, or no exchange rate known"),
    }[code]


def formula(kpi) -> str:
    """The formula in one line, read off the measure."""
    return _formula(kpi.measure)


@singledispatch
def _formula(measure: Measure) -> str:
    return str(measure.of.label)


@_formula.register
def _count(measure: Count) -> str:
    return _("number of %(rows)s that count") % {"rows": measure.of.label}


@_formula.register
def _sum(measure: Sum) -> str:
    return _("sum over the %(rows)s that count") % {"rows": measure.of.label}


@_formula.register
def _distinct(measure: Distinct) -> str:
    return _("number of different companies among the %(rows)s that count") % {"rows": measure.of.label}


@_formula.register
def _share(measure: Share) -> str:
    return _("hits / all, over the %(rows)s that count; never a mean of ratios") % {"rows": measure.of.label}


@_formula.register
def _first_share(measure: FirstShare) -> str:
    return _("people who answered in time / people whose window has passed")


@_formula.register
def _median(measure: Median) -> str:
    return _("median over the %(rows)s that count, recomputed from the rows") % {"rows": measure.of.label}

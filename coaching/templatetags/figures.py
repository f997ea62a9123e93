"""Figures in templates: money, days, standing marks."""

from datetime import date

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coaching import figures
from coaching.sparkline import MARKS

register = template.Library()


@register.simple_tag
def money(amount, currency: str, short: bool = False) -> str:
    return figures.DASH if amount is None else figures.money(amount, currency, short)


@register.simple_tag
def mark(state: str, word: str = "") -> SafeString:
    """A standing: shape, colour and, where given, the word."""
    return format_html('<span class="standing {}">{}{}</span>', state, MARKS[state], word)


@register.filter
def shape(state: str) -> SafeString:
    return MARKS[state]


@register.filter
def days_from(day: date | None, today: date) -> str:
    """How far a day lies from today, in words."""
    if day is None:
        return ""
    away = (day - today).days
    if away == 0:
        return _("today")
    if away > 0:
        return ngettext("in %(count)d day", "in %(count)d days", away) % {"count": away}
    return ngettext("%(count)d day ago", "%(count)d days ago", -away) % {"count": -away}

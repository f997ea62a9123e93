"""Figures in templates: money, days, standing marks."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from coaching import dates, figures
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


register.filter("days_from", dates.days_from)
register.filter("moment", dates.moment)
register.filter("month_of", dates.month_of)
register.filter("weekday_name", dates.weekday_name)

"""Observed talks in templates: what an activity's link to its scores says."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def said_of(said: Mapping[int, str] | None, activity: int) -> str:
    """Empty where the reader has nothing to score or read there, or the page does not offer it."""
    return said.get(activity, "") if said else ""

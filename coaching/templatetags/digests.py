"""Digests in templates: addresses that work from a mail, and names that stay on one line of it."""

from django import template

from coaching.digests import digest

register = template.Library()
register.filter("absolute", digest.absolute)
register.filter("one_line", digest.one_line)

"""Links from a page of figures to the tables of the same subject and period."""

from django import template

from coaching.tables import TABLES
from coaching.views.tables import address_of
from kpis.subjects import Subject

register = template.Library()


@register.inclusion_tag("coaching/_tables_links.html")
def table_links(kind: str, pk: int | None, asked) -> dict:
    """`kind` is rep, team or organisation; the organisation has no key."""
    subject = Subject(kind, pk or 0)
    return {"links": [(label, address_of(subject, name, asked)) for name, (label, _build) in TABLES.items()]}

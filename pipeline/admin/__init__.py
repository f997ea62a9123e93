"""Quick entry and repair of every record, for administrators; one noun family a file."""

from pipeline.admin import accounts, activities, deals, organisation, people, sources

__all__ = ["accounts", "activities", "deals", "organisation", "people", "sources"]

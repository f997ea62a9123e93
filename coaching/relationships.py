"""The relationship map of an account: its people by seniority and by how they stand towards us, as claimed."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from pipeline.models import Contact

SCORES = range(-3, 4)


@dataclass(frozen=True)
class Map:
    """`rows` are (seniority, a cell of contacts for each column); the first column holds those nobody rated."""

    columns: list[str]
    rows: list[tuple[str, list[list[Contact]]]]

    @property
    def is_worth_drawing(self) -> bool:
        return any(any(cells[1:]) for _label, cells in self.rows)


def relationship_map(contacts: Iterable[Contact]) -> Map:
    """Contacts carry their latest `rating` or none, and `is_rating_stale`."""
    found = list(contacts)
    ranks = sorted({contact.seniority for contact in found}, reverse=True)
    rows = [
        (
            str(Contact.Seniority(rank).label),
            [
                [one for one in found if one.seniority == rank and _score(one) == score]
                for score in (None, *SCORES)
            ],
        )
        for rank in ranks
    ]
    return Map([_("not rated"), *(f"{score:+d}" if score else "0" for score in SCORES)], rows)


def _score(contact: Contact) -> int | None:
    rating = getattr(contact, "rating", None)
    return rating.score if rating else None

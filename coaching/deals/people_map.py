"""The people of a deal on a map: department across, seniority down, how they stand as a shape, a ring where they talk.

A picture drawn by the server, and the same as a table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.db.models import Max, Q
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from coaching.deals.limits import Limits
from coaching.sparkline import SHAPES
from kpis.conditions import TWO_WAY
from kpis.rows import PEOPLE
from pipeline.models import Contact, Deal, DealContact, Relationship

COLUMN, ROW, LEFT, TOP, PERSON = 116, 44, 96, 26, 38
PER_CELL = 3
FIGURE = '<svg class="people-map" width="{}" height="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>'
SHAPE = '<svg class="{}" x="{}" y="{}" width="14" height="14" viewBox="0 0 10 10">{}</svg>'


@dataclass(frozen=True)
class Person:
    """A contact of the deal: part in it, the latest rating as claimed, the last two-way touch on this deal."""

    contact: Contact
    role: str
    score: int | None
    rated_on: date | None
    is_rating_old: bool
    heard_on: date | None
    is_talking: bool

    @property
    def state(self) -> str:
        if self.score is None or self.is_rating_old:
            return "quiet"
        return "good" if self.score > 0 else "off" if self.score < 0 else "watch"

    @property
    def claimed(self) -> str:
        if self.score is None:
            return _("not rated")
        text = "0" if not self.score else f"{'+' if self.score > 0 else '−'}{abs(self.score)}"
        return _("%(score)s, old") % {"score": text} if self.is_rating_old else text

    @property
    def initials(self) -> str:
        words = self.contact.name.split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()

    @property
    def department(self) -> str:
        return self.contact.department or _("not known")


@dataclass(frozen=True)
class PeopleMap:
    people: Sequence[Person]

    @cached_property
    def departments(self) -> list[str]:
        return sorted({person.department for person in self.people})

    @cached_property
    def ranks(self) -> list[int]:
        return sorted({person.contact.seniority for person in self.people}, reverse=True)

    @property
    def picture(self) -> SafeString:
        width, height = LEFT + COLUMN * len(self.departments), TOP + ROW * len(self.ranks)
        label = _("People of the deal by department and seniority; the table below holds the same.")
        return format_html(
            FIGURE,
            width,
            height,
            width,
            height,
            label,
            self._lines(width, height),
            self._labels(),
            self._dots(),
        )

    def _lines(self, width: int, height: int) -> SafeString:
        across = [(LEFT, width, TOP + ROW * n, TOP + ROW * n) for n in range(len(self.ranks) + 1)]
        down = [(LEFT + COLUMN * n, LEFT + COLUMN * n, TOP, height) for n in range(len(self.departments) + 1)]
        return format_html_join("", '<line x1="{}" x2="{}" y1="{}" y2="{}"/>', [*across, *down])

    def _labels(self) -> SafeString:
        names = [(LEFT + COLUMN * n + 4, TOP - 8, _cut(name)) for n, name in enumerate(self.departments)]
        ranks = [
            (0, TOP + ROW * n + ROW // 2 + 4, str(Contact.Seniority(rank).label))
            for n, rank in enumerate(self.ranks)
        ]
        return format_html_join("", '<text x="{}" y="{}">{}</text>', [*names, *ranks])

    def _dots(self) -> SafeString:
        drawn = []
        for row, rank in enumerate(self.ranks):
            for column, name in enumerate(self.departments):
                here = [p for p in self.people if (p.contact.seniority, p.department) == (rank, name)]
                x, y = LEFT + COLUMN * column + 18, TOP + ROW * row + 17
                drawn += [_dot(person, x + PERSON * n, y) for n, person in enumerate(here[:PER_CELL])]
                if len(here) > PER_CELL:
                    more = '<text x="{}" y="{}">+{}</text>'
                    drawn.append(format_html(more, x + PERSON * 2 + 14, y - 6, len(here) - PER_CELL))
        return format_html_join("", "{}", ((dot,) for dot in drawn))


def _dot(person: Person, x: int, y: int) -> SafeString:
    """The shape of how they stand, a ring where they talk with us, the initials below."""
    shape = format_html(SHAPE, person.state, x - 7, y - 7, SafeString(SHAPES[person.state]))
    ring = format_html('<circle cx="{}" cy="{}" r="11"/>', x, y) if person.is_talking else ""
    title = format_html("<title>{}</title>", person.contact.name)
    text = format_html('<text class="who" x="{}" y="{}">{}</text>', x, y + 23, person.initials)
    return format_html("<g>{}{}{}{}</g>", title, ring, shape, text)


def _cut(text: str, most: int = 16) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def people_map(deal: Deal, today: date, limits: Limits) -> PeopleMap:
    """Everybody on file for the deal or touched on it, the most senior first; four queries."""
    roles = {row.contact_id: row for row in deal.deal_contacts.order_by("from_at", "pk")}
    touched = deal.activities.filter(duplicate_of=None, people__contact__isnull=False)
    known = Q(pk__in=list(roles)) | Q(pk__in=touched.values("people__contact"))
    contacts = list(Contact.objects.filter(known).order_by("-seniority", "name_key", "pk"))
    heard = _heard(deal)
    ratings = _ratings(contacts, today)
    return PeopleMap([_person(one, roles.get(one.pk), ratings, heard, today, limits) for one in contacts])


def _person(
    contact: Contact, role: DealContact | None, ratings: dict, heard: dict, today: date, limits: Limits
) -> Person:
    rating, heard_on = ratings.get(contact.pk), heard.get(contact.pk)
    rated_on = rating.rated_on if rating else None
    return Person(
        contact=contact,
        role=str(role.get_role_display()) if role else "",
        score=rating.score if rating else None,
        rated_on=rated_on,
        is_rating_old=bool(rated_on and rated_on < today - timedelta(days=limits.rating_stale_days)),
        heard_on=heard_on,
        is_talking=bool(heard_on and heard_on > today - timedelta(days=limits.two_way_days)),
    )


def _heard(deal: Deal) -> dict[int, date]:
    """Contact id -> the day of their last two-way touch on this deal."""
    rows = PEOPLE.where(TWO_WAY).filter(activity__deal=deal).order_by()
    return dict(rows.values("contact").annotate(last=Max("activity__day")).values_list("contact", "last"))


def _ratings(contacts: list[Contact], today: date) -> dict[int, Relationship]:
    rows = Relationship.objects.filter(contact__in=contacts, rated_on__lte=today)
    return {row.contact_id: row for row in rows.order_by("rated_on", "pk")}

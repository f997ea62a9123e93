"""The rows behind a number as a page lists them: which, narrowed by what, a page at a time, with ways to open them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse

from coaching.fairness.contest_marks import Mark, marks
from coaching.keyset import page_of
from kpis.evidence import Evidence
from pipeline import access
from pipeline.models import (
    Account,
    AccountSpan,
    Activity,
    ActivityContact,
    ActivityMaterial,
    Contact,
    Cost,
    Deal,
    DealSpan,
    Episode,
)

# Where the filter of the rows looks, by what a row is.
SEARCHED = {
    Activity: ("subject", "type", "company__name", "deal__name"),
    ActivityContact: (
        "contact__name",
        "activity__subject",
        "activity__company__name",
        "activity__deal__name",
    ),
    Deal: ("name", "account__name"),
    Episode: ("deal__name", "deal__account__name"),
    DealSpan: ("deal__name", "deal__account__name"),
    ActivityMaterial: ("activity__subject", "activity__company__name", "activity__deal__name"),
    AccountSpan: ("account__name",),
    Cost: ("lead_source__name", "rep__name"),
    Account: ("name",),
    Contact: ("name", "account__name"),
}


@dataclass(frozen=True)
class Listed:
    """A row as shown: whether it is in the numerator (None: the number has none), texts, each with an address or none."""

    hit: bool | None
    cells: list[tuple[str, str]]
    mark: Mark | None = None


@dataclass(frozen=True)
class Rows:
    """The rows asked for: those counted, of another source, or left out for one reason; narrowed by a text."""

    evidence: Evidence
    left_out: int | None
    other: int | None
    text: str

    @property
    def is_counted(self) -> bool:
        return self.left_out is None and self.other is None

    @property
    def queryset(self) -> QuerySet:
        return narrowed(self._group[0], self.text)

    @property
    def columns(self) -> list[tuple]:
        return self._group[1]

    @property
    def _group(self) -> tuple[QuerySet, list[tuple]]:
        if self.left_out is not None:
            return self.evidence.left_out[self.left_out][1], self.evidence.left_out_columns
        if self.other is not None:
            other = self.evidence.others[self.other]
            return other.rows, other.columns
        return self.evidence.counted, self.evidence.columns

    @property
    def header(self) -> list[str]:
        return [str(label) for label, _read in self.columns]

    def page(self, user, after: str, key: str) -> tuple[list[Listed], str]:
        """(rows, mark of the next page, empty on the last); `key` names the KPI for rows that can be contested."""
        page = page_of(self.queryset, after)
        addresses, own = addresses_of(page.rows, user), access.rep_of(user)
        contested = marks(page.rows, key, own.pk if own else None)
        return [self._listed(row, addresses, contested) for row in page.rows], page.next

    def _listed(self, row, addresses: dict[object, str], contested: dict[int, Mark]) -> Listed:
        texts = [str(read(row)) for _label, read in self.columns]
        hit = self.evidence.hit(row) if self.is_counted else None
        found = _record_of(row)
        address = addresses.get(found, "")
        # The record's own name opens it; an activity, which has no name, opens its deal by its last words.
        at = texts.index(str(found)) if str(found) in texts else len(texts) - 1
        cells = [(text, address if place == at else "") for place, text in enumerate(texts)]
        return Listed(hit, cells, contested.get(row.pk))


def narrowed(rows: QuerySet, text: str) -> QuerySet:
    text = text.replace("\0", "").strip()
    if not text:
        return rows
    found = Q()
    for name in SEARCHED.get(rows.model, ()):
        found |= Q(**{f"{name}__icontains": text})
    return rows.filter(found)


def addresses_of(rows: Iterable, user) -> dict[object, str]:
    """Record behind a row -> the address of its page, for the records this user may open; two queries at most."""
    records = {_record_of(row) for row in rows} - {None}
    seen: set = set()
    for model, visible in ((Deal, access.deals_visible_to), (Account, access.accounts_visible_to)):
        wanted = [record.pk for record in records if isinstance(record, model)]
        if wanted:
            seen |= set(visible(user).filter(pk__in=wanted))
    return {record: reverse(record._meta.model_name, args=[record.pk]) for record in records & seen if record}


def _record_of(row) -> Deal | Account | None:
    """The deal or account a row is or belongs to."""
    if isinstance(row, Deal | Account):
        return row
    if isinstance(row, AccountSpan):
        return row.account
    if isinstance(row, ActivityContact | ActivityMaterial):
        return row.activity.deal
    return getattr(row, "deal", None)

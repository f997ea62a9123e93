"""What is on record of the accounts of a reader's reps: contacts, what was done with them, their deals and ratings."""

from functools import cached_property

import numpy as np
from django.db.models import Q, QuerySet

from kpis.account_deals import FOREVER
from kpis.catalogue.measures import Distinct
from kpis.conditions import DIALLED_PEOPLE, TOUCHED_PEOPLE
from kpis.frames import as_array, read
from kpis.rows import ACCOUNTS, PEOPLE, as_mask, as_sql
from kpis.values import Value
from pipeline.models import Contact, DealSpan, Relationship
from pipeline.models.deals import Milestone

WEIGHTS = {"decision_maker": 3, "economic_buyer": 3, "champion": 2, "influencer": 2}
RATED = ("strength", "lowest", "negative", "stale", "unrated")
# What has to be read of the people in activities, for the frames to hold it.
TOUCHES = Distinct(PEOPLE, where=TOUCHED_PEOPLE, value=Value("contact_id"))


class AccountRecords:
    """Contacts of the accounts of a reader's reps, with their touches by anybody and their ratings."""

    def __init__(self, reader):
        self.reader = reader
        self.ids = np.unique(reader.frame(ACCOUNTS).column("account_id")[0])
        self.spans = ACCOUNTS.countable().filter(reader.reps.of(ACCOUNTS.rep)).values("account_id")

    @cached_property
    def contacts(self) -> dict[str, np.ndarray]:
        """`id`, sorted; `account`, its place in `ids`; `created_us` (long ago where unknown); `weight`."""
        rows = Contact.objects.filter(account_id__in=self.spans)
        found = self._read(rows, ["id", "account_id", "created_at", "buying_role"])
        ids, account, role = (found[name][0] for name in ("id", "account_id", "buying_role"))
        created, is_known = found["created_at"]
        order = np.argsort(ids)
        return {
            "id": ids[order],
            "account": np.searchsorted(self.ids, account[order]),
            "created_us": np.where(is_known, created, np.iinfo(np.int64).min)[order],
            "weight": np.array([WEIGHTS.get(name, 1) for name in role[order]], np.int64),
        }

    @cached_property
    def touches(self) -> tuple[np.ndarray, ...]:
        """(place of the contact, day, activity) of every touch of ours, sorted."""
        return self._of_contacts(*self._done(TOUCHED_PEOPLE))

    @cached_property
    def dials(self) -> tuple[np.ndarray, ...]:
        """(place of the account, day) of every dial to its people, sorted."""
        place, day, _activity = self._of_contacts(*self._done(DIALLED_PEOPLE))
        account = self.contacts["account"][place]
        order = np.lexsort((day, account))
        return account[order], day[order]

    @cached_property
    def deals(self) -> dict[str, np.ndarray]:
        """Stretches of the accounts' open deals: `account`, its place in `ids`; days; `milestone`, the first if none."""
        names = ["deal__account_id", "milestone", "entered_day", "from_day", "to_day"]
        found = self._read(DealSpan.objects.filter(deal__account_id__in=self.spans), names)
        until, has_ended = found["to_day"]
        milestone, is_known = found["milestone"]
        return {
            "account": np.searchsorted(self.ids, found["deal__account_id"][0]),
            "milestone": np.where(is_known, milestone, Milestone.LEAD.value),
            "entered_day": found["entered_day"][0].astype(np.int64),
            "has_entered": found["entered_day"][1],
            "from_day": found["from_day"][0].astype(np.int64),
            "to_day": np.where(has_ended, until, FOREVER),
        }

    def _done(self, condition: Q) -> list[np.ndarray]:
        """Contact, day and activity of the people a condition names: the reps' own out of the frames, others' by query."""
        frame = self.reader.frame(PEOPLE)
        own = np.nonzero(as_mask(condition, frame))[0]
        others = PEOPLE.countable().filter(as_sql(condition, PEOPLE.day), contact__account_id__in=self.spans)
        names = ["contact_id", "activity__day", "activity_id"]
        found = self._read(others.exclude(self.reader.reps.of("rep_id")), names)
        mine = (frame.column("contact_id")[0][own], frame.days[own], frame.column("activity_id")[0][own])
        return [np.concatenate([one, found[name][0]]) for name, one in zip(names, mine, strict=True)]

    @cached_property
    def ratings(self) -> tuple[np.ndarray, ...]:
        """(place of the contact, day, id, score), sorted: the next rating of a contact replaces the one before."""
        rows = Relationship.objects.filter(contact__account_id__in=self.spans)
        found = self._read(rows, ["contact_id", "rated_on", "id", "score"])
        contact, day, number, score = (column[0] for column in found.values())
        return self._of_contacts(contact, day, number, score)

    def _of_contacts(self, contact: np.ndarray, *columns: np.ndarray) -> tuple[np.ndarray, ...]:
        """Rows of the contacts read, each by its place among them, sorted by contact and then by the columns."""
        ids = self.contacts["id"]
        place = np.minimum(np.searchsorted(ids, contact), max(len(ids) - 1, 0))
        found = ids[place] == contact if len(ids) else np.zeros(len(contact), bool)
        kept = [place[found], *(column[found].astype(np.int64) for column in columns)]
        order = np.lexsort(kept[::-1])
        return tuple(column[order] for column in kept)

    def first_known(self, what: str, otherwise: int) -> int | None:
        """The first day such a thing was recorded: of ratings the first one's, else `otherwise`."""
        if what not in RATED:
            return otherwise
        return int(self.ratings[1].min()) if len(self.ratings[1]) else None

    def _read(self, rows: QuerySet, columns: list[str]) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        table = read(rows, columns, self.reader.bulk)
        return {name: as_array(table[name]) for name in columns}

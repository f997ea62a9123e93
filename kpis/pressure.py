"""Contacts under pressure: touched again and again within a few days (settings), and nothing came back."""

import numpy as np
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kpis.conditions import TOUCHED_PEOPLE, TWO_WAY
from kpis.dated_settings import Dated
from kpis.frames import as_array, read
from kpis.placing import holding
from kpis.rows import PEOPLE
from pipeline.models import Contact

TOUCHES, DAYS = Dated("pressure_touches"), Dated("pressure_days")


def pressed_contacts(as_of) -> QuerySet[Contact]:
    """Contacts with so many touches in the days that end with `as_of`, and no two-way touch in those days."""
    least, start = int(TOUCHES.on(as_of)), as_of - int(DAYS.on(as_of)) * as_of.resolution
    late = Q(activity__day__gt=start, activity__day__lte=as_of, contact_id=OuterRef("pk"))
    ours = PEOPLE.where(TOUCHED_PEOPLE).filter(late).order_by().values("contact_id")
    touches = Coalesce(Subquery(ours.annotate(n=Count("activity", distinct=True)).values("n")), 0)
    back = PEOPLE.where(TWO_WAY).filter(late)
    return Contact.objects.annotate(pressing=touches).filter(~Exists(back), pressing__gte=least)


def pressed_table(records, grid) -> np.ndarray:
    """(account, period): how many contacts on file are under pressure as of the period."""
    found = np.zeros((len(records.ids), len(grid.as_of)), np.int64)
    settings = np.stack([TOUCHES.on_days(grid.as_of), DAYS.on_days(grid.as_of)], axis=1).astype(np.int64)
    for least, days in np.unique(settings, axis=0):
        chosen = np.nonzero((settings == (least, days)).all(axis=1))[0]
        people, pressed = _pressed(records, grid, chosen, int(least), int(days))
        np.add.at(found, (records.contacts["account"][people][:, None], chosen[None, :]), pressed)
    return found


def _pressed(records, grid, chosen: np.ndarray, least: int, days: int) -> tuple[np.ndarray, np.ndarray]:
    """(contacts, table of them and the chosen periods): those ever touched so often, and when it is pressure."""
    contact, since, until = _stretches(records, least, days)
    people, row = np.unique(contact, return_inverse=True)
    as_of = grid.as_of[chosen]
    many = holding(row, len(people), as_of, since, until) > 0
    back_row, back_day = _heard(records, people)
    heard = holding(back_row, len(people), as_of, back_day, back_day + days) > 0
    on_file = records.contacts["created_us"][people][:, None] < grid.as_of_us[chosen][None, :]
    return people, (many & ~heard & on_file).astype(np.int64)


def _stretches(records, least: int, days: int) -> tuple[np.ndarray, ...]:
    """(contact, from day, until day) in which `least` touches of a contact lie within the days before."""
    contact, day, activity = records.touches
    once = np.ones(len(contact), bool)
    once[1:] = (contact[1:] != contact[:-1]) | (activity[1:] != activity[:-1])
    contact, day = contact[once], day[once]
    ends = max(len(contact) - least + 1, 0)
    last = slice(least - 1, least - 1 + ends)
    close = (contact[:ends] == contact[last]) & (day[last] - day[:ends] < days)
    return contact[:ends][close], day[last][close], day[:ends][close] + days


def _heard(records, people: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(place among the people, day) of every two-way touch of theirs."""
    ids = records.contacts["id"][people]
    rows = PEOPLE.where(TWO_WAY).filter(contact_id__in=[0, *ids.tolist()])
    table = read(rows, ["contact_id", "activity__day"], records.reader.bulk)
    contact, day = (as_array(table[name])[0].astype(np.int64) for name in ("contact_id", "activity__day"))
    return np.searchsorted(ids, contact), day

"""A rep's coaching over time: sessions, what was agreed in them and what came of it, newest first."""

from dataclasses import dataclass
from datetime import date

from coaching.models import Session
from coaching.sessions.commitments import Promise, promises
from kpis.catalogue import CATALOGUE
from kpis.periods import Calendar
from pipeline.models import Rep

SHOWN = 12


@dataclass(frozen=True)
class Entry:
    """One session with its commitments; `skill` in words. Private notes are no part of it."""

    session: Session
    on: date
    skill: str
    promises: list[Promise]


def timeline(rep: Rep) -> list[Entry]:
    """The latest sessions of a rep, those ahead among them; two queries. The caller asks whether the reader may see them."""
    zone = Calendar.current().zone
    rows = (
        Session.objects.filter(rep=rep)
        .select_related("manager")
        .prefetch_related("commitments")
        .order_by("-at", "-pk")
    )
    return [
        Entry(
            session=session,
            on=session.at.astimezone(zone).date(),
            skill=str(CATALOGUE[session.skill].label) if session.skill in CATALOGUE else "",
            promises=promises(session.commitments.all()),
        )
        for session in rows[:SHOWN]
    ]

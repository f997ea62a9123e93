"""Notices as sentences in the reader's language, made when they are read; out of the reader's reach they name nobody."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coaching.dates import moment
from coaching.fairness.contests import contests_visible_to
from coaching.models import Commitment, Notice, Session
from kpis.catalogue import CATALOGUE
from pipeline import access
from pipeline.models import Activity

WORDS = {
    "session_planned": gettext_lazy(
        "%(manager)s planned a session with you for %(at)s. Answer its questions first."
    ),
    "session_moved": gettext_lazy("%(manager)s moved your session to %(at)s."),
    "session_answered": gettext_lazy("%(rep)s answered the questions for your session on %(at)s."),
    "session_held": gettext_lazy("%(manager)s noted what your session of %(at)s came to."),
    "session_cancelled": gettext_lazy("%(manager)s called off your session of %(at)s."),
    "commitment_due": gettext_lazy("The day has come to look again at what you agreed."),
    "commitment_due_of": gettext_lazy("The day has come to look again at what %(rep)s agreed."),
    "commitment_reviewed": gettext_lazy("%(manager)s looked again at what you agreed: see what changed."),
    "contest_opened": gettext_lazy("%(rep)s contests a row of evidence; you decide."),
    "contest_accepted": gettext_lazy("The row you contested was accepted: your figures follow."),
    "contest_refused": gettext_lazy("The row you contested was refused; the reason stands there."),
    "contest_reopened": gettext_lazy(
        "The decision on the row you contested was taken back: it is open again."
    ),
    "talk_scored": gettext_lazy("%(rep)s has scored a call or meeting. Score it as well: then both open."),
    "talk_scored_by": gettext_lazy(
        "%(manager)s has scored a call or meeting of yours. Score it as well: then both open."
    ),
    "talk_open": gettext_lazy("A call or meeting of %(rep)s is scored by both: see how alike you see it."),
}
PLACE = re.compile(r"^/(sessions|contests|commitments|activities)/(\d+)/")


@dataclass(frozen=True)
class Told:
    """A notice as its page shows it; `url` is empty where there is nothing left to open."""

    notice: Notice
    sentence: str
    url: str
    about: str = ""

    @property
    def is_new(self) -> bool:
        return self.notice.read_at is None


def told(notices: Sequence[Notice], user) -> list[Told]:
    """Notices in words; four queries at most, for whether what they are about is still this user's to see."""
    places = {notice.pk: place_of(notice) for notice in notices}
    reachable = _reachable([place for place in places.values() if place], user)
    return [
        _told(notice)
        if places[notice.pk] is None or places[notice.pk] in reachable
        else _out_of_reach(notice)
        for notice in notices
    ]


def place_of(notice: Notice) -> tuple[str, int] | None:
    """(kind of page, id) of what a notice is about; none where it leads to a page that is everybody's."""
    found = PLACE.match(notice.path)
    return (found[1], int(found[2])) if found else None


def _reachable(places: Iterable[tuple[str, int]], user) -> set[tuple[str, int]]:
    asked: dict[str, set[int]] = {}
    for page, pk in places:
        asked.setdefault(page, set()).add(pk)
    visible = {
        "sessions": Session.objects.visible_to,
        "commitments": Commitment.objects.visible_to,
        "contests": contests_visible_to,
        "activities": _talks_of_visible_reps,
    }
    return {
        (page, pk)
        for page, ids in asked.items()
        for pk in visible[page](user).filter(pk__in=ids).order_by().values_list("pk", flat=True)
    }


def _talks_of_visible_reps(user) -> QuerySet[Activity]:
    return Activity.objects.filter(rep__in=access.reps_visible_to(user))


def _told(notice: Notice) -> Told:
    kpi = CATALOGUE.get(str(notice.facts.get("kpi", "")))
    return Told(notice, sentence_of(notice), f"/notices/{notice.pk}/", str(kpi.label) if kpi else "")


def _out_of_reach(notice: Notice) -> Told:
    return Told(notice, _("This is not there any more, or no longer yours to see."), "")


def sentence_of(notice: Notice) -> str:
    """What happened, in a sentence; a kind of another version of this product says only that something did."""
    facts = {"rep": _("somebody"), "manager": _("Your manager"), "at": ""} | notice.facts
    if notice.kind == "series_ended":
        count = int(facts.get("sessions", 0))
        said = ngettext(
            "%(manager)s ended your standing appointment; %(count)d session ahead is called off.",
            "%(manager)s ended your standing appointment; %(count)d sessions ahead are called off.",
            count,
        )
        return said % {"manager": facts["manager"], "count": count}
    if notice.kind not in WORDS:
        return _("Something about your work changed.")
    return str(WORDS[notice.kind]) % (facts | {"at": _moment(str(facts["at"]))})


def _moment(text: str) -> str:
    """“Tue 24 Nov, 09:30” in local time."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment(at)

"""What a digest is made of; the same pieces become the mail's text, the mail's HTML and the preview on the page."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models.expressions import RawSQL

from coaching.asked import DEFAULT, Asked
from kpis.periods import Calendar
from pipeline import access
from pipeline.models import Rep, Team

MONDAY, FRIDAY = "monday", "friday"
SHOWN = 8


@dataclass(frozen=True)
class Link:
    label: str
    path: str


@dataclass(frozen=True)
class Entry:
    """One thing to know: its heading, where it leads, sentences, and further links."""

    title: str
    path: str = ""
    texts: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Section:
    """Entries under a heading; `empty` is said where there are none, `more` leads to those not shown."""

    title: str
    entries: tuple[Entry, ...]
    note: str = ""
    empty: str = ""
    more: Link | None = None


@dataclass(frozen=True)
class Digest:
    """One mail in the reader's language, for one reader; addresses in it are paths of this installation."""

    kind: str
    subject: str
    title: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...]


def section(title: str, entries: list[Entry], **more) -> list[Section]:
    """A section, or none where it has neither entries nor anything to say without them."""
    return [Section(title, tuple(entries), **more)] if entries or more.get("empty") else []


def asked_now() -> Asked:
    """The period the pages open with."""
    calendar = Calendar.current()
    return Asked(calendar, calendar.parse(DEFAULT))


def managed_teams(rep: Rep) -> list[Team]:
    """The teams a rep manages that are not below another one they manage. An admin manages nobody by being one."""
    managed = RawSQL(access.MANAGED_TEAMS, [rep.pk])  # noqa: S611 - the only parameter is bound
    teams = list(Team.objects.filter(pk__in=managed))
    ids = {team.pk for team in teams}
    return [team for team in teams if team.parent_id not in ids]


def absolute(path: str) -> str:
    """A path as an address that works from a mail."""
    return settings.SITE_URL.rstrip("/") + path


def one_line(text: object) -> str:
    """Without line breaks: what a name brings must not begin a new line of a mail, least of all of its head."""
    return " ".join(filter(None, (line.strip() for line in str(text).splitlines())))


def day_of(at, calendar: Calendar) -> date:
    return at.astimezone(calendar.zone).date()

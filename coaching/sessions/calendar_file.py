"""A session as a calendar file (RFC 5545): one event, the same UID for life, a sequence that rises when it moves."""

from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from coaching.models import Session

LINE_OCTETS = 75
ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


def calendar_file(session: Session, address: str, now: datetime) -> str:
    """The text of an .ics file; `address` is the page of the session. Private notes are never in it."""
    status = "CANCELLED" if session.state == Session.State.CANCELLED else "CONFIRMED"
    names = {"manager": session.manager.name, "rep": session.rep.name}
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Touchline//Coaching sessions//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{session.uid}@touchline",
        f"SEQUENCE:{session.sequence}",
        f"DTSTAMP:{_moment(now)}",
        f"DTSTART:{_moment(session.at)}",
        f"DTEND:{_moment(session.at + timedelta(minutes=session.minutes))}",
        f"SUMMARY:{_text(_('Coaching session: %(manager)s and %(rep)s') % names)}",
        f"DESCRIPTION:{_text(_('Questions, agenda and notes: %(address)s') % {'address': address})}",
        f"URL:{address}",
        f"STATUS:{status}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    return text.translate(ESCAPES)


def _folded(line: str) -> str:
    """Lines of at most 75 octets; what goes on begins with a space. No character is cut in two."""
    parts: list[str] = []
    part = ""
    for character in line:
        room = LINE_OCTETS - bool(parts)
        if len((part + character).encode()) > room:
            parts.append(part)
            part = ""
        part += character
    return "\r\n ".join([*parts, part])

"""The dated settings put together: the value in force, how it came to it, and what another value would move."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.admin.models import ADDITION, DELETION, LogEntry
from django.utils.translation import gettext as _

from coaching.figures import figure
from kpis.catalogue.kpi import Kpi
from kpis.payload import names_of
from kpis.readings import Reading
from kpis.setting_words import WORDS, Words, value_text
from kpis.whatif import Moved, moved_by
from pipeline.models import Setting
from pipeline.models.organisation import DEFAULTS


@dataclass(frozen=True)
class Held:
    """A value from a day on (none: from the beginning); `who`, `at` and `why` where somebody entered it here."""

    from_on: date | None
    text: str
    who: str = ""
    at: datetime | None = None
    why: str = ""


@dataclass(frozen=True)
class Entry:
    """A setting: what it is called and says, what holds today, and every value it had or will have, latest first."""

    key: str
    words: Words
    value: str
    history: list[Held]
    today: date

    @property
    def text(self) -> str:
        return value_text(self.key, self.value)

    @property
    def since(self) -> date | None:
        begun = [held.from_on for held in self.history if held.from_on and held.from_on <= self.today]
        return max(begun, default=None)

    @property
    def coming(self) -> list[Held]:
        return [held for held in self.history if held.from_on and held.from_on > self.today]


@dataclass(frozen=True)
class Change:
    """One figure that another value would move, in words."""

    subject: str
    period: str
    kpi: Kpi
    before: str
    after: str


def entries(today: date) -> list[Entry]:
    return [entry(key, today) for key in DEFAULTS]


def entry(key: str, today: date) -> Entry:
    rows = list(Setting.objects.filter(key=key).order_by("from_on"))
    notes = _notes([row.pk for row in rows])
    dated = [row for row in rows if row.from_on]
    first = next((row for row in rows if row.from_on is None), None)
    begun = [row for row in dated if row.from_on and row.from_on <= today]
    value = begun[-1].value if begun else first.value if first else DEFAULTS[key]
    history = [_held(row, notes.get(str(row.pk))) for row in reversed(dated)]
    beginning = (
        _held(first, notes.get(str(first.pk))) if first else Held(None, value_text(key, DEFAULTS[key]))
    )
    return Entry(key, WORDS[key], value, [*history, beginning], today)


def _held(row: Setting, note: Any) -> Held:
    text = value_text(row.key, row.value)
    if note is None:
        return Held(row.from_on, text)
    return Held(row.from_on, text, who_noted(note), note.action_time, note.change_message)


def who_noted(note: LogEntry) -> str:
    rep = getattr(note.user, "rep", None)
    return rep.name if rep else note.user.get_username()


def _notes(ids: list[int]) -> dict[str | None, LogEntry]:
    """The last that was noted of each row."""
    found = LogEntry.objects.filter(
        content_type__app_label="pipeline",
        content_type__model="setting",
        object_id__in=[str(pk) for pk in ids],
    )
    return {note.object_id: note for note in found.select_related("user__rep").order_by("action_time", "pk")}


def keep(key: str, value: str, from_on: date, user=None, why: str = "") -> Setting:
    """Let a value hold from a day on; with a user, note who wanted it and why."""
    row, _created = Setting.objects.update_or_create(key=key, from_on=from_on, defaults={"value": value})
    if user is not None:
        LogEntry.objects.log_actions(
            user.pk, Setting.objects.filter(pk=row.pk), ADDITION, change_message=why, single_object=True
        )
    return row


def withdraw(row: Setting, user, why: str) -> None:
    """Take a change back that has not begun to hold; who did, and why, stays noted."""
    LogEntry.objects.log_actions(
        user.pk, Setting.objects.filter(pk=row.pk), DELETION, change_message=why, single_object=True
    )
    row.delete()


def withdrawn(key: str) -> list[LogEntry]:
    """What was noted of planned changes taken back, latest first; the note names the value it had."""
    notes = LogEntry.objects.filter(
        content_type__app_label="pipeline",
        content_type__model="setting",
        action_flag=DELETION,
        object_repr__startswith=f"{key} = ",
    )
    return list(notes.select_related("user__rep").order_by("-action_time", "-pk"))


def changes(key: str, value: str, from_on: date, currency: str) -> list[Change]:
    """What would read differently in the running month and quarter if this value held from that day on."""
    moved = moved_by(lambda: keep(key, value, from_on))
    names = names_of(list({one.subject for one in moved}))
    return [_change(one, names[one.subject], currency) for one in moved]


def _change(moved: Moved, name: str, currency: str) -> Change:
    kpi = moved.after.kpi
    return Change(
        name, str(moved.period.label), kpi, _said(moved.before, currency), _said(moved.after, currency)
    )


def _said(reading: Reading, currency: str) -> str:
    """The value; with a share what it is a share of, since two may round to one text."""
    if reading.value is None:
        return reading.reason_text
    text = figure(reading.value, reading.kpi.unit, currency)
    if reading.denominator is None or not isinstance(reading.numerator, int):
        return text
    return _("%(value)s (%(n)s of %(d)s)") % {"value": text, "n": reading.numerator, "d": reading.denominator}

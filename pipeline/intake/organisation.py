"""organisation.csv: the organisation's own row and its dated settings, checked value by value."""

import re
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext as _

from pipeline.intake.files import Refused
from pipeline.intake.identity import unguarded
from pipeline.intake.moments import ISO_DATE
from pipeline.intake.reading import Layout
from pipeline.intake.rejects import Rejects
from pipeline.models import Activity, BeforeImage, Contact, Deal, Organisation, Setting
from pipeline.models.organisation import DEFAULTS

FIELDS = ("name", "time_zone", "currency", "domains", "week_start", "fiscal_year_start")
RANGES = {"week_start": (1, 7), "fiscal_year_start": (1, 12)}
CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True)
class Value:
    """One line of organisation.csv: from_on only for settings, empty for from the beginning."""

    key: str
    value: str
    from_on: str = ""


def constants(values: dict[str, str]) -> list[Value]:
    """The values a mapping sets. Raises Refused for one that cannot be."""
    listed = [Value(key, value) for key, value in values.items()]
    for one in listed:
        reason = fault(one)
        if reason:
            raise Refused(f"organisation.{one.key}: {reason}")
    return listed


def values_in(layout: Layout, rejects: Rejects) -> list[Value]:
    """The values of an organisation.csv; bad ones are noted. Raises Refused without key or value."""
    places = {name: layout.index(name) for name in ("key", "value", "from_on")}
    if places["key"] is None or places["value"] is None:
        raise Refused(_("organisation.csv needs the columns key and value"))
    found = []
    for line, row in layout.rows():
        cells = {
            name: row[place] if place is not None and place < len(row) else ""
            for name, place in places.items()
        }
        one = Value(cells["key"].strip(), unguarded(cells["value"]), cells["from_on"].strip())
        reason = _("wrong number of cells") if len(row) != len(layout.header) else fault(one)
        if reason:
            rejects.add(layout.file.name, line, "value", one.value, f"{one.key}: {reason}")
        else:
            found.append(one)
    return found


def fault(one: Value) -> str:
    """Why this value cannot be; empty when it can."""
    if one.key in FIELDS:
        return _("has no from_on") if one.from_on else _field_fault(one.key, one.value)
    if one.key not in DEFAULTS:
        return _("no setting of this name")
    if one.from_on and not _is_day(one.from_on):
        return _("from_on is not a date such as 2025-03-31")
    if DEFAULTS[one.key].isdigit():
        return "" if one.value.isdigit() and int(one.value) < 100_000 else _("must be a whole number")
    words = [name.lower() for name in Contact.Seniority.names if name != "UNKNOWN"]
    return "" if one.value in words else _("must be one of %(words)s") % {"words": ", ".join(words)}


def _field_fault(key: str, value: str) -> str:
    if key == "time_zone":
        return "" if value in available_timezones() else _("no time zone of this name")
    if key == "currency":
        return "" if CURRENCY.fullmatch(value) else _("three capital letters, such as EUR")
    if key in RANGES:
        low, high = RANGES[key]
        is_in = value.isdigit() and low <= int(value) <= high
        return "" if is_in else _("must be between %(low)s and %(high)s") % {"low": low, "high": high}
    return (
        ""
        if len(value) <= 2_000 and (key != "name" or 0 < len(value) <= 200)
        else _("must be 1 to 200 characters")
    )


def _is_day(text: str) -> bool:
    try:
        return bool(ISO_DATE.fullmatch(text)) and 1900 <= date.fromisoformat(text).year <= 2200
    except ValueError:
        return False


def zone_after(values: list[Value]) -> ZoneInfo:
    """The organisation's zone once these values are in; dates of the same import are read in it. Raises
    Refused when records already lie in another: their days would move."""
    now = Organisation.current().time_zone
    wanted = next((one.value for one in values if one.key == "time_zone"), now)
    if wanted != now and (Deal.objects.exists() or Activity.objects.exists()):
        zones = {"now": now, "wanted": wanted}
        raise Refused(
            _("the organisation's time zone is %(now)s and records rest on it: not %(wanted)s") % zones
        )
    return ZoneInfo(wanted)


def write(cursor, values: list[Value], batch_id: int) -> bool:
    """Store what differs, with before-images; whether anything did."""
    before = BeforeImage.objects.filter(batch_id=batch_id).count()
    _write_own_row(cursor, {one.key: one.value for one in values if one.key in FIELDS}, batch_id)
    for one in values:
        if one.key in DEFAULTS:
            _write_setting(cursor, one, batch_id)
    return BeforeImage.objects.filter(batch_id=batch_id).count() > before


def _write_own_row(cursor, wanted: dict[str, str], batch_id: int) -> None:
    own = Organisation.current()
    changed = {key: value for key, value in wanted.items() if str(getattr(own, key)) != value}
    if not changed:
        return
    _image(cursor, Organisation, own.pk, batch_id)
    for key, value in changed.items():
        setattr(own, key, value)
    own.save()


def _write_setting(cursor, one: Value, batch_id: int) -> None:
    row = Setting.objects.filter(key=one.key, from_on=one.from_on or None).first()
    if row is not None and row.value == one.value:
        return
    if row is None:
        row = Setting(key=one.key, from_on=one.from_on or None)
    is_new = row.pk is None
    if not is_new:
        _image(cursor, Setting, row.pk, batch_id)
    row.value, row.batch_id = one.value, batch_id
    row.save()
    if is_new:
        BeforeImage.objects.create(batch_id=batch_id, table=Setting._meta.db_table, row_id=row.pk)


def _image(cursor, model, pk: int, batch_id: int) -> None:
    """The row as it is; without one, a note that the batch makes it."""
    table = model._meta.db_table
    cursor.execute(
        f'INSERT INTO pipeline_beforeimage (batch_id, "table", row_id, image)'
        f" SELECT %s, %s, %s, (SELECT to_jsonb(t) FROM {table} t WHERE t.id = %s)",
        [batch_id, table, pk, pk],
    )

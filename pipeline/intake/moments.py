"""Dates and times of a source: ISO 8601, or day and month in a declared or proved order."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
ISO_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?( ?(Z|[+-]\d{2}(:?\d{2})?))?",
    re.ASCII,
)
NUMERIC = re.compile(
    r"(\d{1,4})([/.\-])(\d{1,2})\2(\d{1,4})"
    r"(?:,?[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?: ?([AaPp])\.?[Mm]\.?)?)?",
    re.ASCII,
)
ORDERS = {"dmy": (2, 1, 0), "mdy": (2, 0, 1), "ymd": (0, 1, 2)}
FIRST_YEAR, LAST_YEAR = 1900, 2200


@dataclass(frozen=True)
class Clock:
    """Reads a source's dates: `zone` for its times without offset, `home` the organisation's zone.

    `order` is dmy, mdy or ymd for dates that are not ISO 8601; "iso" where only ISO is taken. A local time
    that comes twice, in the hour a clock is put back, is the first of the two.
    """

    zone: ZoneInfo
    home: ZoneInfo
    order: str = "iso"
    _seen: dict = field(default_factory=dict, compare=False, repr=False)

    def moment(self, text: str) -> list:
        """The moment as ISO text, and whether the cell was a bare date (then it is local midnight)."""
        if ISO_MOMENT.fullmatch(text):
            return [self._instant(_iso(text)).isoformat(), False]
        if text not in self._seen:
            if len(self._seen) > 50_000:
                self._seen.clear()
            self._seen[text] = self._other(text)
        return list(self._seen[text])

    def day(self, text: str) -> date:
        """The local day; a moment gives the day it falls on for the organisation."""
        moment, is_dated = self.moment(text)
        return (
            datetime.fromisoformat(moment).astimezone(self.home).date() if not is_dated else self._date(text)
        )

    def _other(self, text: str) -> tuple[str, bool]:
        found = NUMERIC.fullmatch(text)
        if found and found[5]:
            local = datetime.combine(self._date(text), _clock_time(found))
            return self._instant(local).isoformat(), False
        midnight = datetime.combine(self._date(text), time(), tzinfo=self.home)
        return midnight.astimezone(UTC).isoformat(), True

    def _date(self, text: str) -> date:
        if ISO_DATE.fullmatch(text):
            return _sane(date.fromisoformat, text)
        found = NUMERIC.fullmatch(text)
        if not found:
            raise ValueError(_("not a date such as 2025-03-31"))
        if self.order not in ORDERS:
            raise ValueError(
                _('not an ISO date: say date_order = "dmy", "mdy" or "ymd" in the mapping, or --date-order')
            )
        parts = (found[1], found[3], found[4])
        year, month, day = (parts[place] for place in ORDERS[self.order])
        return _sane(lambda y: date(full_year(y), int(month), int(day)), year)

    def _instant(self, moment: datetime) -> datetime:
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise ValueError(_impossible_year(moment.year))
        if moment.tzinfo is None:
            local = moment.replace(tzinfo=self.zone)
            moment = local.astimezone(UTC)
            if moment.astimezone(self.zone).replace(tzinfo=None) != local.replace(tzinfo=None):
                raise ValueError(_("the clock skipped this time in %(zone)s") % {"zone": self.zone.key})
        return moment


def full_year(text: str) -> int:
    """Four digits as they are; two digits as POSIX reads them: 69 to 99 are of the last century."""
    if len(text) == 2:
        return int(text) + (2000 if int(text) < 69 else 1900)
    if len(text) != 4:
        raise ValueError(_("a year has two or four digits"))
    return int(text)


def _iso(text: str) -> datetime:
    try:
        return datetime.fromisoformat(
            text.replace(" +", "+").replace(" -", "-").replace(" Z", "Z").replace(",", ".")
        )
    except ValueError:
        raise ValueError(_("no such moment")) from None


def _sane(make, text: str) -> date:
    try:
        day = make(text)
    except ValueError:
        raise ValueError(_("no such day")) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(_impossible_year(day.year))
    return day


def _impossible_year(year: int) -> str:
    return _("the year %(year)s cannot be meant") % {"year": year}


def _clock_time(found: re.Match) -> time:
    hour, half = int(found[5]), (found[8] or "").lower()
    if half and not 1 <= hour <= 12:
        raise ValueError(_("no such time"))
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return time(hour, int(found[6]), int(found[7] or 0))
    except ValueError:
        raise ValueError(_("no such time")) from None

"""Periods and calendars: the only file that knows time zones, weeks and fiscal years. Ends are exclusive."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from pipeline.models import Organisation

DAY = timedelta(days=1)
BEGINNING = date(1900, 1, 1)
ROLLING = {"last-30": 30, "last-90": 90}
STORED = ("week", "month", "quarter", "year")
# Weeks serve trends and the same week a year ago; older ones are computed when somebody asks.
WEEKS_STORED = 60


@dataclass(frozen=True)
class Period:
    """A half-open range of local days [start, end) with the key that stands for it in urls and commands."""

    kind: str
    key: str
    start: date
    end: date

    def is_running(self, today: date) -> bool:
        return self.start <= today < self.end

    def as_of(self, today: date) -> date:
        """The last day of the period, or today while it runs: the end of that day is what state KPIs describe.

        Of a period that has not begun nothing can be said yet: it describes a day before all records.
        """
        return min(self.end - DAY, today) if self.start <= today else BEGINNING

    def opening(self, today: date) -> date:
        """The first day; of a period that has not begun a day before all records."""
        return self.start if self.start <= today else BEGINNING

    @property
    def is_stored(self) -> bool:
        """Whether there are snapshots of it; others are computed when asked for. A week's margin covers every zone."""
        oldest = timezone.now().date() - (WEEKS_STORED - 1) * 7 * DAY
        return self.kind != "range" and (self.kind != "week" or self.end > oldest)

    @property
    def label(self) -> str:
        match self.kind:
            case "week":
                return _("week %(week)s, %(year)s") % {"week": int(self.key[6:]), "year": self.key[:4]}
            case "month":
                return date_format(self.start, "YEAR_MONTH_FORMAT")
            case "quarter":
                return _("quarter %(quarter)s, %(year)s") % {"quarter": self.key[6:], "year": self.key[:4]}
            case "rolling":
                return _("last 12 months") if self.key == "rolling-12" else _("last %s days") % self.key[5:]
            case "all":
                return _("all time")
            case "range":
                return f"{date_format(self.start, 'SHORT_DATE_FORMAT')} – {date_format(self.end - DAY, 'SHORT_DATE_FORMAT')}"
        return self.key


@dataclass(frozen=True)
class Calendar:
    """The organisation's zone and fiscal year. A year and its quarters are named by the year they begin in."""

    zone: ZoneInfo
    fiscal_start: int = 1

    @classmethod
    def current(cls) -> "Calendar":
        organisation = Organisation.current()
        return cls(organisation.zone, organisation.fiscal_year_start)

    def today(self) -> date:
        return timezone.now().astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        """The first instant of a local day."""
        return datetime.combine(day, time(), self.zone)

    def midnights_us(self, days: np.ndarray) -> np.ndarray:
        """First instants of local days (int days since 1970) as µs since 1970 UTC."""
        epoch = date(1970, 1, 1)
        return np.array(
            [round(self.midnight(epoch + timedelta(int(d))).timestamp() * 1e6) for d in days], np.int64
        )

    def week(self, day: date) -> Period:
        year, week, weekday = day.isocalendar()
        start = day - timedelta(days=weekday - 1)
        return Period("week", f"{year}-W{week:02}", start, start + 7 * DAY)

    def month(self, day: date) -> Period:
        start = day.replace(day=1)
        return Period("month", f"{start:%Y-%m}", start, _add_months(start, 1))

    def quarter(self, day: date) -> Period:
        year = self.year(day)
        number = _months_between(year.start, day) // 3
        start = _add_months(year.start, 3 * number)
        return Period("quarter", f"{year.key}-Q{number + 1}", start, _add_months(start, 3))

    def year(self, day: date) -> Period:
        start = date(day.year - (day.month < self.fiscal_start), self.fiscal_start, 1)
        return Period("year", f"{start:%Y}", start, _add_months(start, 12))

    def rolling(self, key: str, today: date) -> Period:
        end = today + DAY
        start = end - timedelta(days=ROLLING[key]) if key in ROLLING else _add_months(end, -12)
        return Period("rolling", key, start, end)

    def all(self, today: date) -> Period:
        return Period("all", "all", BEGINNING, today + DAY)

    def of_kind(self, kind: str, day: date) -> Period:
        return getattr(self, kind)(day)

    def grid(self, first: date, today: date) -> list[Period]:
        """Every stored period from the first day on: weeks, months, quarters, years, the rolling ones and all time."""
        periods = []
        for kind in STORED:
            oldest = self.oldest_week(today).start if kind == "week" else first
            period = self.of_kind(kind, min(max(first, oldest), today))
            while period.start <= today:
                periods.append(period)
                period = self.of_kind(kind, period.end)
        return [*periods, *(self.rolling(key, today) for key in (*ROLLING, "rolling-12")), self.all(today)]

    def oldest_week(self, today: date) -> Period:
        """The first week of which snapshots are kept."""
        return self.week(today - WEEKS_STORED * 7 * DAY)

    def trail(self, count: int, kind: str = "week", today: date | None = None) -> list[Period]:
        """The last `count` periods of a kind up to the running one, oldest first."""
        period = self.of_kind(kind, today or self.today())
        trail = [period]
        while len(trail) < count:
            trail.insert(0, self.of_kind(kind, trail[0].start - DAY))
        return trail

    def choices(self) -> list[Period]:
        """The periods a picker offers, the usual ones first."""
        today = self.today()
        rolling = [self.rolling(key, today) for key in (*ROLLING, "rolling-12")]
        recent = [
            p
            for kind, n in (("week", 5), ("month", 6), ("quarter", 5), ("year", 2))
            for p in self.trail(n, kind)[::-1]
        ]
        return [*rolling, *recent, self.all(today)]

    def parse(self, key: str, today: date | None = None) -> Period:
        """The period a key names: 2017, 2017-Q1, 2017-03, 2017-W10, last-30, last-90, rolling-12, all, FROM..TO."""
        today = today or self.today()
        if key in ROLLING or key == "rolling-12":
            return self.rolling(key, today)
        if key == "all":
            return self.all(today)
        try:
            return self._parse_dated(key)
        except (ValueError, OverflowError) as error:
            raise ValueError(
                _(
                    "“%s” is no period: use 2026, 2026-Q4, 2026-11, 2026-W47, last-30, last-90, rolling-12, all or FROM..TO."
                )
                % key
            ) from error

    def _parse_dated(self, key: str) -> Period:
        if match := re.fullmatch(r"(\d{4})-Q([1-4])", key):
            start = _add_months(date(int(match[1]), self.fiscal_start, 1), 3 * (int(match[2]) - 1))
            return self.quarter(start)
        if match := re.fullmatch(r"(\d{4})-W(\d{2})", key):
            return self.week(date.fromisocalendar(int(match[1]), int(match[2]), 1))
        if match := re.fullmatch(r"(\d{4})-(\d{2})", key):
            return self.month(date(int(match[1]), int(match[2]), 1))
        if re.fullmatch(r"\d{4}", key):
            return self.year(date(int(key), self.fiscal_start, 1))
        first, _dots, after = key.partition("..")
        period = Period("range", key, date.fromisoformat(first), date.fromisoformat(after))
        if period.start >= period.end:
            raise ValueError(key)
        return period


@dataclass(frozen=True)
class Grid:
    """Periods as arrays for the kernel: int days since 1970, `hi` exclusive, `as_of` the last day each describes."""

    periods: list[Period]
    calendar: Calendar
    today: date

    @cached_property
    def lo(self) -> np.ndarray:
        return _days([p.start for p in self.periods])

    @cached_property
    def hi(self) -> np.ndarray:
        return _days([p.end for p in self.periods])

    @cached_property
    def as_of(self) -> np.ndarray:
        return _days([p.as_of(self.today) for p in self.periods])

    @cached_property
    def opening(self) -> np.ndarray:
        return _days([p.opening(self.today) for p in self.periods])

    @cached_property
    def as_of_us(self) -> np.ndarray:
        """The instant at which each period's last described day is over."""
        return self.calendar.midnights_us(self.as_of + 1)

    @cached_property
    def bands(self) -> list[np.ndarray]:
        """Indexes of the periods in groups that do not overlap, each sorted by start: one search places a day."""
        groups: dict[str, list[int]] = {}
        for index, period in enumerate(self.periods):
            groups.setdefault(period.kind if period.kind in STORED else period.key, []).append(index)
        return [np.array(sorted(group, key=lambda i: self.periods[i].start)) for group in groups.values()]


def _days(dates: list[date]) -> np.ndarray:
    return np.array(dates, "datetime64[D]").astype(np.int64)


def _add_months(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = ((date(year + (month == 11), (month + 1) % 12 + 1, 1)) - DAY).day
    return date(year, month + 1, min(day.day, last))


def _months_between(start: date, day: date) -> int:
    return (day.year - start.year) * 12 + day.month - start.month

"""Days and moments of the demo: working days, the rhythm of a day, the morning on which it stands."""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

MONTHS = 18
HOLIDAYS = {
    (1, 1),
    (1, 6),
    (4, 25),
    (5, 1),
    (6, 2),
    (8, 14),
    (8, 15),
    (11, 1),
    (12, 8),
    (12, 24),
    (12, 25),
    (12, 26),
    (12, 31),
}
HOURS = range(8, 19)
HOUR_WEIGHTS = [4, 12, 14, 13, 6, 3, 10, 12, 12, 8, 3]  # calls and mails thin out over lunch and towards six


class Days:
    """`end` is the last day, seen in the morning before work begins: nothing has happened on it yet."""

    def __init__(self, rng: Random, end: date, zone: str):
        self.rng, self.end, self.zone = rng, end, ZoneInfo(zone)
        self.start = months_before(end, MONTHS)

    def is_past(self, day: date | None) -> bool:
        return day is not None and self.start <= day < self.end

    def moment(self, day: date) -> datetime:
        """A moment of that working day, as busy as its hours are."""
        hour = self.rng.choices(HOURS, HOUR_WEIGHTS)[0]
        return datetime.combine(day, time(hour, self.rng.randrange(60), self.rng.randrange(60)), self.zone)

    def midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone)

    def learnt_at(self, row: dict[str, Any]) -> datetime:
        """When a row became known: when it happened, but no later than the evening before the demo's morning."""
        evening = self.midnight(self.end) - timedelta(minutes=1)
        for name in ("booked_at", "at", "from_at", "created_at"):
            if row.get(name):
                return min(row[name], evening)
        day = row.get("on") or row.get("rated_on") or row.get("from_on") or self.start
        return min(self.midnight(day), evening)

    def working_days(self, first: date, last: date) -> list[date]:
        span = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return [day for day in span if day.weekday() < 5 and (day.month, day.day) not in HOLIDAYS]

    def weekday(self, day: date) -> date:
        """That day, or the Monday after a weekend."""
        return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)

    def months(self) -> list[date]:
        """First days of the months the demo touches."""
        first, months = self.start.replace(day=1), []
        while first <= self.end:
            months.append(first)
            first = (first + timedelta(days=32)).replace(day=1)
        return months


def months_before(day: date, months: float) -> date:
    """The day so many months (of 30.44 days) earlier."""
    return day - timedelta(days=round(months * 30.44))

"""Which period a page was asked for; the address says it, so that a link reopens the same view."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from kpis.periods import Calendar, Period

DEFAULT = "last-30"
DAY = timedelta(days=1)


class PageRequest(HttpRequest):
    """A request as views get it: the middleware has said what htmx wants of it."""

    htmx: HtmxDetails


@dataclass(frozen=True)
class Asked:
    """The period of a page, the calendar it came from, and what was wrong with the address, if anything."""

    calendar: Calendar
    period: Period
    problem: str = ""

    @property
    def query(self) -> str:
        """What a link to another page of the same period ends in."""
        return "" if self.period.key == DEFAULT else f"?period={self.period.key}"

    @property
    def first(self) -> date:
        return self.period.start

    @property
    def last(self) -> date:
        """The last day the period holds so far; its end itself is outside."""
        return min(self.period.end - DAY, max(self.calendar.today(), self.period.start))

    @property
    def days(self) -> str:
        """“last 30 days, 24 Oct – 22 Nov”; all time has no first day worth naming."""
        if self.period.kind == "all":
            return self.period.label
        span = f"{_day(self.first)} – {_day(self.last)}"
        return span if self.period.kind == "range" else f"{self.period.label}, {span}"

    @property
    def is_running(self) -> bool:
        return self.period.is_running(self.calendar.today())


def asked_period(request: HttpRequest) -> Asked:
    """Read `period`, or `from` and `to` (both included) of the picker's form; what cannot be read is said."""
    calendar = Calendar.current()
    text = request.GET.get("period", "")
    if request.GET.get("from") and request.GET.get("to"):
        text = _from_to(request.GET["from"], request.GET["to"])
    try:
        return Asked(calendar, calendar.parse(text or DEFAULT))
    except ValueError as reason:
        period = calendar.parse(DEFAULT)
        problem = _("%(reason)s Shown instead: %(period)s.") % {"reason": reason, "period": period.label}
        return Asked(calendar, period, problem)


def _from_to(first: str, last: str) -> str:
    """The picker's days, both included, as the key of a period, whose end is not."""
    try:
        return f"{first}..{date.fromisoformat(last) + DAY}"
    except (ValueError, OverflowError):
        return f"{first}..{last}"


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")

"""A rep's scorecard as it was known on a past day, beside what is known now, and the records in between."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coaching.fairness.known_words import Told, told
from coaching.figures import DASH, SHORT_REASONS, figure, points
from kpis.catalogue import CATALOGUE
from kpis.catalogue.kpi import Category, Kpi, Unit
from kpis.past.changed import changed_since
from kpis.past.known import Known, known_on, oldest_day
from kpis.periods import STORED, Calendar, Period
from kpis.readings import Card, Reading, read
from kpis.subjects import Subject
from pipeline.models import Rep

DAY = timedelta(days=1)


@dataclass(frozen=True)
class KnownAsked:
    """The day looked back to, the calendar period looked at, and what was wrong with the address, if anything."""

    calendar: Calendar
    on: date
    period: Period
    problem: str = ""

    @property
    def query(self) -> str:
        return f"?period={self.period.key}&on={self.on}"

    @property
    def choices(self) -> list[Period]:
        """The calendar periods of the picker, this one among them."""
        found = [period for period in self.calendar.choices() if period.kind in STORED]
        return found if self.period in found else [self.period, *found]


def asked_known(request: HttpRequest) -> KnownAsked:
    """Read `on` and `period`; without a day the last of a period that is over, else yesterday."""
    calendar = Calendar.current()
    today = calendar.today()
    period, problem = _period(calendar, request.GET.get("period", ""))
    last = period.end - DAY if period.end <= today else today - DAY
    text = request.GET.get("on", "")
    try:
        on = date.fromisoformat(text) if text else last
    except ValueError:
        on, problem = last, _("“%(text)s” is no day.") % {"text": text}
    if on >= today:
        on, problem = last, _("A past day, please: today is what is known now.")
    if on < oldest_day(today):
        problem = _("What was known is kept for thirteen months; this day is longer ago.")
    return KnownAsked(calendar, on, period, problem)


def _period(calendar: Calendar, text: str) -> tuple[Period, str]:
    """The month that runs where the address names none, or a period that is another every day."""
    month = calendar.month(calendar.today())
    if not text:
        return month, ""
    try:
        period = calendar.parse(text)
    except ValueError as reason:
        return month, str(reason)
    return (period, "") if period.kind in STORED else (month, "")


@dataclass(frozen=True)
class Row:
    """One KPI then and now."""

    kpi: Kpi
    then: Reading | None
    now: Reading | None
    currency: str
    url: str
    is_open: bool

    @property
    def then_text(self) -> str:
        return self._text(self.then)

    @property
    def now_text(self) -> str:
        return self._text(self.now)

    @property
    def then_why(self) -> str:
        return _why(self.then)

    @property
    def now_why(self) -> str:
        return _why(self.now)

    @property
    def is_changed(self) -> bool:
        return _state(self.then) != _state(self.now)

    @property
    def change(self) -> str:
        """By how much, signed; in words where there is nothing to subtract."""
        if not self.is_changed:
            return _("the same")
        then, now = (reading.value if reading else None for reading in (self.then, self.now))
        if then is None or now is None:
            return _("known now") if now is not None else _("not known now")
        if then == now:
            return _("the same, on other rows")
        return ("+" if now > then else "\N{MINUS SIGN}") + self._difference(abs(float(now) - float(then)))

    def _difference(self, size: float) -> str:
        if self.kpi.unit == Unit.PERCENT:
            return points(size)
        return figure(size, self.kpi.unit, self.currency)

    def _text(self, reading: Reading | None) -> str:
        return DASH if reading is None else figure(reading.value, self.kpi.unit, self.currency)


def _why(reading: Reading | None) -> str:
    """The arithmetic, or why there is no number."""
    if reading is None:
        return _("not computed yet then")
    if reading.value is None:
        return str(SHORT_REASONS.get(reading.reason or "", ""))
    return reading.sentence


def _state(reading: Reading | None) -> tuple:
    if reading is None:
        return ()
    return reading.value, reading.reason, reading.numerator, reading.denominator, reading.evidence_count


@dataclass(frozen=True)
class KnownPage:
    rep: Rep
    asked: KnownAsked
    currency: str
    known: Known
    now: Card
    key: str

    @property
    def subject(self) -> Subject:
        return Subject.rep(self.rep.pk)

    @property
    def then(self) -> Card | None:
        return self.known.card(self.subject, self.asked.period)

    @property
    def first_on(self) -> date | None:
        """The day of the first computation: before it nothing was known."""
        at = self.known.first_at.get(self.subject)
        return at and timezone.localtime(at, self.asked.calendar.zone).date()

    @cached_property
    def groups(self) -> list[tuple[Category, list[Row], list[Row]]]:
        """(category, KPIs that changed, the others) in the order of the catalogue."""
        groups = []
        for category in Category:
            rows = [self._row(key) for key, kpi in CATALOGUE.items() if kpi.category == category]
            groups.append(
                (
                    category,
                    [row for row in rows if row.is_changed],
                    [row for row in rows if not row.is_changed],
                )
            )
        return groups

    @property
    def changed_count(self) -> int:
        return sum(len(changed) for _category, changed, _same in self.groups)

    def _row(self, key: str) -> Row:
        then = self.then[key] if self.then else None
        now = self.now[key] if self.now.computed_at else None
        address = reverse("rep_known", args=[self.rep.pk]) + f"{self.asked.query}&kpi={key}#records"
        return Row(CATALOGUE[key], then, now, self.currency, address, key == self.key)

    @cached_property
    def open_row(self) -> Row | None:
        return self._row(self.key) if self.key else None

    @cached_property
    def records(self) -> list[Told]:
        """What changed behind the KPI that is open."""
        if not self.key:
            return []
        return told(changed_since(self.subject, CATALOGUE[self.key], self.asked.period, self.asked.on))

    @property
    def day(self) -> str:
        return date_format(self.asked.on, "SHORT_DATE_FORMAT")

    @property
    def is_kept(self) -> bool:
        return self.asked.on >= oldest_day(self.asked.calendar.today())


def known_page(rep: Rep, asked: KnownAsked, currency: str, key: str) -> KnownPage:
    subject = Subject.rep(rep.pk)
    known = known_on([subject], [asked.period], asked.on)
    now = read([subject], [asked.period])[subject, asked.period.key]
    return KnownPage(rep, asked, currency, known, now, key)

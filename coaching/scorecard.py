"""A KPI as a page shows it: value, standing, trail and the sentences that explain the number."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from coaching import sparkline
from coaching.asked import Asked
from coaching.figures import DASH, NOT_COMPUTED, SHORT_REASONS, figure, joined, percent
from kpis.catalogue import CATALOGUE
from kpis.catalogue.kpi import Kpi, Unit
from kpis.judging.attendance import days_at_work, passed, working_days
from kpis.judging.trends import Week
from kpis.periods import Period
from kpis.playbook import near_targets
from kpis.readings import Reading, read
from kpis.standing import NEAR, Standing, standing
from kpis.subjects import Subject
from kpis.targets import ADDITIVE, Due, targets_for
from pipeline.models import Rep

STATES = {
    Standing.ON_TRACK: "good",
    Standing.WATCH: "watch",
    Standing.OFF_TRACK: "off",
    Standing.TOO_FEW: "quiet",
}
WEEKS = 13
# A target over time is one line only where periods of any length share it.
TIMELESS = {Unit.PERCENT, Unit.DAYS}


@dataclass(frozen=True)
class Line:
    """One KPI of one subject in one period."""

    kpi: Kpi
    reading: Reading | None
    target: Due | None
    past: tuple[float | None, ...]
    url: str
    currency: str
    is_judged: bool = True
    compared: str = ""
    near: float = NEAR

    @property
    def text(self) -> str:
        return self._figure(self.value)

    @property
    def short(self) -> str:
        return self._figure(self.value, short=True)

    @property
    def value(self):
        return self.reading.value if self.reading else None

    @cached_property
    def standing(self):
        if self.reading is None or not self.is_judged:
            return None
        return standing(self.kpi, self.reading, self.target, self.near)

    @property
    def state(self) -> str:
        if self.value is None:
            return "quiet"
        return STATES[self.standing] if self.standing else ""

    @property
    def word(self) -> str:
        """The standing in a word, or why there is no number."""
        if self.reading is None:
            return str(NOT_COMPUTED)
        if self.value is None:
            return str(SHORT_REASONS.get(self.reading.reason or "", ""))
        return str(self.standing.label) if self.standing else ""

    @property
    def spark(self) -> SafeString:
        return sparkline.trail(self.past, self._timeless_target)

    @property
    def wide_spark(self) -> SafeString:
        return sparkline.trail(self.past, self._timeless_target, width=104, height=24)

    def range(self, top: float | None = None, width: int = 72) -> SafeString:
        """Interval, value and target on one rail; nothing where there is neither interval nor target."""
        if self.reading is None or self.value is None:
            return SafeString()
        if self.reading.low is None and self.target is None:
            return SafeString()
        goal = self.target.due if self.target else None
        drawn = top or 1.15 * max(
            number for number in (self.value, self.reading.high, goal) if number is not None
        )
        return sparkline.interval(
            float(self.value), self.reading.low, self.reading.high, goal, float(drawn), width
        )

    @property
    def own_range(self) -> SafeString:
        return self.range(width=104)

    @property
    def sentences(self) -> list[str]:
        """What stands under the number: target, arithmetic, why it is missing, what lies beside it."""
        if self.reading is None:
            return [str(NOT_COMPUTED)]
        goal = joined(self.target_sentence, self.compared)
        reason = self.reading.reason_text if self.value is None else ""
        said = [goal, joined(self.reading.sentence, *self.beside), reason]
        return list(dict.fromkeys(filter(None, said)))

    @property
    def target_sentence(self) -> str:
        if self.target is None:
            return ""
        said = [_("target %(value)s") % {"value": self._goal(self.target.value)}]
        if self.target.due != self.target.value:
            said.append(_("%(due)s due by today") % {"due": self._goal(self.target.due)})
        if self.target.stretch is not None:
            said.append(_("stretch %(value)s") % {"value": self._goal(self.target.stretch)})
        return ", ".join([*said, *self._more_than_asked])

    @property
    def _more_than_asked(self) -> list[str]:
        """A sum that passed its target, as a share of it."""
        if (
            self.target is None
            or self.value is None
            or self.kpi.unit not in ADDITIVE
            or self.kpi.good != "up"
        ):
            return []
        if not 0 < self.target.value < self.value:
            return []
        return [_("%(share)s of it reached") % {"share": percent(float(self.value) / self.target.value)}]

    def _goal(self, value: float) -> str:
        """A month's target scaled to thirty days has digits nobody set."""
        return self._figure(round(value) if self.kpi.unit in (Unit.COUNT, Unit.MONEY) else value)

    @property
    def beside(self) -> list[str]:
        """Figures beside the number, without those that are nought and those the sentence says already."""
        if self.reading is None:
            return []
        already = set(self.reading.sentence.split())
        said = [
            f"{label} {figure(value, unit, self.currency)}"
            for label, value, unit in self.reading.beside.values()
            if value and not isinstance(value, dict)
        ]
        return [text for text in said if not set(text.split()) <= already]

    @property
    def between(self) -> str:
        if self.reading is None or self.reading.low is None or self.value is None:
            return ""
        return _("between %(low)s and %(high)s with 95 %% confidence") % {
            "low": self._figure(self.reading.low),
            "high": self._figure(self.reading.high),
        }

    @property
    def _timeless_target(self) -> float | None:
        return float(self.target.value) if self.target and self.kpi.unit in TIMELESS else None

    def _figure(self, value, short: bool = False) -> str:
        return figure(value, self.kpi.unit, self.currency, short) if value is not None else DASH


class Readings:
    """The readings, trails and targets of many subjects, fetched once."""

    def __init__(
        self, subjects: Sequence[Subject], asked: Asked, currency: str, keys: Iterable[str] | None = None
    ):
        self.asked, self.currency = asked, currency
        self.keys = list(keys or CATALOGUE)
        self.weeks = asked.calendar.trail(WEEKS)
        self.subjects = list(subjects)
        self.days = _days_at_work(self.subjects, self.weeks, asked.calendar.today())
        self.cards = read(self.subjects, [asked.period, *self.weeks])
        self.targets = targets_for(self.subjects, asked.period, self.keys)
        self.near = near_targets(self.subjects)

    def line(self, subject: Subject, key: str, is_judged: bool = True, compared: str = "") -> Line:
        return Line(
            kpi=CATALOGUE[key],
            reading=self.reading(subject, self.asked.period.key, key),
            target=self.targets.get((subject, key)),
            past=tuple(week.value(CATALOGUE[key]) for week in self.trail(subject, key)),
            url=evidence_url(subject, key) + self.asked.query,
            currency=self.currency,
            is_judged=is_judged,
            compared=compared,
            near=self.near.get(subject, NEAR),
        )

    def reading(self, subject: Subject, period: str, key: str) -> Reading | None:
        """None while the subject was never computed."""
        card = self.cards.get((subject, period))
        return card[key] if card and card.computed_at else None

    def trail(self, subject: Subject, key: str) -> list[Week]:
        """The weekly readings, oldest first, with the days at work each was made in."""
        found = []
        for week in self.weeks:
            whole = len(working_days(*passed(week, self.asked.calendar.today())))
            there = self.days.get((subject, week.key), whole)
            found.append(Week(week, self.reading(subject, week.key, key), there, whole))
        return found


def _days_at_work(
    subjects: Sequence[Subject], weeks: Sequence[Period], today: date
) -> dict[tuple[Subject, str], int]:
    """Of reps; a team is always at work. Two queries."""
    reps = Rep.objects.in_bulk([subject.id for subject in subjects if subject.kind == "rep"])
    days = days_at_work(list(reps.values()), weeks, today) if reps else {}
    return {(Subject.rep(pk), week): there for (pk, week), there in days.items()}


def evidence_url(subject: Subject, key: str) -> str:
    if subject.kind == "organisation":
        return reverse("organisation_kpi", args=[key])
    return reverse(f"{subject.kind}_kpi", args=[subject.id, key])

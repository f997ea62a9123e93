"""What observations say together: how alike rep and manager score, and how each criterion changes over quarters.

Only activities both have scored count, here and everywhere: a mean must not tell one side what the other gave.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import fmean
from zoneinfo import ZoneInfo

from coaching.models import Score
from coaching.observed.rubrics import HIGHEST, LOWEST
from kpis.periods import DAY, Calendar, Period
from pipeline.models import Rep

# A mean of fewer talks says more about the talks than about the rep.
LEAST = 3
QUARTERS = 6
# Of the pairs two who score blindly could give, those within one: by chance alone ten of sixteen.
PAIRS = [(one, other) for one in range(LOWEST, HIGHEST + 1) for other in range(LOWEST, HIGHEST + 1)]
BLIND = (sum(abs(one - other) <= 1 for one, other in PAIRS), len(PAIRS))


@dataclass(frozen=True)
class Seen:
    """One criterion of an activity both scored; None where it did not come up for that side."""

    activity: int
    on: date
    criterion: str
    skill: str
    own: int | None = None
    lead: int | None = None


@dataclass(frozen=True)
class Agreement:
    """Of `pairs` criteria scored by both in `activities` talks; `difference` is rep minus manager, in points."""

    activities: int
    pairs: int
    alike: int
    within_one: int
    difference: float | None
    own: float | None
    lead: float | None

    @property
    def is_enough(self) -> bool:
        return self.activities >= LEAST

    @property
    def share(self) -> float | None:
        """Scored alike or within one, 0..1."""
        return self.within_one / self.pairs if self.pairs else None


@dataclass(frozen=True)
class Quarter:
    """A criterion's means in a quarter, by the manager and by the rep, each None from fewer than LEAST scores."""

    period: Period
    lead: float | None
    lead_count: int
    own: float | None
    own_count: int


def seen_of(rep: Rep, zone: ZoneInfo) -> list[Seen]:
    """Every criterion of the activities rep and manager have both scored, by local day, oldest first; one query."""
    rows = Score.objects.filter(observation__rep=rep, observation__activity__rep=rep).order_by(
        "observation__activity__at", "observation__activity_id", "criterion__position"
    )
    found: dict[tuple[int, str], Seen] = {}
    sides: dict[int, set[bool]] = defaultdict(set)
    for activity, at, observer, text, skill, value in rows.values_list(
        "observation__activity_id",
        "observation__activity__at",
        "observation__observer_id",
        "criterion__text",
        "criterion__skill",
        "value",
    ):
        is_own = observer == rep.pk
        sides[activity].add(is_own)
        one = found.get((activity, text)) or Seen(activity, at.astimezone(zone).date(), text, skill)
        found[activity, text] = replace(one, own=value) if is_own else replace(one, lead=value)
    return [one for one in found.values() if len(sides[one.activity]) == 2]


def agreement(seen: Sequence[Seen]) -> Agreement:
    """Over the criteria both gave a score for; what came up for one side only is no pair."""
    pairs = [(one.own, one.lead) for one in seen if one.own is not None and one.lead is not None]
    both = [one for one in seen if one.own is not None and one.lead is not None]
    gaps = [own - lead for own, lead in pairs]
    return Agreement(
        activities=len({one.activity for one in both}),
        pairs=len(pairs),
        alike=sum(gap == 0 for gap in gaps),
        within_one=sum(abs(gap) <= 1 for gap in gaps),
        difference=fmean(gaps) if gaps else None,
        own=fmean(own for own, _lead in pairs) if pairs else None,
        lead=fmean(lead for _own, lead in pairs) if pairs else None,
    )


def by_criterion(seen: Sequence[Seen]) -> dict[str, list[Seen]]:
    """Text -> its rows, those scored last first: a criterion that kept its words through rubrics stays one."""
    found: dict[str, list[Seen]] = defaultdict(list)
    for one in reversed(seen):
        found[one.criterion].append(one)
    last = {text: rows[0].on for text, rows in found.items()}
    return dict(sorted(found.items(), key=lambda item: -last[item[0]].toordinal()))


def quarters(calendar: Calendar, today: date) -> list[Period]:
    """The running quarter and those before it, oldest first."""
    found = [calendar.quarter(today)]
    while len(found) < QUARTERS:
        found.insert(0, calendar.quarter(found[0].start - DAY))
    return found


def change(seen: Sequence[Seen], periods: Sequence[Period]) -> list[Quarter]:
    """One criterion's means by quarter of the talk."""
    return [
        _quarter([one for one in seen if period.start <= one.on < period.end], period) for period in periods
    ]


def _quarter(seen: Sequence[Seen], period: Period) -> Quarter:
    lead = [one.lead for one in seen if one.lead is not None]
    own = [one.own for one in seen if one.own is not None]
    return Quarter(period, mean_of(lead), len(lead), mean_of(own), len(own))


def mean_of(values: Sequence[int]) -> float | None:
    """The mean, from LEAST values on."""
    return fmean(values) if len(values) >= LEAST else None

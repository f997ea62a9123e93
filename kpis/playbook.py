"""Playbooks: which category leads, which KPIs a team has in sight, and from where on something is worth a word."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kpis.catalogue import CATALOGUE
from kpis.catalogue.kpi import Category
from kpis.dated_settings import Dated
from kpis.models import Threshold
from kpis.setting_words import WORDS
from kpis.standing import NEAR
from kpis.subjects import Subject
from pipeline.models import Team

# Focus KPIs of a category: at most so many, and by default fewer where the category does not lead.
AT_MOST, BESIDE = 5, 3
NEAR_TARGET, STALLED = "near_target", "stalled_days"


@dataclass(frozen=True)
class Kind:
    """One of the two playbooks: `order` is that of the categories, the first `leading` of them lead."""

    sentence: str | Promise
    order: tuple[Category, ...]
    leading: int

    def leads(self, category: Category) -> bool:
        return category in self.order[: self.leading]


KINDS = {
    Team.Playbook.NUMBERS: Kind(
        _("Many short sales: what is done and what comes of it lead, quality explains the difference."),
        (Category.ACTIVITY, Category.RESULT, Category.QUALITY),
        2,
    ),
    Team.Playbook.PROCESS: Kind(
        _("Few long sales: how well each deal is worked leads; activity and results follow from it."),
        (Category.QUALITY, Category.ACTIVITY, Category.RESULT),
        1,
    ),
}
# Where no team is meant, all three stand side by side.
EVERYBODY = Kind("", tuple(Category), len(Category))


@dataclass(frozen=True)
class Choice:
    """A threshold a team may set: bounds, unit, and its default where no dated setting of that name holds one."""

    label: str | Promise
    sentence: str | Promise
    unit: str
    least: int
    most: int
    default: int | None = None


def _setting(key: str) -> Choice:
    """A threshold that is the organisation's setting unless the team has its own."""
    words = WORDS[key]
    return Choice(words.label, words.sentence, words.unit, words.least, min(words.most, 365))


THRESHOLDS = {
    NEAR_TARGET: Choice(
        _("near the target"),
        _("From this share of its target on a sum is watched instead of off track."),
        "percent",
        50,
        100,
        round(NEAR * 100),
    ),
    "departments_thin": _setting("departments_thin"),
    "departments_fine": _setting("departments_fine"),
    "untouched_days": _setting("untouched_days"),
    STALLED: Choice(
        _("days in a stage that are long"),
        _(
            "A deal that stays longer is stalled. Without a value of the team's own: longer than three in four of the "
            "organisation's stays in that stage, or this default while there are fewer than ten."
        ),
        "days",
        1,
        365,
        30,
    ),
    "pricing_alert_days": _setting("pricing_alert_days"),
}


@dataclass(frozen=True)
class Playbook:
    """A team's way of selling: its focus KPIs by category, leading ones first, and the thresholds it has set itself."""

    kind: Kind
    focus: dict[Category, list[str]]
    own: dict[str, Decimal]

    @property
    def near(self) -> float:
        """Share of a target from which a sum is watched rather than off track."""
        return near_of(self.own)


def playbook_of(team: Team | None) -> Playbook:
    own = thresholds_of([team.pk]).get(team.pk, {}) if team else {}
    return Playbook(kind_of(team), focus_of(team), own)


def kind_of(team: Team | None) -> Kind:
    return KINDS[Team.Playbook(team.playbook)] if team else EVERYBODY


def focus_of(team: Team | None) -> dict[Category, list[str]]:
    """Category -> the KPIs in sight: the team's own choice, else those that lead, in page order."""
    chosen = {key.strip() for key in (team.focus_kpis if team else "").split(";")}
    kind = kind_of(team)
    defaults = focus_by_default(kind)
    return {
        category: [key for key in keys_of(category) if key in chosen] or defaults[category]
        for category in kind.order
    }


def focus_keys(team: Team | None) -> list[str]:
    """The same as one list, in the order of the team's page."""
    return [key for keys in focus_of(team).values() for key in keys]


def focus_by_default(kind: Kind) -> dict[Category, list[str]]:
    """The KPIs the catalogue lets lead; fewer of a category the playbook does not start from."""
    leading = {
        category: [key for key in keys_of(category) if CATALOGUE[key].leads] for category in kind.order
    }
    return {
        category: keys[: AT_MOST if kind.leads(category) else BESIDE] for category, keys in leading.items()
    }


def keys_of(category: Category) -> list[str]:
    return [key for key, kpi in CATALOGUE.items() if kpi.category == category]


def thresholds_of(teams: Iterable[int | None]) -> dict[int, dict[str, Decimal]]:
    """Team id -> the thresholds it has set itself, in the units of `THRESHOLDS`; one query."""
    found: dict[int, dict[str, Decimal]] = {}
    for row in Threshold.objects.filter(team__in={pk for pk in teams if pk}, key__in=THRESHOLDS):
        found.setdefault(row.team_id, {})[row.key] = row.value
    return found


def near_targets(subjects: Iterable[Subject]) -> dict[Subject, float]:
    """The share that counts as near for reps and teams whose team has set one; a rep's is that of their own team."""
    wanted: dict[str, set[int]] = {"rep": set(), "team": set()}
    for subject in subjects:
        wanted.get(subject.kind, set()).add(subject.id)
    of_these = Q(team__in=wanted["team"]) | Q(team__reps__in=wanted["rep"])
    rows = Threshold.objects.filter(of_these, key=NEAR_TARGET).values_list("team", "team__reps", "value")
    found: dict[Subject, float] = {}
    for team, rep, value in rows:
        found |= {Subject.team(team): float(value) / 100, Subject.rep(rep or 0): float(value) / 100}
    return found


def near_of(own: dict[str, Decimal]) -> float:
    return float(own[NEAR_TARGET]) / 100 if NEAR_TARGET in own else NEAR


def default_of(key: str, today) -> int:
    """What holds for a team without a threshold of its own."""
    default = THRESHOLDS[key].default
    return int(Dated(key).on(today)) if default is None else default

"""A team's rubric: what a good call or meeting has. One is in use; a changed one is new, the old stays under its scores."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coaching.models import Criterion, Rubric
from kpis.catalogue.observed import OBSERVED
from pipeline.models import Team

# Short enough to be filled in while the talk is still fresh.
MOST = 6
LOWEST, HIGHEST = 1, 4
SCALE = {
    1: gettext_lazy("not there"),
    2: gettext_lazy("in part"),
    3: gettext_lazy("there"),
    4: gettext_lazy("worth copying"),
}
DEFAULT = {
    "agenda": (
        gettext_lazy("Agenda set"),
        gettext_lazy("Within the first minutes both sides know what the talk is for and how long it takes."),
    ),
    "questions": (
        gettext_lazy("Questions asked"),
        gettext_lazy("Open questions come before any offer, and the customer talks more than the rep."),
    ),
    "next_step": (
        gettext_lazy("Next step agreed"),
        gettext_lazy("The talk ends with who does what by which day, and the customer has said yes to it."),
    ),
    "price": (
        gettext_lazy("Price defended"),
        gettext_lazy("The value is named before the price; a concession is given only against another."),
    ),
}


@dataclass(frozen=True)
class Wanted:
    """A criterion as somebody enters it; `skill` is a KPI key or empty."""

    text: str
    guide: str = ""
    skill: str = ""


def rubric_in_use(team: Team) -> Rubric | None:
    """The team's own; None where it goes by the default and nobody has scored by it yet."""
    return Rubric.objects.filter(team=team, is_active=True).first()


def criteria_of(rubric: Rubric | None) -> list[Criterion]:
    """In their order; without a rubric those of the default, which are not stored."""
    if rubric is not None:
        return list(rubric.criteria.order_by("position"))
    return [
        Criterion(position=place, text=one.text, guide=one.guide, skill=one.skill)
        for place, one in enumerate(by_default())
    ]


def by_default() -> list[Wanted]:
    """The rubric of a team that has none, in the reader's language."""
    return [Wanted(str(text), str(guide), OBSERVED.get(key, "")) for key, (text, guide) in DEFAULT.items()]


@transaction.atomic
def settled(team: Team) -> Rubric:
    """The rubric in use, made of the default where there is none: scores need one to stand on."""
    locked = Team.objects.select_for_update().get(pk=team.pk)
    return rubric_in_use(locked) or _made(locked, _("Calls and meetings"), by_default())


@transaction.atomic
def replace(team: Team, name: str, wanted: Sequence[Wanted]) -> Rubric:
    """Put a new rubric in use; what was scored keeps the one it was scored by. The caller has locked the team."""
    now = rubric_in_use(team)
    if now is not None and now.name == name and wanted_of(now) == list(wanted):
        return now
    Rubric.objects.filter(team=team, is_active=True).update(is_active=False)
    return _made(team, name, wanted)


def wanted_of(rubric: Rubric | None) -> list[Wanted]:
    return [Wanted(one.text, one.guide, one.skill) for one in criteria_of(rubric)]


def _made(team: Team, name: str, wanted: Sequence[Wanted]) -> Rubric:
    made = Rubric.objects.create(team=team, name=name)
    Criterion.objects.bulk_create(
        Criterion(rubric=made, position=place, text=one.text, guide=one.guide, skill=one.skill)
        for place, one in enumerate(wanted)
    )
    return made

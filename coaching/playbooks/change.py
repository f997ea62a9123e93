"""A team moved to another playbook: what would change is seen first, in memory; saving it leaves a note of who and why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from coaching.figures import number, percent
from kpis.catalogue import CATALOGUE
from kpis.catalogue.kpi import Category
from kpis.models import Threshold
from kpis.playbook import THRESHOLDS, Choice, focus_by_default, focus_of, kind_of, thresholds_of
from kpis.setting_words import PERCENT
from pipeline.models import Team


@dataclass(frozen=True)
class Change:
    """A whole new playbook: the focus KPIs by category (none: those the playbook suggests), thresholds that are set."""

    playbook: str
    focus: Mapping[Category, list[str]]
    thresholds: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def focus_kpis(self) -> str:
        return ";".join(key for key in CATALOGUE if key in {k for keys in self.focus.values() for k in keys})


def change_of(team: Team, playbook: str, ticked: Mapping[Category, list[str]], thresholds) -> Change:
    """What was ticked, without what merely follows from the old or the new playbook: that goes on following it."""
    chosen = {key.strip() for key in team.focus_kpis.split(";") if key.strip()}
    suggested = focus_by_default(kind_of(Team(playbook=playbook)))
    own = {}
    for category, keys in ticked.items():
        had_own = any(CATALOGUE[key].category == category for key in chosen if key in CATALOGUE)
        is_untouched = not had_own and keys == focus_of(team)[category]
        if not is_untouched and set(keys) != set(suggested[category]):
            own[category] = keys
    return Change(playbook, own, thresholds)


def apply(team: Team, change: Change) -> None:
    """Write it; thresholds row by row, since each keeps its own history."""
    team.playbook, team.focus_kpis = change.playbook, change.focus_kpis
    team.save(update_fields=["playbook", "focus_kpis"])
    kept = {row.key: row for row in Threshold.objects.filter(team=team)}
    for key in THRESHOLDS:
        row, value = kept.get(key), change.thresholds.get(key)
        if value is None and row:
            row.delete()
        elif value is not None and (row is None or row.value != value):
            row = row or Threshold(team=team, key=key)
            row.value = value
            row.save()


def keep(team: Team, change: Change, user: Any, why: str) -> None:
    """Write it and note who wanted it and why."""
    said = differences(team, change)
    apply(team, change)
    note = _("%(changes)s Why: %(why)s") % {"changes": " ".join(said), "why": why}
    rows = Team.objects.filter(pk=team.pk)
    LogEntry.objects.log_actions(user.pk, rows, CHANGE, change_message=note, single_object=True)


def differences(team: Team, change: Change) -> list[str]:
    """What the change is, a sentence each."""
    after = Team(playbook=change.playbook, focus_kpis=change.focus_kpis)
    words = {"before": team.get_playbook_display(), "after": after.get_playbook_display()}
    said = [_("Playbook: %(before)s → %(after)s.") % words] if team.playbook != change.playbook else []
    before, then = focus_of(team), focus_of(after)
    for category in Category:
        if set(before[category]) != set(then[category]):
            names = ", ".join(str(CATALOGUE[key].label) for key in then[category])
            said.append(_("%(category)s: %(names)s.") % {"category": category.label, "names": names})
    return said + _moved_thresholds(thresholds_of([team.pk]).get(team.pk, {}), change.thresholds)


def _moved_thresholds(before: Mapping[str, Decimal], after: Mapping[str, Decimal]) -> list[str]:
    return [
        _("%(threshold)s: %(value)s.")
        % {"threshold": capfirst(str(choice.label)), "value": _threshold(after.get(key), choice)}
        for key, choice in THRESHOLDS.items()
        if before.get(key) != after.get(key)
    ]


def _threshold(value: Decimal | None, choice: Choice) -> str:
    if value is None:
        return _("as usual")
    return percent(value / 100) if choice.unit == PERCENT else number(value, 0)


def fingerprint(team: Team) -> str:
    """Changes with every change of the playbook, so that two people who edit it at once are told."""
    own = sorted(
        (key, str(value.normalize())) for key, value in thresholds_of([team.pk]).get(team.pk, {}).items()
    )
    return sha256(repr((team.playbook, team.focus_kpis, own)).encode()).hexdigest()[:16]


class _Undo(Exception):
    """Raised to leave a transaction without a trace."""


def tried(team: Team, change: Change, look: Callable[[Team], Any]) -> tuple[Any, Any]:
    """What `look` sees of the team now, and what it would see afterwards; nothing is kept."""
    before = after = None
    try:
        with transaction.atomic():
            before = look(Team.objects.get(pk=team.pk))
            changed = Team.objects.get(pk=team.pk)
            apply(changed, change)
            after = look(changed)
            raise _Undo
    except _Undo:
        pass
    return before, after


def notes_of(team: Team) -> list[LogEntry]:
    """The latest changes of the team on record, newest first."""
    found = LogEntry.objects.filter(
        content_type__app_label="pipeline", content_type__model="team", object_id=str(team.pk)
    )
    return list(found.select_related("user__rep").order_by("-action_time", "-pk")[:20])

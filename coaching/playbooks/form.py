"""What a manager chooses for a team: playbook, focus KPIs by category, thresholds of its own, and why."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coaching.forms import WIDE
from coaching.playbooks.change import Change, change_of, fingerprint
from kpis.catalogue import CATALOGUE
from kpis.catalogue.kpi import Category
from kpis.playbook import (
    AT_MOST,
    KINDS,
    THRESHOLDS,
    default_of,
    focus_of,
    keys_of,
    thresholds_of,
)
from kpis.setting_words import PERCENT
from pipeline.models import Team


class PlaybookForm(forms.Form):
    """Carries what it was opened on: whoever saved meanwhile is not overwritten unawares."""

    playbook = forms.ChoiceField(
        label=gettext_lazy("Playbook"), choices=Team.Playbook.choices, widget=forms.RadioSelect
    )
    is_suggested = forms.BooleanField(
        label=gettext_lazy("Take the focus KPIs this playbook suggests, whatever is ticked below"),
        required=False,
    )
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=200, widget=forms.TextInput(attrs=WIDE))
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, team: Team, today, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.team, self.today = team, today
        self._add_focus()
        self._add_thresholds()
        self.initial["playbook"], self.initial["seen"] = team.playbook, fingerprint(team)

    def _add_focus(self) -> None:
        for category, keys in focus_of(self.team).items():
            self.fields[_focus(category)] = forms.MultipleChoiceField(
                label=category.label,
                required=False,
                choices=[(key, CATALOGUE[key].label) for key in keys_of(category)],
                widget=forms.CheckboxSelectMultiple,
            )
            self.initial[_focus(category)] = keys

    def _add_thresholds(self) -> None:
        own = thresholds_of([self.team.pk]).get(self.team.pk, {})
        for key, choice in THRESHOLDS.items():
            label = capfirst(str(choice.label))
            self.fields[key] = forms.IntegerField(
                label=f"{label}, %" if choice.unit == PERCENT else label,
                required=False,
                min_value=choice.least,
                max_value=choice.most,
                help_text=_("Empty: %(default)s. %(sentence)s")
                % {"default": default_of(key, self.today), "sentence": choice.sentence},
            )
            self.fields[key].widget.attrs["placeholder"] = default_of(key, self.today)
            self.initial[key] = int(own[key]) if key in own else None

    @property
    def focus_fields(self) -> Iterator[forms.BoundField]:
        return (self[_focus(category)] for category in focus_of(self.team))

    @property
    def threshold_fields(self) -> Iterator[forms.BoundField]:
        return (self[key] for key in THRESHOLDS)

    @property
    def kinds(self) -> list[tuple[str, Any]]:
        """What each playbook means, by its name."""
        return [(str(playbook.label), kind.sentence) for playbook, kind in KINDS.items()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for category in Category:
            if len(cleaned.get(_focus(category), [])) > AT_MOST:
                said = _("At most %(most)d: a few lead, the rest is one click away.") % {"most": AT_MOST}
                self.add_error(_focus(category), said)
        self._in_order(cleaned)
        return cleaned

    def _in_order(self, cleaned: dict[str, Any]) -> None:
        low, high = (
            cleaned.get(key) or default_of(key, self.today)
            for key in ("departments_thin", "departments_fine")
        )
        if low >= high:
            said = _("Thin has to stay below fine: %(low)d and %(high)d.") % {"low": low, "high": high}
            self.add_error("departments_thin", said)

    @property
    def is_stale(self) -> bool:
        """Whether somebody else saved this team's playbook since the form was opened."""
        return self.cleaned_data["seen"] != fingerprint(self.team)

    def refuse_once(self) -> None:
        """Say so; saving again is then a decision, not an accident."""
        said = _("Somebody else changed this playbook meanwhile. Look at it again, then save to keep yours.")
        self.add_error(None, said)
        sent: Any = self.data
        self.data = sent.copy()
        self.data["seen"] = fingerprint(self.team)  # type: ignore[index] # a copy may be written

    @property
    def change(self) -> Change:
        given = self.cleaned_data
        ticked = {category: given[_focus(category)] for category in focus_of(self.team)}
        thresholds = {key: Decimal(given[key]) for key in THRESHOLDS if given.get(key) is not None}
        if given["is_suggested"]:
            return Change(given["playbook"], {}, thresholds)
        return change_of(self.team, given["playbook"], ticked, thresholds)


def _focus(category: Category) -> str:
    return f"focus_{category.value}"

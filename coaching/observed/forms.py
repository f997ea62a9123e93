"""What is entered about observed talks: a score a criterion, and the rubric of a team."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coaching.forms import WIDE
from coaching.models import Criterion, Rubric
from coaching.observed.rubrics import MOST, SCALE, Wanted, criteria_of, wanted_of
from coaching.sessions.forms import Lines, kpi_choices


class ScoreForm(forms.Form):
    """One choice a criterion; carries the rubric it shows, since a team may change its own meanwhile."""

    rubric = forms.CharField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(
        label=gettext_lazy("What you saw or heard"), required=False, max_length=2000, widget=Lines(3)
    )

    def __init__(self, *args: Any, rubric: Rubric | None, criteria: Sequence[Criterion], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.shown, self.criteria = str(rubric.pk) if rubric else "", criteria
        self.initial["rubric"] = self.shown
        choices = [("", _("did not come up")), *((value, f"{value} {word}") for value, word in SCALE.items())]
        for one in criteria:
            self.fields[_score(one)] = forms.TypedChoiceField(
                label=one.text,
                help_text=one.guide,
                choices=choices,
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
            )
            self.initial.setdefault(_score(one), "")

    @property
    def score_fields(self) -> Iterator[forms.BoundField]:
        return (self[_score(one)] for one in self.criteria)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("rubric") != self.shown:
            sent: Any = self.data
            self.data = sent.copy()
            self.data["rubric"] = self.shown  # type: ignore[index] # a copy may be written
            self.add_error(
                None, _("The rubric was changed meanwhile. Look at your scores again, then send them.")
            )
        elif not self.errors and not self.scores:
            self.add_error(None, _("Score at least one criterion."))
        return cleaned

    @property
    def scores(self) -> dict[int, int]:
        """Position of the criterion -> 1..4; those that did not come up are left out."""
        given = {one.position: self.cleaned_data.get(_score(one)) for one in self.criteria}
        return {place: value for place, value in given.items() if value is not None}


class RubricForm(forms.Form):
    """Name and a few criteria, in order; a line without a text is no criterion."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, widget=forms.TextInput(attrs=WIDE))
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, rubric: Rubric | None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.now = str(rubric.pk) if rubric else ""
        self.initial["name"] = rubric.name if rubric else _("Calls and meetings")
        self.initial["seen"] = self.now
        kept = wanted_of(rubric)
        for place in range(MOST):
            self._add_line(place, kept[place] if place < len(kept) else Wanted(""))

    def _add_line(self, place: int, one: Wanted) -> None:
        self.fields[f"text_{place}"] = forms.CharField(
            label=_("What is looked for"), max_length=200, required=False, initial=one.text
        )
        self.fields[f"skill_{place}"] = forms.ChoiceField(
            label=_("Evidence for"), choices=kpi_choices(_("no KPI")), required=False, initial=one.skill
        )
        self.fields[f"guide_{place}"] = forms.CharField(
            label=_("What good looks like"),
            max_length=1000,
            required=False,
            initial=one.guide,
            widget=Lines(2),
        )

    @property
    def lines(self) -> Iterator[tuple[int, list[forms.BoundField]]]:
        for place in range(MOST):
            yield place + 1, [self[f"{name}_{place}"] for name in ("text", "skill", "guide")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        texts = [one.text.casefold() for one in self.wanted]
        if not self.errors and not texts:
            self.add_error("text_0", _("A rubric needs at least one criterion."))
        if len(set(texts)) < len(texts):
            self.add_error(None, _("Two criteria have the same words: nobody could tell their scores apart."))
        return cleaned

    @property
    def wanted(self) -> list[Wanted]:
        names = ("text", "guide", "skill")
        rows = ([self.cleaned_data.get(f"{name}_{n}", "").strip() for name in names] for n in range(MOST))
        return [Wanted(*row) for row in rows if row[0]]

    @property
    def is_stale(self) -> bool:
        """Whether somebody else put another rubric in use since the form was opened."""
        return self.cleaned_data["seen"] != self.now

    def refuse_once(self) -> None:
        """Say so; saving again is then a decision, not an accident."""
        self.add_error(
            None, _("Somebody else changed this rubric meanwhile. Look at it again, then save to keep yours.")
        )
        sent: Any = self.data
        self.data = sent.copy()
        self.data["seen"] = self.now  # type: ignore[index] # a copy may be written


def _score(criterion: Criterion) -> str:
    return f"score_{criterion.position}"


def score_form(rubric: Rubric | None, mine, data=None) -> ScoreForm:
    """The form by a rubric, filled with what this person gave before, if anything."""
    initial: dict[str, Any] = {}
    if mine is not None:
        initial = {_score(score.criterion): score.value for score in mine.scores.all()} | {"note": mine.note}
    return ScoreForm(data, rubric=rubric, criteria=criteria_of(rubric), initial=initial)

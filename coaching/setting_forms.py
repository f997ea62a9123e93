"""A new value of a setting, from a day on, with the reason."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coaching.forms import WIDE, Day
from kpis.dated_settings import Dated
from kpis.setting_words import SENIORITY, WORDS
from pipeline.models import Contact

UNITS = {"days": _("days"), "percent": "%", "seconds": _("seconds")}


class WithdrawForm(forms.Form):
    """Why a planned change is taken back."""

    reason = forms.CharField(label=_("Why"), max_length=200, widget=forms.TextInput(attrs=WIDE))


class SettingForm(forms.Form):
    """The value's field follows from what the setting may hold."""

    from_on = forms.DateField(
        label=_("From"), widget=Day(), help_text=_("Days before it keep the value they had.")
    )
    reason = forms.CharField(label=_("Why"), max_length=200, widget=forms.TextInput(attrs=WIDE))
    field_order = ["value", "from_on", "reason"]

    def __init__(self, *args: Any, key: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.key, self.words = key, WORDS[key]
        self.fields["value"] = self._seniority() if self.words.unit == SENIORITY else self._number()
        self.order_fields(self.field_order)

    def _seniority(self) -> forms.Field:
        levels = [level for level in Contact.Seniority if level]
        return forms.ChoiceField(
            label=_("New value"), choices=[(level.name.lower(), level.label) for level in levels]
        )

    def _number(self) -> forms.Field:
        unit = UNITS.get(self.words.unit)
        label = _("New value (%(unit)s)") % {"unit": unit} if unit else _("New value")
        return forms.IntegerField(label=label, min_value=self.words.least, max_value=self.words.most)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if {"value", "from_on"} <= cleaned.keys():
            self._in_order(cleaned)
        return cleaned

    def _in_order(self, cleaned: dict[str, Any]) -> None:
        """Of two settings that bound each other the lower stays the lower on that day."""
        for low, high in ((key, words.below) for key, words in WORDS.items() if words.below):
            if self.key not in (low, high):
                continue
            other = Dated(high if self.key == low else low).on(cleaned["from_on"])
            if (self.key == low and cleaned["value"] >= other) or (
                self.key == high and cleaned["value"] <= other
            ):
                said = _("“%(low)s” has to stay below “%(high)s”, which would be %(other)d.")
                if self.key == high:
                    said = _("“%(high)s” has to stay above “%(low)s”, which would be %(other)d.")
                words = {"low": WORDS[low].label, "high": WORDS[high].label, "other": other}
                self.add_error("value", said % words)

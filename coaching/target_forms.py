"""What a manager enters to ask something of a team or a rep: a number in the KPI's own unit, a day, and why."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from coaching.figures import SIGNS
from coaching.forms import WIDE, Day
from kpis.catalogue import CATALOGUE
from kpis.catalogue.composites import Composite
from kpis.catalogue.kpi import Kpi, Unit
from kpis.models import Target
from pipeline.admin.conflicts import GuardedForm

HUNDRED = Decimal(100)
EXACT = Decimal("0.0001")
SAME_DAY = _("A target holds from that day already: change that one, or pick another day.")


class TargetForm(GuardedForm):
    """A target of one KPI and subject, both fixed by the page; percents are typed as 35 and kept as 0.35."""

    value = forms.DecimalField(label=_("Target"), max_digits=12, decimal_places=2)
    stretch = forms.DecimalField(label=_("Stretch"), max_digits=12, decimal_places=2, required=False)
    reason = forms.CharField(label=_("Why"), max_length=100, widget=forms.TextInput(attrs=WIDE))

    class Meta:
        model = Target
        fields = ["value", "stretch", "period", "from_on"]
        widgets = {"from_on": Day()}

    def __init__(self, *args: Any, currency: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["from_on"].help_text = _("Days before it keep the target they had.")
        for name in ("value", "stretch"):
            field = self.fields[name]
            field.label = f"{field.label}{unit_note(self.kpi, currency)}"
            field.widget.attrs["step"] = "any"
            if (stored := getattr(self.instance, name)) is not None:
                shown = stored * HUNDRED if self._is_percent else stored
                self.initial[name] = f"{shown.normalize():f}"

    @property
    def kpi(self) -> Kpi:
        return CATALOGUE[self.instance.kpi]

    @property
    def _is_percent(self) -> bool:
        return self.kpi.unit == Unit.PERCENT

    def clean_value(self) -> Decimal:
        return self._number("value")

    def clean_stretch(self) -> Decimal | None:
        return None if self.cleaned_data["stretch"] is None else self._number("stretch")

    def _number(self, name: str) -> Decimal:
        """The number as it is kept; one that the unit cannot have is refused."""
        number = self.cleaned_data[name]
        if number < 0 and self.kpi.unit != Unit.NUMBER:
            raise forms.ValidationError(_("This cannot be below nought."))
        if not self._is_percent:
            return number
        if number > HUNDRED and not isinstance(self.kpi.measure, Composite):
            raise forms.ValidationError(_("A share cannot be more than 100 %."))
        return (number / HUNDRED).quantize(EXACT)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        value, stretch = cleaned.get("value"), cleaned.get("stretch")
        if value is not None and stretch is not None and self._is_easier(stretch, value):
            self.add_error("stretch", _("A stretch asks for more than the target, not for less."))
        if {"period", "from_on"} <= cleaned.keys() and self._same_day(cleaned).exists():
            self.add_error("from_on", SAME_DAY)
        return cleaned

    def _is_easier(self, stretch: Decimal, value: Decimal) -> bool:
        return stretch < value if self.kpi.good == "up" else stretch > value

    def _same_day(self, cleaned: dict[str, Any]):
        own = self.instance
        same = Target.objects.filter(kpi=own.kpi, rep=own.rep, team=own.team)
        return same.filter(period=cleaned["period"], from_on=cleaned["from_on"]).exclude(pk=own.pk)

    def kept(self) -> bool:
        """Save; False where somebody set a target for the same day in the same moment."""
        try:
            with transaction.atomic():
                self.save()
        except IntegrityError:
            self.add_error("from_on", SAME_DAY)
            return False
        return True

    def save(self, commit: bool = True) -> Target:
        self.instance._change_reason = self.cleaned_data["reason"]
        return super().save(commit)


class ReasonForm(forms.Form):
    """Why a target goes."""

    reason = forms.CharField(label=_("Why"), max_length=100, widget=forms.TextInput(attrs=WIDE))


class Pick(forms.Form):
    """Which KPI of whom a target is to be set on."""

    kpi = forms.ChoiceField(label=_("KPI"))
    whom = forms.ChoiceField(label=_("For"))

    def __init__(self, *args: Any, team, reps, **kwargs: Any):
        super().__init__(*args, **kwargs)
        kpis: Any = self.fields["kpi"]
        kpis.choices = [(key, kpi.label) for key, kpi in CATALOGUE.items()]
        whom: Any = self.fields["whom"]
        whom.choices = [("team", team.name), *((str(rep.pk), rep.name) for rep in reps)]


def unit_note(kpi: Kpi, currency: str) -> str:
    """What stands behind a field's name, so that nobody types a share as a fraction."""
    units = {
        Unit.PERCENT: "%",
        Unit.MONEY: SIGNS.get(currency, currency),
        Unit.DAYS: _("days"),
        Unit.HOURS: _("hours"),
    }
    return f" ({units[kpi.unit]})" if kpi.unit in units else ""

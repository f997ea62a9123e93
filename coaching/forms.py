"""What people enter on the pages: a deal's next state, a dated fact, the filter of the deals."""

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pipeline import access
from pipeline.admin.conflicts import GuardedForm
from pipeline.models import Deal, DealFact, Rep, Stage
from pipeline.models.deals import Milestone

# A field as wide as its form.
WIDE = {"class": "all"}


class Day(forms.DateInput):
    """The browser's own date field; it wants ISO dates whatever the language."""

    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class NextStepForm(GuardedForm):
    """What a manager may change on a rep's deal."""

    class Meta:
        model = Deal
        fields = ["next_step", "next_step_on"]
        widgets = {"next_step": forms.TextInput(attrs=WIDE), "next_step_on": Day()}


class DealForm(NextStepForm):
    """What the deal's owner and an admin may change."""

    class Meta(NextStepForm.Meta):
        fields = [
            "stage",
            "amount",
            "expected_close_on",
            "forecast",
            "nda",
            "lost_reason",
            "next_step",
            "next_step_on",
        ]
        widgets = NextStepForm.Meta.widgets | {
            "expected_close_on": Day(),
            "lost_reason": forms.TextInput(attrs=WIDE),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _choice(self, "stage").queryset = _stages_beside(self.instance)
        self.fields["stage"].required = self.instance.stage_id is not None
        self.fields["amount"].widget.attrs["step"] = "0.01"
        self.fields["lost_reason"].help_text = _("Only where the deal is lost.")

    def clean(self):
        cleaned = super().clean()
        stage = cleaned.get("stage")
        if stage and stage.milestone == Milestone.LOST and not cleaned.get("lost_reason"):
            self.add_error("lost_reason", _("Say why it was lost: the reason is what one learns from."))
        return cleaned


class FactForm(forms.ModelForm):
    """Something dated that happened in the deal."""

    class Meta:
        model = DealFact
        fields = ["kind", "on", "note"]
        widgets = {"on": Day(), "note": forms.TextInput(attrs=WIDE)}

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        same = {"kind": cleaned.get("kind"), "on": cleaned.get("on"), "activity": None}
        is_dated = all(name in cleaned for name in ("kind", "on"))
        if is_dated and self.instance.deal.facts.filter(**same).exists():
            raise forms.ValidationError(_("This is noted for that day already."))
        return cleaned


class DealsFilter(forms.Form):
    """Which deals; every field may stay empty, and what is not offered is refused."""

    OPEN, WON, LOST, ALL = "open", "won", "lost", "all"
    GROUPS = (("", _("all")), ("more", _("need more")), ("fine", _("fine")), ("less", _("need less")))

    q = forms.CharField(label=_("Deal or account"), required=False, max_length=200)
    owner = forms.ModelChoiceField(
        Rep.objects.none(), label=_("Rep"), required=False, empty_label=_("everyone")
    )
    stage = forms.ModelChoiceField(
        Stage.objects.none(), label=_("Stage"), required=False, empty_label=_("any")
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            (OPEN, pgettext_lazy("deals", "open")),
            (WON, pgettext_lazy("deals", "won")),
            (LOST, pgettext_lazy("deals", "lost")),
            (ALL, _("all")),
        ],
    )
    attention = forms.ChoiceField(required=False, choices=GROUPS, widget=forms.HiddenInput)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        reps = access.reps_visible_to(user)
        _choice(self, "owner").queryset, _choice(self, "stage").queryset = reps, Stage.objects.all()
        if reps.count() < 2:
            del self.fields["owner"]


def _choice(form: forms.BaseForm, name: str) -> forms.ModelChoiceField:
    return cast(forms.ModelChoiceField, form.fields[name])


def _stages_beside(deal: Deal):
    """The stages of the deal's own pipeline; all of them where it has none yet."""
    if deal.stage is None:
        return Stage.objects.all()
    return Stage.objects.filter(pipeline=deal.stage.pipeline)

"""What people enter on the pages: a deal's next state, a dated fact, the filter of the deals."""

from django import forms
from django.utils.translation import gettext_lazy as _

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
        self.fields["stage"].queryset = _stages_beside(self.instance)
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


class DealsFilter(forms.Form):
    """Which deals; every field may stay empty, and what is not offered is refused."""

    OPEN, WON, LOST, ALL = "open", "won", "lost", "all"

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
        choices=[(OPEN, _("open")), (WON, _("won")), (LOST, _("lost")), (ALL, _("all"))],
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = access.reps_visible_to(user)
        self.fields["stage"].queryset = Stage.objects.all()
        if self.fields["owner"].queryset.count() < 2:
            del self.fields["owner"]


def _stages_beside(deal: Deal):
    """The stages of the deal's own pipeline; all of them where it has none yet."""
    if deal.stage_id is None:
        return Stage.objects.all()
    return Stage.objects.filter(pipeline=deal.stage.pipeline)

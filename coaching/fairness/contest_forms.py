"""What a rep says about a row that is not right, and what the manager answers."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from coaching.forms import WIDE
from coaching.models import Contest
from pipeline import access
from pipeline.models import Activity

REASONS = {
    Contest.Reason.WRONG_DEAL: _("It belongs to another deal, or to none"),
    Contest.Reason.NOT_AN_ANSWER: _("It is not an answer: an automatic reply"),
    Contest.Reason.PRIVATE: _("It is private"),
}


class ContestForm(forms.ModelForm):
    """Only reasons that can be true of the row are offered, and only deals the rep may see."""

    class Meta:
        model = Contest
        fields = ["reason", "right_deal", "words"]
        widgets = {"reason": forms.RadioSelect, "words": forms.Textarea(attrs={**WIDE, "rows": 3})}

    def __init__(self, *args: Any, user, activity: Activity, answer: int | None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.activity = activity
        reason = cast(forms.ChoiceField, self.fields["reason"])
        reason.choices = [
            (key.value, words)
            for key, words in REASONS.items()
            if answer is not None or key != Contest.Reason.NOT_AN_ANSWER
        ]
        deal = cast(forms.ModelChoiceField, self.fields["right_deal"])
        deal.queryset = access.deals_visible_to(user)
        deal.empty_label = _("no deal at all")
        deal.help_text = _("Where it belongs to another deal: which.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("reason") != Contest.Reason.WRONG_DEAL:
            cleaned["right_deal"] = None
        elif cleaned.get("right_deal") == self.activity.deal:
            self.add_error("right_deal", _("It stands with this deal already: name another."))
        return cleaned


class DecisionForm(forms.Form):
    """Accept or refuse; who refuses says why."""

    ACCEPT, REFUSE = "accept", "refuse"

    verdict = forms.ChoiceField(choices=[(ACCEPT, _("Accept")), (REFUSE, _("Refuse"))])
    decision = forms.CharField(
        label=_("Your answer"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={**WIDE, "rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("verdict") == self.REFUSE and not cleaned.get("decision", "").strip():
            self.add_error("decision", _("Say why: a refusal without a reason is none."))
        return cleaned

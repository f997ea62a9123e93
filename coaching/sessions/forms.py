"""What is entered around a session: the plan, the rep's answers, the notes, a commitment, a series."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coaching.forms import WIDE, Day
from coaching.models import Commitment, Question, Series, Session
from kpis.catalogue import CATALOGUE
from kpis.catalogue.kpi import Category, Unit
from kpis.periods import Calendar
from pipeline.admin.conflicts import GuardedForm
from pipeline.models import Deal

MOST_DEALS = 3
QUESTIONS = 3


class Time(forms.TimeInput):
    """The browser's own time field."""

    input_type = "time"

    def __init__(self):
        super().__init__(format="%H:%M")


class Lines(forms.Textarea):
    """Some lines of text, as wide as the form."""

    def __init__(self, rows: int = 3):
        super().__init__(attrs={"rows": rows, **WIDE})


def kpi_choices(empty: str | Promise) -> list[tuple]:
    """The catalogue by category, behind an empty choice."""
    groups = [
        (category.label, [(key, kpi.label) for key, kpi in CATALOGUE.items() if kpi.category == category])
        for category in Category
    ]
    return [("", empty), *groups]


class PlanForm(GuardedForm):
    """When, what to praise, what to work on, on which deals, and what the rep is asked beforehand."""

    day = forms.DateField(label=_("Day"), widget=Day())
    time = forms.TimeField(label=_("Time"), widget=Time())
    skill = forms.ChoiceField(label=_("One skill to work on"), required=False)
    praise = forms.ChoiceField(label=_("One thing to praise"), required=False)
    deals = forms.ModelMultipleChoiceField(
        Deal.objects.none(),
        label=_("Deals where it still matters, at most three"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Session
        fields = ["minutes", "skill", "praise", "why"]
        widgets = {"why": Lines(2)}

    field_order = ["day", "time", "minutes", "skill", "praise", "why", "deals"]

    def __init__(self, *args: Any, deals: list[Deal], questions: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, empty in (("skill", _("none yet")), ("praise", _("none yet"))):
            choice: Any = self.fields[name]
            choice.choices = kpi_choices(empty)
        offered: Any = self.fields["deals"]
        offered.queryset = Deal.objects.filter(pk__in=[deal.pk for deal in deals])
        offered.choices = [(deal.pk, deal.name) for deal in deals]
        self.fields["why"].help_text = _("The rep reads this too.")
        for place in range(QUESTIONS):
            self.fields[f"question_{place}"] = forms.CharField(
                label=_("Question %(number)d to the rep") % {"number": place + 1},
                required=False,
                max_length=500,
                initial=questions[place] if place < len(questions) else "",
                widget=forms.TextInput(attrs=WIDE),
            )
        if self.instance.pk:
            local = self.instance.at.astimezone(Calendar.current().zone)
            self.initial.update(day=local.date(), time=local.time())

    def clean_minutes(self) -> int:
        minutes = self.cleaned_data["minutes"]
        if not 5 <= minutes <= 240:
            raise forms.ValidationError(_("Between 5 minutes and 4 hours."))
        return minutes

    def clean_day(self) -> date:
        day = self.cleaned_data["day"]
        if "day" in self.changed_data and day < Calendar.current().today():
            raise forms.ValidationError(_("That day has passed."))
        return day

    def clean_deals(self):
        chosen = self.cleaned_data["deals"]
        if len(chosen) > MOST_DEALS:
            raise forms.ValidationError(_("At most three: what is on every deal is on none."))
        return chosen

    @property
    def at(self) -> datetime:
        """The moment of a valid form, by the organisation's clock."""
        cleaned = self.cleaned_data
        return datetime.combine(cleaned["day"], cleaned["time"], Calendar.current().zone)

    @property
    def asked(self) -> list[str]:
        texts = (self.cleaned_data[f"question_{place}"].strip() for place in range(QUESTIONS))
        return [text for text in texts if text]


class AnswerForm(forms.Form):
    """The rep's own answers, one field a question."""

    def __init__(self, *args: Any, questions: list[Question], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            self.fields[f"answer_{question.pk}"] = forms.CharField(
                label=question.text, required=False, max_length=5000, initial=question.answer, widget=Lines()
            )

    def given(self) -> list[tuple[Question, str]]:
        return [(one, self.cleaned_data[f"answer_{one.pk}"].strip()) for one in self.questions]


class NotesForm(GuardedForm):
    """What both keep of the talk."""

    class Meta:
        model = Session
        fields = ["shared_notes"]
        widgets = {"shared_notes": Lines(5)}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["shared_notes"].help_text = _("The rep reads these.")


class PrivateForm(forms.Form):
    """What only the manager who writes it ever reads."""

    text = forms.CharField(
        label=_("Private notes"),
        required=False,
        max_length=20_000,
        widget=Lines(3),
        help_text=_("Only you ever see these."),
    )


class CommitmentForm(forms.ModelForm):
    """A commitment; the change is typed as its size, in points for a percentage, and kept with its direction."""

    kpi = forms.ChoiceField(label=_("KPI it should move"), required=False)

    class Meta:
        model = Commitment
        fields = ["text", "kpi", "expected", "review_on"]
        widgets = {"text": Lines(2), "review_on": Day()}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["kpi"]
        choice.choices = kpi_choices(_("none"))
        self.fields["expected"].label = _("By how much")
        self.fields["expected"].widget.attrs["step"] = "any"
        self.fields["expected"].help_text = _("In the KPI's own unit; points for a percentage.")

    def has_changed(self) -> bool:
        """A day alone is no commitment yet."""
        return bool({"text", "kpi", "expected"} & set(self.changed_data))

    def clean_expected(self):
        expected = self.cleaned_data["expected"]
        if expected is not None and expected <= 0:
            raise forms.ValidationError(_("Say the size of the change; it goes the way that is better."))
        return expected

    def clean_review_on(self) -> date:
        day = self.cleaned_data["review_on"]
        if day <= Calendar.current().today():
            raise forms.ValidationError(_("A review needs time: pick a day ahead."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        kpi = CATALOGUE.get(cleaned.get("kpi") or "")
        if kpi is None:
            cleaned["expected"] = None
        elif cleaned.get("expected") is None and "expected" not in self.errors:
            self.add_error("expected", _("Say what change you hope for, so that it can be looked at again."))
        elif cleaned.get("expected") is not None:
            size = cleaned["expected"] / 100 if kpi.unit == Unit.PERCENT else cleaned["expected"]
            cleaned["expected"] = size if kpi.good == "up" else -size
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """The baseline comes with the session, after this form is read."""
        excluded = super()._get_validation_exclusions()  # type: ignore[misc] # the stubs lack it
        return excluded | {"baseline_from", "baseline_to"}


class SeriesForm(forms.ModelForm):
    """Every so many weeks on the weekday of the first day."""

    class Meta:
        model = Series
        fields = ["from_on", "time", "minutes", "every_weeks", "to_on"]
        widgets = {"from_on": Day(), "to_on": Day(), "time": Time()}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["to_on"].help_text = _("Empty: it goes on until you end it.")

    def clean_from_on(self) -> date:
        day = self.cleaned_data["from_on"]
        if day < Calendar.current().today():
            raise forms.ValidationError(_("That day has passed."))
        return day

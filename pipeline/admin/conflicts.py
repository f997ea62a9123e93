"""Two people edit one record: the second is told, shown both, and may save again on purpose."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import formats, timezone
from django.utils.translation import gettext as _


class GuardedForm(forms.ModelForm):
    """Carries the version its page was opened on. While it is checked the stored row is locked, as `stored`."""

    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    stored: Any = None

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["seen_version"].initial = version_of(self.instance)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk:
            manager = type(self.instance)._default_manager
            self.stored = manager.select_for_update().get(pk=self.instance.pk)
            current = version_of(self.stored)
            if cleaned.get("seen_version") != current:
                self._accept_next_time(current)
                raise ValidationError([_told(self.stored), *self._both(cleaned)], code="conflict")
        return cleaned

    def _accept_next_time(self, current: int) -> None:
        """The page now shows what was saved meanwhile: saving it again is a decision, not an accident."""
        sent: Any = self.data
        self.data = sent.copy()
        self.data[self.add_prefix("seen_version")] = str(current)  # type: ignore[index] # a copy may be written

    def _both(self, cleaned: dict[str, Any]) -> list[str]:
        """One line per field in which the stored value and this form differ."""
        lines = []
        for name, field in self.fields.items():
            if name in cleaned and hasattr(self.stored, name):
                theirs, yours = getattr(self.stored, name), cleaned[name]
                if theirs != yours and (theirs or yours):
                    values = {"field": field.label, "theirs": _shown(theirs), "yours": _shown(yours)}
                    lines.append(_("%(field)s: saved is “%(theirs)s”, yours is “%(yours)s”.") % values)
        return lines


def version_of(record: Any) -> int:
    """A number that rises with every change: the record's own, else that of its history."""
    own = getattr(record, "version", None)
    if own is not None:
        return own
    latest = record.history.order_by("-history_id").values_list("history_id", flat=True).first()
    return latest or 0


def _told(stored: Any) -> str:
    latest = stored.history.select_related("history_user").order_by("-history_id").first()
    if latest is None or latest.history_user is None:
        return _("This was changed while you were editing it. Look at both, then save again to keep yours.")
    values = {
        "who": latest.history_user.get_full_name() or latest.history_user.get_username(),
        "when": formats.date_format(timezone.localtime(latest.history_date), "TIME_FORMAT"),
    }
    return (
        _(
            "%(who)s changed this at %(when)s while you were editing it. Look at both, then save again to keep yours."
        )
        % values
    )


def _shown(value: Any) -> str:
    return (
        "–"
        if value in (None, "")
        else formats.localize(value)
        if not isinstance(value, Model)
        else str(value)
    )

"""Targets: what reps and teams are asked to reach, entered and searched like every record."""

from typing import Any

from django import forms
from django.contrib import admin

from kpis.catalogue import CATALOGUE
from kpis.models import Target
from pipeline.admin.base import RecordWithPast


class TargetForm(forms.ModelForm):
    """The KPI is picked from the catalogue by its name."""

    kpi = forms.ChoiceField(label=Target._meta.get_field("kpi").verbose_name)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kpi"]
        field.choices = [(key, kpi.label) for key, kpi in CATALOGUE.items()]


@admin.register(Target)
class TargetAdmin(RecordWithPast):
    form = TargetForm
    list_display = ["kpi", "rep", "team", "period", "from_on", "value", "stretch"]
    list_select_related = ["rep", "team"]
    list_filter = ["kpi", "period", "team"]
    search_fields = ["kpi", "rep__name_key", "team__name_key"]
    autocomplete_fields = ["rep", "team"]
    fields = [("kpi", "period", "from_on"), ("rep", "team"), ("value", "stretch")]

"""Reps, teams, what their time costs and when they were away."""

from itertools import pairwise
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from pipeline.admin.base import RecordAdmin, RecordInline
from pipeline.models import Absence, JobCost, Rep, Team, TeamMove, TimeEntry
from pipeline.writing import record_team


class TeamMoves(RecordInline):
    model = TeamMove
    fk_name = "rep"
    fields = ["team", "from_on"]
    autocomplete_fields = ["team"]


class NoOverlap(forms.BaseInlineFormSet):
    """A rep is away once at a time. The rep's row is locked, so that two savers cannot both be right."""

    def clean(self) -> None:
        super().clean()
        if self.instance.pk:
            Rep.objects.select_for_update().get(pk=self.instance.pk)
        spans = sorted(
            (form.cleaned_data["from_on"], form.cleaned_data["to_on"])
            for form in self.forms
            if {"from_on", "to_on"} <= form.cleaned_data.keys() and not form.cleaned_data.get("DELETE")
        )
        for (_first, until), (since, _last) in pairwise(spans):
            if since <= until:
                raise ValidationError(_("Two absences overlap on %(day)s.") % {"day": since})


class Absences(RecordInline):
    model = Absence
    formset = NoOverlap
    fields = ["from_on", "to_on", "reason"]


@admin.register(Rep)
class RepAdmin(RecordAdmin):
    """A change of team also enters the rep's moves, from today."""

    list_display = ["name", "team", "role", "job", "started_on", "ramped_on", "ended_on", "is_machine"]
    list_select_related = ["team"]
    list_filter = ["team", "role", "job", "is_machine"]
    search_fields = ["name_key", "email"]
    autocomplete_fields = ["team", "account_user"]
    inlines = [TeamMoves, Absences]
    fields = [
        ("name", "email"),
        ("team", "role", "job"),
        ("started_on", "ramped_on", "ended_on"),
        ("account_user", "is_machine"),
    ]

    def save_model(self, request: HttpRequest, obj: Rep, form: Any, change: bool) -> None:
        form.before = Rep.objects.get(pk=obj.pk) if change else None
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        record_team(form.before, form.instance)


@admin.register(Team)
class TeamAdmin(RecordAdmin):
    list_display = ["name", "parent", "manager", "playbook"]
    list_select_related = ["parent", "manager"]
    list_filter = ["playbook"]
    search_fields = ["name_key"]
    autocomplete_fields = ["parent", "manager"]


@admin.register(JobCost)
class JobCostAdmin(RecordAdmin):
    list_display = ["job", "from_on", "hourly_cost", "currency"]
    list_filter = ["job"]
    search_fields = ["job"]


@admin.register(TimeEntry)
class TimeEntryAdmin(RecordAdmin):
    list_display = ["rep", "on", "hours", "deal"]
    list_select_related = ["rep", "deal"]
    list_filter = ["rep__team"]
    search_fields = ["rep__name_key", "deal__name_key"]
    date_hierarchy = "on"
    autocomplete_fields = ["rep", "deal"]
    show_full_result_count = False

"""Deals with everything around them on one page, and the stages of the pipelines."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from pipeline.access import rep_of
from pipeline.admin.base import RecordAdmin, RecordInline, RecordWithPast
from pipeline.admin.conflicts import GuardedForm
from pipeline.models import Deal, DealChange, DealContact, DealFact, DealMove, Stage, StageChange
from pipeline.writing import mark_close, record_changes


class DealContacts(RecordInline):
    model = DealContact
    fields = ["contact", "role", "from_at"]
    autocomplete_fields = ["contact"]


class DealFacts(RecordInline):
    model = DealFact
    fields = ["kind", "on", "activity", "note"]
    autocomplete_fields = ["activity"]


class StageChanges(RecordInline):
    model = StageChange
    fields = ["stage", "at", "is_dated", "actor"]
    autocomplete_fields = ["stage", "actor"]


class DealMoves(RecordInline):
    model = DealMove
    fields = ["owner", "from_at"]
    autocomplete_fields = ["owner"]


class DealChanges(RecordInline):
    model = DealChange
    fields = ["field", "value", "at"]


@admin.register(Deal)
class DealAdmin(RecordWithPast):
    """Changes of stage, owner, amount, cost, expected close and forecast also enter the deal's dated rows."""

    form = GuardedForm
    list_display = [
        "name",
        "account",
        "owner",
        "stage",
        "amount",
        "currency",
        "expected_close_on",
        "closed_at",
    ]
    list_select_related = ["account", "owner", "stage"]
    list_filter = ["stage", "forecast", "nda", "lead_source", "owner__team"]
    search_fields = ["name_key", "account__name_key"]
    date_hierarchy = "created_at"
    autocomplete_fields = ["account", "owner", "created_by", "stage", "lead_source"]
    inlines = [DealContacts, DealFacts, StageChanges, DealMoves, DealChanges]
    fields = [
        "seen_version",
        "name",
        "account",
        ("owner", "created_by"),
        ("stage", "forecast"),
        ("amount", "cost", "currency"),
        ("created_at", "is_created_dated"),
        "expected_close_on",
        ("closed_at", "is_closed_dated", "lost_reason"),
        ("nda", "lead_source"),
        ("next_step", "next_step_on"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Deal]:
        return super().get_queryset(request).defer("name_key")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        rep = rep_of(request.user)
        return {
            "created_at": timezone.now(),
            "created_by": rep and rep.pk,
            **super().get_changeform_initial_data(request),
        }

    def save_model(self, request: HttpRequest, obj: Deal, form: GuardedForm, change: bool) -> None:
        mark_close(obj, timezone.now())
        if change and form.has_changed():
            obj.version = form.stored.version + 1
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: GuardedForm, formsets: Any, change: bool) -> None:
        """After the rows entered by hand, so that they stand and only what they do not say is added."""
        super().save_related(request, form, formsets, change)
        deal = form.instance
        at = timezone.now() if change else deal.created_at or timezone.now()
        record_changes(form.stored, deal, rep_of(request.user), at)


@admin.register(Stage)
class StageAdmin(RecordAdmin):
    list_display = ["name", "pipeline", "position", "milestone", "probability"]
    list_filter = ["pipeline", "milestone"]
    search_fields = ["name"]
    ordering = ["pipeline", "position"]

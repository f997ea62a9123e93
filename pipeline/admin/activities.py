"""Calls, mails, texts and meetings, and the materials handed over in them."""

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from pipeline.admin.base import FOLD, EstimatingPaginator, RecordAdmin, RecordInline
from pipeline.models import Account, Activity, ActivityContact, ActivityMaterial, Material, Rep

NAMES = 200  # accounts and reps a search may stand for


class People(RecordInline):
    model = ActivityContact
    fk_name = "activity"
    fields = ["contact", "part", "attended", "outcome"]
    autocomplete_fields = ["contact"]


class HandedOver(RecordInline):
    model = ActivityMaterial
    fields = ["material"]
    autocomplete_fields = ["material"]


@admin.register(Activity)
class ActivityAdmin(RecordAdmin):
    """Millions of rows: the newest entered first, no full counts, search by whom it was with or whose it was."""

    list_display = ["at", "kind", "direction", "rep", "account", "status", "outcome", "subject"]
    list_select_related = ["rep", "account"]
    list_filter = ["kind", "direction", "status", "outcome", "is_internal"]
    search_fields = ["account__name_key"]
    search_help_text = _("The beginning of an account's or a rep's name, or an activity's number.")
    ordering = ["-pk"]
    paginator = EstimatingPaginator
    show_full_result_count = False
    autocomplete_fields = ["rep", "booked_by", "account", "deal", "in_reply_to"]
    inlines = [People, HandedOver]
    fields = [
        ("kind", "direction", "at"),
        ("rep", "account", "deal"),
        ("type", "subject"),
        ("outcome", "interest", "duration_s"),
        ("status", "booked_at", "booked_by"),
        ("in_reply_to", "provider_id", "is_internal"),
    ]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """By prefix and in two steps: text search over all subjects would read the whole table."""
        term = search_term.strip().lower().translate(FOLD)
        if not term:
            return queryset, False
        if term.isdigit() and len(term) < 19:
            return queryset.filter(pk=int(term)), False
        accounts = Account.objects.filter(name_key__startswith=term).order_by("name_key")
        reps = Rep.objects.filter(name_key__startswith=term).order_by("name_key")
        found = [list(names.values_list("pk", flat=True)[:NAMES]) for names in (accounts, reps)]
        return queryset.filter(Q(account__in=found[0]) | Q(rep__in=found[1])), False


@admin.register(Material)
class MaterialAdmin(RecordAdmin):
    list_display = ["name", "type"]
    list_filter = ["type"]
    search_fields = ["name_key"]

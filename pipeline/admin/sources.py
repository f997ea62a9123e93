"""Lead sources, spend and exchange rates."""

from django.contrib import admin

from pipeline.admin.base import RecordAdmin
from pipeline.models import ExchangeRate, LeadSource, Spend


@admin.register(LeadSource)
class LeadSourceAdmin(RecordAdmin):
    list_display = ["name"]
    search_fields = ["name_key"]
    fields = ["name"]


@admin.register(Spend)
class SpendAdmin(RecordAdmin):
    list_display = ["month", "kind", "amount", "currency", "lead_source", "team"]
    list_select_related = ["lead_source", "team"]
    list_filter = ["kind", "lead_source", "team"]
    date_hierarchy = "month"
    autocomplete_fields = ["lead_source", "team"]


@admin.register(ExchangeRate)
class ExchangeRateAdmin(RecordAdmin):
    list_display = ["currency", "on", "rate"]
    list_filter = ["currency"]
    date_hierarchy = "on"

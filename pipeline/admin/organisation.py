"""The organisation, its dated settings, and the imports that were run."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from pipeline.admin.base import RecordAdmin
from pipeline.models import ImportBatch, Organisation, Setting


@admin.register(Organisation)
class OrganisationAdmin(RecordAdmin):
    """There is one: it is changed, never added to or deleted."""

    list_display = ["name", "time_zone", "currency"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and not Organisation.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Setting)
class SettingAdmin(RecordAdmin):
    list_display = ["key", "value", "from_on"]
    list_filter = ["key"]


@admin.register(ImportBatch)
class ImportBatchAdmin(RecordAdmin):
    """To look at: imports are run and undone on their own page."""

    list_display = ["started_at", "source", "preset", "state", "actor", "finished_at"]
    list_select_related = ["actor"]
    list_filter = ["state", "source"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

"""What all record pages share: who may use them, search that ignores accents, counts that stay cheap."""

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import QuerySet, TextField
from django.forms import Textarea
from django.http import HttpRequest
from django.utils.functional import cached_property
from simple_history.admin import SimpleHistoryAdmin

from pipeline.access import is_admin
from pipeline.models.record import ACCENTED, PLAIN

FOLD = str.maketrans(ACCENTED, PLAIN)


class ForAdministrators:
    """Whoever may enter the site may do everything in it; nobody needs permissions model by model."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_admin(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_admin(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_admin(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_admin(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_admin(request.user)


class RecordAdmin(ForAdministrators, admin.ModelAdmin):
    """A record's list and form. Search fields ending in `name_key` match without accents and case."""

    list_per_page = 50
    save_on_top = True

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        return super().get_search_results(request, queryset, search_term.lower().translate(FOLD))


class RecordWithPast(RecordAdmin, SimpleHistoryAdmin):
    """Its versions can be looked at. Going back is an edit like any other, so that its dated rows follow."""

    object_history_list_template = "admin/_history.html"

    def revert_disabled(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


class RecordInline(ForAdministrators, admin.TabularInline):
    """Rows that belong to a record: some empty ones where it is new, one afterwards."""

    formfield_overrides = {TextField: {"widget": Textarea(attrs={"rows": 2, "cols": 30})}}

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 1 if obj else 2


class EstimatingPaginator(Paginator):
    """For tables of millions: unfiltered, the planner's estimate is count enough."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        query = rows.query
        if query.where or query.distinct:
            return super().count
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass",
                [query.model._meta.db_table],
            )
            estimate = cursor.fetchone()[0]
        return estimate if estimate > 100_000 else super().count

"""Accounts with their owners, agreements and rebates; contacts with their ratings."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from pipeline.admin.base import RecordInline, RecordWithPast
from pipeline.admin.conflicts import GuardedForm
from pipeline.models import Account, AccountFact, AccountMove, Contact, RebateTier, Relationship
from pipeline.writing import record_account_owner


class AccountContacts(RecordInline):
    model = Contact
    fields = ["name", "title", "department", "seniority", "buying_role", "email", "phone"]
    show_change_link = True


class AccountMoves(RecordInline):
    model = AccountMove
    fields = ["owner", "from_at"]
    autocomplete_fields = ["owner"]


class AccountFacts(RecordInline):
    model = AccountFact
    fields = ["kind", "on", "note"]


class RebateTiers(RecordInline):
    model = RebateTier
    fields = ["year", "from_amount", "percent"]


@admin.register(Account)
class AccountAdmin(RecordWithPast):
    """A change of owner also enters the account's moves."""

    form = GuardedForm
    list_display = ["name", "owner", "industry", "country", "lead_source", "created_at"]
    list_select_related = ["owner", "lead_source"]
    list_filter = ["owner__team", "country", "industry", "lead_source"]
    search_fields = ["name_key", "domain"]
    autocomplete_fields = ["owner", "lead_source", "parent"]
    inlines = [AccountContacts, AccountMoves, AccountFacts, RebateTiers]
    fields = [
        "seen_version",
        ("name", "domain"),
        ("owner", "parent"),
        ("industry", "country"),
        ("lead_source", "created_at"),
    ]

    def save_related(self, request: HttpRequest, form: GuardedForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        account = form.instance
        at = timezone.now() if change else account.created_at or timezone.now()
        record_account_owner(form.stored, account, at)


class Ratings(RecordInline):
    model = Relationship
    fields = ["rater", "score", "rated_on", "note"]
    autocomplete_fields = ["rater"]


@admin.register(Contact)
class ContactAdmin(RecordWithPast):
    form = GuardedForm
    list_display = ["name", "account", "title", "department", "seniority", "buying_role"]
    list_select_related = ["account"]
    list_filter = ["seniority", "department", "buying_role"]
    search_fields = ["name_key", "email", "account__name_key"]
    autocomplete_fields = ["account"]
    inlines = [Ratings]
    fields = [
        "seen_version",
        ("name", "account"),
        ("title", "department"),
        ("seniority", "buying_role"),
        ("email", "phone"),
        "created_at",
    ]

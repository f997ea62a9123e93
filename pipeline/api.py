"""The read-only API over records: reps, teams, deals. What its reader may not see is not there."""

from datetime import UTC, datetime

import django_filters as filters
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.pagination import PageNumberPagination
from rest_framework.views import APIView

from pipeline import access, api_words
from pipeline.api_words import help_texts
from pipeline.models import Deal, Rep, Team
from pipeline.models.deals import Milestone


class Pages(PageNumberPagination):
    page_size_query_param = "page_size"
    max_page_size = 1000

    def get_paginated_response_schema(self, schema: dict) -> dict:
        described = super().get_paginated_response_schema(schema)
        for name, text in api_words.PAGE.items():
            described["properties"][name]["description"] = text
        return described


class KnownParameters(APIView):
    """Refuses a parameter nobody listed: a filter that is silently not applied shows too much."""

    parameters: tuple[str, ...] = ()

    def initial(self, request, *args, **kwargs) -> None:
        super().initial(request, *args, **kwargs)
        if self.action is None:
            return  # a method nobody offers: 405
        if unknown := sorted(set(request.query_params) - self.known_parameters()):
            raise serializers.ValidationError({name: [_("There is no such parameter.")] for name in unknown})

    def known_parameters(self) -> set[str]:
        if self.action != "list":
            return set()
        filterset = getattr(self, "filterset_class", None)
        names = {*self.parameters, *(filterset.base_filters if filterset else ())}
        if self.pagination_class:
            names |= {self.pagination_class.page_query_param, self.pagination_class.page_size_query_param}
        return names


class Records(KnownParameters, viewsets.ReadOnlyModelViewSet):
    """A list and its members, both born from what the reader may see."""

    pagination_class = Pages
    lookup_value_regex = "[0-9]+"


def of_one(text: str):
    """What the number in the address of one record stands for, for the schema."""
    number = OpenApiParameter(
        "id", {"type": "string", "pattern": "^[0-9]+$"}, OpenApiParameter.PATH, description=text
    )
    return extend_schema_view(retrieve=extend_schema(parameters=[number]))


class RepSerializer(serializers.ModelSerializer):
    class Meta:
        model = Rep
        fields = (
            "id",
            "source",
            "external_id",
            "name",
            "email",
            "team",
            "role",
            "job",
            "started_on",
            "ramped_on",
            "ended_on",
            "is_machine",
        )
        extra_kwargs = help_texts(api_words.REP)


class RecordFilter(filters.FilterSet):
    source = filters.CharFilter(label="The system the record came from.")
    external_id = filters.CharFilter(label="The record's id in that system.")


class RepFilter(RecordFilter):
    team = filters.NumberFilter("team_id", label="Id of the team the rep belongs to today.")
    is_machine = filters.BooleanFilter(label="Whether it is a machine that writes records.")

    class Meta:
        model = Rep
        fields = ("team", "role", "is_machine", "source", "external_id")


@of_one("The rep's number, as the list of reps gives it.")
class Reps(Records):
    """The reps the reader may see: oneself, a manager's teams with their subteams, or everybody."""

    queryset = Rep.objects.none()
    serializer_class = RepSerializer
    filterset_class = RepFilter

    def get_queryset(self) -> QuerySet[Rep]:
        return access.reps_visible_to(self.request.user)


class TeamSerializer(serializers.ModelSerializer):
    focus_kpis = serializers.SerializerMethodField(help_text="KPI keys shown first for this team.")

    class Meta:
        model = Team
        fields = ("id", "source", "external_id", "name", "parent", "manager", "playbook", "focus_kpis")
        extra_kwargs = help_texts(api_words.TEAM)

    def get_focus_kpis(self, team: Team) -> list[str]:
        return [key.strip() for key in team.focus_kpis.split(";") if key.strip()]


class TeamFilter(RecordFilter):
    parent = filters.NumberFilter("parent_id", label="Id of the team above.")
    manager = filters.NumberFilter("manager_id", label="Id of the rep who manages the team.")

    class Meta:
        model = Team
        fields = ("parent", "manager", "source", "external_id")


@of_one("The team's number, as the list of teams gives it.")
class Teams(Records):
    """The teams the reader answers for, subteams included."""

    queryset = Team.objects.none()
    serializer_class = TeamSerializer
    filterset_class = TeamFilter

    def get_queryset(self) -> QuerySet[Team]:
        return access.teams_visible_to(self.request.user)


def _name_of(related: str) -> serializers.CharField:
    text = api_words.DEAL[f"{related}_name"]
    return serializers.CharField(source=f"{related}.name", allow_null=True, read_only=True, help_text=text)


class DealSerializer(serializers.ModelSerializer):
    account_name = _name_of("account")
    stage_name = _name_of("stage")
    milestone = serializers.SerializerMethodField(help_text="What the stage stands for.")

    class Meta:
        model = Deal
        fields = (
            "id",
            "source",
            "external_id",
            "name",
            "account",
            "account_name",
            "owner",
            "stage",
            "stage_name",
            "milestone",
            "amount",
            "currency",
            "forecast",
            "created_at",
            "is_created_dated",
            "expected_close_on",
            "closed_at",
            "is_closed_dated",
            "lost_reason",
            "nda",
            "next_step",
            "next_step_on",
        )
        extra_kwargs = help_texts(api_words.DEAL, but=("account_name", "stage_name"))

    def get_milestone(self, deal: Deal) -> str | None:
        return Milestone(deal.stage.milestone).name.lower() if deal.stage else None


class MomentField(filters.fields.IsoDateTimeField):
    """A moment in UTC: PostgreSQL refuses the far zones that ISO 8601 can write."""

    def clean(self, value) -> datetime | None:
        moment = super().clean(value)
        try:
            return moment and moment.astimezone(UTC)
        except OverflowError as reason:
            raise ValidationError(_("Enter a valid date/time.")) from reason


class MomentFilter(filters.IsoDateTimeFilter):
    field_class = MomentField


class DealFilter(RecordFilter):
    """Moments are from (included) and before (excluded), so that two ranges can meet without overlap."""

    owner = filters.NumberFilter("owner_id", label="Id of the rep who owns the deal.")
    team = filters.NumberFilter("owner__team_id", label="Id of the team its owner belongs to today.")
    account = filters.NumberFilter("account_id", label="Id of the account.")
    stage = filters.NumberFilter("stage_id", label="Id of the stage.")
    is_open = filters.BooleanFilter("closed_at", "isnull", label="Whether the deal is still open.")
    created_from = MomentFilter("created_at", "gte", label="Created at this moment or later.")
    created_before = MomentFilter("created_at", "lt", label="Created before this moment.")
    closed_from = MomentFilter("closed_at", "gte", label="Closed at this moment or later.")
    closed_before = MomentFilter("closed_at", "lt", label="Closed before this moment.")

    class Meta:
        model = Deal
        fields = (
            "owner",
            "team",
            "account",
            "stage",
            "is_open",
            "created_from",
            "created_before",
            "closed_from",
            "closed_before",
            "source",
            "external_id",
        )


@of_one("The deal's number, as the list of deals gives it.")
class Deals(Records):
    """The deals of the reps the reader may see; those without an owner are the admin's."""

    queryset = Deal.objects.none()
    serializer_class = DealSerializer
    filterset_class = DealFilter

    def get_queryset(self) -> QuerySet[Deal]:
        return access.deals_visible_to(self.request.user).select_related("account", "stage")

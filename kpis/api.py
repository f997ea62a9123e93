"""The read-only API over figures: what the catalogue measures, and the readings of reps, teams, organisation."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from kpis.catalogue import CATALOGUE
from kpis.catalogue.kpi import Category, Kpi, Unit
from kpis.docs import docs, values_on
from kpis.payload import edition, names_of, row
from kpis.periods import Calendar, Period
from kpis.readings import read
from kpis.subjects import Subject
from pipeline import access
from pipeline.api import KnownParameters, Pages

SUBJECT = r"^(organisation|all-reps|(rep|team):[0-9]{1,18})$"

DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
PERIOD = rf"^(all|last-30|last-90|rolling-12|[0-9]{{4}}(-(Q[1-4]|W[0-9]{{2}}|[0-9]{{2}}))?|{DATE}\.\.{DATE})$"


class SettingInForceSerializer(serializers.Serializer):
    key = serializers.CharField(help_text="Of the setting.")
    label = serializers.CharField(help_text="Its name, in the reader's language.")
    value = serializers.CharField(help_text="In force today, in words.")


class SourceSerializer(serializers.Serializer):
    id = serializers.CharField(help_text="Its number.")
    text = serializers.CharField(help_text="What was asked for.")


class DocsSerializer(serializers.Serializer):
    settings = SettingInForceSerializer(many=True, help_text="The settings it obeys.")
    sources = SourceSerializer(many=True, help_text="The demands it answers.")
    seen_by = serializers.CharField(help_text="Who sees a rep's figure.")
    left_out = serializers.ListField(
        child=serializers.CharField(), help_text="Rows close by that do not count."
    )


class KpiSerializer(serializers.Serializer):
    key = serializers.CharField(help_text="Permanent once released.")
    category = serializers.ChoiceField(
        Category.choices,
        help_text="Whether it says how much is done, what came of it, or how well it is done.",
    )
    label = serializers.CharField(help_text="Its name on every page, in the reader's language.")
    unit = serializers.ChoiceField(Unit.choices, help_text="What its value is counted in.")
    definition = serializers.CharField(help_text="What is counted, for whom and when.")
    formula = serializers.CharField(help_text="The same in one line, built from what is computed.")
    good = serializers.ChoiceField(["up", "down"], help_text="Which way is better.")
    min_sample = serializers.IntegerField(help_text="Fewer rows than this are too few to judge.")
    seeds = serializers.ListField(
        child=serializers.CharField(), help_text="The wishes it answers, by their numbers."
    )
    ask = serializers.CharField(help_text="The coach's question.")
    docs = serializers.SerializerMethodField(help_text="What else there is to know of it.")

    @extend_schema_field(DocsSerializer)
    def get_docs(self, kpi: Kpi) -> dict:
        return docs(kpi, self.context["held"])


@extend_schema(description="The catalogue, in the order of the page.")
class Kpis(KnownParameters, viewsets.ViewSet):
    pagination_class = None
    serializer_class = KpiSerializer
    lookup_field = "key"
    lookup_value_regex = "[a-z0-9_]+"

    @extend_schema(responses=KpiSerializer(many=True))
    def list(self, request):
        return Response(KpiSerializer(CATALOGUE.values(), many=True, context=_settings()).data)

    @extend_schema(
        responses=KpiSerializer,
        parameters=[
            OpenApiParameter(
                "key",
                {"type": "string", "pattern": "^[a-z0-9_]+$"},
                OpenApiParameter.PATH,
                description="The KPI's key, as the list of KPIs gives it.",
            )
        ],
    )
    def retrieve(self, request, key):
        if key not in CATALOGUE:
            raise Http404
        return Response(KpiSerializer(CATALOGUE[key], context=_settings()).data)


def _settings() -> dict:
    """The settings in force, asked for once for the whole catalogue."""
    return {"held": values_on(Calendar.current().today())}


@extend_schema_field({"type": "string", "pattern": PERIOD})
class PeriodField(serializers.CharField):
    """2017, 2017-Q1, 2017-03, 2017-W10, last-30, last-90, rolling-12, all, or FROM..TO (TO: the first day after)."""

    def to_internal_value(self, data) -> Period:
        try:
            return Calendar.current().parse(super().to_internal_value(data))
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from error


class Question(serializers.Serializer):
    period = PeriodField(help_text=PeriodField.__doc__)
    subject = serializers.RegexField(
        SUBJECT, help_text="`rep:7`, `team:2`, `organisation`, or `all-reps` for each rep in sight."
    )
    kpi = serializers.MultipleChoiceField(
        choices=[(key, kpi.label) for key, kpi in CATALOGUE.items()],
        required=False,
        help_text="May be repeated; without it, the whole catalogue.",
    )


@extend_schema_field({"type": "object", "additionalProperties": {}})
class BesideField(serializers.DictField):
    """Figures shown beside the number, by name."""


class NumberField(serializers.FloatField):
    """Whole numbers stay whole."""

    def to_representation(self, value):
        return value


class ReadingSerializer(serializers.Serializer):
    key = serializers.CharField(help_text="Of the KPI.")
    subject = serializers.CharField(help_text="`rep:7`, `team:2` or `organisation`.")
    name = serializers.CharField(help_text="The subject's.")
    period = serializers.CharField(help_text="As it was asked for.")
    value = serializers.FloatField(
        allow_null=True, help_text="A fraction for percent, currency for money, days for days."
    )
    numerator = serializers.FloatField(
        allow_null=True,
        help_text="What was counted or summed, money in the currency; of a share, the rows that meet its condition.",
    )
    denominator = NumberField(
        allow_null=True,
        help_text="Of a share: all rows, or the sum it is a part of. Add numerators and denominators up, never values.",
    )
    sample = serializers.ListField(
        child=serializers.FloatField(),
        allow_null=True,
        help_text="Of a median: the values it is the middle of.",
    )
    unit = serializers.ChoiceField(Unit.choices, help_text="What the value is counted in.")
    reason = serializers.CharField(allow_null=True, help_text="Why there is no value.")
    low = serializers.FloatField(allow_null=True, help_text="Of a share: where its 95 % interval begins.")
    high = serializers.FloatField(allow_null=True, help_text="Where it ends.")
    evidence_count = serializers.IntegerField(help_text="How many rows stand behind the value.")
    beside = BesideField(help_text="Figures shown beside the value, by name.")
    sentence = serializers.CharField(help_text="The arithmetic in words.")
    computed_at = serializers.DateTimeField(
        allow_null=True, help_text="When; none where nothing was ever computed for the subject."
    )


@dataclass(frozen=True)
class Asked:
    """Whose readings, of which period and KPIs; subjects outside one's scope are not found."""

    subjects: list[Subject]
    period: Period
    keys: list[str]

    @classmethod
    def of(cls, request) -> "Asked":
        question = Question(data=request.query_params)
        question.is_valid(raise_exception=True)
        given = question.validated_data
        wanted = given.get("kpi") or CATALOGUE.keys()
        keys = [key for key in CATALOGUE if key in wanted]
        return cls(_subjects(request.user, given["subject"]), given["period"], keys)

    @property
    def pairs(self) -> list[tuple[Subject, str]]:
        return [(subject, key) for subject in self.subjects for key in self.keys]


class Snapshots(KnownParameters, viewsets.ViewSet):
    pagination_class = Pages
    serializer_class = ReadingSerializer
    parameters = tuple(Question._declared_fields)

    @extend_schema(
        operation_id="snapshots_list",
        description=(
            "Readings, subject by subject in the order of the catalogue. A stored period carries an ETag that changes "
            "with the figures: ask again with If-None-Match and get 304 while nothing moved."
        ),
        parameters=[Question],
        responses=ReadingSerializer(many=True),
        examples=[
            OpenApiExample("a reading", {"key": next(iter(CATALOGUE)), "subject": "rep:7", "value": 63})
        ],
    )
    def list(self, request):
        asked = Asked.of(request)
        known = self._as_known(request, asked)
        if known.status_code != 200:
            return known
        pages = Pages()
        pairs = pages.paginate_queryset(asked.pairs, request, view=self)
        response = pages.get_paginated_response(ReadingSerializer(_rows(pairs, asked.period), many=True).data)
        for name, value in known.items():
            response[name] = value
        return response

    def _as_known(self, request, asked: Asked) -> HttpResponse:
        """The headers of an answer; as a 304 where the asker has it already. A free range is computed anew each time."""
        headers = {"Cache-Control": "private, no-cache"}
        response = HttpResponse(headers=headers)
        del response["Content-Type"]
        if not asked.period.is_stored:
            return response
        etag = f'W/"{edition(asked.subjects, asked.period, asked.keys, get_language(), request.get_full_path())}"'
        response["ETag"] = etag
        return get_conditional_response(request, etag=etag, response=response) or response


def _rows(pairs, period: Period) -> list[dict]:
    subjects = list(dict.fromkeys(subject for subject, _key in pairs))
    cards, names = read(subjects, [period]), names_of(subjects)
    return [row(key, cards[subject, period.key], names) for subject, key in pairs]


def _subjects(user, asked: str) -> list[Subject]:
    """What `asked` names within the user's scope; outside it answers like what does not exist."""
    reps = access.reps_visible_to(user)
    if asked == "all-reps":
        return [Subject.rep(pk) for pk in reps.values_list("pk", flat=True)]
    if asked == "organisation" and access.is_admin(user):
        return [Subject.organisation()]
    kind, _colon, pk = asked.partition(":")
    visible = {"rep": reps, "team": access.teams_visible_to(user)}.get(kind)
    if visible is None or not visible.filter(pk=int(pk)).exists():
        raise Http404(_("There is no such subject."))
    return [Subject(kind, int(pk))]

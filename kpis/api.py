"""The read-only API over figures: what the catalogue measures, and the readings of reps, teams, organisation."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from kpis.answers import KpiSerializer, Question, ReadingSerializer, StandingSerializer
from kpis.catalogue import CATALOGUE
from kpis.docs import values_on
from kpis.editions import edition
from kpis.payload import names_of, row
from kpis.periods import Calendar, Period
from kpis.readings import read
from kpis.standings import standing_rows
from kpis.subjects import Subject
from pipeline import access
from pipeline.api import KnownParameters, Pages


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


class Figures(KnownParameters, viewsets.ViewSet):
    """A row for each subject and KPI asked for, a page at a time; `rows` says what is in one."""

    pagination_class = Pages
    parameters = tuple(Question._declared_fields)
    serializer_class: type[serializers.Serializer]

    def answer(self, request, asked: Asked) -> Response:
        pages = Pages()
        pairs = pages.paginate_queryset(asked.pairs, request, view=self)
        subjects = list(dict.fromkeys(subject for subject, _key in pairs))
        rows = self.rows(pairs, asked.period, read(subjects, [asked.period]), names_of(subjects))
        response = pages.get_paginated_response(self.serializer_class(rows, many=True).data)
        response["Cache-Control"] = "private, no-cache"
        return response

    def rows(self, pairs, period: Period, cards: dict, names: dict[Subject, str]) -> Sequence[dict]:
        raise NotImplementedError


class Snapshots(Figures):
    serializer_class = ReadingSerializer

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
        response = self.answer(request, asked)
        for name, value in known.items():
            response[name] = value
        return response

    def rows(self, pairs, period: Period, cards: dict, names: dict[Subject, str]) -> Sequence[dict]:
        return [row(key, cards[subject, period.key], names) for subject, key in pairs]

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


class Standings(Figures):
    serializer_class = StandingSerializer

    @extend_schema(
        operation_id="standings_list",
        description=(
            "Where figures stand: against their target, and a rep's beside others of the same job. Flags keep false "
            "discoveries at 10 %, over the focus KPIs of the rep's team together and for every other KPI by itself. "
            "They rest on colleagues' figures as well, so they carry no ETag."
        ),
        parameters=[Question],
        responses=StandingSerializer(many=True),
    )
    def list(self, request):
        return self.answer(request, Asked.of(request))

    def rows(self, pairs, period: Period, cards: dict, names: dict[Subject, str]) -> Sequence[dict]:
        return standing_rows(pairs, period, Calendar.current().today(), cards, names)


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

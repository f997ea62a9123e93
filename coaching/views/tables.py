"""The tables of a rep, a team or the organisation, as a page and as a file."""

import csv
from collections.abc import Iterator

from django.http import Http404, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from coaching.asked import Asked, PageRequest, asked_period
from coaching.evidence.csv_file import Echo, safe
from coaching.freshness import freshness
from coaching.tables import TABLES
from coaching.tables.table import Table, TableAsked
from kpis.subjects import Subject
from pipeline import access
from pipeline.models import Organisation


def rep_table(request: PageRequest, pk: int, name: str) -> HttpResponseBase:
    rep = get_object_or_404(access.reps_visible_to(request.user), pk=pk)
    return _page(request, Subject.rep(rep.pk), rep.name, name)


def team_table(request: PageRequest, pk: int, name: str) -> HttpResponseBase:
    team = get_object_or_404(access.teams_visible_to(request.user), pk=pk)
    return _page(request, Subject.team(team.pk), team.name, name)


def organisation_table(request: PageRequest, name: str) -> HttpResponseBase:
    if not access.is_admin(request.user):
        raise Http404
    return _page(request, Subject.organisation(), Organisation.current().name, name)


def _page(request: PageRequest, subject: Subject, title: str, name: str) -> HttpResponseBase:
    if name not in TABLES:
        raise Http404
    asked = asked_period(request)
    fresh = freshness(subject, request.user, asked.period)
    _label, build = TABLES[name]
    table = build(TableAsked(subject, asked, Organisation.current().currency, request.user))
    if request.GET.get("format") == "csv":
        return _csv(table, f"{name}-{subject.kind}-{subject.id}-{asked.period.key}.csv")
    context = {
        "table": table,
        "of": title,
        "up": reverse(subject.kind, args=[subject.id] if subject.id else []) + asked.query,
        "asked": asked,
        "freshness": fresh,
        "links": [
            (label, address_of(subject, other, asked), other == name)
            for other, (label, _build) in TABLES.items()
        ],
    }
    return render(request, "coaching/table.html", context)


def address_of(subject: Subject, name: str, asked: Asked) -> str:
    args = [subject.id, name] if subject.id else [name]
    return reverse(f"{subject.kind}_table", args=args) + asked.query


def _csv(table: Table, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(_lines(table), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(table: Table) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield writer.writerow([head.label for head in table.header])
    for row in table.rows:
        yield writer.writerow([safe(cell) for cell in row.cells])

"""Where a number opens: a KPI of a rep, a team or the organisation, the rows behind it, their CSV."""

from django.http import Http404, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render

from coaching.asked import PageRequest, asked_period
from coaching.deals.limits import Limits
from coaching.evidence.beside_peers import beside_peers
from coaching.evidence.comparison import comparison
from coaching.evidence.csv_file import csv_lines
from coaching.evidence.page import EvidencePage
from coaching.evidence.rows import Rows
from coaching.freshness import freshness
from coaching.impact.would_take import would_take
from coaching.observed.words import observed
from coaching.scorecard import Readings
from kpis.catalogue import CATALOGUE
from kpis.subjects import Subject
from pipeline import access
from pipeline.models import Organisation, Rep


def rep_kpi(request: PageRequest, pk: int, key: str) -> HttpResponseBase:
    rep = get_object_or_404(access.reps_visible_to(request.user), pk=pk)
    return _page(request, Subject.rep(rep.pk), rep.name, key, rep.team_id, rep.job, rep)


def team_kpi(request: PageRequest, pk: int, key: str) -> HttpResponseBase:
    team = get_object_or_404(access.teams_visible_to(request.user), pk=pk)
    return _page(request, Subject.team(team.pk), team.name, key, team.pk)


def organisation_kpi(request: PageRequest, key: str) -> HttpResponseBase:
    if not access.is_admin(request.user):
        raise Http404
    return _page(request, Subject.organisation(), Organisation.current().name, key, None)


def _page(
    request: PageRequest,
    subject: Subject,
    name: str,
    key: str,
    team_id: int | None,
    job: str = "",
    rep: Rep | None = None,
) -> HttpResponseBase:
    if key not in CATALOGUE:
        raise Http404
    asked = asked_period(request)
    fresh = freshness(subject, request.user, asked.period)
    readings = Readings([subject], asked, Organisation.current().currency, [key])
    page = EvidencePage(subject, name, asked, readings, key)
    if request.GET.get("format") == "csv":
        return _csv(page)
    context = {"page": page, "asked": asked, **_rows(request, page)}
    if request.htmx and request.htmx.target == "more-rows":
        return render(request, "coaching/_evidence_rows.html", context)
    least = Limits.on(asked.calendar.today()).min_people_shown
    beside = comparison(request.user, team_id, key, asked, readings.currency, least, job)
    context |= {
        "left_out": [group for group in page.left_out if group[2]],
        "freshness": fresh,
        "comparison": beside,
        "own_place": beside.beside(page.line.value) if beside else "",
        "peers": beside_peers(request.user, rep, key, asked, readings.currency) if rep else None,
        "would_take": would_take(rep, key, asked, readings.currency) if rep else None,
        "observed": observed(rep, key, asked) if rep else [],
    }
    return render(request, "coaching/evidence.html", context)


def _rows(request: PageRequest, page: EvidencePage) -> dict:
    left_out = _chosen(request, "left_out", len(page.evidence.left_out))
    other = _chosen(request, "other", len(page.evidence.others))
    rows = Rows(page.evidence, left_out, other, request.GET.get("q", ""))
    listed, following = rows.page(request.user, request.GET.get("after", ""), page.key)
    return {
        "rows": rows,
        "listed": listed,
        "following": following,
        "shows_hits": any(row.hit is not None for row in listed),
        "width": len(rows.header) + 1,
    }


def _chosen(request: PageRequest, name: str, groups: int) -> int | None:
    """Which rows: the counted ones, `left_out=<n>` for the n-th reason, or `other=<n>`, those of another source."""
    text = request.GET.get(name, "")
    if not text:
        return None
    if not text.isdecimal() or int(text) >= groups:
        raise Http404
    return int(text)


def _csv(page: EvidencePage) -> StreamingHttpResponse:
    response = StreamingHttpResponse(csv_lines(page.evidence), content_type="text/csv; charset=utf-8")
    name = f"{page.key}-{page.subject.kind}-{page.subject.id}-{page.asked.period.key}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

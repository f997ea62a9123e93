"""The small fragment pages ask for every second while their figures are being recomputed."""

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from coaching.freshness import freshness
from kpis.subjects import Subject, subtree
from pipeline import access
from pipeline.models import Rep


def of_subject(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """204 while the page is as fresh as can be; else its line, with an event once new figures are there."""
    now = freshness(Subject(kind, pk), _reps_behind(request.user, kind, pk))
    seen, was_pending = request.GET.get("seen", ""), "pending" in request.GET
    is_new = not now.is_pending and seen != now.seen
    if not (is_new or now.is_pending or was_pending):
        return HttpResponse(status=204)
    # What the reader has seen stays what it was until the page itself is fetched anew.
    response = render(request, "coaching/_freshness.html", {"freshness": replace(now, seen=seen)})
    if is_new:
        response["HX-Trigger"] = "figures-changed"
    return response


def _reps_behind(user, kind: str, pk: int) -> list[int] | None:
    """The reps a subject's figures rest on; Http404 outside one's scope."""
    if kind == "rep" and access.reps_visible_to(user).filter(pk=pk).exists():
        return [pk]
    if kind == "team" and access.teams_visible_to(user).filter(pk=pk).exists():
        return list(Rep.objects.filter(team__in=subtree(pk)).values_list("pk", flat=True))
    if kind == "organisation" and access.is_admin(user):
        return None
    raise Http404

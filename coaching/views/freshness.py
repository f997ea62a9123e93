"""The small fragment pages ask for every second while their figures are being recomputed."""

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from coaching.asked import asked_period
from coaching.freshness import ALL_ONES_TEAMS, freshness
from kpis.subjects import Subject
from pipeline import access


def of_subject(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """204 while the page is as fresh as can be; else its line, with an event once new figures are there."""
    subject = Subject(kind, pk)
    if not _may_see(request.user, subject):
        raise Http404
    now = freshness(subject, request.user, asked_period(request).period)
    seen, was_pending = request.GET.get("seen", ""), "pending" in request.GET
    is_new = not now.is_pending and seen != now.seen
    if not (is_new or now.is_pending or was_pending):
        return HttpResponse(status=204)
    # What the reader has seen stays what it was until the page itself is fetched anew.
    response = render(request, "coaching/_freshness.html", {"freshness": replace(now, seen=seen)})
    if is_new:
        response["HX-Trigger"] = "figures-changed"
    return response


def _may_see(user, subject: Subject) -> bool:
    if subject == ALL_ONES_TEAMS:
        return access.teams_visible_to(user).exists()
    visible = {"rep": access.reps_visible_to, "team": access.teams_visible_to}
    if subject.kind in visible:
        return visible[subject.kind](user).filter(pk=subject.id).exists()
    return subject == Subject.organisation() and access.is_admin(user)

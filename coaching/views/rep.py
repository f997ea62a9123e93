"""The rep's scorecard; the same page for the rep and for the manager."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from coaching.asked import asked_period
from coaching.freshness import freshness
from coaching.models.scope import reps_coached_by
from coaching.rep_page import rep_page
from coaching.sessions.timeline import timeline
from kpis.subjects import Subject
from pipeline import access
from pipeline.models import Organisation, Rep


def me(request: HttpRequest) -> HttpResponse:
    own = access.rep_of(request.user)
    if own is None:
        raise Http404
    return _scorecard(request, own)


def rep(request: HttpRequest, pk: int) -> HttpResponse:
    visible = access.reps_visible_to(request.user).select_related("team")
    return _scorecard(request, get_object_or_404(visible, pk=pk))


def _scorecard(request: HttpRequest, rep: Rep) -> HttpResponse:
    asked = asked_period(request)
    fresh = freshness(Subject.rep(rep.pk), request.user, asked.period)
    own = access.rep_of(request.user)
    is_own = own is not None and own.pk == rep.pk
    is_coached = is_own or reps_coached_by(request.user).filter(pk=rep.pk).exists()
    context = {
        "page": rep_page(rep, asked, Organisation.current().currency),
        "asked": asked,
        "is_own": is_own,
        "is_coached": is_coached,
        "timeline": timeline(rep) if is_coached else [],
        "sees_team": rep.team_id and access.teams_visible_to(request.user).filter(pk=rep.team_id).exists(),
        "freshness": fresh,
    }
    return render(request, "coaching/rep.html", context)

"""Which coaching helps: what the reviewed commitments show, skill by skill; for those who coach."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from coaching.impact.page import skills_of
from pipeline import access
from pipeline.models import Organisation


def impact(request: HttpRequest) -> HttpResponse:
    leads = access.is_admin(request.user) or access.teams_visible_to(request.user).exists()
    if not leads:
        raise Http404
    skills = skills_of(request.user, Organisation.current().currency)
    return render(request, "coaching/impact.html", {"skills": skills})

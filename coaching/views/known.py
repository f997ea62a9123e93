"""A rep's scorecard as it was known on a past day; the same page for the rep and for the manager."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from coaching.fairness.known_page import asked_known, known_page
from kpis.catalogue import CATALOGUE
from pipeline import access
from pipeline.models import Organisation


def rep_known(request: HttpRequest, pk: int) -> HttpResponse:
    rep = get_object_or_404(access.reps_visible_to(request.user), pk=pk)
    key = request.GET.get("kpi", "")
    if key and key not in CATALOGUE:
        raise Http404
    page = known_page(rep, asked_known(request), Organisation.current().currency, key)
    return render(request, "coaching/known.html", {"page": page, "asked": page.asked})

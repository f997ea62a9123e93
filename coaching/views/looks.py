"""Who looked at a rep's figures: for the rep, whoever manages them, and admins."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from coaching.fairness.looks import in_words
from coaching.keyset import page_of
from coaching.models import Look
from pipeline import access


def rep_looks(request: HttpRequest, pk: int) -> HttpResponse:
    rep = get_object_or_404(access.reps_visible_to(request.user), pk=pk)
    page = page_of(Look.objects.filter(rep=rep).select_related("viewer"), request.GET.get("after", ""))
    looks = [in_words(look) for look in page.rows]
    return render(request, "coaching/looks.html", {"rep": rep, "looks": looks, "following": page.next})

"""Commitments and series: set done or dropped, looked at again; appointments that come back."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from coaching.impact import verdicts as impact
from coaching.models import Commitment, Series
from coaching.models.scope import reps_coached_by
from coaching.sessions.commitments import may_review, promise_of, reviewed, set_state
from coaching.sessions.forms import SeriesForm
from coaching.sessions.series import end_series, make_sessions
from kpis.periods import Calendar
from pipeline import access


@require_POST
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """The rep's own commitment, or one of a rep one leads: open, done or dropped."""
    found = get_object_or_404(Commitment.objects.visible_to(request.user), pk=pk)
    if not set_state(pk, request.POST.get("state", ""), timezone.now()):
        messages.warning(request, _("Nothing was changed: this commitment is settled."))
        return redirect("commitment_review", pk=pk)
    messages.success(request, _("Noted."))
    return redirect(_back(request, found))


def review(request: HttpRequest, pk: int) -> HttpResponse:
    """What changed since a commitment was made; both read it, the manager closes it."""
    rows = Commitment.objects.select_related("rep__team", "session__manager")
    found = get_object_or_404(rows.visible_to(request.user), pk=pk)
    leads = reps_coached_by(request.user).filter(pk=found.rep_id).exists()
    own = access.rep_of(request.user)
    if request.method == "POST":
        if not leads or own is None:
            raise Http404
        if reviewed(pk, own, timezone.now()):
            messages.success(request, _("Looked at. %(rep)s reads the same.") % {"rep": found.rep.name})
        return redirect("commitment_review", pk=pk)
    today = Calendar.current().today()
    context = {
        "promise": promise_of(found),
        "verdict": impact.verdict(found, today),
        "may_review": leads and may_review(found),
        "today": today,
    }
    return render(request, "coaching/commitment.html", context)


@transaction.atomic
def series_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """A standing appointment with a rep."""
    rep = get_object_or_404(reps_coached_by(request.user), pk=pk)
    own, now = access.rep_of(request.user), timezone.now()
    given = request.POST if request.method == "POST" else None
    initial = {"from_on": Calendar.current().today(), "time": "09:00"}
    form = SeriesForm(given, instance=Series(rep=rep, manager=own), initial=initial)
    if form.is_bound and form.is_valid():
        made = make_sessions(form.save().pk, now)
        said = ngettext(
            "%(count)d session is planned ahead.", "%(count)d sessions are planned ahead.", len(made)
        )
        messages.success(request, said % {"count": len(made)})
        return redirect("sessions")
    context = {"form": form, "rep": rep}
    return render(request, "coaching/series.html", context, status=422 if form.is_bound else 200)


@require_POST
def series_end(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Series.objects.led_by(request.user).select_related("rep", "manager")
    found = get_object_or_404(rows, pk=pk)
    called_off = end_series(found, Calendar.current().today(), timezone.now())
    said = ngettext(
        "Ended; %(count)d session ahead is called off.",
        "Ended; %(count)d sessions ahead are called off.",
        called_off,
    )
    messages.success(request, said % {"count": called_off})
    return redirect("sessions")


def _back(request: HttpRequest, found: Commitment) -> str:
    """The page of this site one came from, else the session's."""
    page = request.POST.get("back", "")
    is_ours = page.startswith("/") and url_has_allowed_host_and_scheme(page, allowed_hosts=None)
    return page if is_ours else f"/sessions/{found.session_id}/"

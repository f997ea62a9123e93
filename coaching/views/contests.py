"""Contested rows: the rep contests one of their own, whoever leads the rep decides; both see all of it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coaching.fairness import contests as contesting
from coaching.fairness.contest_forms import ContestForm, DecisionForm
from coaching.fairness.contest_page import contest_page, contests_page
from coaching.models import Contest
from kpis.catalogue import CATALOGUE
from pipeline import access
from pipeline.models import Activity, ActivityContact


def contests(request: HttpRequest) -> HttpResponse:
    page = contests_page(request.user, request.GET.get("after", ""))
    return render(request, "coaching/contests.html", {"page": page})


def new(request: HttpRequest, pk: int) -> HttpResponse:
    """The form on one activity of one's own; `kpi` names the page it was found on, `person` whose row it was."""
    own = access.rep_of(request.user)
    activity = get_object_or_404(Activity.objects.select_related("company", "deal", "rep"), pk=pk)
    if own is None or activity.rep_id != own.pk:
        raise Http404
    answer = contesting.answer_meant(activity, _person(request, activity))
    given = request.POST if request.method == "POST" else None
    draft = Contest(rep=own, activity=activity, kpi=_kpi(request))
    form = ContestForm(given, instance=draft, user=request.user, activity=activity, answer=answer)
    if form.is_bound and form.is_valid():
        try:
            kept = contesting.keep(form.save(commit=False), answer)
        except contesting.Settled as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("Said. Your manager decides; until then the row counts."))
            return redirect("contest", pk=kept.pk)
    context = {"form": form, "activity": activity, "kpi": CATALOGUE.get(draft.kpi)}
    return render(request, "coaching/contest_new.html", context, status=422 if form.is_bound else 200)


def contest(request: HttpRequest, pk: int) -> HttpResponse:
    return _shown(request, _visible(request, pk), DecisionForm())


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    found = _decidable(request, pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, form, 422)
    act = contesting.accept if form.cleaned_data["verdict"] == DecisionForm.ACCEPT else contesting.refuse
    words = form.cleaned_data["decision"]
    return _done(request, found, lambda: act(found, access.rep_of(request.user), words), _("Decided."))


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    found = _decidable(request, pk)
    return _done(request, found, lambda: contesting.take_back(found), _("Taken back: it is open again."))


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    own = access.rep_of(request.user)
    if own is None or own.pk != found.rep_id:
        raise Http404
    return _done(request, found, lambda: contesting.withdraw(found), _("Withdrawn."))


def _done(request: HttpRequest, found: Contest, act, said: str) -> HttpResponse:
    try:
        act()
    except contesting.Settled as reason:
        messages.warning(request, str(reason))
        return _shown(request, _visible(request, found.pk), DecisionForm(), 409)
    messages.success(request, said + " " + _("The figures follow within seconds."))
    return redirect("contest", pk=found.pk)


def _visible(request: HttpRequest, pk: int) -> Contest:
    return get_object_or_404(contesting.contests_visible_to(request.user), pk=pk)


def _decidable(request: HttpRequest, pk: int) -> Contest:
    found = _visible(request, pk)
    if not contesting.may_decide(request.user, found):
        raise Http404
    return found


def _shown(request: HttpRequest, found: Contest, form: DecisionForm, status: int = 200) -> HttpResponse:
    context = {"page": contest_page(found, request.user), "form": form}
    return render(request, "coaching/contest.html", context, status=status)


def _kpi(request: HttpRequest) -> str:
    key = request.GET.get("kpi", "")
    return key if key in CATALOGUE else ""


def _person(request: HttpRequest, activity: Activity) -> ActivityContact | None:
    text = request.GET.get("person", "")
    if not text.isdecimal() or len(text) > 18:
        return None
    return activity.people.filter(pk=int(text)).first()

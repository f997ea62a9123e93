"""Targets: what is asked of one's teams and reps, set, changed and taken back with a reason."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coaching.deals.editing import is_conflict
from coaching.target_forms import Pick, ReasonForm, TargetForm
from coaching.target_words import asked, happened, stretch_of
from coaching.targets_page import reps_of, targets_page
from kpis.catalogue import CATALOGUE
from kpis.models import Target
from kpis.periods import Calendar
from pipeline import access
from pipeline.models import Organisation, Rep, Team


def targets(request: HttpRequest) -> HttpResponse:
    """The teams one sets targets for; the only one at once."""
    teams = list(access.teams_visible_to(request.user).select_related("manager"))
    if not teams:
        raise Http404
    if len(teams) == 1:
        return redirect("team_targets", pk=teams[0].pk)
    return render(request, "coaching/targets_teams.html", {"teams": teams})


def team_targets(request: HttpRequest, pk: int) -> HttpResponse:
    team = get_object_or_404(access.teams_visible_to(request.user), pk=pk)
    reps = reps_of(team, Calendar.current().today())
    pick = Pick(request.GET if "kpi" in request.GET else None, team=team, reps=reps)
    if pick.is_valid():
        key, whom = pick.cleaned_data["kpi"], pick.cleaned_data["whom"]
        return redirect(*(("team_target", team.pk) if whom == "team" else ("rep_target", int(whom))), key)
    page = targets_page(team, reps, Organisation.current().currency)
    return render(request, "coaching/targets.html", {"page": page, "pick": pick})


def team_target(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    team = get_object_or_404(access.teams_visible_to(request.user), pk=pk)
    return _subject_page(request, Target(kpi=_known(key), team=team))


def rep_target(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    rep = get_object_or_404(access.reps_led_by(request.user), pk=pk)
    return _subject_page(request, Target(kpi=_known(key), rep=rep))


def _subject_page(request: HttpRequest, new: Target) -> HttpResponse:
    """The targets of one subject on one KPI, and a form for the next."""
    currency = Organisation.current().currency
    given = request.POST if request.method == "POST" else None
    initial = {"from_on": Calendar.current().today(), "period": Target.Period.MONTH}
    form = TargetForm(given, instance=new, currency=currency, initial=initial)
    if form.is_bound and form.is_valid() and form.kept():
        messages.success(request, _("Set: %(target)s.") % {"target": asked(new, currency)})
        return redirect(request.path)
    return _shown(request, new, form, 422 if form.is_bound else 200)


@transaction.atomic
def target(request: HttpRequest, pk: int) -> HttpResponse:
    """One target, to be corrected."""
    found, currency = _visible(request.user, pk), Organisation.current().currency
    given = request.POST if request.method == "POST" else None
    form = TargetForm(given, instance=found, currency=currency)
    if form.is_bound and form.is_valid():
        form.save()
        messages.success(request, _("Changed: %(target)s.") % {"target": asked(found, currency)})
        return redirect(*_place(found))
    status = 200 if not form.is_bound else 409 if is_conflict(form) else 422
    return _shown(request, found, form, status, ReasonForm(prefix="remove"))


@require_POST
def target_remove(request: HttpRequest, pk: int) -> HttpResponse:
    found, currency = _visible(request.user, pk), Organisation.current().currency
    form = ReasonForm(request.POST, prefix="remove")
    if not form.is_valid():
        return _shown(request, found, TargetForm(instance=found, currency=currency), 422, form)
    place = _place(found)
    found._change_reason = form.cleaned_data["reason"]  # type: ignore[attr-defined] # read by its history
    found.delete()
    messages.success(request, _("Removed. Its past is kept below."))
    return redirect(*place)


def _known(key: str) -> str:
    if key not in CATALOGUE:
        raise Http404
    return key


def _visible(user, pk: int) -> Target:
    """A target of a team or rep this user leads; any other does not exist."""
    found = get_object_or_404(Target.objects.select_related("rep__team", "team"), pk=pk)
    teams = access.teams_visible_to(user).filter(pk=found.team_id or 0)
    is_theirs = (access.reps_led_by(user).filter(pk=found.rep_id) if found.rep_id else teams).exists()
    if not is_theirs or found.kpi not in CATALOGUE:
        raise Http404
    return found


def _place(found: Target) -> tuple:
    return (
        ("rep_target", found.rep_id, found.kpi) if found.rep_id else ("team_target", found.team_id, found.kpi)
    )


def _shown(
    request: HttpRequest, about: Target, form: TargetForm, status: int, removal: ReasonForm | None = None
) -> HttpResponse:
    """The page of a subject and KPI: `about` is the target on the form, new or stored."""
    same = {"kpi": about.kpi, "rep_id": about.rep_id, "team_id": about.team_id}
    currency = Organisation.current().currency
    past = (
        Target.history.filter(**same).select_related("history_user").order_by("-history_date", "-history_id")
    )
    rows = Target.objects.filter(**same).order_by("-from_on", "-pk")
    subject: Rep | Team | None = about.rep or about.team
    context = {
        "kpi": CATALOGUE[about.kpi],
        "subject": subject,
        "team": about.team or (about.rep.team if about.rep else None),
        "rows": [(row, asked(row, currency), stretch_of(row, currency)) for row in rows],
        "past": happened(past, currency),
        "today": Calendar.current().today(),
        "currency": currency,
        "form": form,
        "removal": removal,
        "stored": about if about.pk else None,
        "place": reverse(_place(about)[0], args=_place(about)[1:]),
    }
    return render(request, "coaching/target.html", context, status=status)

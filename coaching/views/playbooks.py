"""A team's playbook: what it is, what another would change, and since when it is so."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from coaching.playbooks.change import keep, notes_of
from coaching.playbooks.effect import effect_of
from coaching.playbooks.form import PlaybookForm
from kpis.periods import Calendar
from pipeline import access
from pipeline.models import Team


def playbook(request: HttpRequest, pk: int) -> HttpResponse:
    """Looked at first, then saved by a second, explicit step; the team's managers and admins only."""
    team = get_object_or_404(access.teams_visible_to(request.user), pk=pk)
    if request.method != "POST":
        return _shown(request, team, _form(team))
    if "save" in request.POST:
        return _saved(request, team)
    form = _form(team, request.POST)
    if not form.is_valid():
        return _shown(request, team, form, status=422)
    return _shown(request, team, form, is_tried=True)


@transaction.atomic
def _saved(request: HttpRequest, team: Team) -> HttpResponse:
    team = Team.objects.select_for_update().get(pk=team.pk)
    form = _form(team, request.POST)
    if not form.is_valid():
        return _shown(request, team, form, status=422)
    if form.is_stale:
        form.refuse_once()
        return _shown(request, team, form, status=409)
    keep(team, form.change, request.user, form.cleaned_data["reason"])
    messages.success(request, _("The playbook of %(team)s is saved.") % {"team": team.name})
    return redirect("playbook", pk=team.pk)


def _form(team: Team, data=None) -> PlaybookForm:
    return PlaybookForm(data, team=team, today=Calendar.current().today())


def _shown(
    request: HttpRequest, team: Team, form: PlaybookForm, status: int = 200, is_tried: bool = False
) -> HttpResponse:
    context = {
        "team": team,
        "form": form,
        "effect": effect_of(team, form.change) if is_tried else None,
        "notes": notes_of(team),
    }
    return render(request, "coaching/playbook.html", context, status=status)

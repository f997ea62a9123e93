"""Observed calls and meetings: scoring one, a rep's list of them, and the rubric of a team."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from coaching.observed.forms import RubricForm, ScoreForm, score_form
from coaching.observed.observations import Settled, Sides, keep, rubric_for, scorer, sides_of, took_place
from coaching.observed.page import observed_page
from coaching.observed.rubrics import replace, rubric_in_use
from coaching.observed.talk import talk_page
from kpis.periods import Calendar
from pipeline import access
from pipeline.models import Activity, Rep, Team


def rep_observations(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page for the rep, whoever leads them, and an admin."""
    rep = get_object_or_404(access.reps_visible_to(request.user), pk=pk)
    page = observed_page(rep, Calendar.current())
    return render(request, "coaching/observations.html", {"page": page, "rep": rep})


def observe(request: HttpRequest, pk: int) -> HttpResponse:
    """Score a talk, or read how both scored it; an admin who does not lead the rep only reads."""
    visible = Activity.objects.filter(rep__in=access.reps_visible_to(request.user))
    activity = get_object_or_404(visible.select_related("rep__team", "company", "deal"), pk=pk)
    sides = sides_of([activity])[activity.pk]
    held = visible.filter(pk=pk, rep__team__isnull=False)
    if not (sides.own or sides.lead or took_place(held).exists()):
        raise Http404
    by = scorer(request.user, activity)
    if request.method != "POST":
        return _shown(request, activity, sides, _form(activity, sides, by))
    if by is None:
        raise Http404
    return _scored(request, activity, sides, by)


def _scored(request: HttpRequest, activity: Activity, sides: Sides, by: Rep) -> HttpResponse:
    shown = rubric_for(activity, sides)
    form = score_form(shown, sides.of(by), request.POST)
    if not form.is_valid():
        return _shown(request, activity, sides, form, 422)
    try:
        keep(activity, by, shown, form.scores, form.cleaned_data["note"])
    except Settled as reason:
        messages.warning(request, str(reason))
        return _shown(request, activity, sides_of([activity])[activity.pk], None, 409)
    messages.success(request, _("Your scores are kept."))
    return redirect("observe", pk=activity.pk)


def _form(activity: Activity, sides: Sides, by: Rep | None) -> ScoreForm | None:
    if by is None or not sides.open_to(by):
        return None
    return score_form(rubric_for(activity, sides), sides.of(by))


def _shown(
    request: HttpRequest, activity: Activity, sides: Sides, form: ScoreForm | None, status: int = 200
) -> HttpResponse:
    page = talk_page(activity, sides, scorer(request.user, activity))
    return render(request, "coaching/observe.html", {"page": page, "form": form}, status=status)


@transaction.atomic
def rubric(request: HttpRequest, pk: int) -> HttpResponse:
    """The rubric of a team, for its managers and admins; saving another keeps the old under its scores."""
    team = get_object_or_404(access.teams_visible_to(request.user), pk=pk)
    if request.method != "POST":
        return _rubric(request, team, RubricForm(rubric=rubric_in_use(team)))
    team = Team.objects.select_for_update().get(pk=team.pk)
    form = RubricForm(request.POST, rubric=rubric_in_use(team))
    if not form.is_valid():
        return _rubric(request, team, form, 422)
    if form.is_stale:
        form.refuse_once()
        return _rubric(request, team, form, 409)
    replace(team, form.cleaned_data["name"], form.wanted)
    messages.success(request, _("The rubric of %(team)s is saved.") % {"team": team.name})
    return redirect("rubric", pk=team.pk)


def _rubric(request: HttpRequest, team: Team, form: RubricForm, status: int = 200) -> HttpResponse:
    former = team.rubrics.filter(is_active=False).prefetch_related("criteria").order_by("-pk")
    context = {"team": team, "form": form, "former": former, "is_default": rubric_in_use(team) is None}
    return render(request, "coaching/rubric.html", context, status=status)

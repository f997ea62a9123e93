"""The first page of everyone: a team's dashboard, the organisation's teams, or one's own scorecard."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from coaching.asked import asked_period
from coaching.board import team_board
from coaching.dashboard import dashboard
from coaching.freshness import ALL_ONES_TEAMS, freshness
from coaching.stages import stages_of
from kpis.subjects import Subject
from pipeline import access
from pipeline.models import Organisation, Team


def home(request: HttpRequest) -> HttpResponse:
    """A rep starts at their scorecard, a manager of one team at it, everybody else at a list of teams."""
    if access.is_admin(request.user):
        return redirect("organisation")
    tops = _top_teams(request.user)
    if len(tops) == 1:
        return _team_page(request, tops[0])
    if tops:
        return redirect("teams")
    if access.rep_of(request.user):
        return redirect("me")
    return render(request, "coaching/nobody.html")


def team(request: HttpRequest, pk: int) -> HttpResponse:
    return _team_page(request, get_object_or_404(access.teams_visible_to(request.user), pk=pk))


def teams(request: HttpRequest) -> HttpResponse:
    """The teams one answers for, a line each."""
    visible = list(access.teams_visible_to(request.user).select_related("manager"))
    if not visible:
        raise Http404
    asked = asked_period(request)
    fresh = freshness(ALL_ONES_TEAMS, request.user, asked.period)
    context = {
        "title": _("Your teams"),
        "asked": asked,
        "board": team_board(visible, asked, Organisation.current().currency),
        "freshness": fresh,
    }
    return render(request, "coaching/teams.html", context)


def organisation(request: HttpRequest) -> HttpResponse:
    if not access.is_admin(request.user):
        raise Http404
    asked, own = asked_period(request), Organisation.current()
    fresh = freshness(Subject.organisation(), request.user, asked.period)
    every_team = list(Team.objects.select_related("manager"))
    context = {
        "title": own.name,
        "asked": asked,
        "board": team_board(every_team, asked, own.currency, with_organisation=True),
        "stages": stages_of(None, asked.calendar.today(), own.currency),
        "currency": own.currency,
        "freshness": fresh,
    }
    return render(request, "coaching/teams.html", context)


def _team_page(request: HttpRequest, team: Team) -> HttpResponse:
    asked = asked_period(request)
    fresh = freshness(Subject.team(team.pk), request.user, asked.period)
    page = dashboard(team, asked, Organisation.current().currency)
    return render(request, "coaching/team.html", {"page": page, "asked": asked, "freshness": fresh})


def _top_teams(user) -> list[Team]:
    """The teams one sees that are not below another one sees."""
    visible = list(access.teams_visible_to(user))
    ids = {team.pk for team in visible}
    return [team for team in visible if team.parent_id not in ids]

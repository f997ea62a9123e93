"""The addresses of the pages; objects outside one's scope answer like missing ones."""

from django.urls import path

from coaching.views import accounts, deals, evidence, freshness, glossary, rep, team

urlpatterns = [
    path("", team.home, name="home"),
    path("organisation/", team.organisation, name="organisation"),
    path("organisation/kpis/<str:key>/", evidence.organisation_kpi, name="organisation_kpi"),
    path("teams/", team.teams, name="teams"),
    path("teams/<int:pk>/", team.team, name="team"),
    path("teams/<int:pk>/kpis/<str:key>/", evidence.team_kpi, name="team_kpi"),
    path("me/", rep.me, name="me"),
    path("reps/<int:pk>/", rep.rep, name="rep"),
    path("reps/<int:pk>/kpis/<str:key>/", evidence.rep_kpi, name="rep_kpi"),
    path("deals/", deals.deals, name="deals"),
    path("deals/<int:pk>/", deals.deal, name="deal"),
    path("deals/<int:pk>/edit/", deals.edit, name="deal_edit"),
    path("deals/<int:pk>/facts/", deals.add_fact, name="deal_add_fact"),
    path("accounts/<int:pk>/", accounts.account, name="account"),
    path("kpis/", glossary.glossary, name="glossary"),
    path("freshness/<str:kind>/<int:pk>/", freshness.of_subject, name="freshness"),
]

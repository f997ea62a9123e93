"""The addresses of the pages; objects outside one's scope answer like missing ones."""

from django.urls import path

from coaching.views import (
    accounts,
    deals,
    evidence,
    freshness,
    glossary,
    rep,
    settings,
    tables,
    targets,
    team,
)

urlpatterns = [
    path("", team.home, name="home"),
    path("organisation/", team.organisation, name="organisation"),
    path("organisation/kpis/<str:key>/", evidence.organisation_kpi, name="organisation_kpi"),
    path("organisation/tables/<str:name>/", tables.organisation_table, name="organisation_table"),
    path("teams/", team.teams, name="teams"),
    path("teams/<int:pk>/", team.team, name="team"),
    path("teams/<int:pk>/kpis/<str:key>/", evidence.team_kpi, name="team_kpi"),
    path("teams/<int:pk>/tables/<str:name>/", tables.team_table, name="team_table"),
    path("me/", rep.me, name="me"),
    path("reps/<int:pk>/", rep.rep, name="rep"),
    path("reps/<int:pk>/kpis/<str:key>/", evidence.rep_kpi, name="rep_kpi"),
    path("reps/<int:pk>/tables/<str:name>/", tables.rep_table, name="rep_table"),
    path("deals/", deals.deals, name="deals"),
    path("deals/<int:pk>/", deals.deal, name="deal"),
    path("deals/<int:pk>/edit/", deals.edit, name="deal_edit"),
    path("deals/<int:pk>/facts/", deals.add_fact, name="deal_add_fact"),
    path("accounts/<int:pk>/", accounts.account, name="account"),
    path("targets/", targets.targets, name="targets"),
    path("targets/teams/<int:pk>/", targets.team_targets, name="team_targets"),
    path("targets/teams/<int:pk>/<str:key>/", targets.team_target, name="team_target"),
    path("targets/reps/<int:pk>/<str:key>/", targets.rep_target, name="rep_target"),
    path("targets/<int:pk>/", targets.target, name="target"),
    path("targets/<int:pk>/remove/", targets.target_remove, name="target_remove"),
    path("settings/", settings.settings, name="settings"),
    path("settings/<str:key>/", settings.setting, name="setting"),
    path("kpis/", glossary.glossary, name="glossary"),
    path("freshness/<str:kind>/<int:pk>/", freshness.of_subject, name="freshness"),
]

"""Addresses of the read-only API; included at /api/."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from kpis import api as kpis
from pipeline import api as pipeline

router = SimpleRouter()
router.register("kpis", kpis.Kpis, "api-kpi")
router.register("snapshots", kpis.Snapshots, "api-snapshot")
router.register("standings", kpis.Standings, "api-standing")
router.register("reps", pipeline.Reps, "api-rep")
router.register("teams", pipeline.Teams, "api-team")
router.register("deals", pipeline.Deals, "api-deal")

urlpatterns = [
    path("", include(router.urls)),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(url_name="schema", template_name="api/docs.html"),
        name="api_docs",
    ),
]

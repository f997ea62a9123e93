"""Every address of the installation; each app adds its own lines."""

from django.contrib import admin
from django.urls import include, path

from coaching import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("api/", include("coaching.api_urls")),
    path("", include("coaching.page_urls")),
]

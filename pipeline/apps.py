"""What happened: reps, accounts, deals, activities and how they get in."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class PipelineConfig(AppConfig):
    name = "pipeline"
    verbose_name = _("Pipeline")
    default_auto_field = "django.db.models.BigAutoField"


class RecordsAdminConfig(AdminConfig):
    """In place of django.contrib.admin in INSTALLED_APPS: the same, for administrators only."""

    default = False
    default_site = "pipeline.admin_site.RecordsSite"

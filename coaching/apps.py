"""What to talk about: scorecards, diagnosis, coaching sessions, and the pages; also the Django project."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from coaching.celery import app as celery_app

__all__ = ["CoachingConfig", "celery_app"]


class CoachingConfig(AppConfig):
    name = "coaching"
    verbose_name = _("Coaching")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from coaching.fairness.contests_kept import keep_decisions
        from pipeline.intake.importing import written

        written.connect(keep_decisions, dispatch_uid="accepted contests")

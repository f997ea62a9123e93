"""A team's own thresholds beside its playbook and focus KPIs, which the team itself keeps."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class Threshold(models.Model):
    """One threshold a team has set for itself; without a row the playbook's default holds."""

    team = models.ForeignKey(
        "pipeline.Team", models.CASCADE, related_name="thresholds", verbose_name=_("team")
    )
    key = models.CharField(_("threshold"), max_length=60)
    value = models.DecimalField(_("value"), max_digits=12, decimal_places=4)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("threshold")
        verbose_name_plural = _("thresholds")
        ordering = ["team", "key"]
        constraints = [models.UniqueConstraint(fields=["team", "key"], name="one_threshold_per_team_and_key")]

    def __str__(self):
        return f"{self.key} = {self.value}"

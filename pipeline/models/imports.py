"""Import batches, the before-images that make them undoable, and what records said before they were changed."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ImportBatch(models.Model):
    """One import: what was read, by which preset, and what came of it."""

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        DONE = "done", pgettext_lazy("import", "done")
        REFUSED = "refused", _("refused")
        UNDONE = "undone", _("undone")

    source = models.CharField(_("source"), max_length=40)
    preset = models.CharField(_("preset"), max_length=60, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.RUNNING)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField(_("started at"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    report = models.JSONField(_("report"), default=dict, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.source} {self.started_at:%Y-%m-%d %H:%M}"


class BeforeImage(models.Model):
    """A row as it was before a batch wrote it; no image: the batch brought the row into being."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="before_images")
    table = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    image = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["batch", "table"], name="before_image_of_batch")]

    def __str__(self):
        return f"{self.table} {self.row_id}"


class PastRecord(models.Model):
    """A row as it was until somebody changed or removed it, whoever wrote: what was known before `at`."""

    table = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    image = models.JSONField()
    at = models.DateTimeField(db_default=Now())
    is_gone = models.BooleanField(db_default=False)

    class Meta:
        indexes = [models.Index(fields=["table", "row_id", "at"], name="past_record_of_row")]

    def __str__(self):
        return f"{self.table} {self.row_id} {self.at}"

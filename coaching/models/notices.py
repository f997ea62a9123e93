"""Who is told what: digests somebody asked for, and notices inside the product."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Subscription(models.Model):
    """A rep's wish for digests by mail; nobody gets one unasked."""

    rep = models.OneToOneField("pipeline.Rep", models.CASCADE, related_name="subscription")
    monday = models.BooleanField(
        _("Monday: my team"), default=False, help_text=_("Whom to coach on what this week; for managers.")
    )
    friday = models.BooleanField(
        _("Friday: my week"), default=False, help_text=_("Where you stand and what to do next.")
    )
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="en")
    monday_sent_on = models.DateField(null=True, editable=False)
    friday_sent_on = models.DateField(null=True, editable=False)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")

    def __str__(self):
        return str(self.rep)


class Notice(models.Model):
    """Something that happened to a rep's work; the words are made when it is read, in the reader's language."""

    rep = models.ForeignKey("pipeline.Rep", models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    path = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["rep", "read_at"], name="notice_of_rep")]

    def __str__(self):
        return self.kind

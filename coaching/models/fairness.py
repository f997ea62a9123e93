"""What keeps measuring fair: who looked at whose figures, and which rows a rep contested."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords


class Look(models.Model):
    """That somebody opened a rep's figures on a day; one's own looks are not kept."""

    rep = models.ForeignKey("pipeline.Rep", models.CASCADE, related_name="looks")
    viewer = models.ForeignKey("pipeline.Rep", models.CASCADE, related_name="+")
    page = models.CharField(_("page"), max_length=60)
    on = models.DateField(_("on"))
    last_at = models.DateTimeField(_("last"))
    times = models.PositiveIntegerField(_("times"), default=1)

    class Meta:
        verbose_name = _("look")
        verbose_name_plural = _("looks")
        ordering = ["-last_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["rep", "viewer", "page", "on"], name="one_look_per_day_and_page")
        ]

    def __str__(self):
        return f"{self.viewer} → {self.rep}"


class Contest(models.Model):
    """A row of evidence a rep does not accept, why, and what the manager decided.

    `before` holds what the decision changed, so that it can be taken back.
    """

    class Reason(models.TextChoices):
        WRONG_DEAL = "wrong_deal", _("wrong deal")
        NOT_AN_ANSWER = "not_an_answer", _("not an answer")
        PRIVATE = "private", _("private")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("contested row", "open")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    rep = models.ForeignKey("pipeline.Rep", models.CASCADE, related_name="contests")
    activity = models.ForeignKey("pipeline.Activity", models.CASCADE, related_name="contests")
    kpi = models.CharField(_("KPI"), max_length=60)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices)
    words = models.TextField(_("in your words"), blank=True)
    right_deal = models.ForeignKey(
        "pipeline.Deal",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("right deal"),
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        "pipeline.Rep", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.TextField(_("decision"), blank=True)
    before = models.JSONField(default=dict, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("contested row")
        verbose_name_plural = _("contested rows")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "reason"],
                condition=Q(state="open"),
                name="row_is_contested_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "refused"]) | Q(decided_at__isnull=False),
                name="decided_contest_says_when",
            ),
        ]

    def __str__(self):
        return f"{self.activity} {self.get_reason_display()}"

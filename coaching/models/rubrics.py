"""Observed calls and meetings: a team's rubric, and how manager and rep scored an activity by it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Rubric(models.Model):
    """A short list of what a good call or meeting has; replaced, never changed under scores already given."""

    team = models.ForeignKey("pipeline.Team", models.CASCADE, related_name="rubrics", verbose_name=_("team"))
    name = models.CharField(_("name"), max_length=200)
    is_active = models.BooleanField(_("in use"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("rubric")
        verbose_name_plural = _("rubrics")
        ordering = ["team", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["team"], condition=Q(is_active=True), name="team_uses_one_rubric")
        ]

    def __str__(self):
        return self.name


class Criterion(models.Model):
    """One line of a rubric; `skill` is the key of the KPI it is evidence for, if any."""

    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("criterion"), max_length=200)
    guide = models.TextField(_("what good looks like"), blank=True)
    skill = models.CharField(_("skill"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["rubric", "position"]
        constraints = [models.UniqueConstraint(fields=["rubric", "position"], name="one_criterion_per_place")]

    def __str__(self):
        return self.text


class Observation(models.Model):
    """An activity scored by somebody: the rep themselves, or the manager who listened in."""

    activity = models.ForeignKey("pipeline.Activity", models.CASCADE, related_name="observations")
    rep = models.ForeignKey("pipeline.Rep", models.CASCADE, related_name="observations")
    observer = models.ForeignKey("pipeline.Rep", models.CASCADE, related_name="observed")
    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="observations")
    at = models.DateTimeField(auto_now_add=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "observer"], name="observer_scores_an_activity_once")
        ]

    def __str__(self):
        return f"{self.activity} {self.observer}"


class Score(models.Model):
    """One criterion's score, from 1 (not there) to 4 (worth copying); no row where it did not come up."""

    observation = models.ForeignKey(Observation, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="scores")
    value = models.PositiveSmallIntegerField(_("score"))

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [
            models.UniqueConstraint(fields=["observation", "criterion"], name="criterion_is_scored_once"),
            models.CheckConstraint(condition=Q(value__range=(1, 4)), name="score_is_one_to_four"),
        ]

    def __str__(self):
        return str(self.value)

"""Coaching sessions: what was planned, asked, answered, said and agreed, and what came of it."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from coaching.models.scope import CommitmentSet, OfRep, PrivateNoteSet, SessionSet


class Series(models.Model):
    """A standing appointment of a manager with a rep, every so many weeks on one weekday."""

    rep = models.ForeignKey("pipeline.Rep", models.CASCADE, related_name="series", verbose_name=_("rep"))
    manager = models.ForeignKey(
        "pipeline.Rep", models.CASCADE, related_name="led_series", verbose_name=_("manager")
    )
    from_on = models.DateField(_("first on"))
    to_on = models.DateField(_("last on"), null=True, blank=True)
    time = models.TimeField(
        pgettext_lazy("time of day", "at"), help_text=_("Local time of the organisation.")
    )
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=30)
    every_weeks = models.PositiveSmallIntegerField(_("every so many weeks"), default=1)
    objects = OfRep.as_manager()

    class Meta:
        verbose_name = _("series of sessions")
        verbose_name_plural = _("series of sessions")
        constraints = [
            models.CheckConstraint(condition=~Q(rep=F("manager")), name="nobody_has_a_series_with_oneself"),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")),
                name="series_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(every_weeks__range=(1, 12)), name="series_comes_back_within_a_quarter"
            ),
            models.CheckConstraint(condition=Q(minutes__range=(5, 240)), name="series_fits_in_half_a_day"),
        ]

    def __str__(self):
        return f"{self.rep} {self.from_on}"


class Session(models.Model):
    """One talk of a manager with a rep. `skill` and `praise` are KPI keys; `why` says what led to it, as it was then."""

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("session", "planned")
        HELD = "held", pgettext_lazy("session", "held")
        CANCELLED = "cancelled", pgettext_lazy("session", "cancelled")

    rep = models.ForeignKey("pipeline.Rep", models.CASCADE, related_name="sessions", verbose_name=_("rep"))
    manager = models.ForeignKey(
        "pipeline.Rep", models.CASCADE, related_name="led_sessions", verbose_name=_("manager")
    )
    series = models.ForeignKey(
        Series, models.SET_NULL, null=True, blank=True, related_name="sessions", verbose_name=_("series")
    )
    at = models.DateTimeField(_("at"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=30)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PLANNED)
    held_at = models.DateTimeField(_("held at"), null=True, blank=True)
    skill = models.CharField(_("skill"), max_length=60, blank=True)
    praise = models.CharField(_("praise"), max_length=60, blank=True)
    why = models.TextField(_("why"), blank=True)
    shared_notes = models.TextField(_("shared notes"), blank=True)
    uid = models.UUIDField(default=uuid4, editable=False, unique=True)
    sequence = models.PositiveIntegerField(
        default=0, editable=False, help_text=_("How often the appointment moved; calendars go by it.")
    )
    version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    history = HistoricalRecords(excluded_fields=["uid"])
    objects = SessionSet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["rep", "at"], name="session_of_rep_by_time")]
        constraints = [
            models.CheckConstraint(condition=~Q(rep=F("manager")), name="nobody_coaches_oneself"),
            models.CheckConstraint(
                condition=Q(state="held", held_at__isnull=False)
                | (~Q(state="held") & Q(held_at__isnull=True)),
                name="held_session_says_when",
            ),
            models.UniqueConstraint(fields=["series", "at"], name="series_meets_once_at_a_time"),
        ]

    def __str__(self):
        return f"{self.rep} {self.at:%Y-%m-%d}"


class Question(models.Model):
    """Something the rep is asked beforehand, and their own answer."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    text = models.TextField(_("question"))
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["session", "position"]
        constraints = [models.UniqueConstraint(fields=["session", "position"], name="one_question_per_place")]

    def __str__(self):
        return self.text


class SessionDeal(models.Model):
    """A deal on the agenda: one where it still matters."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="agenda_deals")
    deal = models.ForeignKey("pipeline.Deal", models.CASCADE, related_name="+", verbose_name=_("deal"))
    position = models.PositiveSmallIntegerField(default=0)
    why = models.TextField(_("why"), blank=True)

    class Meta:
        verbose_name = _("deal on the agenda")
        verbose_name_plural = _("deals on the agenda")
        ordering = ["session", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["session", "deal"], name="deal_is_on_an_agenda_once")]

    def __str__(self):
        return str(self.deal)


class PrivateNote(models.Model):
    """What only its author ever sees."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="private_notes")
    author = models.ForeignKey("pipeline.Rep", models.CASCADE, related_name="+")
    text = models.TextField(_("private notes"), blank=True)
    updated_at = models.DateTimeField(auto_now=True)
    objects = PrivateNoteSet.as_manager()

    class Meta:
        verbose_name = _("private note")
        verbose_name_plural = _("private notes")
        constraints = [
            models.UniqueConstraint(fields=["session", "author"], name="one_private_note_per_author")
        ]

    def __str__(self):
        return str(self.session)


class Commitment(models.Model):
    """What was agreed: one KPI, the baseline it starts from, the change expected, the day it is looked at again.

    Baseline and review windows are half-open days. What decides the verdict is fixed when the commitment is made;
    `expected` is the change hoped for in the KPI's own unit (a percentage as a fraction).
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("commitment", "open")
        DONE = "done", pgettext_lazy("commitment", "done")
        DROPPED = "dropped", pgettext_lazy("commitment", "dropped")
        MISSED = "missed", pgettext_lazy("commitment", "missed")

    class Verdict(models.TextChoices):
        WORKED = "worked", _("worked")
        NO_EVIDENCE = "no_evidence", _("no evidence")
        WORSE = "worse", _("worse")
        TOO_EARLY = "too_early", _("too early")

    session = models.ForeignKey(Session, models.CASCADE, related_name="commitments")
    rep = models.ForeignKey("pipeline.Rep", models.CASCADE, related_name="commitments")
    text = models.TextField(_("commitment"))
    kpi = models.CharField(_("KPI"), max_length=60, blank=True)
    baseline_from = models.DateField(_("baseline from"), null=True, blank=True)
    baseline_to = models.DateField(_("baseline to"), null=True, blank=True)
    expected = models.DecimalField(
        _("expected change"), max_digits=16, decimal_places=4, null=True, blank=True
    )
    review_on = models.DateField(_("review on"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    state_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict.choices, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    figures = models.JSONField(
        default=dict,
        blank=True,
        help_text=_("What the verdict rests on: both windows, both groups, the interval."),
    )
    created_at = models.DateTimeField(auto_now_add=True)
    history = HistoricalRecords()
    objects = CommitmentSet.as_manager()

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["-review_on", "-pk"]
        indexes = [models.Index(fields=["rep", "state", "review_on"], name="commitment_of_rep")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kpi="")
                | Q(baseline_from__isnull=False, baseline_to__isnull=False, expected__isnull=False),
                name="commitment_on_a_kpi_has_a_baseline",
            ),
            models.CheckConstraint(
                condition=Q(baseline_from__isnull=True) | Q(baseline_to__gt=F("baseline_from")),
                name="baseline_ends_after_it_starts",
            ),
        ]

    def __str__(self):
        return self.text

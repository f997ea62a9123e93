"""Snapshots, targets and thresholds, stale marks and runs."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from pipeline.models.record import Learnt


class Snapshot(models.Model):
    """The pieces of every KPI for one subject and period: numerators, denominators and samples, never ratios.

    A `member` is a rep's share credited to one team (0: none); a rep's figures are the sum of its members. A KPI
    without pieces has none in that period. `pieces` maps a measure's name to its piece (see `kpis.pieces`).
    """

    class Kind(models.TextChoices):
        MEMBER = "member"
        TEAM = "team"
        ORGANISATION = "organisation"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    subject_id = models.BigIntegerField(default=0)
    team_id = models.BigIntegerField(default=0)
    period = models.CharField(max_length=24)
    start = models.DateField()
    end = models.DateField()
    pieces = models.JSONField(default=dict)
    version = models.BigIntegerField(default=1)
    computed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "period", "subject_id", "team_id"], name="one_snapshot_per_subject_and_period"
            )
        ]
        indexes = [
            models.Index(fields=["kind", "subject_id", "end"], name="snapshot_of_subject"),
            models.Index(fields=["kind", "team_id", "end"], name="snapshot_of_member_team"),
        ]

    def __str__(self):
        return f"{self.kind} {self.subject_id} {self.period}"


class PastSnapshot(models.Model):
    """What a snapshot of a calendar period said before: from one local day's end to another's."""

    kind = models.CharField(max_length=12, choices=Snapshot.Kind.choices)
    subject_id = models.BigIntegerField(default=0)
    team_id = models.BigIntegerField(default=0)
    period = models.CharField(max_length=24)
    pieces = models.JSONField(default=dict)
    known_from = models.DateTimeField()
    known_until = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["kind", "subject_id", "period", "known_until"], name="past_snapshot_of_subject"
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.subject_id} {self.period} {self.known_until}"


class Freshness(models.Model):
    """When a subject's figures were last computed, changed or not."""

    kind = models.CharField(max_length=12, choices=Snapshot.Kind.choices)
    subject_id = models.BigIntegerField(default=0)
    computed_at = models.DateTimeField(db_default=Now())
    version = models.BigIntegerField(default=1, help_text=_("Rises when a figure of the subject changes."))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_id"], name="one_freshness_per_subject")
        ]

    def __str__(self):
        return f"{self.kind} {self.subject_id} {self.computed_at}"


class Capture(models.Model):
    """The first day on which the organisation recorded what a measure counts; before it nothing was captured."""

    measure = models.CharField(max_length=80, unique=True)
    first_on = models.DateField()

    def __str__(self):
        return f"{self.measure} {self.first_on}"


class Stale(models.Model):
    """A rep's figures from this day on may have changed; added by triggers, cleared by a recompute.

    Rep 0 stands for rows without a rep, −1 for the tree of teams.
    """

    rep_id = models.BigIntegerField()
    from_day = models.DateField()
    marked_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["rep_id"], name="stale_by_rep")]

    def __str__(self):
        return f"{self.rep_id} {self.from_day}"


class Target(Learnt):
    """What a rep or a team is asked to reach on a KPI, from a day on until the next target."""

    class Period(models.TextChoices):
        WEEK = "week", _("week")
        MONTH = "month", _("month")
        QUARTER = "quarter", _("quarter")
        YEAR = "year", _("year")

    kpi = models.CharField(_("KPI"), max_length=60)
    period = models.CharField(_("per"), max_length=10, choices=Period.choices)
    from_on = models.DateField(_("from"))
    value = models.DecimalField(_("target"), max_digits=16, decimal_places=4)
    stretch = models.DecimalField(_("stretch"), max_digits=16, decimal_places=4, null=True, blank=True)
    rep = models.ForeignKey(
        "pipeline.Rep", models.CASCADE, null=True, blank=True, related_name="targets", verbose_name=_("rep")
    )
    team = models.ForeignKey(
        "pipeline.Team", models.CASCADE, null=True, blank=True, related_name="targets", verbose_name=_("team")
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["kpi", "from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["kpi", "period", "from_on", "rep", "team"],
                name="one_target_per_kpi_period_and_subject",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(rep__isnull=True) | models.Q(team__isnull=True),
                name="target_is_for_rep_or_team",
            ),
        ]

    def __str__(self):
        return f"{self.kpi} {self.value}"


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


class Run(models.Model):
    """A full recompute: its items carry the truth, messages only the hint."""

    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True, help_text=_("Why the run was given up."))
    from_day = models.DateField(help_text=_("Periods that end after this day are recomputed."))
    rolled_on = models.DateField(null=True, unique=True, help_text=_("The local day whose roll this run is."))

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.started_at:%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        return self.finished_at is None and self.cancelled_at is None

    def waiting(self) -> int:
        """Items of the present phase still to be done: how many hints are worth sending."""
        left = self.items.filter(done_at=None)
        phase = left.aggregate(phase=models.Min("phase"))["phase"]
        return left.filter(phase=phase).count()


class RunItem(models.Model):
    """A piece of a run: reps in a first phase, teams by depth after it, the organisation last."""

    class Kind(models.TextChoices):
        REPS = "reps"
        TEAMS = "teams"
        ORGANISATION = "organisation"

    run = models.ForeignKey(Run, models.CASCADE, related_name="items")
    phase = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    ids = models.JSONField(default=list)
    done_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["phase", "pk"]
        indexes = [models.Index(fields=["run", "phase"], name="run_item_by_phase")]

    def __str__(self):
        return f"{self.run} {self.kind} {self.ids}"

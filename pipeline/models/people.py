"""Reps, their teams over time, and what their time costs."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from pipeline.models.record import Learnt, Record, sort_key


class Team(Record):
    """A team; its subtree is what its manager sees."""

    class Playbook(models.TextChoices):
        NUMBERS = "numbers", _("numbers game")
        PROCESS = "process", _("process")

    name = models.CharField(_("name"), max_length=200)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="subteams", verbose_name=_("part of")
    )
    manager = models.ForeignKey(
        "pipeline.Rep",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="managed_teams",
        verbose_name=_("manager"),
    )
    playbook = models.CharField(
        _("playbook"), max_length=10, choices=Playbook.choices, default=Playbook.PROCESS
    )
    focus_kpis = models.TextField(
        _("focus KPIs"), blank=True, help_text=_("KPI keys separated by semicolons.")
    )
    name_key = sort_key()

    class Meta(Record.Meta):
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name_key", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("pk")), name="team_is_not_part_of_itself"
            ),
        ]

    def __str__(self):
        return self.name


class Rep(Record):
    """A person (or a machine) whose work is measured; signs in through an account when there is one."""

    class Role(models.TextChoices):
        REP = "rep", _("rep")
        MANAGER = "manager", _("manager")
        ADMIN = "admin", _("admin")

    account_user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="rep",
        verbose_name=_("sign-in"),
    )
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("mail"), blank=True)
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="reps", verbose_name=_("team today")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.REP)
    job = models.CharField(_("job"), max_length=100, blank=True)
    started_on = models.DateField(_("started on"), null=True, blank=True)
    ramped_on = models.DateField(_("ramped on"), null=True, blank=True)
    ended_on = models.DateField(_("left on"), null=True, blank=True)
    is_machine = models.BooleanField(
        _("machine"), default=False, help_text=_("Left out of every comparison.")
    )
    name_key = sort_key()

    class Meta(Record.Meta):
        verbose_name = _("rep")
        verbose_name_plural = _("reps")
        ordering = ["name_key", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True)
                | models.Q(started_on__isnull=True)
                | models.Q(ended_on__gte=models.F("started_on")),
                name="rep_leaves_after_starting",
            ),
        ]

    def __str__(self):
        return self.name


class TeamMove(Learnt):
    """From this day the rep belongs to this team."""

    rep = models.ForeignKey(Rep, models.CASCADE, related_name="team_moves", verbose_name=_("rep"))
    team = models.ForeignKey(Team, models.PROTECT, related_name="arrivals", verbose_name=_("team"))
    from_on = models.DateField(_("from"))

    class Meta:
        verbose_name = _("team move")
        verbose_name_plural = _("team moves")
        ordering = ["rep", "from_on"]
        constraints = [models.UniqueConstraint(fields=["rep", "from_on"], name="rep_is_in_one_team_a_day")]

    def __str__(self):
        return f"{self.rep} → {self.team}"


class JobCost(Learnt):
    """The standard hourly cost of a job from a day on."""

    job = models.CharField(_("job"), max_length=100)
    from_on = models.DateField(_("from"))
    hourly_cost = models.DecimalField(
        _("hourly cost"), max_digits=10, decimal_places=2, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)

    class Meta:
        verbose_name = _("job cost")
        verbose_name_plural = _("job costs")
        constraints = [
            models.UniqueConstraint(fields=["job", "from_on"], name="one_cost_per_job_and_day"),
            models.CheckConstraint(
                condition=models.Q(hourly_cost__gte=0), name="hourly_cost_is_not_negative"
            ),
        ]

    def __str__(self):
        return f"{self.job} {self.hourly_cost}"


class Absence(Learnt):
    """Days a rep was away, both included: paused, not idle."""

    rep = models.ForeignKey(Rep, models.CASCADE, related_name="absences", verbose_name=_("rep"))
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"))
    reason = models.CharField(_("reason"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["rep", "from_on"]
        constraints = [
            models.UniqueConstraint(fields=["rep", "from_on"], name="absence_starts_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(to_on__gte=models.F("from_on")), name="absence_ends_after_it_starts"
            ),
        ]

    def __str__(self):
        return f"{self.rep} {self.from_on}–{self.to_on}"


class TimeEntry(Learnt):
    """Hours a rep logged on a day, on a deal where known."""

    rep = models.ForeignKey(Rep, models.CASCADE, related_name="time_entries", verbose_name=_("rep"))
    on = models.DateField(_("on"))
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=2)
    deal = models.ForeignKey("pipeline.Deal", models.SET_NULL, null=True, blank=True, verbose_name=_("deal"))

    class Meta:
        verbose_name = _("time entry")
        verbose_name_plural = _("time entries")
        constraints = [
            models.UniqueConstraint(
                fields=["rep", "on", "deal"], name="one_time_entry_per_day_and_deal", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=models.Q(hours__gt=0) & models.Q(hours__lte=24), name="hours_fit_in_a_day"
            ),
        ]

    def __str__(self):
        return f"{self.rep} {self.on}: {self.hours}"

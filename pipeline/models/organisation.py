"""The one organisation this instance serves, and its dated settings."""

from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from pipeline.models.record import Learnt

# The defaults of the KPI catalogue's settings; a row in Setting overrides one from its day on.
DEFAULTS = {
    "reply_window_days": "14",
    "first_attempt_days": "180",
    "inferred_reach_seconds": "120",
    "executive_threshold": "director",
    "qualified_window_days": "90",
    "manoeuvre_amount_change": "10",
    "manoeuvre_slip_days": "30",
    "min_people_shown": "5",
    "pricing_alert_days": "45",
    "departments_thin": "2",
    "departments_fine": "3",
    "two_way_days": "90",
    "rating_stale_days": "90",
    "untouched_days": "14",
    "pressure_touches": "5",
    "pressure_days": "14",
    "small_source_leads": "20",
}


class Organisation(models.Model):
    """Exactly one row: name, calendar, currency and own mail domains."""

    name = models.CharField(_("name"), max_length=200, default="Touchline")
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    domains = models.TextField(_("own mail domains"), blank=True, help_text=_("Separated by semicolons."))
    week_start = models.PositiveSmallIntegerField(
        _("first day of the week"), default=1, help_text=_("1 is Monday.")
    )
    fiscal_year_start = models.PositiveSmallIntegerField(_("first month of the fiscal year"), default=1)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisation")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="there_is_one_organisation"),
            models.CheckConstraint(
                condition=models.Q(fiscal_year_start__range=(1, 12)), name="fiscal_year_starts_in_a_month"
            ),
            models.CheckConstraint(
                condition=models.Q(week_start__range=(1, 7)), name="week_starts_on_a_weekday"
            ),
        ]

    def __str__(self):
        return self.name

    @classmethod
    def current(cls) -> "Organisation":
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def domain_list(self) -> list[str]:
        return [domain.strip().lower() for domain in self.domains.split(";") if domain.strip()]


class Setting(Learnt):
    """One setting's value from a day on; days before keep the value that held then."""

    key = models.CharField(_("setting"), max_length=60, choices=[(key, key) for key in DEFAULTS])
    value = models.CharField(_("value"), max_length=200)
    from_on = models.DateField(_("from"), null=True, blank=True, help_text=_("Empty: from the beginning."))

    class Meta:
        verbose_name = _("setting")
        verbose_name_plural = _("settings")
        ordering = ["key", "from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "from_on"], name="one_value_per_setting_and_day", nulls_distinct=False
            )
        ]

    def __str__(self):
        return f"{self.key} = {self.value}"

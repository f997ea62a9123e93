"""Where leads come from, what was spent, exchange rates and rebate tiers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pipeline.models.record import Learnt, Record, sort_key


class LeadSource(Record):
    name = models.CharField(_("name"), max_length=200)
    name_key = sort_key()

    class Meta(Record.Meta):
        verbose_name = _("lead source")
        verbose_name_plural = _("lead sources")
        ordering = ["name_key", "pk"]

    def __str__(self):
        return self.name


class Spend(Learnt):
    """Money spent in a month on leads, telephony or material."""

    class Kind(models.TextChoices):
        LEAD = "lead", _("leads")
        TELEPHONY = "telephony", _("telephony")
        MATERIAL = "material", _("material")

    month = models.DateField(_("month"), help_text=_("First day of the month."))
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    lead_source = models.ForeignKey(
        LeadSource,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="spends",
        verbose_name=_("lead source"),
    )
    team = models.ForeignKey("pipeline.Team", models.CASCADE, null=True, blank=True, verbose_name=_("team"))
    currency = models.CharField(_("currency"), max_length=3, blank=True)

    class Meta:
        verbose_name = _("spend")
        verbose_name_plural = _("spend")
        constraints = [
            models.UniqueConstraint(
                fields=["month", "kind", "lead_source", "team"],
                name="one_spend_per_month_kind_source_and_team",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=models.Q(month__day=1), name="spend_month_is_a_first_day"),
            models.CheckConstraint(
                condition=models.Q(lead_source__isnull=True) | models.Q(kind="lead"),
                name="only_lead_spend_has_a_source",
            ),
        ]

    def __str__(self):
        return f"{self.month:%Y-%m} {self.kind} {self.amount}"


class ExchangeRate(Learnt):
    """Units of the organisation's currency per unit of another, from a day until the next rate."""

    currency = models.CharField(_("currency"), max_length=3)
    on = models.DateField(_("on"))
    rate = models.DecimalField(_("rate"), max_digits=18, decimal_places=8)

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        constraints = [
            models.UniqueConstraint(fields=["currency", "on"], name="one_rate_per_currency_and_day"),
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="exchange_rate_is_positive"),
        ]

    def __str__(self):
        return f"{self.currency} {self.on}: {self.rate}"


class RebateTier(Learnt):
    """From this yearly amount on, the account earns this percent back (the rappel)."""

    account = models.ForeignKey(
        "pipeline.Account", models.CASCADE, related_name="rebate_tiers", verbose_name=_("account")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    from_amount = models.DecimalField(_("from amount"), max_digits=16, decimal_places=2)
    percent = models.DecimalField(_("percent"), max_digits=6, decimal_places=3)

    class Meta:
        verbose_name = _("rebate tier")
        verbose_name_plural = _("rebate tiers")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "year", "from_amount"], name="one_percent_per_rebate_tier"
            ),
            models.CheckConstraint(
                condition=models.Q(percent__gte=0) & models.Q(percent__lte=100),
                name="rebate_percent_is_a_percentage",
            ),
        ]

    def __str__(self):
        return f"{self.account} {self.year}: {self.percent} %"

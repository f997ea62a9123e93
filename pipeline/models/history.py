"""What is settled from the raw records: where each deal stood, from when to when, and how it ended.

Nobody edits these rows: `pipeline.settle` writes them anew whenever the records of a deal change.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pipeline.models.deals import Milestone


class Episode(models.Model):
    """One life of a deal, from its start (or reopening) to a win or a loss, or still open."""

    class Outcome(models.IntegerChoices):
        OPEN = 0, _("open")
        WON = 1, _("won")
        LOST = 2, _("lost")

    deal = models.ForeignKey("pipeline.Deal", models.CASCADE, related_name="episodes")
    number = models.PositiveSmallIntegerField(_("episode"))
    outcome = models.PositiveSmallIntegerField(_("outcome"), choices=Outcome.choices)
    owner = models.ForeignKey(
        "pipeline.Rep", models.SET_NULL, null=True, related_name="+", verbose_name=_("owner then")
    )
    team = models.ForeignKey(
        "pipeline.Team", models.SET_NULL, null=True, related_name="+", verbose_name=_("team then")
    )
    opened_at = models.DateTimeField(_("opened at"), null=True)
    opened_day = models.DateField(_("opened on"), null=True)
    opener = models.ForeignKey(
        "pipeline.Rep",
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("creator"),
        help_text=_("Who created the deal, else who owned it then."),
    )
    opener_team = models.ForeignKey("pipeline.Team", models.SET_NULL, null=True, related_name="+")
    opened_cents = models.BigIntegerField(
        _("first amount, cents"),
        null=True,
        help_text=_("In the organisation's currency at the creation date's rate."),
    )
    is_open_convertible = models.BooleanField(default=True)
    closed_at = models.DateTimeField(_("closed at"), null=True)
    closed_day = models.DateField(_("closed on"), null=True)
    reached = models.PositiveSmallIntegerField(_("highest milestone"), choices=Milestone.choices, null=True)
    qualified_day = models.DateField(_("qualified on"), null=True)
    prospect_day = models.DateField(_("prospect on"), null=True)
    proposal_day = models.DateField(_("proposal on"), null=True)
    negotiation_day = models.DateField(_("negotiation on"), null=True)
    cycle_us = models.BigIntegerField(_("cycle, µs"), null=True, help_text=_("From creation to close."))
    amount_cents = models.BigIntegerField(
        _("amount, cents"), null=True, help_text=_("In the organisation's currency at the close date's rate.")
    )
    cost_cents = models.BigIntegerField(_("cost, cents"), null=True)
    rebate_cents = models.BigIntegerField(
        _("rebate, cents"), null=True, help_text=_("At the highest tier its account has reached in its year.")
    )
    qualifier = models.ForeignKey(
        "pipeline.Rep",
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("owner when qualified"),
    )
    qualifier_team = models.ForeignKey("pipeline.Team", models.SET_NULL, null=True, related_name="+")
    prospect_days = models.IntegerField(_("from qualified to prospect, days"), null=True)
    pricing_day = models.DateField(_("pricing first discussed on"), null=True)
    priced_days = models.IntegerField(_("from pricing to close, days"), null=True)
    presentations = models.PositiveSmallIntegerField(_("proposal presentations"), default=0, db_default=0)
    follow_ups = models.PositiveIntegerField(
        _("follow-ups"), null=True, help_text=_("From the first attempt on its people to the close.")
    )
    is_convertible = models.BooleanField(_("convertible"), default=True)

    class Meta:
        verbose_name = _("episode")
        verbose_name_plural = _("episodes")
        ordering = ["deal", "number"]
        constraints = [
            models.UniqueConstraint(fields=["deal", "number"], name="episode_numbers_are_unique_in_a_deal"),
            models.CheckConstraint(
                condition=models.Q(outcome=0) | models.Q(closed_at__isnull=False),
                name="closed_episode_has_closed_at",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "closed_day"], name="episode_by_owner_and_close"),
            models.Index(fields=["opener", "opened_day"], name="episode_by_opener"),
            models.Index(fields=["closed_day"], name="episode_by_close"),
            models.Index(fields=["qualifier", "qualified_day"], name="episode_by_qualifier"),
            models.Index(
                fields=["id"], condition=models.Q(rebate_cents__isnull=False), name="episode_with_rebate"
            ),
        ]

    def __str__(self):
        return f"{self.deal} #{self.number}"


class DealSpan(models.Model):
    """A stretch of time in which nothing about an open deal changed: the as-of record behind every state KPI.

    It holds from `from_day` until `to_day` (none: still). A figure as of the end of day D counts the spans with
    from_day <= D and (to_day is null or to_day > D).
    """

    deal = models.ForeignKey("pipeline.Deal", models.CASCADE, related_name="spans")
    episode = models.PositiveSmallIntegerField(_("episode"))
    from_at = models.DateTimeField(_("from"))
    to_at = models.DateTimeField(_("to"), null=True)
    from_day = models.DateField(_("from day"))
    to_day = models.DateField(_("to day"), null=True)
    stage = models.ForeignKey("pipeline.Stage", models.CASCADE, null=True, related_name="+")
    milestone = models.PositiveSmallIntegerField(_("milestone"), choices=Milestone.choices, null=True)
    reached = models.PositiveSmallIntegerField(_("highest milestone"), choices=Milestone.choices, null=True)
    entered_at = models.DateTimeField(_("entered the stage at"), null=True)
    entered_day = models.DateField(_("entered the stage on"), null=True)
    is_entered_dated = models.BooleanField(default=False)
    ends_visit = models.BooleanField(
        default=False, help_text=_("The deal left the stage when this stretch ended.")
    )
    owner = models.ForeignKey("pipeline.Rep", models.SET_NULL, null=True, related_name="+")
    team = models.ForeignKey("pipeline.Team", models.SET_NULL, null=True, related_name="+")
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    expected_close_on = models.DateField(null=True)
    slipped_from = models.DateField(
        _("expected before"),
        null=True,
        help_text=_("Where this stretch began by putting off the expected close."),
    )
    slipped_to = models.DateField(
        null=True,
        help_text=_("It stayed put off beyond the end of every period that ends no later than this."),
    )
    forecast = models.CharField(max_length=10, blank=True)
    nda = models.CharField(_("NDA"), max_length=10, blank=True)
    scope_on = models.DateField(null=True)
    discount_range_on = models.DateField(null=True)
    timing_on = models.DateField(null=True)
    infosec_on = models.DateField(_("information-security review on"), null=True)
    pricing_on = models.DateField(_("pricing first discussed on"), null=True)
    last_pricing_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("deal span")
        verbose_name_plural = _("deal spans")
        ordering = ["deal", "from_at", "pk"]
        indexes = [
            models.Index(fields=["owner", "from_day"], name="span_by_owner"),
            models.Index(fields=["deal", "from_day"], name="span_by_deal"),
        ]

    def __str__(self):
        return f"{self.deal} {self.from_day}–{self.to_day or ''}"


class AccountSpan(models.Model):
    """An account belonged to one rep, in one team, from `from_day` until `to_day` (none: still)."""

    account = models.ForeignKey("pipeline.Account", models.CASCADE, related_name="spans")
    owner = models.ForeignKey("pipeline.Rep", models.SET_NULL, null=True, related_name="+")
    team = models.ForeignKey("pipeline.Team", models.SET_NULL, null=True, related_name="+")
    from_day = models.DateField(_("from day"))
    to_day = models.DateField(_("to day"), null=True)

    class Meta:
        verbose_name = _("account span")
        verbose_name_plural = _("account spans")
        ordering = ["account", "from_day", "pk"]
        indexes = [
            models.Index(fields=["owner", "from_day"], name="account_span_by_owner"),
            models.Index(fields=["account", "from_day"], name="account_span_by_account"),
        ]

    def __str__(self):
        return f"{self.account} {self.from_day}–{self.to_day or ''}"


class Cost(models.Model):
    """What selling cost on a day: a time entry at its job's hourly cost, or a share of a month's spend.

    Spend on a lead source is shared over the reps by their first attempts on it, day by day; where there are none, and
    for telephony and material, it stays with the team. Cents none: no hourly cost, or no exchange rate, is known.
    """

    class Kind(models.IntegerChoices):
        TIME = 1, _("time")
        LEAD = 2, _("leads")
        TELEPHONY = 3, _("telephony")
        MATERIAL = 4, _("material")

    kind = models.PositiveSmallIntegerField(_("kind"), choices=Kind.choices)
    day = models.DateField(_("on"))
    rep = models.ForeignKey(
        "pipeline.Rep", models.CASCADE, null=True, related_name="+", verbose_name=_("rep")
    )
    team = models.ForeignKey("pipeline.Team", models.SET_NULL, null=True, related_name="+")
    lead_source = models.ForeignKey(
        "pipeline.LeadSource", models.CASCADE, null=True, related_name="+", verbose_name=_("lead source")
    )
    hours_100 = models.IntegerField(_("hours, hundredths"), null=True)
    cents = models.BigIntegerField(_("cost, cents"), null=True)
    time_entry = models.ForeignKey("pipeline.TimeEntry", models.CASCADE, null=True, related_name="+")
    spend = models.ForeignKey("pipeline.Spend", models.CASCADE, null=True, related_name="+")

    class Meta:
        verbose_name = _("cost")
        verbose_name_plural = _("costs")
        ordering = ["-day", "-pk"]
        indexes = [models.Index(fields=["rep", "day"], name="cost_of_rep_by_day")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.day}"


class Unsettled(models.Model):
    """A record was written and what follows from it is not yet settled; database triggers add these rows."""

    class Kind(models.TextChoices):
        DEAL = "deal"
        ACTIVITY = "activity"
        CONTACT = "contact"
        ACCOUNT = "account"
        COST = "cost"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    row_id = models.BigIntegerField()
    marked_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        indexes = [models.Index(fields=["kind", "row_id"], name="unsettled_by_row")]

    def __str__(self):
        return f"{self.kind} {self.row_id}"

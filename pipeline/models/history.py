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
    forecast = models.CharField(max_length=10, blank=True)
    nda = models.CharField(_("NDA"), max_length=10, blank=True)
    scope_on = models.DateField(null=True)
    discount_range_on = models.DateField(null=True)
    timing_on = models.DateField(null=True)
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


class Unsettled(models.Model):
    """A record was written and what follows from it is not yet settled; database triggers add these rows."""

    class Kind(models.TextChoices):
        DEAL = "deal"
        ACTIVITY = "activity"
        CONTACT = "contact"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    row_id = models.BigIntegerField()
    marked_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        indexes = [models.Index(fields=["kind", "row_id"], name="unsettled_by_row")]

    def __str__(self):
        return f"{self.kind} {self.row_id}"

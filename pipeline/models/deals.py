"""Deals, the stages they pass, and everything dated that is known of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from pipeline.models.record import Learnt, Record, sort_key


class Milestone(models.IntegerChoices):
    """How far a stage stands for; open ones in order, then the two ends."""

    LEAD = 1, _("lead")
    QUALIFIED = 2, _("qualified")
    PROSPECT = 3, _("prospect")
    PROPOSAL = 4, _("proposal")
    NEGOTIATION = 5, _("negotiation")
    WON = 6, _("won")
    LOST = 7, _("lost")


class Stage(Record):
    """A stage of one pipeline, tied to one milestone."""

    name = models.CharField(_("name"), max_length=200)
    position = models.PositiveSmallIntegerField(_("position"))
    milestone = models.PositiveSmallIntegerField(_("milestone"), choices=Milestone.choices)
    pipeline = models.CharField(_("pipeline"), max_length=100, default="default")
    probability = models.DecimalField(
        _("probability, %"), max_digits=5, decimal_places=2, null=True, blank=True
    )

    class Meta(Record.Meta):
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["pipeline", "position", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(milestone__range=(1, 7)), name="stage_stands_for_a_milestone"
            ),
        ]

    def __str__(self):
        return self.name


class Deal(Record):
    """A possible sale; who owned it, where it stood and what it was worth over time lie beside it."""

    class Forecast(models.TextChoices):
        COMMITTED = "committed", _("committed")
        BEST_CASE = "best_case", _("best case")
        OPEN = "open", pgettext_lazy("forecast", "open")

    class Nda(models.TextChoices):
        NEEDED = "needed", _("needed")
        NOT_NEEDED = "not_needed", _("not needed")

    name = models.CharField(_("name"), max_length=300)
    account = models.ForeignKey(
        "pipeline.Account",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="deals",
        verbose_name=_("account"),
    )
    owner = models.ForeignKey(
        "pipeline.Rep", models.SET_NULL, null=True, blank=True, related_name="deals", verbose_name=_("owner")
    )
    created_by = models.ForeignKey(
        "pipeline.Rep", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("created by")
    )
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2, null=True, blank=True)
    cost = models.DecimalField(_("cost"), max_digits=16, decimal_places=2, null=True, blank=True)
    currency = models.CharField(
        _("currency"), max_length=3, blank=True, help_text=_("Empty: the organisation's.")
    )
    stage = models.ForeignKey(
        Stage, models.PROTECT, null=True, blank=True, related_name="deals", verbose_name=_("stage")
    )
    lead_source = models.ForeignKey(
        "pipeline.LeadSource",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="deals",
        verbose_name=_("lead source"),
    )
    created_at = models.DateTimeField(_("created at"), null=True, blank=True)
    is_created_dated = models.BooleanField(_("creation known to the day only"), default=False)
    expected_close_on = models.DateField(_("expected to close on"), null=True, blank=True)
    forecast = models.CharField(_("forecast"), max_length=10, choices=Forecast.choices, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    is_closed_dated = models.BooleanField(_("close known to the day only"), default=False)
    lost_reason = models.CharField(_("reason of the loss"), max_length=300, blank=True)
    nda = models.CharField(
        _("NDA"), max_length=10, choices=Nda.choices, blank=True, help_text=_("Empty: unknown.")
    )
    next_step = models.CharField(_("next step"), max_length=300, blank=True)
    next_step_on = models.DateField(_("next step on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    name_key = sort_key()
    history = HistoricalRecords(excluded_fields=["name_key"])

    class Meta(Record.Meta):
        verbose_name = _("deal")
        verbose_name_plural = _("deals")
        ordering = ["name_key", "pk"]
        indexes = [
            models.Index(fields=["name_key", "id"], name="deal_by_name"),
            models.Index(fields=["owner", "created_at"], name="deal_by_owner_and_creation"),
        ]

    def __str__(self):
        return self.name


class DealMove(Learnt):
    """From this moment the deal belongs to this rep."""

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="moves", verbose_name=_("deal"))
    owner = models.ForeignKey("pipeline.Rep", models.PROTECT, related_name="+", verbose_name=_("owner"))
    from_at = models.DateTimeField(_("from"))

    class Meta:
        verbose_name = _("deal move")
        verbose_name_plural = _("deal moves")
        ordering = ["deal", "from_at"]
        constraints = [
            models.UniqueConstraint(fields=["deal", "from_at"], name="deal_has_one_owner_at_a_time")
        ]

    def __str__(self):
        return f"{self.deal} → {self.owner}"


class StageChange(Learnt):
    """The deal entered a stage; `seq` orders changes within one instant."""

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="stage_changes", verbose_name=_("deal"))
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+", verbose_name=_("stage"))
    at = models.DateTimeField(_("at"))
    seq = models.IntegerField(_("order within the moment"), default=0)
    is_dated = models.BooleanField(_("known to the day only"), default=False)
    actor = models.ForeignKey(
        "pipeline.Rep", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("made by")
    )
    owner = models.ForeignKey(
        "pipeline.Rep", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner then")
    )

    class Meta:
        verbose_name = _("stage change")
        verbose_name_plural = _("stage changes")
        ordering = ["deal", "at", "seq", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["deal", "at", "seq", "stage"], name="deal_enters_a_stage_once_a_moment"
            )
        ]

    def __str__(self):
        return f"{self.deal} → {self.stage}"


class DealChange(Learnt):
    """A dated value of one of the deal's fields that as-of figures need; empty value: unknown from then on."""

    class Field(models.TextChoices):
        AMOUNT = "amount", _("amount")
        COST = "cost", _("cost")
        EXPECTED_CLOSE_ON = "expected_close_on", _("expected close")
        FORECAST = "forecast", _("forecast")

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="changes", verbose_name=_("deal"))
    field = models.CharField(_("field"), max_length=20, choices=Field.choices)
    value = models.CharField(_("value"), max_length=40, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("deal change")
        verbose_name_plural = _("deal changes")
        ordering = ["deal", "at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["deal", "field", "at"], name="deal_field_changes_once_a_moment")
        ]

    def __str__(self):
        return f"{self.deal}: {self.field} = {self.value}"


class DealContact(Learnt):
    """A contact's part in a deal, from a moment on where known."""

    class Role(models.TextChoices):
        DECISION_MAKER = "decision_maker", _("decision maker")
        ECONOMIC_BUYER = "economic_buyer", _("economic buyer")
        CHAMPION = "champion", _("champion")
        INFLUENCER = "influencer", _("influencer")
        PROCUREMENT = "procurement", _("procurement")
        LEGAL = "legal", _("legal")
        USER = "user", _("user of the product")
        BLOCKER = "blocker", _("blocker")

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="deal_contacts", verbose_name=_("deal"))
    contact = models.ForeignKey(
        "pipeline.Contact", models.CASCADE, related_name="deal_contacts", verbose_name=_("contact")
    )
    from_at = models.DateTimeField(_("from"), null=True, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, blank=True)

    class Meta:
        verbose_name = _("contact of a deal")
        verbose_name_plural = _("contacts of a deal")
        constraints = [
            models.UniqueConstraint(
                fields=["deal", "contact", "from_at"],
                name="contact_has_one_role_at_a_time",
                nulls_distinct=False,
            )
        ]

    def __str__(self):
        return f"{self.contact} ({self.get_role_display()})"


class DealFact(Learnt):
    """Something dated that happened in a deal, with the activity that shows it where known."""

    class Kind(models.TextChoices):
        PRICING = "pricing", _("pricing discussed")
        PROCUREMENT = "procurement", _("procurement engaged")
        SCOPE = "scope", _("scope discussed")
        DISCOUNT_RANGE = "discount_range", _("discount range discussed")
        TIMING = "timing", _("timing discussed")
        NDA_REQUESTED = "nda_requested", _("NDA requested")
        NDA_SIGNED = "nda_signed", _("NDA signed")
        NDA_EXPIRED = "nda_expired", _("NDA expired")
        INFOSEC_REVIEW = "infosec_review", _("information-security review")
        PAUSED = "paused", _("paused")
        RESUMED = "resumed", _("resumed")

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="facts", verbose_name=_("deal"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    on = models.DateField(_("on"))
    activity = models.ForeignKey(
        "pipeline.Activity",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="facts",
        verbose_name=_("evidence"),
    )
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("deal fact")
        verbose_name_plural = _("deal facts")
        ordering = ["deal", "on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["deal", "kind", "on", "activity"],
                name="deal_fact_happens_once_a_day",
                nulls_distinct=False,
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.on}"

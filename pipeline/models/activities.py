"""What reps did and what came back: calls, mails, texts, meetings."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pipeline.models.record import Record


class Activity(Record):
    """One call, mail, text or meeting. The settled columns at the end are filled by `pipeline.settle`.

    Codes are small integers, and a key gets an index only where a page or a recompute reads by it: a full recompute
    reads ten million of these rows.
    """

    class Kind(models.IntegerChoices):
        CALL = 1, _("call")
        EMAIL = 2, _("email")
        TEXT = 3, _("text")
        MEETING = 4, _("meeting")

    class Direction(models.IntegerChoices):
        UNKNOWN = 0, _("unknown")
        OUT = 1, _("out")
        IN = 2, _("in")

    class Status(models.IntegerChoices):
        UNKNOWN = 0, _("unknown")
        PLANNED = 1, _("planned")
        HELD = 2, _("held")
        CANCELLED = 3, _("cancelled")
        NO_SHOW = 4, _("no-show")

    class Outcome(models.IntegerChoices):
        UNKNOWN = 0, _("unknown")
        REACHED = 1, _("reached")
        NO_ANSWER = 2, _("no answer")
        VOICEMAIL = 3, _("voicemail")
        GATEKEEPER = 4, _("gatekeeper")
        WRONG_NUMBER = 5, _("wrong number")
        BOUNCED = 6, _("bounced")
        AUTO_REPLY = 7, _("automatic reply")

    class Interest(models.IntegerChoices):
        UNKNOWN = 0, _("not noted")
        NONE = 1, _("none")
        SOME = 2, _("some")
        STRONG = 3, _("strong")

    # Types that KPIs know; any other word is a type as well.
    PROPOSAL_PRESENTED, PROPOSAL_SENT = "proposal_presentation", "proposal_sent"

    rep = models.ForeignKey(
        "pipeline.Rep",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("rep"),
        db_index=False,
    )
    kind = models.PositiveSmallIntegerField(_("kind"), choices=Kind.choices)
    at = models.DateTimeField(_("at"))
    direction = models.PositiveSmallIntegerField(
        _("direction"), choices=Direction.choices, default=Direction.UNKNOWN
    )
    booked_by = models.ForeignKey(
        "pipeline.Rep",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="bookings",
        verbose_name=_("booked by"),
        db_index=False,
    )
    account = models.ForeignKey(
        "pipeline.Account",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("account"),
        db_index=False,
    )
    deal = models.ForeignKey(
        "pipeline.Deal",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("deal"),
        db_index=False,
    )
    type = models.CharField(_("type"), max_length=60, blank=True)
    booked_at = models.DateTimeField(_("booked at"), null=True, blank=True)
    duration_s = models.PositiveIntegerField(_("duration, s"), null=True, blank=True)
    status = models.PositiveSmallIntegerField(_("status"), choices=Status.choices, default=Status.UNKNOWN)
    outcome = models.PositiveSmallIntegerField(_("outcome"), choices=Outcome.choices, default=Outcome.UNKNOWN)
    interest = models.PositiveSmallIntegerField(
        _("interest"), choices=Interest.choices, default=Interest.UNKNOWN
    )
    in_reply_to = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="replies",
        verbose_name=_("in reply to"),
        db_index=False,
    )
    provider_id = models.CharField(_("provider's id"), max_length=300, blank=True)
    is_internal = models.BooleanField(
        _("internal only"), default=False, help_text=_("No outside party took part.")
    )
    subject = models.CharField(_("subject"), max_length=500, blank=True)

    # Settled: local days, the team at the time, who gets credit for booking it (`booked_by`, else the rep) and
    # that rep's team then, the company meant (the account, else the deal's, else the first contact's), the
    # highest seniority known among those present (0: none known), and the row this one repeats.
    day = models.DateField(_("local day"), null=True, editable=False)
    booked_day = models.DateField(_("booked on"), null=True, editable=False)
    team = models.ForeignKey(
        "pipeline.Team", models.SET_NULL, null=True, editable=False, related_name="+", db_index=False
    )
    booker = models.ForeignKey(
        "pipeline.Rep", models.SET_NULL, null=True, editable=False, related_name="+", db_index=False
    )
    booked_team = models.ForeignKey(
        "pipeline.Team", models.SET_NULL, null=True, editable=False, related_name="+", db_index=False
    )
    company = models.ForeignKey(
        "pipeline.Account", models.SET_NULL, null=True, editable=False, related_name="touching"
    )
    top_seniority = models.PositiveSmallIntegerField(default=0, editable=False)
    is_declined = models.BooleanField(
        _("declined by all"), default=False, editable=False, help_text=_("Every invited contact declined.")
    )
    duplicate_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, editable=False, related_name="+", db_index=False
    )
    # 0: somebody's first attempt, k: at best their k-th follow-up, none: neither (see ActivityContact.attempt).
    attempt = models.PositiveSmallIntegerField(_("attempt"), null=True, editable=False)
    deal_reached = models.PositiveSmallIntegerField(
        _("highest milestone of the deal at that time"), null=True, editable=False
    )
    is_presentation = models.BooleanField(
        _("proposal presented to the decision team"), default=False, db_default=False, editable=False
    )
    has_material = models.BooleanField(
        _("material handed over"), default=False, db_default=False, editable=False
    )

    class Meta(Record.Meta):
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(
                fields=["rep", "day", "id"],
                include=[
                    "kind",
                    "direction",
                    "status",
                    "outcome",
                    "duration_s",
                    "team",
                    "company",
                    "top_seniority",
                    "is_internal",
                    "is_declined",
                    "duplicate_of",
                    "at",
                    "deal",
                    "attempt",
                    "deal_reached",
                    "is_presentation",
                    "has_material",
                    "interest",
                ],
                name="activity_of_rep_by_day",
            ),
            models.Index(fields=["deal", "day"], include=["rep", "id"], name="activity_of_deal_by_day"),
            models.Index(
                fields=["booker", "booked_day"],
                include=["kind", "status", "booked_team", "is_internal", "duplicate_of"],
                condition=models.Q(booked_day__isnull=False),
                name="activity_by_booking",
            ),
            models.Index(fields=["day"], condition=models.Q(attempt=0), name="first_attempt_by_day"),
            models.Index(
                fields=["deal"], condition=models.Q(is_presentation=True), name="presentation_of_deal"
            ),
            models.Index(
                fields=["rep", "day"], condition=models.Q(type="proposal_sent"), name="proposal_sent_by_rep"
            ),
            models.Index(
                fields=["duplicate_of"],
                condition=models.Q(duplicate_of__isnull=False),
                name="activity_repeated_by",
            ),
            models.Index(
                fields=["in_reply_to"],
                condition=models.Q(in_reply_to__isnull=False),
                name="activity_replied_to_by",
            ),
            models.Index(
                fields=["kind", "provider_id"],
                name="activity_by_provider_id",
                condition=~models.Q(provider_id=""),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"

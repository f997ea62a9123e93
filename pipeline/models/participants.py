"""Who was part of a call, mail, text or meeting, and what came back from each of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pipeline.models.activities import Activity
from pipeline.models.record import Learnt


class ActivityContact(Learnt):
    """A contact's part in an activity.

    `rep` repeats the activity's (kept by `pipeline.settle`): bulk reads go by rep range. `answered_at` is when
    the contact's first human mail (to a text: text) after this one arrived, `answer` that mail, `answer_days` the days of
    24 hours between.
    """

    class Part(models.IntegerChoices):
        UNKNOWN = 0, _("took part")
        FROM = 1, pgettext_lazy("mail", "from")
        TO = 2, pgettext_lazy("mail", "to")
        CC = 3, pgettext_lazy("mail", "cc")
        ATTENDEE = 4, _("attendee")
        ORGANISER = 5, _("organiser")

    class Attended(models.IntegerChoices):
        UNKNOWN = 0, _("unknown")
        YES = 1, _("yes")
        NO = 2, _("no")
        DECLINED = 3, _("declined")

    activity = models.ForeignKey(
        Activity, models.CASCADE, related_name="people", verbose_name=_("activity"), db_index=False
    )
    contact = models.ForeignKey(
        "pipeline.Contact", models.CASCADE, related_name="touches", verbose_name=_("contact")
    )
    part = models.PositiveSmallIntegerField(_("part"), choices=Part.choices, default=Part.UNKNOWN)
    attended = models.PositiveSmallIntegerField(
        _("attended"), choices=Attended.choices, default=Attended.UNKNOWN
    )
    outcome = models.PositiveSmallIntegerField(
        _("outcome"), choices=Activity.Outcome.choices, default=Activity.Outcome.UNKNOWN
    )
    rep = models.ForeignKey(
        "pipeline.Rep", models.PROTECT, null=True, editable=False, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, editable=False)
    answer = models.ForeignKey(
        Activity, models.SET_NULL, null=True, editable=False, related_name="+", db_index=False
    )
    answer_days = models.FloatField(_("answered after, days"), null=True, editable=False)
    attempt = models.PositiveSmallIntegerField(
        _("attempt"),
        null=True,
        editable=False,
        help_text=_(
            "0: the organisation's first attempt on this person, k: the k-th follow-up; none: neither."
        ),
    )
    won_days = models.FloatField(
        _("sale after, days"),
        null=True,
        editable=False,
        help_text=_("From this first attempt to the sale it opened: each sale counts for the earliest one."),
    )

    class Meta:
        verbose_name = _("person in an activity")
        verbose_name_plural = _("people in an activity")
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "contact", "part"], name="contact_has_one_part_in_an_activity"
            )
        ]
        indexes = [
            models.Index(
                fields=["answer"], name="people_by_answer", condition=models.Q(answer__isnull=False)
            ),
            models.Index(
                fields=["rep", "activity"],
                include=[
                    "contact",
                    "part",
                    "attended",
                    "outcome",
                    "answered_at",
                    "answer_days",
                    "attempt",
                    "won_days",
                ],
                name="people_of_rep",
            ),
        ]

    def __str__(self):
        return f"{self.contact} ({self.get_part_display()})"

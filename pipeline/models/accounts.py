"""Accounts, the people in them, and how those people stand towards us."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from pipeline.models.record import Learnt, Record, sort_key


class Account(Record):
    """A company we sell to."""

    name = models.CharField(_("name"), max_length=300)
    domain = models.CharField(_("mail domain"), max_length=200, blank=True)
    owner = models.ForeignKey(
        "pipeline.Rep",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="accounts",
        verbose_name=_("owner"),
    )
    industry = models.CharField(_("industry"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=100, blank=True)
    lead_source = models.ForeignKey(
        "pipeline.LeadSource", models.SET_NULL, null=True, blank=True, verbose_name=_("lead source")
    )
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, verbose_name=_("part of"))
    created_at = models.DateTimeField(_("created at"), null=True, blank=True)
    name_key = sort_key()
    history = HistoricalRecords(excluded_fields=["name_key"])

    class Meta(Record.Meta):
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["name_key", "pk"]
        indexes = [models.Index(fields=["name_key", "id"], name="account_by_name")]

    def __str__(self):
        return self.name


class AccountMove(Learnt):
    """From this moment the account belongs to this rep."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="moves", verbose_name=_("account"))
    owner = models.ForeignKey("pipeline.Rep", models.PROTECT, related_name="+", verbose_name=_("owner"))
    from_at = models.DateTimeField(_("from"))

    class Meta:
        verbose_name = _("account move")
        verbose_name_plural = _("account moves")
        constraints = [
            models.UniqueConstraint(fields=["account", "from_at"], name="account_has_one_owner_at_a_time")
        ]

    def __str__(self):
        return f"{self.account} → {self.owner}"


class Contact(Record):
    """A person in an account; seniority as recorded, else read from the title."""

    class Seniority(models.IntegerChoices):
        UNKNOWN = 0, _("unknown")
        STAFF = 1, _("staff")
        MANAGER = 2, pgettext_lazy("seniority", "manager")
        DIRECTOR = 3, _("director")
        VP = 4, _("vice president")
        C_LEVEL = 5, _("C-level")
        OWNER = 6, pgettext_lazy("seniority", "owner")

    account = models.ForeignKey(Account, models.CASCADE, related_name="contacts", verbose_name=_("account"))
    name = models.CharField(_("name"), max_length=300)
    email = models.CharField(_("mail"), max_length=320, blank=True)
    phone = models.CharField(_("phone"), max_length=100, blank=True)
    title = models.CharField(_("job title"), max_length=300, blank=True)
    department = models.CharField(_("department"), max_length=100, blank=True)
    seniority = models.PositiveSmallIntegerField(
        _("seniority"), choices=Seniority.choices, default=Seniority.UNKNOWN
    )
    is_seniority_read = models.BooleanField(
        _("seniority read from the title"), default=False, editable=False, help_text=_("A manual value wins.")
    )
    buying_role = models.CharField(_("buying role"), max_length=20, blank=True)
    created_at = models.DateTimeField(_("created at"), null=True, blank=True)
    name_key = sort_key()
    history = HistoricalRecords(excluded_fields=["name_key"])

    class Meta(Record.Meta):
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["name_key", "pk"]
        indexes = [models.Index(fields=["name_key", "id"], name="contact_by_name")]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(seniority__range=(0, 6)), name="seniority_is_known_rank"
            ),
        ]

    def __str__(self):
        return self.name


class Relationship(Learnt):
    """A rater's claim how strongly a contact stands for (+3) or against (−3) us."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="ratings", verbose_name=_("contact"))
    rater = models.ForeignKey("pipeline.Rep", models.CASCADE, related_name="+", verbose_name=_("rater"))
    score = models.SmallIntegerField(_("score"))
    rated_on = models.DateField(_("rated on"))
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("relationship rating")
        verbose_name_plural = _("relationship ratings")
        ordering = ["contact", "-rated_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "rater", "rated_on"], name="one_rating_per_rater_and_day"
            ),
            models.CheckConstraint(
                condition=models.Q(score__gte=-3) & models.Q(score__lte=3),
                name="rating_is_between_minus_3_and_3",
            ),
        ]

    def __str__(self):
        return f"{self.contact}: {self.score:+d}"


class AccountFact(Learnt):
    """An NDA signed or expired for a whole account."""

    class Kind(models.TextChoices):
        NDA_SIGNED = "nda_signed", _("NDA signed")
        NDA_EXPIRED = "nda_expired", _("NDA expired")

    account = models.ForeignKey(Account, models.CASCADE, related_name="facts", verbose_name=_("account"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    on = models.DateField(_("on"))
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("account fact")
        verbose_name_plural = _("account facts")
        constraints = [
            models.UniqueConstraint(fields=["account", "kind", "on"], name="account_fact_happens_once_a_day")
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.on}"

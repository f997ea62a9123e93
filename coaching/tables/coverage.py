"""Coverage: for each account its stage, how many of its people are touched, and how the calls spread over them.

Shows whom the team leans on too hard (pressure) and where nobody calls at all (absence).
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from coaching import figures
from coaching.tables.table import Head, Row, Table, TableAsked, count, share
from kpis import conditions as c
from kpis.account_deals import furthest_open, uncalled_deals
from kpis.accounts import TOUCHED_WITHIN as WINDOW_DAYS
from kpis.pressure import pressed_contacts
from kpis.rows import PEOPLE
from kpis.subjects import subtree
from pipeline import access
from pipeline.models import Account, Contact
from pipeline.models.deals import Milestone

LISTED = 60
BANDS = ((0, 0, "0"), (1, 1, "1"), (2, 2, "2"), (3, 4, "3–4"), (5, None, "5+"))


@dataclass
class Coverage:
    account: Account
    milestone: int | None = None
    known: int = 0
    covered: int = 0
    dials: list[int] = field(default_factory=list)
    pressed: list[str] = field(default_factory=list)
    uncalled: int = 0

    @property
    def effective(self) -> float | None:
        """1 / Σ share²: as many people as share the calls evenly."""
        total = sum(self.dials)
        return total * total / sum(n * n for n in self.dials) if total else None

    @property
    def flags(self) -> list[str]:
        words = [_("pressure on %(name)s") % {"name": name} for name in self.pressed]
        return [*words, _("no call in its stage")] if self.uncalled else words


def coverage(asked: TableAsked) -> Table:
    found = coverage_of(_accounts(asked), asked.today)
    found.sort(key=lambda one: (-len(one.flags), -(one.milestone or 0), one.account.name_key))
    listed = Table(
        title=_("Accounts"),
        intro=_(
            "The accounts assigned today, those to look at first, then those furthest on. Effective contacts: as many as "
            "would share the calls evenly."
        ),
        header=[
            Head(_("Account"), False),
            Head(_("Furthest open deal"), False),
            Head(_("People known")),
            Head(_("Covered")),
            Head(_("Share")),
            Head(_("Calls")),
            Head(_("Effective contacts")),
            Head(_("Look at"), False),
        ],
        rows=[_row(one) for one in found[:LISTED]],
        empty=_("No account is assigned here. Give accounts an owner, and each gets a line."),
        notes=[_("Of %(all)s accounts the first %(n)d are listed.") % {"all": count(len(found)), "n": LISTED}]
        if len(found) > LISTED
        else [],
    )
    return replace(_matrix(found), empty=listed.empty, also=[listed])


def _row(one: Coverage) -> Row:
    effective = one.effective
    return Row(
        [
            one.account.name,
            str(Milestone(one.milestone).label) if one.milestone else _("none open"),
            count(one.known),
            count(one.covered),
            share(one.covered, one.known),
            count(sum(one.dials)),
            figures.DASH if effective is None else figures.number(effective, 1),
            "; ".join(one.flags),
        ],
        address=reverse("account", args=[one.account.pk]),
    )


def _matrix(found: list[Coverage]) -> Table:
    """Accounts by stage and by people covered, with the calls they had."""
    rows = []
    for milestone in (None, *range(Milestone.LEAD, Milestone.WON)):
        mine = [one for one in found if one.milestone == milestone]
        cells = [
            [one for one in mine if one.covered >= low and (high is None or one.covered <= high)]
            for low, high, _label in BANDS
        ]
        if mine:
            name = str(Milestone(milestone).label) if milestone else _("none open")
            rows.append(Row([name, *(_cell(cell) for cell in cells)]))
    return Table(
        title=_("Coverage"),
        intro=_(
            "Accounts by the stage of their furthest open deal and by how many of their people had a touch in the last "
            "%(days)d days; in brackets the calls they had."
        )
        % {"days": WINDOW_DAYS},
        header=[Head(_("Furthest open deal"), False), *(Head(label) for _low, _high, label in BANDS)],
        rows=rows,
        empty="",
    )


def _cell(accounts: list[Coverage]) -> str:
    calls = sum(sum(one.dials) for one in accounts)
    return f"{count(len(accounts))} ({count(calls)})" if accounts else ""


def coverage_of(accounts: QuerySet[Account], today: date) -> list[Coverage]:
    """Six queries, whatever the number of accounts."""
    found = {account.pk: Coverage(account) for account in accounts}
    people = Contact.objects.filter(account__in=found)
    for pk, known in people.order_by().values_list("account").annotate(n=Count("pk")):
        found[pk].known = known
    recent = PEOPLE.where(c.TOUCHED_PEOPLE).filter(
        contact__account__in=found,
        activity__day__gt=today - timedelta(days=WINDOW_DAYS),
        activity__day__lte=today,
    )
    touched = recent.order_by().values_list("contact__account").annotate(n=Count("contact", distinct=True))
    for pk, covered in touched:
        found[pk].covered = covered
    _with_dials(found, recent)
    _with_deals(found, today)
    _with_pressure(found, today)
    return list(found.values())


def _with_dials(found: dict[int, Coverage], recent: QuerySet) -> None:
    dials = recent.filter(c.DIALLED_PEOPLE).order_by()
    for pk, _contact, n in dials.values_list("contact__account", "contact").annotate(
        n=Count("activity", distinct=True)
    ):
        found[pk].dials.append(n)


def _with_deals(found: dict[int, Coverage], today: date) -> None:
    furthest = furthest_open(today).filter(deal__account__in=found)
    for pk, milestone in furthest.values_list("deal__account_id", "furthest"):
        found[pk].milestone = milestone
    uncalled = uncalled_deals(today).filter(deal__account__in=found).order_by()
    for pk, n in uncalled.values_list("deal__account_id").annotate(n=Count("pk")):
        found[pk].uncalled = n


def _with_pressure(found: dict[int, Coverage], today: date) -> None:
    for contact in pressed_contacts(today).filter(account__in=found).order_by("name_key"):
        found[contact.account_id].pressed.append(contact.name)


def _accounts(asked: TableAsked) -> QuerySet[Account]:
    """Accounts the subject's reps own today, of those the asker may see."""
    seen = access.accounts_visible_to(asked.user)
    match asked.subject.kind:
        case "rep":
            return seen.filter(owner=asked.subject.id)
        case "team":
            return seen.filter(owner__team__in=subtree(asked.subject.id))
    return seen

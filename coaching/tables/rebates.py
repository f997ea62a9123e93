"""Rebates (rappel): what accounts with tiers have earned this year, and how far the next tier is."""

from collections import defaultdict

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from coaching import figures
from coaching.tables.table import Head, Row, Table, TableAsked
from pipeline import access
from pipeline.models import Account, Episode, RebateTier


def rebates(asked: TableAsked) -> Table:
    year = asked.today.year
    tiers = _tiers(year)
    mine = asked.closed().filter(outcome=Episode.Outcome.WON, closed_day__year=year).values("deal__account")
    seen = access.accounts_visible_to(asked.user).filter(pk__in=tiers).order_by("name_key")
    accounts = [
        account for account in seen if asked.subject.kind == "organisation" or _belongs(asked, account, mine)
    ]
    won = _won_in(year, [account.pk for account in accounts])
    return Table(
        title=_("Rebates"),
        intro=_(
            "The percent of the highest tier reached, on the account's whole won value of the year %(year)s, whoever won it."
        )
        % {"year": year},
        header=[
            Head(_("Account"), False),
            Head(_("Won this year")),
            Head(_("Tier reached")),
            Head(_("Rebate so far")),
            Head(_("Next tier")),
            Head(_("To the next tier")),
        ],
        rows=[_row(asked, account, tiers[account.pk], won.get(account.pk, 0)) for account in accounts],
        empty=_(
            "No account here has rebate tiers this year. Tiers are entered on the account in the admin, or imported."
        ),
    )


def _row(asked: TableAsked, account: Account, tiers: list[tuple[int, float]], won: int) -> Row:
    """Tiers are (from cents, percent), lowest first."""
    reached = [percent for least, percent in tiers if won >= least]
    ahead = [(least, percent) for least, percent in tiers if won < least]
    percent = reached[-1] if reached else 0
    return Row(
        [
            account.name,
            asked.money(won),
            figures.percent(percent / 100) if reached else _("none yet"),
            asked.money(round(won * percent / 100)),
            figures.percent(ahead[0][1] / 100) if ahead else _("highest reached"),
            asked.money(ahead[0][0] - won) if ahead else "",
        ],
        address=reverse("account", args=[account.pk]),
    )


def _tiers(year: int) -> dict[int, list[tuple[int, float]]]:
    found: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for tier in RebateTier.objects.filter(year=year).order_by("account_id", "from_amount"):
        found[tier.account_id].append((int(tier.from_amount * 100), float(tier.percent)))
    return found


def _won_in(year: int, accounts: list[int]) -> dict[int, int]:
    won = Episode.objects.filter(
        outcome=Episode.Outcome.WON,
        closed_day__year=year,
        deal__account__in=accounts,
        amount_cents__isnull=False,
    )
    return dict(won.values_list("deal__account").annotate(Sum("amount_cents")).order_by())


def _belongs(asked: TableAsked, account: Account, mine) -> bool:
    """The subject owns the account, or won a contract with it this year."""
    if asked.subject.kind == "rep" and account.owner_id == asked.subject.id:
        return True
    return mine.filter(deal__account=account).exists()

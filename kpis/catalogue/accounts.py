"""Quality: how broad and how good the ties to a rep's accounts are."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kpis import conditions as c
from kpis.catalogue.composites import Ratio
from kpis.catalogue.kpi import Beside, Category, Kpi, Unit
from kpis.catalogue.measures import Concentration, Count, Mean, Sum, SumShare
from kpis.catalogue.splits import spread, spread_of
from kpis.rows import ACCOUNTS, PEOPLE
from kpis.values import OfAccount, Value
from pipeline.models.deals import Milestone


def contact_bands(groups: list[str]) -> dict[str, str]:
    names = {
        "0": _("no contact"),
        "1": _("one contact"),
        "2": _("2 or 3 contacts"),
        "4": _("4 or more contacts"),
    }
    return {group: str(names[group]) for group in groups}


def furthest_deals(groups: list[str]) -> dict[str, str]:
    return {
        group: str(Milestone(int(group)).label) if int(group) else str(_("no open deal")) for group in groups
    }


def ratings(groups: list[str]) -> dict[str, str]:
    names = {
        "-3": _("blocks"),
        "-2": _("opposes"),
        "-1": _("doubts"),
        "0": _("neutral"),
        "1": _("leans to us"),
        "2": _("acts for us"),
        "3": _("sells for us"),
    }
    return {group: str(names[group]) for group in groups}


TIES_TO_ACCOUNTS = [
    Kpi(
        key="contacts_per_account",
        category=Category.QUALITY,
        label=_("Contacts per account"),
        unit=Unit.NUMBER,
        definition=_(
            "Contacts on file at the period's end, divided by the accounts assigned to the rep then. An account counts "
            "from the day it was created or first assigned, else from the day it was recorded; a contact from the day "
            "it was created, all along where that is unknown. An account without an owner is not assigned."
        ),
        sentence=_("contacts: %(sum)s, on accounts: %(n)s"),
        measure=Mean(ACCOUNTS, value=OfAccount(what="contacts")),
        beside=(
            Beside(
                "spread",
                _("accounts by number of contacts"),
                spread(ACCOUNTS, by=OfAccount(what="band"), names=contact_bands),
                Unit.COUNT,
            ),
        ),
        good="up",
        min_sample=3,
        seeds=("B1",),
        ask=_("In which accounts does everything hang on one person?"),
    ),
    Kpi(
        key="relationship_strength",
        category=Category.QUALITY,
        label=_("Relationship strength"),
        unit=Unit.NUMBER,
        definition=_(
            "Mean over the assigned accounts of how their contacts stand to us, from −3 (blocks) to +3 (sells for us): "
            "each contact's latest rating, decision makers and economic buyers weighing 3, champions and influencers 2, "
            "others 1, by the role on file today. Of several ratings of a day the one entered last stands. A rating "
            "older than 90 days (a setting) is stale: shown, not averaged. An account without a rating in force is "
            "unrated and does not count."
        ),
        sentence=ngettext_lazy("mean over %(n)s rated account", "mean over %(n)s rated accounts", "n"),
        measure=Mean(ACCOUNTS, value=OfAccount(what="strength"), scale=1_000_000),
        beside=(
            Beside(
                "unrated",
                _("accounts unrated"),
                Sum(ACCOUNTS, value=OfAccount(what="unrated")),
                Unit.COUNT,
            ),
            Beside(
                "negative",
                _("contacts rated below 0"),
                Sum(ACCOUNTS, value=OfAccount(what="negative")),
                Unit.COUNT,
            ),
            Beside(
                "stale",
                _("contacts with a stale rating"),
                Sum(ACCOUNTS, value=OfAccount(what="stale")),
                Unit.COUNT,
            ),
            Beside(
                "lowest",
                _("accounts by their lowest rating"),
                spread(ACCOUNTS, by=OfAccount(what="lowest"), names=ratings),
                Unit.COUNT,
            ),
        ),
        good="up",
        min_sample=3,
        seeds=("B1",),
        ask=_("Who would speak against us, and who could answer them?"),
    ),
    Kpi(
        key="call_concentration",
        category=Category.QUALITY,
        label=_("Contacts the calls fall on"),
        unit=Unit.NUMBER,
        definition=_(
            "On how many contacts of an account the rep's dials effectively fall: 1 divided by the sum of the squared "
            "shares of the dials per contact; 2 where two people get half each. Mean over the accounts the rep dialled "
            "in the period; for a team each rep's dials to an account stand by themselves, and so do those before and "
            "after the rep changed team. A dial to two people counts for both; one to nobody on file is left out. Beside "
            "it, of the accounts assigned at the period's end: contacts under pressure, touched five times in 14 days "
            "(settings) with nothing back in them; and open deals nobody of whose account was dialled in their stage."
        ),
        sentence=ngettext_lazy("mean over %(n)s account called", "mean over %(n)s accounts called", "n"),
        measure=Concentration(
            PEOPLE, where=c.DIALLED_PEOPLE, per=Value("contact_id"), group=Value("activity__company_id")
        ),
        beside=(
            Beside("dials", _("dials to people"), Count(PEOPLE, where=c.DIALLED_PEOPLE), Unit.COUNT),
            Beside(
                "pressed",
                _("contacts under pressure"),
                Sum(ACCOUNTS, value=OfAccount(what="pressed")),
                Unit.COUNT,
                is_listed=True,
            ),
            Beside(
                "uncalled",
                _("open deals without a call in their stage"),
                Sum(ACCOUNTS, value=OfAccount(what="uncalled")),
                Unit.COUNT,
                is_listed=True,
            ),
        ),
        good="up",
        min_sample=3,
        seeds=("B2",),
        ask=_("Whom else in this account could you call?"),
    ),
    Kpi(
        key="contact_coverage",
        category=Category.QUALITY,
        label=_("Contacts covered"),
        unit=Unit.PERCENT,
        definition=_(
            "Contacts touched in the 90 days up to the period's end, as a share of the contacts on file then, over the "
            "accounts assigned to the rep at that end. A colleague's touch counts too. Whom a mail was sent to is "
            "touched, whoever was only copied in is not; nor is who missed the meeting. Beside it the same by how far "
            "the account's furthest open deal is, whoever owns that deal."
        ),
        sentence=_("%(n)s of %(d)s known contacts touched"),
        measure=Ratio(
            bottom=Sum(ACCOUNTS, value=OfAccount(what="contacts")),
            top=Sum(ACCOUNTS, value=OfAccount(what="touched")),
        ),
        beside=(
            Beside(
                "by_stage",
                _("covered, where the furthest open deal is"),
                spread_of(
                    SumShare(ACCOUNTS, part=OfAccount(what="touched"), whole=OfAccount(what="contacts")),
                    by=OfAccount(what="furthest"),
                    names=furthest_deals,
                ),
                Unit.PERCENT,
            ),
            Beside(
                "accounts",
                _("accounts"),
                spread(ACCOUNTS, by=OfAccount(what="furthest"), names=furthest_deals),
                Unit.COUNT,
            ),
        ),
        good="up",
        min_sample=5,
        seeds=("B2",),
        ask=_("Who on this list has not heard from you for three months?"),
    ),
]

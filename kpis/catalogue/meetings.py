"""Meetings that matter and what is handed over: with qualified buyers, presented to who decides, answered or not."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kpis import conditions as c
from kpis.catalogue.kpi import Beside, Category, Kpi, Unit
from kpis.catalogue.measures import CohortShare, Count, Share
from kpis.catalogue.splits import split
from kpis.dated_settings import Dated
from kpis.handed_over import TYPE, MaterialTypes, themselves
from kpis.rows import ACTIVITIES, CLOSED_DEALS, MATERIALS, PEOPLE, PROPOSALS_SENT
from pipeline.models import Activity
from pipeline.models.deals import Milestone

DEAL_WAS_QUALIFIED = Q(deal_reached__gte=Milestone.QUALIFIED)
PRESENTATIONS = c.MEETINGS & Q(type=Activity.PROPOSAL_PRESENTED)
PRESENTED = Q(presentations__gt=0)
PROVIDED = Count(MATERIALS, where=c.under("activity", c.TOUCHES))
FIRST, LATER = Q(activity__attempt=0), Q(activity__attempt__gt=0)
WITH_MATERIAL = Q(activity__has_material=True)


def answered(which: Q) -> CohortShare:
    """Mails to people answered within the reply window."""
    window = Dated("reply_window_days")
    return CohortShare(
        PEOPLE, where=c.MAILED_PEOPLE & which, counted=Q(answer_days__lte=window), within=window
    )


MATERIALS_SHARED = Kpi(
    key="materials_shared",
    category=Category.ACTIVITY,
    label=_("Materials shared"),
    unit=Unit.COUNT,
    definition=_(
        "Brochures, price lists, case studies and the like given to customers: every material once for each dial, "
        "mail that did not bounce, text or meeting held it was given in. By type, and by whether it came with a "
        "first attempt or a follow-up."
    ),
    sentence=ngettext_lazy("%(n)s material shared", "%(n)s materials shared", "n"),
    measure=PROVIDED,
    beside=(
        Beside("types", _("by type"), split(PROVIDED, TYPE, themselves), Unit.COUNT),
        Beside(
            "first",
            _("with first attempts"),
            split(Count(MATERIALS, where=PROVIDED.where & FIRST), TYPE, themselves),
            Unit.COUNT,
        ),
        Beside(
            "follow_up",
            _("with follow-ups"),
            split(Count(MATERIALS, where=PROVIDED.where & LATER), TYPE, themselves),
            Unit.COUNT,
        ),
    ),
    left_out=((_("bounced, not held, or not ours to give"), ~PROVIDED.where),),
    good="up",
    seeds=("F6",),
    ask=_("Which of these helped the customer decide?"),
)

MATERIAL_RESPONSE = Kpi(
    key="material_response",
    category=Category.QUALITY,
    label=_("Answers to material"),
    unit=Unit.PERCENT,
    definition=_(
        "Of the mails to people that carried a material, the share that person answered within the reply window, "
        "per type of material, and beside it the same share of the mails without. Each person mailed counts once a "
        "mail. The two go together or do not: that the material made the difference is not said."
    ),
    sentence=_("%(n)s of %(d)s mails with material answered in time"),
    measure=answered(WITH_MATERIAL),
    beside=(
        Beside(
            "none",
            _("without material"),
            answered(~WITH_MATERIAL),
            Unit.PERCENT,
        ),
        Beside(
            "types",
            _("by type"),
            split(answered(WITH_MATERIAL), MaterialTypes(), themselves),
            Unit.PERCENT,
        ),
    ),
    left_out=((_("without material"), c.MAILED_PEOPLE & ~WITH_MATERIAL),),
    good="up",
    min_sample=10,
    seeds=("F8",),
    ask=_("Which material would you no longer send?"),
)

MEETINGS_AND_MATERIALS = [
    MATERIALS_SHARED,
    Kpi(
        key="qualified_meetings",
        category=Category.ACTIVITY,
        label=_("Meetings with qualified leads"),
        unit=Unit.COUNT,
        definition=_(
            "Meetings held on a deal that had already been qualified when the meeting began. A deal that was lost or "
            "fell back afterwards, or qualified only later, changes nothing; a deal once qualified stays so."
        ),
        sentence=ngettext_lazy(
            "%(n)s meeting with qualified leads", "%(n)s meetings with qualified leads", "n"
        ),
        measure=Count(ACTIVITIES, where=c.MEETINGS_HELD & DEAL_WAS_QUALIFIED),
        left_out=(
            (_("on no deal"), c.MEETINGS_HELD & Q(deal__isnull=True)),
            (_("not qualified then"), c.MEETINGS_HELD & Q(deal__isnull=False) & ~DEAL_WAS_QUALIFIED),
        ),
        good="up",
        seeds=("C1",),
        ask=_("What did each of these move forward?"),
    ),
    Kpi(
        key="proposal_presentations",
        category=Category.ACTIVITY,
        label=_("Proposals presented"),
        unit=Unit.COUNT,
        definition=_(
            "Meetings held to present a proposal with at least one decision maker or economic buyer among at least two "
            "of the decision team present. Roles are those the deal knew when the meeting began; where it says "
            "nothing of a contact, the contact's own. A deal presented twice counts twice; a proposal only sent does not."
        ),
        sentence=ngettext_lazy(
            "%(n)s proposal presented to the decision team",
            "%(n)s proposals presented to the decision team",
            "n",
        ),
        measure=Count(ACTIVITIES, where=Q(is_presentation=True) & c.MEETINGS_HELD),
        beside=(Beside("sent", _("only sent"), Count(PROPOSALS_SENT, where=~c.BOUNCED), Unit.COUNT),),
        left_out=(
            (_("decision team not present"), PRESENTATIONS & c.MEETINGS_HELD & Q(is_presentation=False)),
            (_("not held"), PRESENTATIONS & ~c.MEETINGS_HELD),
            (_("only sent"), Q(type=Activity.PROPOSAL_SENT) & ~c.BOUNCED),
        ),
        good="up",
        seeds=("B3",),
        ask=_("Who was missing from the table?"),
    ),
    Kpi(
        key="presentation_win_rate",
        category=Category.QUALITY,
        label=_("Win rate after a presentation"),
        unit=Unit.PERCENT,
        definition=_(
            "Deals won as a share of the deals closed in the period whose proposal had been presented to the decision "
            "team before the close. Of a reopened deal only presentations since it reopened count."
        ),
        sentence=ngettext_lazy(
            "%(n)s of %(d)s deals presented and closed was won",
            "%(n)s of %(d)s deals presented and closed were won",
            "n",
        ),
        measure=Share(CLOSED_DEALS, where=PRESENTED, counted=c.WON),
        left_out=((_("never presented"), ~PRESENTED),),
        good="up",
        min_sample=5,
        feeds=("deals_won",),
        seeds=("T1", "E1"),
        ask=_("Which objection came up after the presentation, and could it have come up in it?"),
    ),
    MATERIAL_RESPONSE,
]

"""Quality: is it done well? Leading indicators."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kpis import conditions as c
from kpis.catalogue.composites import Pooled
from kpis.catalogue.kpi import Beside, Category, Kpi, Unit
from kpis.catalogue.measures import Count, FirstCount, FirstShare, Median, Share, StateShare
from kpis.dated_settings import Dated
from kpis.rows import ACTIVITIES, CLOSED_DEALS, OPEN_DEALS, PEOPLE
from kpis.values import Days, DaysSince, DepartmentsTouched, Untouched, Value

QUALITY = [
    Kpi(
        key="reply_rate",
        category=Category.QUALITY,
        label=_("Reply rate"),
        unit=Unit.PERCENT,
        definition=_(
            "Of the people the rep mailed in the period, the share who answered within the reply window after the "
            "rep's first mail to them. Bounced mails do not count, automatic replies are no answers, and people whose "
            "window has not passed are shown apart."
        ),
        sentence=_("%(n)s of %(d)s people mailed answered in time"),
        measure=FirstShare(
            PEOPLE,
            where=c.MAILED_PEOPLE,
            **c.FIRST_PER_PERSON,
            answered=Value("answered_at"),
            within=Dated("reply_window_days"),
        ),
        beside=(Beside("sent", _("mails to people"), Count(PEOPLE, where=c.MAILED_PEOPLE), Unit.COUNT),),
        leads=True,
        good="up",
        min_sample=10,
        feeds=("meetings_booked",),
        seeds=("Q1",),
        ask=_("Whom are these mails for, and what do they offer them?"),
    ),
    Kpi(
        key="executive_meetings",
        category=Category.QUALITY,
        label=_("Meetings with executives"),
        unit=Unit.PERCENT,
        definition=_(
            "Meetings held with at least one executive present, as a share of the meetings held where somebody's "
            "seniority is known. Who counts as an executive is a setting."
        ),
        sentence=_("%(n)s of %(d)s meetings with known seniority"),
        measure=Share(ACTIVITIES, where=c.MEETINGS_HELD & c.KNOWN_SENIORITY, counted=c.WITH_EXECUTIVE),
        beside=(
            Beside(
                "unknown",
                _("with unknown seniority"),
                Count(ACTIVITIES, where=c.MEETINGS_HELD & ~c.KNOWN_SENIORITY),
                Unit.COUNT,
            ),
        ),
        left_out=((_("nobody's seniority known"), c.MEETINGS_HELD & ~c.KNOWN_SENIORITY),),
        leads=True,
        good="up",
        min_sample=5,
        feeds=("deals_won",),
        seeds=("Q2",),
        ask=_("Who decides in these companies, and who could introduce you?"),
    ),
    Kpi(
        key="pricing_days",
        category=Category.QUALITY,
        label=_("Days since pricing"),
        unit=Unit.DAYS,
        definition=_(
            "Median days from the first talk of pricing, or procurement's first part in the deal, to its close or to the "
            "period's end: over the deals open at that end and those won in the period; needs five. The clock is the "
            "deal's and does not start again when it reopens."
        ),
        sentence=ngettext_lazy(
            "median of %(n)s deal with pricing discussed", "median of %(n)s deals with pricing discussed", "n"
        ),
        measure=Pooled(
            (
                Median(OPEN_DEALS, where=Q(pricing_on__isnull=False), value=DaysSince("pricing_on")),
                Median(CLOSED_DEALS, where=c.WON & Q(priced_days__isnull=False), value=Days("priced_days")),
            )
        ),
        beside=(
            Beside(
                "last_event",
                _("open deals, since price last came up"),
                Median(
                    OPEN_DEALS, where=Q(last_pricing_on__isnull=False), value=DaysSince("last_pricing_on")
                ),
                Unit.DAYS,
            ),
        ),
        left_out=((_("pricing not discussed yet"), Q(pricing_on__isnull=True)),),
        good="down",
        min_sample=5,
        seeds=("Q3",),
        ask=_("What does the buyer still miss to say yes at this price?"),
    ),
    Kpi(
        key="manoeuvre_known",
        category=Category.QUALITY,
        label=_("Room for manoeuvre known"),
        unit=Unit.PERCENT,
        definition=_(
            "Open deals at prospect or later with scope, discount range and timing discussed, as a share of such deals. "
            "Each goes stale, until noted again, when the amount moves by more than 10 % or the expected close slips by "
            "more than 30 days (settings of the day it changes) from what they were on the day it was noted."
        ),
        sentence=_("%(n)s of %(d)s prospects"),
        measure=Share(OPEN_DEALS, where=c.IS_PROSPECT, counted=c.MANOEUVRE_KNOWN),
        beside=tuple(
            Beside(
                name,
                label,
                Share(OPEN_DEALS, where=c.IS_PROSPECT, counted=Q(**{f"{name}_on__isnull": False})),
                Unit.PERCENT,
            )
            for name, label in (
                ("scope", _("scope known")),
                ("discount_range", _("discount range known")),
                ("timing", _("timing known")),
                ("infosec", _("security review noted")),
            )
        ),
        leads=True,
        good="up",
        min_sample=3,
        seeds=("Q4",),
        ask=_("What would you have to give, and by when, for this to close?"),
    ),
    Kpi(
        key="nda_signed",
        category=Category.QUALITY,
        label=_("NDA signed"),
        unit=Unit.PERCENT,
        definition=_(
            "Open deals at prospect or later with a signed NDA, as a share of those where one is needed. An NDA of the "
            "account counts for its deals; where the need is unknown the deal is shown apart."
        ),
        sentence=_("%(n)s of %(d)s deals that need one"),
        measure=Share(OPEN_DEALS, where=c.IS_PROSPECT & c.NDA_NEEDED, counted=Q(nda="signed")),
        beside=(
            Beside(
                "unknown",
                _("need unknown"),
                Count(OPEN_DEALS, where=c.IS_PROSPECT & Q(deal__nda="")),
                Unit.COUNT,
            ),
        ),
        left_out=(
            (_("need unknown"), c.IS_PROSPECT & Q(deal__nda="")),
            (_("not needed"), c.IS_PROSPECT & Q(deal__nda="not_needed")),
        ),
        good="up",
        min_sample=3,
        seeds=("Q5",),
        ask=_("What keeps the paper from being signed?"),
    ),
    Kpi(
        key="departments_involved",
        category=Category.QUALITY,
        label=_("Departments per deal"),
        unit=Unit.NUMBER,
        definition=_(
            "Median number of the customer's departments with a two-way touch in the last 90 days (a setting), over the "
            "deals open at the period's end; needs five. Contacts merely on file do not count."
        ),
        sentence=ngettext_lazy("median of %(n)s open deal", "median of %(n)s open deals", "n"),
        measure=Median(OPEN_DEALS, value=DepartmentsTouched()),
        leads=True,
        good="up",
        min_sample=5,
        seeds=("Q6",),
        ask=_("Who else is touched by this purchase?"),
    ),
    Kpi(
        key="untouched_deals",
        category=Category.QUALITY,
        label=_("Untouched deals"),
        unit=Unit.PERCENT,
        definition=_(
            "Open deals, as of the period's end, with no touch either way by anybody in the 14 days (a setting) up to it "
            "and no meeting ahead, as a share of the open deals. A meeting lies ahead from the day it was booked, always "
            "where that is not known; one cancelled, or declined by all, does not."
        ),
        sentence=ngettext_lazy(
            "%(n)s of %(d)s open deals lies untouched", "%(n)s of %(d)s open deals lie untouched", "n"
        ),
        measure=StateShare(OPEN_DEALS, value=Untouched()),
        good="down",
        min_sample=3,
        seeds=("B2", "P3"),
        ask=_("Which of these is dead, and who says so?"),
    ),
    Kpi(
        key="reach_rate",
        category=Category.QUALITY,
        label=_("Reach rate"),
        unit=Unit.PERCENT,
        definition=_(
            "Dials that reached the person meant, as a share of the dials. Voicemail, gatekeepers and wrong numbers are "
            "not reached; without an outcome a talk of two minutes or more (a setting) counts as reached."
        ),
        sentence=_("%(n)s of %(d)s dials reached somebody"),
        measure=Share(ACTIVITIES, where=c.DIALS, counted=c.REACHED),
        beside=(
            Beside(
                "people_dialled",
                _("people dialled"),
                FirstCount(PEOPLE, where=c.DIALLED_PEOPLE, **c.FIRST_PER_PERSON),
                Unit.COUNT,
            ),
            Beside(
                "people_reached",
                _("people reached"),
                FirstCount(PEOPLE, where=c.DIALLED_PEOPLE & c.REACHED_PEOPLE, **c.FIRST_PER_PERSON),
                Unit.COUNT,
            ),
        ),
        good="up",
        min_sample=20,
        feeds=("meetings_booked",),
        seeds=("T1",),
        ask=_("At what hour, and with which opening, are people reached?"),
    ),
]

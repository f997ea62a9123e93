"""Quality: is it done well? Leading indicators."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kpis import conditions as c
from kpis.catalogue.kpi import Beside, Category, Count, FirstCount, FirstShare, Kpi, Median, Share, Unit
from kpis.dated_settings import Dated
from kpis.rows import ACTIVITIES, OPEN_DEALS, PEOPLE
from kpis.values import DepartmentsTouched, Value

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
        good="up",
        min_sample=10,
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
        good="up",
        min_sample=5,
        seeds=("Q2",),
        ask=_("Who decides in these companies, and who could introduce you?"),
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
        sentence=_("median of %(n)s open deals"),
        measure=Median(OPEN_DEALS, value=DepartmentsTouched()),
        good="up",
        min_sample=5,
        seeds=("Q6",),
        ask=_("Who else is touched by this purchase?"),
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
        seeds=("T1",),
        ask=_("At what hour, and with which opening, are people reached?"),
    ),
]

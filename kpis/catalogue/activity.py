"""Activity: is the effort there?"""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from kpis import conditions as c
from kpis.catalogue.kpi import Beside, Category, Kpi, Unit
from kpis.catalogue.measures import Count, Distinct
from kpis.rows import ACTIVITIES, BOOKINGS
from kpis.values import Value

ACTIVITY = [
    Kpi(
        key="emails_sent",
        category=Category.ACTIVITY,
        label=_("Emails sent"),
        unit=Unit.COUNT,
        definition=_("Mails the rep sent to people outside the organisation. Bounced mails are shown apart."),
        sentence=ngettext_lazy("%(n)s mail sent", "%(n)s mails sent", "n"),
        measure=Count(ACTIVITIES, where=c.MAILS_SENT),
        beside=(Beside("bounced", _("bounced"), Count(ACTIVITIES, where=c.MAILS & c.BOUNCED), Unit.COUNT),),
        left_out=((_("bounced"), c.MAILS & c.BOUNCED),),
        leads=True,
        good="up",
        seeds=("D3",),
        ask=_("Which of these mails would you send again?"),
    ),
    Kpi(
        key="calls_made",
        category=Category.ACTIVITY,
        label=_("Calls made"),
        unit=Unit.COUNT,
        definition=_("Outbound dials, answered or not."),
        sentence=ngettext_lazy("%(n)s dial", "%(n)s dials", "n"),
        measure=Count(ACTIVITIES, where=c.DIALS),
        leads=True,
        good="up",
        seeds=("D3", "T1"),
        ask=_("When in the day do people pick up?"),
    ),
    Kpi(
        key="meetings_booked",
        category=Category.ACTIVITY,
        label=_("Meetings booked"),
        unit=Unit.COUNT,
        definition=_(
            "Meetings with people outside the organisation, by the day they were booked and credited to who booked "
            "them. A later cancellation does not unbook a meeting; meetings without a booking date are left out."
        ),
        sentence=ngettext_lazy("%(n)s meeting booked", "%(n)s meetings booked", "n"),
        measure=Count(BOOKINGS),
        beside=(
            Beside(
                "cancelled",
                _("cancelled later"),
                Count(BOOKINGS, where=Q(status=c.Status.CANCELLED)),
                Unit.COUNT,
            ),
        ),
        leads=True,
        good="up",
        seeds=("D3",),
        ask=_("Who in these companies still has to be met?"),
    ),
    Kpi(
        key="meetings_held",
        category=Category.ACTIVITY,
        label=_("Meetings held"),
        unit=Unit.COUNT,
        definition=_(
            "Meetings with people outside the organisation recorded as held. Cancelled, no-show and all-declined "
            "meetings are not held, nor are those whose outcome nobody recorded."
        ),
        sentence=ngettext_lazy("%(n)s meeting held", "%(n)s meetings held", "n"),
        measure=Count(ACTIVITIES, where=c.MEETINGS_HELD),
        beside=(
            Beside(
                "cancelled",
                pgettext_lazy("meetings", "cancelled"),
                Count(ACTIVITIES, where=c.MEETINGS & Q(status=c.Status.CANCELLED)),
                Unit.COUNT,
            ),
            Beside(
                "no_show",
                _("no-show"),
                Count(ACTIVITIES, where=c.MEETINGS & Q(status=c.Status.NO_SHOW)),
                Unit.COUNT,
            ),
        ),
        left_out=(
            (pgettext_lazy("meetings", "cancelled"), c.MEETINGS & Q(status=c.Status.CANCELLED)),
            (_("no-show"), c.MEETINGS & Q(status=c.Status.NO_SHOW)),
            (
                pgettext_lazy("meetings", "declined by all"),
                c.MEETINGS & Q(status=c.Status.HELD, is_declined=True),
            ),
            (_("not yet recorded as held"), c.MEETINGS & Q(status__in=[c.Status.UNKNOWN, c.Status.PLANNED])),
        ),
        leads=True,
        good="up",
        seeds=("D3",),
        ask=_("What was decided in the last three?"),
    ),
    Kpi(
        key="companies_contacted",
        category=Category.ACTIVITY,
        label=_("Companies contacted"),
        unit=Unit.COUNT,
        definition=_(
            "Different accounts with at least one outbound touch in the period: a dial, a mail that did not bounce, "
            "a text or a meeting held. Weeks do not add up to a month."
        ),
        sentence=ngettext_lazy("%(n)s company", "%(n)s companies", "n"),
        measure=Distinct(
            ACTIVITIES, where=c.TOUCHES & Q(company_id__isnull=False), value=Value("company_id")
        ),
        left_out=((_("touches without a company"), c.TOUCHES & Q(company_id__isnull=True)),),
        good="up",
        seeds=("D3",),
        ask=_("Which companies are missing from this list?"),
    ),
]

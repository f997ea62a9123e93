"""Attempts on people: the first ones, those that follow them up, whom they reach, and what comes of them."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kpis import conditions as c
from kpis.catalogue.composites import Ratio
from kpis.catalogue.kpi import Beside, Category, Kpi, Unit
from kpis.catalogue.measures import CohortPer, CohortShare, Count, FirstCount, Median, Share
from kpis.catalogue.splits import split
from kpis.dated_settings import Dated, Fixed
from kpis.rows import ACTIVITIES, CLOSED_DEALS, PEOPLE
from kpis.values import Value
from pipeline.models import Activity

KIND = Value("activity__kind")
# What becomes of a first attempt is judged after half a year.
SALE_DAYS = 180


def kind_names(kinds: list[str]) -> dict[str, str]:
    """What each kind of activity is called, by its number as text."""
    return {kind: str(Activity.Kind(int(kind)).label) for kind in kinds}


def reached(where: Q) -> CohortShare:
    """Of these attempts the share that reached the person; mails and texts once the reply window has passed."""
    return CohortShare(
        PEOPLE,
        where=where,
        counted=c.ATTEMPT_REACHED,
        within=Dated("reply_window_days"),
        waits=c.WAIT_FOR_AN_ANSWER,
    )


FIRSTS, NEXTS = Count(PEOPLE, where=c.FIRST_ATTEMPTS), Count(PEOPLE, where=c.FOLLOW_UPS)
FIRSTS_REACHED, NEXTS_REACHED = reached(c.FIRST_ATTEMPTS), reached(c.FOLLOW_UPS)
CONVERSIONS = Count(CLOSED_DEALS, where=c.WON)
CALLS_REACHED = Q(kind=c.Kind.CALL) & c.REACHED
INTEREST_NOTED = ~Q(interest=Activity.Interest.UNKNOWN)
INTERESTED = Q(interest__in=[Activity.Interest.SOME, Activity.Interest.STRONG])
COUNTED = Q(follow_ups__isnull=False)

ATTEMPTS = [
    Kpi(
        key="texts_sent",
        category=Category.ACTIVITY,
        label=_("Texts sent"),
        unit=Unit.COUNT,
        definition=_("Outbound texts and chat messages to people outside the organisation."),
        sentence=ngettext_lazy("%(n)s text sent", "%(n)s texts sent", "n"),
        measure=Count(ACTIVITIES, where=c.TEXTS),
        good="up",
        seeds=("F1", "F3"),
        ask=_("Whom do you text, and why not call?"),
    ),
    Kpi(
        key="first_attempts",
        category=Category.ACTIVITY,
        label=_("First attempts"),
        unit=Unit.COUNT,
        definition=_(
            "People called, mailed or texted with whom the organisation had no touch either way in the 180 days before (a "
            "setting). Each person in an activity counts: a mail to three new people is three first attempts. Bounced "
            "mails and people copied in do not count. Who wrote to us first was not attempted; nor is somebody first met "
            "at a meeting, until a silence of that length. An earlier touch found later moves the first attempt."
        ),
        sentence=ngettext_lazy(
            "%(n)s person attempted for the first time", "%(n)s people attempted for the first time", "n"
        ),
        measure=FIRSTS,
        beside=(Beside("by_kind", _("by channel"), split(FIRSTS, KIND, kind_names), Unit.COUNT),),
        good="up",
        seeds=("F1",),
        ask=_("Where will the next new names come from?"),
    ),
    Kpi(
        key="follow_ups",
        category=Category.ACTIVITY,
        label=_("Follow-ups"),
        unit=Unit.COUNT,
        definition=_(
            "Calls, mails and texts to a person after the organisation's first attempt on them, whoever made it, until a "
            "deal the person is on file for, or was touched in, is won or lost, or 180 silent days pass (a setting). Each "
            "person in an activity counts; meetings, bounced mails and people copied in do not."
        ),
        sentence=ngettext_lazy("%(n)s follow-up", "%(n)s follow-ups", "n"),
        measure=NEXTS,
        beside=(Beside("by_kind", _("by channel"), split(NEXTS, KIND, kind_names), Unit.COUNT),),
        good="up",
        seeds=("F3", "F5"),
        ask=_("What new reason to talk did each of these bring?"),
    ),
    Kpi(
        key="first_attempt_reach",
        category=Category.QUALITY,
        label=_("First attempts that reach"),
        unit=Unit.PERCENT,
        definition=_(
            "First attempts that reached the person, as a share of the first attempts. A call reaches by live talk with "
            "the person meant (without an outcome, by two minutes of talk, a setting); a mail by a human mail, a text by a "
            "text from them within the reply window. Mails and texts whose window has not passed are shown apart."
        ),
        sentence=_("%(n)s of %(d)s first attempts reached the person"),
        measure=FIRSTS_REACHED,
        beside=(Beside("by_kind", _("by channel"), split(FIRSTS_REACHED, KIND, kind_names), Unit.PERCENT),),
        good="up",
        min_sample=20,
        seeds=("F2",),
        ask=_("Which opening earns an answer?"),
    ),
    Kpi(
        key="follow_up_reach",
        category=Category.QUALITY,
        label=_("Follow-ups that reach"),
        unit=Unit.PERCENT,
        definition=_(
            "Follow-ups that reached the person, as a share of the follow-ups; reached as for first attempts. One answer "
            "counts for every mail or text in whose window it came. Mails and texts whose window has not passed are shown "
            "apart."
        ),
        sentence=_("%(n)s of %(d)s follow-ups reached the person"),
        measure=NEXTS_REACHED,
        beside=(Beside("by_kind", _("by channel"), split(NEXTS_REACHED, KIND, kind_names), Unit.PERCENT),),
        good="up",
        min_sample=20,
        seeds=("F4",),
        ask=_("After how many tries do people pick up?"),
    ),
    Kpi(
        key="close_rate",
        category=Category.QUALITY,
        label=_("Close rate"),
        unit=Unit.PERCENT,
        definition=_(
            "Contracts signed in the period as a share of the people the rep reached by phone in it, each once. The "
            "contracts need not be with those people, so that the share may pass 100 %; a team adds up both."
        ),
        sentence=_("contracts: %(n)s, people reached: %(d)s"),
        measure=Ratio(
            top=CONVERSIONS,
            bottom=FirstCount(PEOPLE, where=c.DIALLED_PEOPLE & c.REACHED_PEOPLE, **c.FIRST_PER_PERSON),
        ),
        beside=(
            Beside(
                "per_dial",
                _("contracts per dial"),
                Ratio(top=CONVERSIONS, bottom=Count(ACTIVITIES, where=c.DIALS)),
                Unit.PERCENT,
            ),
        ),
        good="up",
        min_sample=20,
        seeds=("T1",),
        ask=_("Which of these talks should have ended in a contract?"),
    ),
    Kpi(
        key="interest_rate",
        category=Category.QUALITY,
        label=_("Interest in the product"),
        unit=Unit.PERCENT,
        definition=_(
            "Calls that reached the person, in either direction, with some or strong interest noted, as a share of those "
            "with interest noted at all (none counts as noted)."
        ),
        sentence=_("%(n)s of %(d)s talks with interest noted"),
        measure=Share(ACTIVITIES, where=CALLS_REACHED & INTEREST_NOTED, counted=INTERESTED),
        beside=(
            Beside(
                "not_noted",
                _("with nothing noted"),
                Count(ACTIVITIES, where=CALLS_REACHED & ~INTEREST_NOTED),
                Unit.COUNT,
            ),
        ),
        left_out=((_("interest not noted"), CALLS_REACHED & ~INTEREST_NOTED),),
        good="up",
        min_sample=10,
        seeds=("T1",),
        ask=_("What made the interested ones listen?"),
    ),
    Kpi(
        key="attempts_per_conversion",
        category=Category.QUALITY,
        label=_("First attempts per contract"),
        unit=Unit.NUMBER,
        definition=_(
            "First attempts of the period divided by those that opened a contract signed within 180 days. A contract "
            "counts once, for the earliest of the last first attempts on its people: the contacts on file for the deal and "
            "those who took part in its activities. First attempts of the last 180 days are shown apart."
        ),
        sentence=ngettext_lazy(
            "%(d)s first attempt, %(n)s led to a contract",
            "%(d)s first attempts, %(n)s led to a contract",
            "d",
        ),
        measure=CohortPer(
            PEOPLE, where=c.FIRST_ATTEMPTS, counted=Q(won_days__lte=SALE_DAYS), within=Fixed(SALE_DAYS)
        ),
        good="down",
        min_sample=20,
        seeds=("F8",),
        ask=_("Which kinds of people never buy?"),
    ),
    Kpi(
        key="follow_ups_per_sale",
        category=Category.QUALITY,
        label=_("Follow-ups per sale"),
        unit=Unit.NUMBER,
        definition=_(
            "Median follow-ups over the deals won in the period; needs five. Those on the deal's people count (its contacts "
            "on file and whoever took part in its activities), from the last first attempt on each to the close; of a deal "
            "that reopened, since it did. Deals whose people were never attempted are left out."
        ),
        sentence=ngettext_lazy("median of %(n)s deal won", "median of %(n)s deals won", "n"),
        measure=Median(CLOSED_DEALS, where=c.WON & COUNTED, value=Value("follow_ups")),
        beside=(
            Beside(
                "lost",
                _("deals lost"),
                Median(CLOSED_DEALS, where=c.LOST & COUNTED, value=Value("follow_ups")),
                Unit.NUMBER,
            ),
        ),
        left_out=((_("no first attempt on record"), c.WON & ~COUNTED),),
        good="down",
        min_sample=5,
        seeds=("F8",),
        ask=_("Where did one more, or one fewer, decide it?"),
    ),
]

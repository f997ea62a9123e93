"""Conditions several KPIs share, each written once in the words of the catalogue."""

from django.db.models import Q

from kpis.dated_settings import Dated
from kpis.rows import parts_of
from kpis.values import Value
from pipeline.models import Activity, ActivityContact, Cost, Episode
from pipeline.models.deals import Milestone

Kind, Direction, Status, Outcome = Activity.Kind, Activity.Direction, Activity.Status, Activity.Outcome
Part, Attended = ActivityContact.Part, ActivityContact.Attended

MAILS = Q(kind=Kind.EMAIL, direction=Direction.OUT)
BOUNCED = Q(outcome=Outcome.BOUNCED)
MAILS_SENT = MAILS & ~BOUNCED
DIALS = Q(kind=Kind.CALL, direction=Direction.OUT)
TEXTS = Q(kind=Kind.TEXT, direction=Direction.OUT)
MEETINGS = Q(kind=Kind.MEETING)
MEETINGS_HELD = MEETINGS & Q(status=Status.HELD, is_declined=False)
TOUCHES = MAILS_SENT | DIALS | TEXTS | MEETINGS_HELD

PLANNED_MEETINGS = MEETINGS & ~Q(status=Status.CANCELLED) & Q(is_declined=False)

# Live talk with the person meant; without an outcome a long enough talk counts as reached by inference.
INFERRED_REACHED = Q(outcome=Outcome.UNKNOWN, duration_s__gte=Dated("inferred_reach_seconds"))
REACHED = Q(outcome=Outcome.REACHED) | INFERRED_REACHED
TOUCHES_EITHER_WAY = (
    TOUCHES
    | Q(kind__in=[Kind.EMAIL, Kind.TEXT], direction=Direction.IN)
    & ~Q(outcome__in=[Outcome.BOUNCED, Outcome.AUTO_REPLY])
    | Q(kind=Kind.CALL) & REACHED
)

KNOWN_SENIORITY = Q(top_seniority__gt=0)
WITH_EXECUTIVE = Q(top_seniority__gte=Dated("executive_threshold"))

WON = Q(outcome=Episode.Outcome.WON)
LOST = Q(outcome=Episode.Outcome.LOST)
KNOWN_MARGIN = Q(amount_cents__isnull=False, cost_cents__isnull=False)
WAS_QUALIFIED = Q(reached__gte=Milestone.QUALIFIED)
IS_PROSPECT = Q(reached__gte=Milestone.PROSPECT)
LOGGED_HOURS = Q(kind=Cost.Kind.TIME)
MANOEUVRE = ("scope_on", "discount_range_on", "timing_on")
MANOEUVRE_KNOWN = Q(**{f"{fact}__isnull": False for fact in MANOEUVRE})
NDA_NEEDED = Q(deal__nda="needed")


def under(prefix: str, condition: Q) -> Q:
    """The same condition, on columns reached through `prefix__`."""
    moved = Q(_connector=condition.connector, _negated=condition.negated)
    for child in parts_of(condition):
        moved.children.append(
            under(prefix, child) if isinstance(child, Q) else (f"{prefix}__{child[0]}", child[1])
        )
    return moved


MAILED_PEOPLE = (
    under("activity", MAILS_SENT) & Q(part__in=[Part.TO, Part.UNKNOWN]) & ~Q(outcome=Outcome.BOUNCED)
)
DIALLED_PEOPLE = under("activity", DIALS)
# Whom a touch was meant for, and who came to a meeting; somebody only copied in was not touched.
TOUCHED_PEOPLE = (
    MAILED_PEOPLE
    | under("activity", DIALS | TEXTS)
    | under("activity", MEETINGS_HELD) & ~Q(attended__in=[Attended.NO, Attended.DECLINED])
)
REACHED_PEOPLE = under("activity", REACHED)

FIRST_ATTEMPTS = Q(attempt=0)
FOLLOW_UPS = Q(attempt__gt=0)
# Mails and texts wait for an answer in kind; a call reached somebody there and then.
WAIT_FOR_AN_ANSWER = under("activity", Q(kind__in=[Kind.EMAIL, Kind.TEXT]))
ATTEMPT_REACHED = under("activity", Q(kind=Kind.CALL) & REACHED) | WAIT_FOR_AN_ANSWER & Q(
    answer_days__lte=Dated("reply_window_days")
)

# A rep's first row with a person in a period.
FIRST_PER_PERSON = {"per": Value("contact_id"), "at": Value("activity__at"), "number": Value("activity_id")}

# The contact's own mail or text, a meeting they attended, a call in which they were reached.
TWO_WAY = (
    under("activity", Q(kind__in=[Kind.EMAIL, Kind.TEXT], direction=Direction.IN))
    & Q(part__in=[Part.FROM, Part.UNKNOWN])
    & ~under("activity", Q(outcome__in=[Outcome.BOUNCED, Outcome.AUTO_REPLY]))
    | under("activity", MEETINGS_HELD) & ~Q(attended__in=[Attended.NO, Attended.DECLINED])
    | under("activity", Q(kind=Kind.CALL) & REACHED)
)

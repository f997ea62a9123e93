"""Contested rows: a rep says a row of evidence is not right, the manager decides, and the records follow.

An accepted contest changes records the ordinary way, so that figures follow as after any other change; what it changed is
kept with it and can be taken back. Only the words of what turned out to be private are gone for good.
"""

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from coaching.digests.notices import leader_of, tell
from coaching.models import Contest
from pipeline import access
from pipeline.models import Activity, ActivityContact, Rep

Reason, State = Contest.Reason, Contest.State
WRITTEN = (Activity.Kind.EMAIL, Activity.Kind.TEXT)
# Every image of an activity that still holds its subject, here and with the import that brought it.
UNSAY = """UPDATE {table} SET image = jsonb_set(image, '{{subject}}', '""')
WHERE "table" = 'pipeline_activity' AND row_id = %s AND image ->> 'subject' <> ''"""


class Settled(Exception):
    """What stands in the way: somebody decided, withdrew or contested it meanwhile."""


def contests_visible_to(user) -> QuerySet[Contest]:
    """One's own and those of the reps one leads, with what a list shows of them."""
    own = access.rep_of(user)
    mine = Q(rep=own) if own else Q(pk__in=[])
    found = Contest.objects.filter(mine | Q(rep__in=access.reps_led_by(user)))
    return found.select_related(
        "rep", "activity__company", "activity__deal", "activity__rep", "right_deal", "decided_by"
    )


def may_decide(user, contest: Contest) -> bool:
    """Whoever leads the rep, never the rep themselves."""
    own = access.rep_of(user)
    if own is not None and own.pk == contest.rep_id:
        return False
    return access.reps_led_by(user).filter(pk=contest.rep_id).exists()


def answer_meant(activity: Activity, person: ActivityContact | None) -> int | None:
    """The answer a row is about: the person's answer to a mail, or the row itself where it came in."""
    if person is not None and person.answer_id:
        return person.answer_id
    is_answer = activity.kind in WRITTEN and activity.direction == Activity.Direction.IN
    return activity.pk if is_answer else None


@transaction.atomic
def keep(contest: Contest, answer: int | None) -> Contest:
    """Open a contest. Raises Settled where the same is contested or was accepted already."""
    same = Contest.objects.select_for_update().filter(activity=contest.activity, reason=contest.reason)
    if same.filter(state__in=[State.OPEN, State.ACCEPTED]).exists():
        raise Settled(_("This row is contested for the same reason already."))
    contest.before = {"answer": answer} if contest.reason == Reason.NOT_AN_ANSWER else {}
    contest.save()
    for manager in _deciders(contest.rep):
        tell(manager, "contest_opened", _path(contest), rep=contest.rep.name)
    return contest


@transaction.atomic
def accept(contest: Contest, by: Rep | None, words: str) -> Contest:
    locked = _locked(contest, State.OPEN)
    locked.before = {**locked.before, "changes": EFFECTS[Reason(locked.reason)](locked)}
    return _decided(locked, State.ACCEPTED, by, words)


@transaction.atomic
def refuse(contest: Contest, by: Rep | None, words: str) -> Contest:
    return _decided(_locked(contest, State.OPEN), State.REFUSED, by, words)


@transaction.atomic
def withdraw(contest: Contest) -> Contest:
    locked = _locked(contest, State.OPEN)
    locked.state = State.WITHDRAWN
    locked.save()
    return locked


@transaction.atomic
def take_back(contest: Contest) -> Contest:
    """Open again, with the records as they were; a value somebody changed meanwhile stays as it is."""
    locked = _locked(contest, State.ACCEPTED, State.REFUSED)
    if Contest.objects.filter(activity=locked.activity_id, reason=locked.reason, state=State.OPEN).exists():
        raise Settled(_("This row was contested again meanwhile: decide that one."))
    for change in locked.before.pop("changes", []):
        now = {change["field"]: change["now"]}
        Activity.objects.filter(pk=change["activity"], **now).update(**{change["field"]: change["was"]})
    locked.state, locked.decided_by, locked.decided_at, locked.decision = State.OPEN, None, None, ""
    locked.save()
    tell(locked.rep, "contest_reopened", _path(locked))
    return locked


def _locked(contest: Contest, *states: Contest.State) -> Contest:
    locked = Contest.objects.select_for_update().select_related(None).get(pk=contest.pk)
    if locked.state not in states:
        raise Settled(_("This was %(state)s meanwhile.") % {"state": locked.get_state_display()})
    return locked


def _decided(contest: Contest, state: Contest.State, by: Rep | None, words: str) -> Contest:
    contest.state, contest.decided_by, contest.decided_at = state, by, timezone.now()
    contest.decision = words
    contest.save()
    tell(contest.rep, f"contest_{state.value}", _path(contest))
    return contest


def _move(contest: Contest) -> list[dict]:
    return _change(contest.activity_id, "deal_id", contest.right_deal_id)


def _no_answer(contest: Contest) -> list[dict]:
    answer = contest.before.get("answer")
    return _change(answer, "outcome", Activity.Outcome.AUTO_REPLY.value) if answer else []


def _hide(contest: Contest) -> list[dict]:
    """Its words go for good, from every image as well; that it happened stays, as internal."""
    changes = _change(contest.activity_id, "is_internal", True)
    unsay(contest.activity_id)
    return changes


def unsay(activity: int) -> None:
    """Take the subject off an activity and off every image of it."""
    Activity.objects.filter(pk=activity).update(subject="")
    with connection.cursor() as cursor:
        for table in ("pipeline_pastrecord", "pipeline_beforeimage"):
            cursor.execute(UNSAY.format(table=table), [activity])


EFFECTS = {Reason.WRONG_DEAL: _move, Reason.NOT_AN_ANSWER: _no_answer, Reason.PRIVATE: _hide}


def _change(activity: int, field: str, value) -> list[dict]:
    """Write one field of an activity; what it was before, so that it can be taken back."""
    found = Activity.objects.select_for_update().filter(pk=activity)
    was = found.values_list(field, flat=True).first()
    found.update(**{field: value})
    return [{"activity": activity, "field": field, "was": was, "now": value}]


def _deciders(rep: Rep) -> list[Rep]:
    """Whoever leads the rep; the administrators where nobody does."""
    if leader := leader_of(rep):
        return [leader]
    return list(Rep.objects.filter(role=Rep.Role.ADMIN, account_user__isnull=False).exclude(pk=rep.pk))


def _path(contest: Contest) -> str:
    return f"/contests/{contest.pk}/"

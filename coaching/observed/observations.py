"""Scoring a call or meeting: the rep and one manager, each without having seen what the other gave."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from coaching.digests.notices import leader_of, tell
from coaching.models import Observation, Rubric, Score
from coaching.models.scope import reps_coached_by
from coaching.observed.rubrics import rubric_in_use, settled
from pipeline import access
from pipeline.models import Activity, Rep

KINDS = (Activity.Kind.CALL, Activity.Kind.MEETING)
NOT_HELD = (Activity.Status.PLANNED, Activity.Status.CANCELLED, Activity.Status.NO_SHOW)
NOBODY_THERE = (
    Activity.Outcome.NO_ANSWER,
    Activity.Outcome.VOICEMAIL,
    Activity.Outcome.WRONG_NUMBER,
)


class Settled(Exception):
    """What stands in the way of scoring: both sides are in, or another manager observes this one."""


@dataclass(frozen=True)
class Sides:
    """The two scorings of an activity: the rep's own, and that of the manager who observed it."""

    rep_id: int | None
    own: Observation | None = None
    lead: Observation | None = None

    @property
    def is_open(self) -> bool:
        """Both have scored: from here on everybody concerned sees both, and nothing changes any more."""
        return self.own is not None and self.lead is not None

    @property
    def rubric(self) -> Rubric | None:
        """Whoever scores second goes by the rubric of the first, or the two could not be compared."""
        first = self.own or self.lead
        return first.rubric if first else None

    def of(self, rep: Rep) -> Observation | None:
        """What this person gave, if anything."""
        return next((one for one in (self.own, self.lead) if one and one.observer_id == rep.pk), None)

    def open_to(self, rep: Rep) -> bool:
        """Whether this person, who is the rep or leads them, may still give or change their scores."""
        is_taken = self.lead is not None and rep.pk not in (self.rep_id, self.lead.observer_id)
        return not self.is_open and not is_taken


def took_place(activities: QuerySet[Activity]) -> QuerySet[Activity]:
    """Calls and meetings in which somebody outside was spoken to: there is nothing to observe in others."""
    held = activities.filter(
        kind__in=KINDS, rep__isnull=False, duplicate_of=None, is_internal=False, at__lte=timezone.now()
    )
    return held.exclude(status__in=NOT_HELD).exclude(outcome__in=NOBODY_THERE)


def sides_of(activities: Iterable[Activity]) -> dict[int, Sides]:
    """Activity id -> who has scored it, with scores and criteria; a fixed number of queries."""
    reps = {activity.pk: activity.rep_id for activity in activities}
    found = {pk: Sides(rep) for pk, rep in reps.items()}
    rows = Observation.objects.filter(activity__in=reps).select_related("observer", "rubric")
    for row in rows.prefetch_related("scores__criterion"):
        before = found[row.activity_id]
        if row.rep_id != before.rep_id:
            continue  # scored before the activity was put to somebody else
        is_own = row.observer_id == row.rep_id
        found[row.activity_id] = Sides(
            before.rep_id, row if is_own else before.own, before.lead if is_own else row
        )
    return found


def scorer(user, activity: Activity) -> Rep | None:
    """Who this user scores the activity as: its rep, or somebody who leads them; None for everybody else."""
    own = access.rep_of(user)
    if own is None or activity.rep_id is None:
        return None
    if own.pk == activity.rep_id or reps_coached_by(user).filter(pk=activity.rep_id).exists():
        return own
    return None


def rubric_for(activity: Activity, sides: Sides) -> Rubric | None:
    """What to score by; None stands for the default of a team that has no rubric yet."""
    team = activity.rep.team if activity.rep else None
    return sides.rubric or (rubric_in_use(team) if team else None)


@transaction.atomic
def keep(
    activity: Activity, by: Rep, shown: Rubric | None, scores: Mapping[int, int], note: str
) -> Observation:
    """Keep what `by` gave by the rubric `shown` (None: the default): position of the criterion -> 1..4, what did not
    come up left out. Raises Settled."""
    locked = Activity.objects.select_for_update(of=("self",)).select_related("rep__team").get(pk=activity.pk)
    sides = sides_of([locked])[locked.pk]
    if not sides.open_to(by):
        raise Settled(_("Both have scored this one, or somebody else observes it: nothing was changed."))
    if locked.rep is None or locked.rep.team is None:
        raise Settled(_("Nobody leads this rep: there is no rubric to score by."))
    rubric = sides.rubric or shown or settled(locked.rep.team)
    places = {one.position: one for one in rubric.criteria.all()}
    if (shown and rubric != shown) or scores.keys() - places.keys():
        raise Settled(_("The rubric was changed meanwhile: nothing was kept. Score it once more."))
    made, is_new = Observation.objects.update_or_create(
        activity=locked, observer=by, defaults={"rep": locked.rep, "rubric": rubric, "note": note}
    )
    made.scores.all().delete()
    Score.objects.bulk_create(
        Score(observation=made, criterion=places[place], value=value) for place, value in scores.items()
    )
    if is_new:
        _tell_other_side(locked.rep, by, sides, reverse("observe", args=[locked.pk]))
    return made


def _tell_other_side(rep: Rep, by: Rep, before: Sides, path: str) -> None:
    """The other side is asked for its scores, or told that both are open now; nothing is said of what was given."""
    if first := before.own or before.lead:
        tell(first.observer, "talk_open", path, rep=rep.name)
    elif by.pk != rep.pk:
        tell(rep, "talk_scored_by", path, manager=by.name)
    elif leader := leader_of(rep):
        tell(leader, "talk_scored", path, rep=rep.name)


def marks(activities: Iterable[Activity], user) -> dict[int, str]:
    """Activity id -> what its link to scoring says, for those this user may open; three queries."""
    own, activities = access.rep_of(user), list(activities)
    if own is None:
        return {}
    led = set(reps_coached_by(user).values_list("pk", flat=True)) | {own.pk}
    held = took_place(Activity.objects.filter(pk__in=[one.pk for one in activities], rep__in=led))
    found = sides_of([one for one in activities if one.rep_id in led])
    can = set(held.values_list("pk", flat=True))
    said = {pk: _said(sides, own) for pk, sides in found.items() if pk in can or sides.own or sides.lead}
    return {pk: words for pk, words in said.items() if words}


def _said(sides: Sides, own: Rep) -> str:
    if sides.is_open:
        return _("scores of both")
    if sides.of(own):
        return _("your scores")
    return _("score it") if sides.open_to(own) else ""

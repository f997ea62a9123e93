"""The demo's late news: what was known last night, what this morning's post changed, and two contested rows.

What people say in it is told in the JSON file beside this.
"""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction

from coaching.fairness.contests import accept, keep
from coaching.models import Contest
from kpis.models import Snapshot
from kpis.periods import Calendar
from kpis.recompute import drain
from pipeline.models import Activity, ActivityContact, Deal, Rep, Team

STORY = Path(__file__).with_suffix(".json")
TEAM = "North"
Reason = Contest.Reason


def seed_late_news(today: date) -> None:
    """Once there are figures: they count as last night's, then records change and the figures follow.

    The demo stands on the morning of `today`, before anything has happened on it, so last night they read the same.
    """
    with transaction.atomic():
        evening = Calendar.current().midnight(today) - timedelta(minutes=1)
        Snapshot.objects.filter(period__regex="^[0-9]{4}").update(computed_at=evening)
    with transaction.atomic():
        team = Team.objects.select_related("manager").get(name=TEAM)
        reps = {rep.name: rep for rep in team.reps.all()}
        told = json.loads(STORY.read_text(encoding="utf-8"))
        _no_show(reps["Ben"])
        _logged_late(reps["Ada"], evening, told["late"])
        _private(reps["Ben"], team.manager, **told["private"])
        _wrong_deal(reps["Ada"], **told["wrong_deal"])
    drain()


def _no_show(rep: Rep) -> None:
    """A meeting taken for held that nobody came to."""
    Activity.objects.filter(pk=_met(rep)[0].pk).update(status=Activity.Status.NO_SHOW)


def _logged_late(rep: Rep, evening: datetime, subject: str) -> None:
    """A call of some days ago that is written down only now."""
    before = _talked(rep)[0]
    person = before.people.exclude(contact=None).first()
    call = Activity.objects.create(
        rep=rep,
        kind=Activity.Kind.CALL,
        direction=Activity.Direction.OUT,
        at=evening - timedelta(days=2, hours=6),
        outcome=Activity.Outcome.REACHED,
        duration_s=540,
        account=before.account,
        deal=before.deal,
        subject=subject,
        source="demo",
        external_id="activity-late",
    )
    if person:
        ActivityContact.objects.create(
            activity=call,
            contact=person.contact,
            part=ActivityContact.Part.TO,
        )


def _private(rep: Rep, manager: Rep | None, kpi: str, words: str, decision: str) -> None:
    """A meeting that was no work, decided."""
    made = Contest(rep=rep, activity=_met(rep)[1], kpi=kpi, reason=Reason.PRIVATE, words=words)
    accept(keep(made, None), manager, decision)


def _wrong_deal(rep: Rep, kpi: str, words: str) -> None:
    """A call that belongs to another deal, still open."""
    talk = _talked(rep)[1]
    right = Deal.objects.filter(owner=rep).exclude(activities=talk).order_by("-created_at", "-pk").first()
    made = Contest(rep=rep, activity=talk, kpi=kpi, reason=Reason.WRONG_DEAL, right_deal=right, words=words)
    keep(made, None)


def _met(rep: Rep) -> list[Activity]:
    """The rep's meetings held, latest first, apart from those that presented a proposal."""
    held = rep.activities.filter(
        kind=Activity.Kind.MEETING, status=Activity.Status.HELD, is_presentation=False
    )
    return list(held.filter(is_internal=False, observations=None).order_by("-at", "-pk")[:2])


def _talked(rep: Rep) -> list[Activity]:
    """The rep's calls in a deal that reached somebody, latest first."""
    calls = rep.activities.filter(
        kind=Activity.Kind.CALL, outcome=Activity.Outcome.REACHED, deal__isnull=False
    )
    return list(calls.filter(observations=None).order_by("-at", "-pk")[:2])

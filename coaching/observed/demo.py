"""The demo's observed talks: some of Ben's and Ada's as Maya and they themselves score them, from the JSON file beside."""

import json
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction

from coaching.models import Notice, Observation
from coaching.observed.observations import keep, sides_of, took_place
from coaching.observed.rubrics import Wanted, replace
from kpis.periods import DAY, Calendar
from pipeline.models import Activity, Rep, Team

STORY = Path(__file__).with_suffix(".json")
TEAM = "North"


@transaction.atomic
def seed_observations(today: date) -> int:
    """Score the demo's talks around `today`; how many. The same day scores the same talks."""
    team = Team.objects.select_related("manager").get(name=TEAM)
    if team.manager is None:
        return 0
    told = json.loads(STORY.read_text(encoding="utf-8"))
    replace(team, "Calls and meetings", [Wanted(**one) for one in told["rubric"]])
    reps = {rep.name: rep for rep in team.reps.all()}
    entries = [(reps[name], entry) for name, entries in told["scores"].items() for entry in entries]
    scored = sum(_scored(rep, team.manager, entry, today) for rep, entry in entries)
    Notice.objects.all().delete()  # told long ago
    return scored


def _scored(rep: Rep, manager: Rep, entry: dict, today: date) -> bool:
    talk = _talk_before(rep, today + timedelta(days=entry["days"]))
    if talk is None:
        return False
    for by, scores, note in ((rep, "rep", "own_note"), (manager, "manager", "note")):
        if scores in entry:
            given = {place: value for place, value in enumerate(entry[scores]) if value is not None}
            keep(talk, by, sides_of([talk])[talk.pk].rubric, given, entry.get(note, ""))
    Observation.objects.filter(activity=talk).update(at=talk.at + timedelta(hours=1))
    return True


def _talk_before(rep: Rep, day: date) -> Activity | None:
    """The rep's last talk in a deal that ended before this day was over and nobody has scored."""
    until = Calendar.current().midnight(day + DAY)
    talks = took_place(rep.activities.filter(at__lt=until, deal__isnull=False, observations=None))
    return talks.order_by("-at", "-pk").first()

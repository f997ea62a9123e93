"""Beside whom a rep is judged, and by which KPIs: the same wherever it is asked, so that no two pages disagree.

A rep's circle are the people with the same job in the own team and its subteams; where those are too few to compare,
in the next team up. They are judged together by the focus KPIs of the rep's own team, every other KPI by itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from kpis.dated_settings import Dated
from kpis.judging.decision import FEWEST_PEERS
from kpis.judging.flags import Judgements, judge
from kpis.judging.peers import presence
from kpis.periods import Period
from kpis.playbook import focus_keys
from kpis.readings import Card, read
from kpis.subjects import Subject, Tree
from pipeline.models import Rep, Team


@dataclass(frozen=True)
class Circle:
    """`own` are those asked for: reps of one team and job, for whom `peers`, themselves among them, are the measure."""

    own: tuple[Rep, ...]
    peers: tuple[Rep, ...]
    focus: tuple[str, ...]


def people_of(teams: Iterable[int], period: Period) -> QuerySet[Rep]:
    """Reps of these teams who were there in the period; machines are nobody to coach."""
    here = Q(ended_on=None) | Q(ended_on__gte=period.start)
    people = Rep.objects.filter(here, team__in=list(teams), is_machine=False).select_related("team")
    return people.order_by("name_key", "pk")


def fewest_on(today: date) -> int:
    """How many a mean must be of, so that it tells of no single person; the setting may ask for more."""
    return max(FEWEST_PEERS, int(Dated("min_people_shown").on(today)))


def circles_of(reps: Sequence[Rep], period: Period, today: date, fewest: int) -> list[Circle]:
    """The circles of these reps, whose teams are at hand; three queries."""
    asked: dict[tuple[Team | None, str], list[Rep]] = {}
    for rep in reps:
        asked.setdefault((rep.team, rep.job), []).append(rep)
    tree, count = Tree.load(), _counts(period.as_of(today))
    scopes = {(team, job): _scope(tree, team, job, count, fewest) for team, job in asked}
    around = list(people_of(set().union(*scopes.values()), period)) if asked else []
    circles = []
    for (team, job), own in asked.items():
        here = {rep.pk: rep for rep in around if rep.team_id in scopes[team, job] and rep.job == job}
        everyone = here | {rep.pk: rep for rep in own}
        circles.append(Circle(tuple(own), tuple(everyone.values()), tuple(focus_keys(team))))
    return circles


def judged(
    reps: Sequence[Rep],
    period: Period,
    today: date,
    also: Iterable[str] = (),
    cards: Mapping[tuple[Subject, str], Card] | None = None,
) -> Judgements:
    """Each of these reps within their circle, by the focus KPIs and those of `also`; `cards` where readings are at hand.

    A fixed number of queries however many reps.
    """
    if not reps:
        return Judgements()
    fewest = fewest_on(today)
    circles = circles_of(reps, period, today, fewest)
    peers = {rep.pk: rep for circle in circles for rep in circle.peers}
    keys = {key for circle in circles for key in circle.focus} | set(also)
    known = dict(cards or {})
    if missing := [Subject.rep(pk) for pk in peers if (Subject.rep(pk), period.key) not in known]:
        known |= read(missing, [period], keys)
    there = presence(peers.values(), period, today)
    found = Judgements(apart={rep.pk: there.apart[rep.pk] for rep in reps if rep.pk in there.apart})
    for circle in circles:
        own = [rep.pk for rep in circle.own]
        found.take(judge(circle.peers, period, circle.focus, there, known, fewest), own)
        for key in set(also) - set(circle.focus):
            found.take(judge(circle.peers, period, [key], there, known, fewest), own)
    return found


def _counts(last: date) -> dict[tuple[int, str], int]:
    """(team, job) -> reps to compare with on that day; who is away counts, lest a holiday change the circle."""
    here = Q(ended_on=None) | Q(ended_on__gte=last)
    ramped = Q(ramped_on=None) | Q(ramped_on__lte=last)
    rows = Rep.objects.filter(
        here, ramped, role=Rep.Role.REP, is_machine=False, team__isnull=False
    ).order_by()
    return {(team, job): reps for team, job, reps in rows.values_list("team", "job").annotate(Count("pk"))}


def _scope(
    tree: Tree, team: Team | None, job: str, count: Mapping[tuple[int, str], int], fewest: int
) -> set[int]:
    """The teams to look for peers in: the smallest branch with enough of them, else the largest."""
    scope: set[int] = set()
    for top in tree.upwards(team.pk) if team else ():
        scope = set(tree.subtree(top))
        if sum(count.get((one, job), 0) for one in scope) >= fewest:
            break
    return scope

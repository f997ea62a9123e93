"""A team's dashboard put together: its people, the table, the picture, where the deals stand."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum

from coaching.asked import Asked
from coaching.board import Board, rep_board
from coaching.charts import Point, work_against_quality
from coaching.figures import money, percent
from coaching.stages import Standing, stages_of
from kpis.catalogue.kpi import Category
from kpis.subjects import subtree
from pipeline.models import Episode, Rep, Team


@dataclass(frozen=True)
class Dashboard:
    team: Team
    asked: Asked
    reps: list[Rep]
    board: Board
    points: list[Point]
    stages: list[Standing]
    currency: str

    @property
    def figure(self) -> dict:
        return work_against_quality(self.points)

    @property
    def places(self) -> list[tuple[str, str, str, str]]:
        """The picture as a table: name, activity and quality on track, won."""
        return [(p.name, percent(p.work), percent(p.quality), p.won_text) for p in self.points]

    @property
    def open_deals(self) -> int:
        return sum(stage.deals for stage in self.stages)

    @property
    def open_text(self) -> str:
        return money(sum(stage.amount for stage in self.stages), self.currency, short=True)

    @property
    def stuck(self) -> int:
        return sum(stage.stuck for stage in self.stages)


def dashboard(team: Team, asked: Asked, currency: str) -> Dashboard:
    teams = subtree(team.pk)
    board = rep_board(team, list(people_of(teams, asked)), asked, currency)
    reps = [row.rep for row in board.rows if row.rep]
    ids = [rep.pk for rep in reps]
    return Dashboard(
        team=team,
        asked=asked,
        reps=reps,
        board=board,
        points=points_of(board, won_by_rep(ids, asked), ids, currency),
        stages=stages_of(ids, asked.calendar.today(), currency),
        currency=currency,
    )


def people_of(teams: list[int], asked: Asked) -> QuerySet[Rep]:
    """Reps of these teams who were there in the period; machines are nobody to coach."""
    here = Q(ended_on=None) | Q(ended_on__gte=asked.period.start)
    people = Rep.objects.filter(here, team__in=teams, is_machine=False).select_related("team")
    return people.order_by("name_key", "pk")


def won_by_rep(ids: list[int], asked: Asked) -> dict[int, float]:
    """Rep id -> value won in the period, in units of the organisation's currency; sizes the dots only."""
    won = Episode.objects.filter(
        owner__in=ids,
        outcome=Episode.Outcome.WON,
        closed_day__gte=asked.period.start,
        closed_day__lt=asked.period.end,
        is_convertible=True,
    ).order_by()
    return {rep: (cents or 0) / 100 for rep, cents in won.values_list("owner").annotate(Sum("amount_cents"))}


def points_of(board: Board, won: dict[int, float], ids: list[int], currency: str) -> list[Point]:
    """A point for every rep whose standing is known in both categories; ramping reps are not placed."""
    points = []
    for pk, row in zip(ids, board.rows, strict=True):
        work = row.share_on_track(board.focus[Category.ACTIVITY])
        quality = row.share_on_track(board.focus[Category.QUALITY])
        if work is not None and quality is not None and row.is_compared:
            value = won.get(pk, 0)
            points.append(Point(row.label, work, quality, value, money(value, currency, short=True)))
    return points

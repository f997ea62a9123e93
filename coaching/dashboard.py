"""A team's dashboard put together: whom to coach on what, the table, the picture, where the deals stand."""

from dataclasses import dataclass

from django.db.models import Sum
from django.utils.safestring import SafeString

from coaching.asked import Asked
from coaching.attention.queue import Queue, queue_of
from coaching.board import Board, rep_board
from coaching.figures import money, percent
from coaching.picture import Place, work_against_quality
from coaching.stages import Standing, stages_of
from kpis.catalogue.kpi import Category
from kpis.judging.circles import people_of
from kpis.subjects import subtree
from pipeline.models import Episode, Rep, Team


@dataclass(frozen=True)
class Dashboard:
    team: Team
    asked: Asked
    reps: list[Rep]
    board: Board
    queue: Queue
    places: list[Place]
    stages: list[Standing]
    currency: str

    @property
    def budget(self) -> str:
        """How much was judged, and how many false alarms to expect among it."""
        return self.board.judgements.summary if self.board.judgements else ""

    @property
    def picture(self) -> SafeString:
        return work_against_quality(self.places)

    @property
    def places_in_words(self) -> list[tuple[Place, str, str]]:
        """The picture as a table: whose place, activity and quality on track."""
        return [(place, percent(place.work), percent(place.quality)) for place in self.places]

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
    board = rep_board(team, list(people_of(teams, asked.period)), asked, currency)
    reps = [row.rep for row in board.rows if row.rep]
    ids = [rep.pk for rep in reps]
    return Dashboard(
        team=team,
        asked=asked,
        reps=reps,
        board=board,
        queue=queue_of(board, asked, currency),
        places=places_of(board, won_by_rep(ids, asked), currency),
        stages=stages_of(ids, asked.calendar.today(), currency),
        currency=currency,
    )


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


def places_of(board: Board, won: dict[int, float], currency: str) -> list[Place]:
    """A place for every rep judged whose standing is known in both categories."""
    places = []
    for row in board.rows:
        work = row.share_on_track(Category.ACTIVITY)
        quality = row.share_on_track(Category.QUALITY)
        if work is None or quality is None or not row.rep or not row.diagnosis or not row.is_compared:
            continue
        value = won.get(row.rep.pk, 0.0)
        said = money(value, currency, short=True)
        places.append(Place(row.label, row.url, work, quality, value, said, row.diagnosis))
    return places

"""The funnel: of the deals that reached a milestone in the period, how many went on, and how long that took."""

from statistics import median

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from coaching import figures
from coaching.tables.table import Head, Row, Table, TableAsked, count, share
from kpis.catalogue.kpi import Unit
from kpis.rows import CREATED_DEALS, QUALIFIED_DEALS
from pipeline.models import Episode
from pipeline.models.deals import Milestone

# Milestone -> the day an episode reached it; won is reached by closing.
REACHED_ON = {
    Milestone.LEAD: "opened_day",
    Milestone.QUALIFIED: "qualified_day",
    Milestone.PROSPECT: "prospect_day",
    Milestone.PROPOSAL: "proposal_day",
    Milestone.NEGOTIATION: "negotiation_day",
    Milestone.WON: "closed_day",
}
LEAST = 5  # durations a median needs


def funnel(asked: TableAsked) -> Table:
    steps = list(REACHED_ON)
    rows = [_row(asked, step, following) for step, following in zip(steps, [*steps[1:], None], strict=True)]
    return Table(
        title=_("Funnel"),
        intro=_(
            "Each line is a cohort: the deals that reached the milestone in the period, and what became of them so far. "
            "A skipped stage between two reached ones counts as passed."
        ),
        header=[
            Head(_("Milestone"), False),
            Head(_("Reached")),
            Head(_("Went on")),
            Head(_("Share")),
            Head(_("Median days to the next")),
            Head(_("Lost")),
            Head(_("Still open")),
            Head(_("Won so far")),
        ],
        rows=rows if any(row.cells[1] != "0" for row in rows) else [],
        empty=_("No deal reached a milestone in this period. Stage changes fill this table."),
        notes=[_("A young period is not over yet: its deals may still go on.")],
    )


def _row(asked: TableAsked, step: Milestone, following: Milestone | None) -> Row:
    found = list(_cohort(asked, step))
    outcomes = [episode.outcome for episode in found]
    took = [_days_to(episode, step, following) for episode in found] if following else []
    ahead = [days for days in took if days is not None]
    return Row(
        [
            str(step.label),
            count(len(found)),
            count(len(ahead)) if following else "",
            share(len(ahead), len(found)) if following else "",
            _median(ahead) if following else "",
            count(outcomes.count(Episode.Outcome.LOST)),
            count(outcomes.count(Episode.Outcome.OPEN)),
            share(outcomes.count(Episode.Outcome.WON), len(found)),
        ]
    )


def _days_to(episode: Episode, step: Milestone, following: Milestone) -> int | None:
    """Days from one milestone to the next; none where the deal has not got there."""
    if following == Milestone.WON and episode.outcome != Episode.Outcome.WON:
        return None
    day = getattr(episode, REACHED_ON[following])
    return None if day is None else (day - getattr(episode, REACHED_ON[step])).days


def _median(days: list[int]) -> str:
    return figures.figure(median(days), Unit.DAYS, "") if len(days) >= LEAST else figures.DASH


def _cohort(asked: TableAsked, step: Milestone) -> QuerySet[Episode]:
    """Credit is kept for creation, qualification and close; between the last two it is that of the qualification."""
    period, day = asked.asked.period, REACHED_ON[step]
    within = Q(**{f"{day}__gte": period.start, f"{day}__lt": period.end})
    if step == Milestone.WON:
        return asked.closed().filter(within, outcome=Episode.Outcome.WON)
    rows = CREATED_DEALS if step == Milestone.LEAD else QUALIFIED_DEALS
    return Episode.objects.filter(within, asked.credited(rows))

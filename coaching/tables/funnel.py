"""The funnel: of the deals that reached a milestone in the period, how many went on, and how long that took."""

from dataclasses import dataclass
from statistics import median

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from coaching import figures
from coaching.sparkline import bar
from coaching.tables.stage_times import StageTimes
from coaching.tables.table import Bar, Head, Row, Table, TableAsked, count, share
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


@dataclass(frozen=True)
class Step:
    """A milestone's cohort: the episodes that reached it in the period, and the days each took to the next."""

    milestone: Milestone
    episodes: list[Episode]
    took: list[int] | None

    @property
    def reached(self) -> int:
        return len(self.episodes)

    def ended(self, outcome: int) -> int:
        return sum(episode.outcome == outcome for episode in self.episodes)


def funnel(asked: TableAsked) -> Table:
    found, times = steps(asked), StageTimes.of(asked)
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
            Head(_("Half leave its stages within")),
            Head(_("Lost")),
            Head(_("Still open")),
            Head(_("Won so far")),
        ],
        rows=[_row(step, times) for step in found] if any(step.reached for step in found) else [],
        empty=_("No deal reached a milestone in this period. Stage changes fill this table."),
        notes=[
            _("A young period is not over yet: its deals may still go on."),
            _(
                "Half leave its stages within: over the visits that ended in the period and those still open at its end, "
                "which count as lasting on (Kaplan–Meier)."
            ),
        ],
        also=[times.table()],
        bars=_bars(found),
    )


def steps(asked: TableAsked) -> list[Step]:
    """The cohorts of the period, milestone by milestone."""
    names = list(REACHED_ON)
    return [_step(asked, step, following) for step, following in zip(names, [*names[1:], None], strict=True)]


def _step(asked: TableAsked, step: Milestone, following: Milestone | None) -> Step:
    found = list(_cohort(asked, step))
    if following is None:
        return Step(step, found, None)
    took = [_days_to(episode, step, following) for episode in found]
    return Step(step, found, [days for days in took if days is not None])


def _row(step: Step, times: StageTimes) -> Row:
    ahead = step.took
    return Row(
        [
            str(step.milestone.label),
            count(step.reached),
            "" if ahead is None else count(len(ahead)),
            "" if ahead is None else share(len(ahead), step.reached),
            "" if ahead is None else _median(ahead),
            "" if ahead is None else times.of_milestone(step.milestone),
            count(step.ended(Episode.Outcome.LOST)),
            count(step.ended(Episode.Outcome.OPEN)),
            share(step.ended(Episode.Outcome.WON), step.reached),
        ]
    )


def _bars(found: list[Step]) -> list[Bar]:
    """How many reached each milestone, as long as the widest allows; what went on first."""
    widest = max(step.reached for step in found) or 1
    return [_bar(step, widest) for step in found if step.reached]


def _bar(step: Step, widest: int) -> Bar:
    on = step.reached if step.took is None else len(step.took)
    words = _("%(n)s reached it") % {"n": count(step.reached)}
    if step.took is not None:
        words = _("%(n)s reached it, %(on)s went on") % {"n": count(step.reached), "on": count(on)}
    parts = [("bar-on", on / widest), ("bar-stay", (step.reached - on) / widest)]
    return Bar(str(step.milestone.label), bar([part for part in parts if part[1]], words, "bar"), words)


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

"""How long visits to the stages last, beside the funnel: by milestone in its lines, by stage in a table of its own."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from coaching import figures
from coaching.tables.table import Head, Row, Table, TableAsked, count
from kpis.catalogue.kpi import Unit
from kpis.catalogue.result import STAGE_DAYS
from kpis.readings import read
from kpis.visits import visits_of
from pipeline.models import Stage
from pipeline.models.deals import Milestone


@dataclass(frozen=True)
class StageTimes:
    """What is known of the visits, by stage and by milestone: {median, completed, visits [ended, open]}, days."""

    stages: list[Stage]
    by_stage: dict[str, dict]
    by_milestone: dict[str, dict]

    @classmethod
    def of(cls, asked: TableAsked) -> "StageTimes":
        period = asked.asked.period
        pieces = read([asked.subject], [period], [STAGE_DAYS.key])[asked.subject, period.key].pieces
        stages = list(Stage.objects.order_by("pipeline", "position"))
        milestones = {str(stage.pk): str(stage.milestone) for stage in stages}
        return cls(
            stages,
            visits_of(STAGE_DAYS, pieces, {stage: stage for stage in milestones}),
            visits_of(STAGE_DAYS, pieces, milestones),
        )

    def of_milestone(self, milestone: Milestone) -> str:
        found = self.by_milestone.get(str(milestone.value))
        return _days(found["median"]) if found else figures.DASH

    def table(self) -> Table:
        return Table(
            title=_("How long a stage lasts"),
            intro=_(
                "Visits that ended in the period, and those still open at its end, which count as lasting on: half of "
                "all leave within the first figure (Kaplan–Meier)."
            ),
            header=[
                Head(_("Stage"), False),
                Head(_("Milestone"), False),
                Head(_("Half leave within")),
                Head(_("Median of those ended")),
                Head(_("Ended")),
                Head(_("Still open")),
            ],
            rows=[_row(stage, self.by_stage[str(stage.pk)]) for stage in self.stages if self._has(stage)],
            empty="",
            notes=[_("A dash: fewer than half have left, or fewer than five visits ended.")],
        )

    def _has(self, stage: Stage) -> bool:
        return str(stage.pk) in self.by_stage


def _row(stage: Stage, found: dict) -> Row:
    ended, still = found["visits"]
    return Row(
        [
            stage.name,
            str(Milestone(stage.milestone).label),
            _days(found["median"]),
            _days(found["completed"]),
            count(ended),
            count(still),
        ]
    )


def _days(value: float | None) -> str:
    return figures.figure(value, Unit.DAYS, "")

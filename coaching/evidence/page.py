"""The page behind a number: definition, arithmetic, trend, and the rows it counts and leaves out."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _

from coaching import charts
from coaching.asked import Asked
from coaching.figures import DASH, figure
from coaching.scorecard import TIMELESS, WEEKS, Line, Readings
from kpis.evidence import Evidence, Others, evidence
from kpis.judging.trends import Trend, Week, completed, trend
from kpis.subjects import Subject
from kpis.units import Groups
from pipeline.models import Stage


@dataclass(frozen=True)
class EvidencePage:
    subject: Subject
    name: str
    asked: Asked
    readings: Readings
    key: str

    @property
    def up(self) -> str:
        """The page this number stands on."""
        address = reverse(self.subject.kind, args=[self.subject.id] if self.subject.id else [])
        return address + self.asked.query

    @cached_property
    def line(self) -> Line:
        return self.readings.line(self.subject, self.key)

    @cached_property
    def evidence(self) -> Evidence:
        return evidence(self.line.kpi, self.subject, self.asked.period)

    @property
    def splits(self) -> list[tuple[str, list[tuple[str, str, str, str]]]]:
        """Figures beside the number that have a value per stage: (label, [(stage, median, completed, visits)])."""
        if self.line.reading is None:
            return []
        beside = self.line.reading.beside.values()
        return [
            (str(label), self._stages(value, unit))
            for label, value, unit in beside
            if isinstance(value, dict) and not isinstance(value, Groups)
        ]

    @property
    def groups(self) -> list[tuple[list[str], list[tuple[str, list[str]]]]]:
        """Figures beside the number that have a value per group, a table for each set of groups: (labels, rows)."""
        beside = self.line.reading.beside.values() if self.line.reading else ()
        tables: list[list[tuple[str, dict[str, str]]]] = []
        for label, value, unit in beside:
            if not isinstance(value, Groups) or not value:
                continue
            column = (
                str(label),
                {name: figure(one, unit, self.readings.currency) for name, one in value.items()},
            )
            same = [table for table in tables if any(column[1].keys() & found.keys() for _, found in table)]
            same[0].append(column) if same else tables.append([column])
        return [_as_table(columns) for columns in tables]

    def _stages(self, groups: dict, unit: str) -> list[tuple[str, str, str, str]]:
        """Per stage in its order: Kaplan–Meier median, median of completed visits, visits ended and open."""
        stages = Stage.objects.in_bulk([int(group) for group in groups])
        known = [(stages[int(group)], found) for group, found in groups.items() if int(group) in stages]
        known.sort(key=lambda pair: (pair[0].pipeline, pair[0].position))
        return [
            (
                stage.name,
                figure(found["median"], unit, self.readings.currency),
                figure(found["completed"], unit, self.readings.currency),
                _("%(ended)d ended, %(open)d open")
                % dict(zip(("ended", "open"), found["visits"], strict=True)),
            )
            for stage, found in known
        ]

    @property
    def others(self) -> list[tuple[int, str, int]]:
        """(number of the source, its name, how many rows): what else the figure is made of."""
        return [
            (number, _counted(other) if other.is_counted else str(other.label), other.rows.count())
            for number, other in enumerate(self.evidence.others)
        ]

    @property
    def left_out(self) -> list[tuple[int, str, int]]:
        """(number of the group, why, how many rows)."""
        groups = enumerate(self.evidence.left_out)
        return [(number, str(reason), rows.count()) for number, (reason, rows) in groups]

    @cached_property
    def weeks(self) -> list[Week]:
        """Oldest first."""
        return self.readings.trail(self.subject, self.key)

    @property
    def figure(self) -> dict:
        kpi, target = self.line.kpi, self.line.target
        goal = float(target.value) if target and kpi.unit in TIMELESS else None
        readings = [None if week.is_silent(kpi) else week.reading for week in self.weeks]
        return charts.trend([week.period for week in self.weeks], readings, goal, kpi.unit)

    @property
    def trend(self) -> Trend:
        """Where the weeks that are over lead, if anywhere."""
        return trend(self.line.kpi, completed(self.weeks, self.asked.calendar.today()))

    @property
    def trend_rows(self) -> list[tuple[str, str, str]]:
        """The chart as a table, latest week first: week, value, interval; weeks away say so instead."""
        rows = []
        for week in reversed(self.weeks):
            label, reading = str(week.period.label), week.reading
            if week.is_silent(self.line.kpi):
                rows.append((label, _("away"), ""))
                continue
            low, high = (reading.low, reading.high) if reading else (None, None)
            span = "" if low is None or high is None else f"{self._figure(low)} – {self._figure(high)}"
            rows.append((label, self._figure(reading.value if reading else None), span))
        return rows

    @property
    def trend_label(self) -> str:
        return _("%(kpi)s over %(weeks)d weeks") % {"kpi": self.line.kpi.label, "weeks": WEEKS}

    def _figure(self, value) -> str:
        return figure(value, self.line.kpi.unit, self.readings.currency)


def _counted(other: Others) -> str:
    return _("counted too: %(rows)s") % {"rows": other.label}


def _as_table(columns: list[tuple[str, dict[str, str]]]) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """(labels of the columns, [(group, a text for each column)]), the groups in the order they come in."""
    names = dict.fromkeys(name for _label, found in columns for name in found)
    rows = [(str(name), [found.get(name, DASH) for _label, found in columns]) for name in names]
    return [label for label, _found in columns], rows

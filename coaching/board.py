"""The table of reps (or teams) against the three categories, a line each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from coaching.asked import Asked
from coaching.cells import cell
from coaching.diagnosis import Diagnosis, diagnose
from coaching.figures import joined
from coaching.scorecard import Line, Readings
from kpis.catalogue import CATALOGUE
from kpis.catalogue.kpi import Category
from kpis.judging.circles import judged
from kpis.judging.flags import Judgement, Judgements
from kpis.playbook import focus_keys, focus_of
from kpis.subjects import Subject
from pipeline.models import Rep, Team

POINTS = {"good": 1.0, "watch": 0.5, "off": 0.0}


@dataclass(frozen=True)
class Row:
    """Of a rep, `focus` are the lines judged by, those of the own team's playbook, whatever columns the page has."""

    label: str
    url: str
    note: str
    lines: dict[str, Line]
    focus: dict[Category, list[Line]] = field(default_factory=dict)
    is_compared: bool = True
    rep: Rep | None = None
    diagnosis: Diagnosis | None = None
    judged: Mapping[str, Judgement] = field(default_factory=dict)
    cells: str = ""

    @property
    def has_figures(self) -> bool:
        """Whether anything was counted at all: a manager who sells nothing has no line of noughts."""
        return any(line.value for line in self.lines.values())

    @property
    def in_focus(self) -> list[Line]:
        return [line for lines in self.focus.values() for line in lines]

    def share_on_track(self, category: Category) -> float | None:
        return share_on_track(self.focus.get(category, []))


@dataclass(frozen=True)
class Board:
    focus: dict[Category, list[str]]
    rows: list[Row]
    total: Row | None
    judgements: Judgements | None = None

    @cached_property
    def groups(self) -> list[tuple[Category, list]]:
        return [(category, [CATALOGUE[key] for key in keys]) for category, keys in self.focus.items() if keys]

    @cached_property
    def columns(self) -> list[tuple]:
        """(KPI, whether it opens a category)."""
        return [(kpi, kpi is kpis[0]) for _category, kpis in self.groups for kpi in kpis]


def share_on_track(lines: Sequence[Line]) -> float | None:
    """Share of the lines on track, watch counting half; none when no standing is known."""
    points = [POINTS[line.state] for line in lines if line.state in POINTS]
    return sum(points) / len(points) if points else None


def rep_board(team: Team, reps: Sequence[Rep], asked: Asked, currency: str) -> Board:
    """The team's focus KPIs are the columns; each rep is judged by those of their own team."""
    keys = list(dict.fromkeys(key for one in [team, *(rep.team for rep in reps)] for key in focus_keys(one)))
    subjects = [*(Subject.rep(rep.pk) for rep in reps), Subject.team(team.pk)]
    readings = Readings(subjects, asked, currency, keys)
    judgements = judged(reps, asked.period, asked.calendar.today(), cards=readings.cards)
    rows = [rep_row(rep, team, readings, judgements) for rep in reps]
    rows = [row for row in rows if (row.rep and row.rep.role == Rep.Role.REP) or row.has_figures]
    total = Row(team.name, "", _("the whole team"), _lines(readings, Subject.team(team.pk)))
    return replace(_drawn(focus_of(team), rows, total), judgements=judgements)


def rep_row(rep: Rep, team: Team | None, readings: Readings, judgements: Judgements) -> Row:
    """A rep's line with its diagnosis; the team is the one whose page it stands on."""
    # A manager who sells is held against nobody, but against their own targets all the same.
    apart = str(judgements.apart.get(rep.pk, "")) if rep.role == Rep.Role.REP else ""
    lines = _lines(readings, Subject.rep(rep.pk), not apart)
    focus = {category: [lines[key] for key in keys] for category, keys in focus_of(rep.team).items()}
    own = {key: judgements.of(rep.pk, key) for key in focus_keys(rep.team)}
    diagnosis = diagnose(focus, own, apart)
    told = diagnosis.label if diagnosis.is_judged else caveat(rep, readings.asked.calendar.today()) or apart
    subteam = rep.team.name if rep.team and team and rep.team_id != team.pk else ""
    return Row(
        label=rep.name,
        url=reverse("rep", args=[rep.pk]) + readings.asked.query,
        note=joined(subteam, told or diagnosis.label),
        lines=lines,
        focus=focus,
        is_compared=not apart,
        rep=rep,
        diagnosis=diagnosis,
        judged=own,
    )


def team_board(teams: Sequence[Team], asked: Asked, currency: str, with_organisation: bool = False) -> Board:
    subjects = [Subject.team(team.pk) for team in teams] + [Subject.organisation()] * with_organisation
    readings = Readings(subjects, asked, currency, focus_keys(None))
    rows = [
        Row(
            team.name,
            reverse("team", args=[team.pk]) + asked.query,
            joined(team.manager, team.get_playbook_display()),
            _lines(readings, Subject.team(team.pk)),
        )
        for team in teams
    ]
    total = None
    if with_organisation:
        total = Row(_("Organisation"), "", "", _lines(readings, Subject.organisation()))
    return _drawn(focus_of(None), rows, total)


def is_ramping(rep: Rep, today) -> bool:
    return bool(rep.ramped_on and rep.ramped_on > today)


def caveat(rep: Rep, today) -> str:
    """What one must know before comparing this rep, if anything."""
    if rep.ended_on and rep.ended_on < today:
        return _("left %(day)s") % {"day": date_format(rep.ended_on, "SHORT_DATE_FORMAT")}
    if rep.ramped_on and is_ramping(rep, today):
        return _("ramping until %(day)s, not judged") % {
            "day": date_format(rep.ramped_on, "MONTH_DAY_FORMAT")
        }
    return ""


def _lines(readings: Readings, subject: Subject, is_judged: bool = True) -> dict[str, Line]:
    return {key: readings.line(subject, key, is_judged) for key in readings.keys}


def _drawn(focus, rows: list[Row], total: Row | None) -> Board:
    """The rows with their cells drawn, every column on one scale; the total on its own."""
    tops = {key: _top([row.lines[key] for row in rows]) for keys in focus.values() for key in keys}
    drawn = [_with_cells(row, focus, tops) for row in rows]
    return Board(focus, drawn, _with_cells(total, focus, {}) if total else None)


def _with_cells(row: Row, focus, tops: dict[str, float | None]) -> Row:
    cells = [cell(row.lines[key], tops.get(key), key == keys[0]) for keys in focus.values() for key in keys]
    return replace(row, cells=mark_safe("".join(cells)))  # noqa: S308 - each cell is escaped


def _top(lines: list[Line]) -> float | None:
    seen = [
        number
        for line in lines
        if line.reading
        for number in (line.reading.value, line.reading.high)
        if number
    ]
    goals = [line.target.due for line in lines if line.target]
    return 1.1 * max(map(float, [*seen, *goals]), default=0) or None

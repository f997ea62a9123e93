"""What a session begins with: one praise with evidence, one skill with three rows, the deals where it still matters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from coaching.asked import Asked
from coaching.attention.queue import line_of
from coaching.board import Row, is_ramping, rep_row
from coaching.deals.ranking import by_attention
from coaching.evidence.rows import Listed, Rows
from coaching.figures import joined
from coaching.scorecard import Line, Readings
from kpis.catalogue import CATALOGUE
from kpis.catalogue.kpi import Category
from kpis.evidence import Evidence, evidence
from kpis.judging.circles import judged
from kpis.playbook import focus_keys
from kpis.standing import Standing
from kpis.subjects import Subject
from pipeline.models import Deal, Rep, Team

ROWS_SHOWN = 3
DEALS_SHOWN = 3
DEALS_OFFERED = 12
MISSED = (Standing.OFF_TRACK, Standing.WATCH)
# What one does can be worked on; a result is what comes of it.
WORKABLE = (Category.QUALITY, Category.ACTIVITY, Category.RESULT)
# How somebody works is worth copying before how much.
PRAISED = (Category.QUALITY, Category.RESULT, Category.ACTIVITY)


@dataclass(frozen=True)
class Suggestion:
    """The KPIs to praise and to work on, why that one, and the ids of the deals it can still turn."""

    praise: str = ""
    skill: str = ""
    why: str = ""
    deals: tuple[int, ...] = ()


@dataclass(frozen=True)
class Skill:
    """A KPI to work on with rows one can talk about: those that failed, where the KPI tells them apart."""

    line: Line
    header: list[str]
    rows: list[Listed]
    has_failed_rows: bool


def suggestion(rep: Rep, asked: Asked, currency: str) -> Suggestion:
    """What the figures offer: the skill of the rep's own line of attention, and what stands out well."""
    readings = Readings([Subject.rep(rep.pk)], asked, currency, focus_keys(rep.team))
    judgements = judged([rep], asked.period, asked.calendar.today(), cards=readings.cards)
    row = rep_row(rep, rep.team, readings, judgements)
    line = line_of(row, asked, currency)
    if line is not None:
        return Suggestion(_praised(row), line.skill, line.gap.why, tuple(deal.pk for deal in line.named))
    missed = min((line for line in row.in_focus if line.standing in MISSED), key=_urgency, default=None)
    if missed is None:
        return Suggestion(_praised(row))
    return Suggestion(
        _praised(row), missed.kpi.key, joined(missed.kpi.label, missed.text, missed.target_sentence)
    )


def _urgency(line: Line) -> tuple:
    """Quality before activity before results, off track before watch, the largest gap first."""
    return WORKABLE.index(line.kpi.category), line.standing != Standing.OFF_TRACK, margin(line)


def _praised(row: Row) -> str:
    """A KPI far better than the role's, beyond chance; else the one furthest beyond its target; else none."""
    better = [key for key, one in row.judged.items() if one.is_flag and one.direction == "better"]
    if better:
        return min(better, key=lambda key: row.judged[key].size)
    on_track = [line for line in row.in_focus if line.standing == Standing.ON_TRACK]
    best = min(on_track, key=lambda line: (PRAISED.index(line.kpi.category), -margin(line)), default=None)
    return best.kpi.key if best else ""


def margin(line: Line) -> float:
    """How far a reading lies beyond its target, as a share of it; below nought where it misses."""
    if line.target is None or line.value is None or not line.target.due:
        return 0.0
    beyond = (float(line.value) - line.target.due) / line.target.due
    return beyond if line.kpi.good == "up" else -beyond


def lines_of(rep: Rep, asked: Asked, currency: str, keys: Sequence[str]) -> dict[str, Line]:
    """KPI key -> the rep's line in the period; keys the catalogue does not know are left out."""
    known = [key for key in keys if key in CATALOGUE]
    if not known:
        return {}
    subject = Subject.rep(rep.pk)
    readings = Readings([subject], asked, currency, known)
    is_judged = not is_ramping(rep, asked.calendar.today())
    return {key: readings.line(subject, key, is_judged) for key in known}


def skill_of(line: Line, rep: Rep, asked: Asked, user) -> Skill:
    """The skill with its three rows, those on the failing side where the KPI tells hits and misses apart."""
    found = evidence(line.kpi, Subject.rep(rep.pk), asked.period)
    rows = Rows(evidence=_failing(found, line), left_out=None, other=None, text="")
    listed, _following = rows.page(user, "", line.kpi.key)
    return Skill(line, rows.header, listed[:ROWS_SHOWN], found.has_hits)


def _failing(found: Evidence, line: Line) -> Evidence:
    if not found.has_hits:
        return found
    return replace(found, counted=found.counted.filter(is_hit=line.kpi.good == "down"))


def ranked(rep: Rep, today: date) -> list[Deal]:
    """The rep's open deals, those that need most attention first."""
    return [one.deal for one in by_attention(rep.deals.all(), today)]


def default_questions(team: Team | None, skill: str = "") -> list[str]:
    """What the rep is asked beforehand: by the team's playbook, and on the skill the KPI's own question."""
    questions = [_("What went well since we last spoke?")]
    if team is not None and team.playbook == Team.Playbook.NUMBERS:
        questions.append(_("What kept you from the conversations you wanted to have?"))
    else:
        questions.append(_("On which deal do you want help, and with what?"))
    questions.append(str(CATALOGUE[skill].ask) if skill in CATALOGUE else _("Where do you want help?"))
    return questions

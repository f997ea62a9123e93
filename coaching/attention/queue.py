"""Whom to coach on what, and on which deals it still matters: at most five lines, ranked by what can be influenced.

A rep's skill counts by the open value its gap touches, times the gap, times the chance that the skill acts before
the deals close (`lead_times`). Everybody else has a line too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from coaching.asked import Asked
from coaching.attention.gap_deals import touched
from coaching.attention.gaps import Gap, example_of, gaps_of
from coaching.attention.lead_times import LeadTime, lead_times
from coaching.attention.line import AttentionLine
from coaching.board import Board, Row, rep_board
from coaching.deals.open_deals import OpenDeal, open_deals_of
from coaching.diagnosis import Diagnosis, Kind, told
from kpis.judging.circles import people_of
from kpis.subjects import subtree
from pipeline.models import Rep, Team

LINES = 5


@dataclass(frozen=True)
class Other:
    """Somebody without a line of their own: the diagnosis, and the pattern to copy where there is one."""

    rep: Rep
    diagnosis: Diagnosis
    url: str
    pattern: str
    pattern_url: str

    @property
    def is_example(self) -> bool:
        return self.diagnosis.kind == Kind.WORTH_COPYING


@dataclass(frozen=True)
class Queue:
    """At most five lines, and one for everybody else, those worth copying first."""

    lines: tuple[AttentionLine, ...]
    rest: tuple[Other, ...]


def queue(team: Team, asked: Asked, currency: str) -> Queue:
    """The attention queue of a team and its subteams; a fixed number of queries however many reps."""
    reps = list(people_of(subtree(team.pk), asked.period))
    return queue_of(rep_board(team, reps, asked, currency), asked, currency)


def line_of(row: Row, asked: Asked, currency: str) -> AttentionLine | None:
    """What a single rep would be coached on; nobody else is named in it."""
    return next(iter(queue_of(Board({}, [row], None), asked, currency).lines), None)


def queue_of(board: Board, asked: Asked, currency: str) -> Queue:
    """The same of a team already on the board. Flags are the asked period's, what can be turned is today's."""
    today = asked.calendar.today()
    rows = [(row.rep.pk, row) for row in board.rows if row.rep]
    gaps = {rep: found for rep, row in rows if (found := gaps_of(row))}
    open_deals = open_deals_of(gaps, asked.period, today, currency) if gaps else {}
    touching = _touching(gaps, open_deals, asked, today)
    leads = lead_times(touching, today)
    lines = []
    for rep, row in rows:
        for gap in gaps.get(rep, []):
            key = gap.line.kpi.key
            mine = [deal for deal in open_deals.get(rep, []) if deal.pk in touching[key]]
            lines.append(_line(row, gap, leads[key], mine, example_of(gap, board.rows), currency))
    chosen = _chosen([line for line in lines if line.deals or line.gap.is_pressing])
    placed = {line.rep.pk for line in chosen}
    rest = [_other(row) for rep, row in rows if rep not in placed]
    return Queue(chosen, tuple(sorted(rest, key=lambda other: not other.is_example)))


def _touching(gaps, open_deals, asked: Asked, today: date) -> dict[str, set[int]]:
    """KPI key -> open deals of the reps with that gap which it touches; one query a KPI, whatever the reps.

    Where reps are asked for different values, deals are held against the most demanding.
    """
    asked_of: dict[str, list[tuple[int, Gap]]] = {}
    for rep, found in gaps.items():
        for gap in found:
            asked_of.setdefault(gap.line.kpi.key, []).append((rep, gap))
    return {
        key: touched(
            of[0][1].line.kpi,
            [deal.pk for rep, _gap in of for deal in open_deals.get(rep, [])],
            _hardest([gap for _rep, gap in of]),
            asked.period,
            today,
        )
        for key, of in asked_of.items()
    }


def _hardest(gaps: Sequence[Gap]) -> float | None:
    known = [gap.reference for gap in gaps if gap.reference is not None]
    hardest = max if gaps[0].line.kpi.good == "up" else min
    return hardest(known, default=None)


def _line(
    row: Row, gap: Gap, lead: LeadTime, deals: list[OpenDeal], example: Row | None, currency: str
) -> AttentionLine:
    reachable = [deal for deal in deals if not lead.is_too_late(deal.days_left)]
    reachable.sort(key=lambda deal: -deal.weight * lead.chance(deal.days_left))
    return AttentionLine(
        row=row,
        gap=gap,
        lead=lead,
        deals=tuple(reachable),
        too_late=len(deals) - len(reachable),
        example=example,
        currency=currency,
    )


def _chosen(lines: Sequence[AttentionLine]) -> tuple[AttentionLine, ...]:
    """One line a rep, the five with most to influence; where nothing can be, the wider gap first."""

    def rank(line: AttentionLine) -> tuple[float, float]:
        return (-line.influence, -line.gap.size)

    best: dict[int, AttentionLine] = {}
    for line in sorted(lines, key=rank):
        best.setdefault(line.rep.pk, line)
    return tuple(list(best.values())[:LINES])


def _other(row: Row) -> Other:
    """“worth copying: meetings with executives 42 % (5 of 12 …)”, “steady”, “ramping until 12 Jan, not judged”."""
    if row.rep is None or row.diagnosis is None:
        raise ValueError("only reps have a line")
    pattern = row.diagnosis.pattern if row.diagnosis.kind == Kind.WORTH_COPYING else None
    return Other(
        row.rep, row.diagnosis, row.url, told(pattern) if pattern else "", pattern.url if pattern else ""
    )

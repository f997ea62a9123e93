"""A team's targets put together: what is asked of the team and of each rep, KPI by KPI, and whether it adds up."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coaching.figures import figure
from coaching.target_words import PER, asked, number
from kpis.catalogue import CATALOGUE
from kpis.catalogue.kpi import Kpi
from kpis.catalogue.measures import Count, FirstCount, Sum
from kpis.models import Target
from kpis.periods import Calendar
from kpis.subjects import Subject, subtree
from kpis.targets import targets_for
from pipeline.models import Rep, Team


@dataclass(frozen=True)
class Cell:
    """What is asked of one subject now, and from when on something else will be."""

    text: str
    notes: list[str]
    url: str
    is_teams: bool = False


@dataclass(frozen=True)
class Row:
    kpi: Kpi
    team: Cell
    total: str
    differs: bool
    reps: list[Cell]


@dataclass(frozen=True)
class TargetsPage:
    team: Team
    reps: list[Rep]
    rows: list[Row]


def targets_page(team: Team, reps: Sequence[Rep], currency: str) -> TargetsPage:
    calendar = Calendar.current()
    everyone = list(_here(calendar.today()).filter(team__in=subtree(team.pk)))
    found = _rows(team, [*reps, *everyone])
    keys = [key for key in CATALOGUE if any(kpi == key for _kind, _pk, kpi in found)]
    board = Board(team, list(reps), everyone, found, calendar, currency)
    return TargetsPage(team, list(reps), [board.row(CATALOGUE[key]) for key in keys])


def reps_of(team: Team, today: date) -> list[Rep]:
    """The team's own reps of today: subteams have pages of their own."""
    return list(_here(today).filter(team=team).order_by("name_key", "pk"))


def _here(today: date) -> QuerySet[Rep]:
    return Rep.objects.filter(Q(ended_on=None) | Q(ended_on__gte=today))


def _rows(team: Team, reps: Sequence[Rep]) -> dict[tuple[str, int, str], list[Target]]:
    """(kind, id, KPI) -> its targets, oldest first."""
    found: dict[tuple[str, int, str], list[Target]] = defaultdict(list)
    rows = Target.objects.filter(Q(team=team) | Q(rep__in=reps)).order_by("from_on", "pk")
    for row in rows:
        subject = ("rep", row.rep_id) if row.rep_id else ("team", row.team_id or 0)
        found[*subject, row.kpi].append(row)
    return found


@dataclass(frozen=True)
class Board:
    team: Team
    reps: list[Rep]
    everyone: list[Rep]
    found: dict[tuple[str, int, str], list[Target]]
    calendar: Calendar
    currency: str
    dues: dict[str, dict] = field(default_factory=dict)

    def row(self, kpi: Kpi) -> Row:
        total, differs = self._total(kpi)
        own = self._cell("team", self.team.pk, kpi)
        return Row(kpi, own, total, differs, [self._rep_cell(rep, kpi, own) for rep in self.reps])

    def _cell(self, kind: str, pk: int, kpi: Kpi) -> Cell:
        rows = self.found.get((kind, pk, kpi.key), [])
        today = self.calendar.today()
        holding = _in_force(rows, today)
        notes = [
            _("stretch %(value)s") % {"value": number(row, row.stretch, self.currency)}
            for row in holding
            if row.stretch is not None
        ]
        notes += [
            _("since %(day)s") % {"day": date_format(row.from_on, "SHORT_DATE_FORMAT")} for row in holding[:1]
        ]
        notes += [
            _("%(target)s from %(day)s")
            % {"target": asked(row, self.currency), "day": date_format(row.from_on, "SHORT_DATE_FORMAT")}
            for row in rows
            if row.from_on > today
        ]
        text = ", ".join(asked(row, self.currency) for row in holding)
        return Cell(text, notes, reverse(f"{kind}_target", args=[pk, kpi.key]))

    def _rep_cell(self, rep: Rep, kpi: Kpi, team: Cell) -> Cell:
        """A rep without a target of their own is held to the team's, unless that is a sum."""
        cell = self._cell("rep", rep.pk, kpi)
        if cell.text or not team.text or is_additive(kpi) or kpi.unit in ("count", "money"):
            return cell
        return Cell(team.text, [_("as the team"), *cell.notes], cell.url, is_teams=True)

    def _total(self, kpi: Kpi) -> tuple[str, bool]:
        """(the sum of the reps' targets, subteams included; whether the team is asked for something else)."""
        held = _in_force(self.found.get(("team", self.team.pk, kpi.key), []), self.calendar.today())
        kind = held[0].period if held else self._usual(kpi)
        if not is_additive(kpi) or not kind:
            return "", False
        team, reps = Subject.team(self.team.pk), [Subject.rep(rep.pk) for rep in self.everyone]
        due = self._due(kind, [team, *reps])
        parts = [due[rep, kpi.key].value for rep in reps if (rep, kpi.key) in due]
        if not parts:
            return "", False
        text = PER[kind](figure(round(sum(parts), 2), kpi.unit, self.currency))
        whole = due.get((team, kpi.key))
        return text, whole is not None and round(whole.value) != round(sum(parts))

    def _due(self, kind: str, subjects: list[Subject]) -> dict:
        """Everybody's targets for the running period of a kind, asked for once."""
        if kind not in self.dues:
            period = self.calendar.of_kind(kind, self.calendar.today())
            keys = dict.fromkeys(key for _kind, _pk, key in self.found)
            self.dues[kind] = targets_for(subjects, period, keys)
        return self.dues[kind]

    def _usual(self, kpi: Kpi) -> str:
        """The kind of period the reps' targets are for, where the team has none."""
        kinds = [row.period for rep in self.everyone for row in self.found.get(("rep", rep.pk, kpi.key), [])]
        return kinds[-1] if kinds else ""


def _in_force(rows: Sequence[Target], today: date) -> list[Target]:
    """The latest begun target of each kind of period."""
    return list({row.period: row for row in rows if row.from_on <= today}.values())


def is_additive(kpi: Kpi) -> bool:
    """Whether the reps' numbers add up to the team's."""
    return isinstance(kpi.measure, Count | Sum | FirstCount)

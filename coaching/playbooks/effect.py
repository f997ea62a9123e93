"""What a change of playbook would do to a team's page: columns, standings, diagnoses, whom to coach, and its deals."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from coaching.asked import DEFAULT, Asked
from coaching.dashboard import Dashboard, dashboard
from coaching.deals.attention import FINE, LESS, MORE, attention_of
from coaching.deals.ranking import open_among
from coaching.forms import DealsFilter
from coaching.playbooks.change import Change, differences, tried
from kpis.catalogue import CATALOGUE
from kpis.catalogue.kpi import Kpi
from kpis.periods import Calendar
from pipeline.models import Deal, Organisation, Team


@dataclass(frozen=True)
class Seen:
    """A team's page at one moment, and how many of its deals need more, are fine, need less."""

    page: Dashboard
    deals: Counter[str]

    @property
    def keys(self) -> list[str]:
        return [key for keys in self.page.board.focus.values() for key in keys]

    @property
    def categories(self) -> list[str]:
        return [str(category.label) for category in self.page.board.focus]

    @property
    def diagnoses(self) -> dict[str, str]:
        return {row.label: str(row.diagnosis.label) if row.diagnosis else "–" for row in self.page.board.rows}

    @property
    def coached(self) -> list[str]:
        return [f"{line.rep.name}: {line.label}" for line in self.page.queue.lines]


@dataclass(frozen=True)
class Effect:
    """Before and after, compared; everything empty where nothing on the page moves."""

    said: list[str]
    before: Seen
    after: Seen

    @property
    def order(self) -> tuple[str, str] | None:
        """The categories' order before and after, where it changes."""
        old, new = " · ".join(self.before.categories), " · ".join(self.after.categories)
        return (old, new) if old != new else None

    @property
    def columns_new(self) -> list[Kpi]:
        return [CATALOGUE[key] for key in self.after.keys if key not in self.before.keys]

    @property
    def columns_gone(self) -> list[Kpi]:
        return [CATALOGUE[key] for key in self.before.keys if key not in self.after.keys]

    @cached_property
    def standings(self) -> list[tuple[str, Kpi, str, str]]:
        """(rep, KPI, standing before, standing after) of the KPIs in sight both times."""
        old = {row.label: row.lines for row in self.before.page.board.rows}
        return [
            (row.label, line.kpi, old[row.label][key].word, line.word)
            for row in self.after.page.board.rows
            for key, line in row.lines.items()
            if key in old.get(row.label, {}) and old[row.label][key].word != line.word
        ]

    @property
    def diagnoses(self) -> list[tuple[str, str, str]]:
        """(rep, diagnosis before, diagnosis after) where it changes."""
        old = self.before.diagnoses
        return [
            (name, old.get(name, "–"), new)
            for name, new in self.after.diagnoses.items()
            if old.get(name) != new
        ]

    @property
    def coaching_new(self) -> list[str]:
        return [line for line in self.after.coached if line not in self.before.coached]

    @property
    def coaching_gone(self) -> list[str]:
        return [line for line in self.before.coached if line not in self.after.coached]

    @property
    def deals(self) -> list[tuple[str, int, int]]:
        """(group, deals before, deals after) where the number changes."""
        words = dict(DealsFilter.GROUPS)
        groups = ((group, self.before.deals[group], self.after.deals[group]) for group in (MORE, FINE, LESS))
        return [(str(words[group]), old, new) for group, old, new in groups if old != new]

    @property
    def is_nothing(self) -> bool:
        moved = (self.order, self.columns_new, self.columns_gone, self.standings, self.diagnoses)
        return not any((*moved, self.coaching_new, self.coaching_gone, self.deals))


def effect_of(team: Team, change: Change) -> Effect:
    """Over the last 30 days, as the team's page shows them by default; deals as they stand today."""
    calendar = Calendar.current()
    asked = Asked(calendar, calendar.parse(DEFAULT))
    before, after = tried(team, change, lambda one: _seen(one, asked))
    return Effect(differences(team, change), before, after)


def _seen(team: Team, asked: Asked) -> Seen:
    page = dashboard(team, asked, Organisation.current().currency)
    owned = Deal.objects.filter(owner__in=[rep.pk for rep in page.reps])
    found = attention_of(open_among(owned), asked.calendar.today())
    return Seen(page, Counter(one.group for one in found.values()))

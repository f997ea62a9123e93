"""Whom a figure is about: a rep, a team with its subteams, or the whole organisation."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from pipeline.models import Rep, Team


@dataclass(frozen=True)
class Subject:
    kind: str
    id: int = 0

    @classmethod
    def rep(cls, pk: int) -> "Subject":
        return cls("rep", pk)

    @classmethod
    def team(cls, pk: int) -> "Subject":
        return cls("team", pk)

    @classmethod
    def organisation(cls) -> "Subject":
        return cls("organisation")

    @property
    def label(self) -> str:
        match self.kind:
            case "rep":
                return Rep.objects.get(pk=self.id).name
            case "team":
                return Team.objects.get(pk=self.id).name
        return _("Organisation")

    def credited(self, rows) -> Q:
        """Condition on `rows` for what is credited to this subject: by rep, by the team then, or everything."""
        match self.kind:
            case "rep":
                return Q(**{rows.rep: self.id})
            case "team":
                return Q(**{f"{rows.team}__in": subtree(self.id)})
        return Q()


@dataclass(frozen=True)
class Tree:
    """The teams by who is below whom; a circle in the data ends where it began."""

    parents: dict[int, int | None]

    @classmethod
    def load(cls) -> "Tree":
        return cls(dict(Team.objects.values_list("pk", "parent_id")))

    def subtree(self, team_id: int) -> list[int]:
        """A team and everything below it, top first."""
        children: dict[int | None, list[int]] = {}
        for pk, parent in self.parents.items():
            children.setdefault(parent, []).append(pk)
        found = [team_id]
        for team in found:
            found += [child for child in children.get(team, []) if child not in found]
        return found

    def upwards(self, team_id: int) -> list[int]:
        """A team and those above it, itself first."""
        found = [team_id]
        while (above := self.parents.get(found[-1])) and above not in found:
            found.append(above)
        return found


def subtree(team_id: int) -> list[int]:
    return Tree.load().subtree(team_id)

"""A small organisation to ask the API about: North (Maya: Ada, Ben), South (Olga), Ivo above all."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.test import Client

from kpis.recompute import drain
from pipeline.models import Account, Activity, Deal, Rep, Stage, StageChange, Team
from pipeline.models.deals import Milestone

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


class World:
    """People by name; `as_(name)` is a signed-in client."""

    now = NOW

    def __init__(self) -> None:
        self.maya, self.olga = self._person("Maya", "manager"), self._person("Olga", "manager")
        self.north = Team.objects.create(name="North", manager=self.maya)
        self.south = Team.objects.create(name="South", manager=self.olga)
        self.ada, self.ben = self._person("Ada", team=self.north), self._person("Ben", team=self.north)
        self.ivo = self._person("Ivo", "admin")
        self.deal = self._won_deal()
        Deal.objects.create(name="nobody's deal")

    @staticmethod
    def _person(name: str, role: str = "rep", team: Team | None = None) -> Rep:
        return Rep.objects.create(
            name=name, role=role, team=team, account_user=User.objects.create_user(name.lower())
        )

    def _won_deal(self) -> Deal:
        """Ada qualified it on 2 November and won it on the 10th, for 1,200.50; and she dialled once."""
        stages = {
            milestone: Stage.objects.create(
                name=milestone.name.title(), position=milestone, milestone=milestone
            )
            for milestone in (Milestone.QUALIFIED, Milestone.WON)
        }
        created, closed = datetime(2026, 11, 2, 9, tzinfo=UTC), datetime(2026, 11, 10, 9, tzinfo=UTC)
        account = Account.objects.create(name="Quarry & Sons", owner=self.ada)
        deal = Deal.objects.create(
            name="Conveyor belts",
            owner=self.ada,
            account=account,
            amount="1200.50",
            stage=stages[Milestone.WON],
            created_at=created,
            closed_at=closed,
        )
        StageChange.objects.create(deal=deal, stage=stages[Milestone.QUALIFIED], at=created)
        StageChange.objects.create(deal=deal, stage=stages[Milestone.WON], at=closed)
        Activity.objects.create(rep=self.ada, kind=Activity.Kind.CALL, direction=1, at=created)
        return deal

    @staticmethod
    def as_(name: str | None) -> Client:
        client = Client()
        if name:
            client.force_login(
                User.objects.get(username=name.lower()), "django.contrib.auth.backends.ModelBackend"
            )
        return client


@pytest.fixture
def world(db, time_machine) -> World:
    time_machine.move_to(NOW, tick=False)
    made = World()
    drain()
    return made

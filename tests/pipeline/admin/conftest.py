"""Ivo signed in, and one deal of Ada's for him to edit."""

from datetime import UTC, datetime

import pytest

from pipeline.models import (
    Account,
    Activity,
    Contact,
    Deal,
    Organisation,
    Rep,
    Stage,
    Team,
)
from pipeline.models.deals import Milestone
from tests.pipeline.admin.pages import signed_in

NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)


@pytest.fixture
def ivo():
    return signed_in("Ivo", "admin")


@pytest.fixture
def world():
    """North with Ada, and one deal of hers at Brenta Valves, qualified."""
    Organisation.objects.update_or_create(pk=1, defaults={"name": "Adige Pumps", "time_zone": "Europe/Rome"})
    north = Team.objects.create(name="North")
    ada = Rep.objects.create(name="Ada", team=north)
    stages = {mark: Stage.objects.create(name=mark.name, position=mark, milestone=mark) for mark in Milestone}
    account = Account.objects.create(name="Brenta Valves", owner=ada)
    contact = Contact.objects.create(account=account, name="Carla Pavan")
    deal = Deal.objects.create(
        name="Brenta Valves, retrofit",
        account=account,
        owner=ada,
        stage=stages[Milestone.QUALIFIED],
        amount=1000,
        created_at=NOON,
    )
    activity = Activity.objects.create(rep=ada, kind=1, at=NOON, account=account, deal=deal)
    return {
        "team": north,
        "ada": ada,
        "stages": stages,
        "account": account,
        "contact": contact,
        "deal": deal,
        "activity": activity,
    }

"""Who may get a digest has an address; Ben's week has something to say."""

import pytest
from django.core.cache import cache

from kpis.models import Target
from pipeline.models import Rep


@pytest.fixture
def addresses(world):
    cache.clear()
    for rep in (world.maya, world.ada, world.ben, world.olga):
        Rep.objects.filter(pk=rep.pk).update(email=f"{rep.name.lower()}@adige.example")


@pytest.fixture
def ben_is_thin(world):
    for key, value in {"executive_meetings": "1", "reply_rate": "0.6"}.items():
        Target.objects.create(kpi=key, period="month", from_on="2020-01-01", value=value, rep=world.ben)

"""Four talks of Ben's, scored by Ben (own) and Maya (lead); n: did not come up.

    talk        days ago   agenda own/lead   questions own/lead   next step own/lead
    first         20            3 / 2             3 / 1                n / n
    second        15            3 / 3             4 / 2                2 / 1
    third         10            2 / 2             3 / 3                3 / n
    fourth         5            1 / 4             n / n                n / n     only Maya's, on another talk

Both scored three. Pairs: agenda 3, questions 3, next step 1 = 7. Gaps own - lead: 1 0 0, 2 2 0, 1: sum 6, mean 6/7.
Alike: 3. Within one: 5 of 7. Agenda: gaps 1 0 0, all within one, own 8/3, lead 7/3. Questions: lead 6/3, own 10/3.
"""

import pytest

from coaching.models import Rubric
from coaching.observed.observations import keep
from coaching.observed.rubrics import Wanted, replace
from pipeline.models import Activity

WANTED = [
    Wanted("Agenda set"),
    Wanted("Questions asked", skill="manoeuvre_known"),
    Wanted("Next step agreed"),
]
OWN = [{0: 3, 1: 3}, {0: 3, 1: 4, 2: 2}, {0: 2, 1: 3, 2: 3}]
LEAD = [{0: 2, 1: 1}, {0: 3, 1: 2, 2: 1}, {0: 2, 1: 3}]


@pytest.fixture
def rubric(world) -> Rubric:
    return replace(world.north, "Calls", WANTED)


@pytest.fixture
def talks(world, rubric) -> list[Activity]:
    """The table above; the last one is scored by Maya alone."""
    made = [
        world.call(world.ben, world.ago(days), world.carla, outcome="reached") for days in (20, 15, 10, 5)
    ]
    for talk, own, lead in zip(made, OWN, LEAD, strict=False):
        keep(talk, world.ben, rubric, own, "")
        keep(talk, world.maya, rubric, lead, "")
    keep(made[3], world.maya, rubric, {0: 4}, "heard by Maya alone")
    return made


@pytest.fixture
def talk(world, rubric) -> Activity:
    return world.meeting(world.ben, world.ago(3), world.carla, subject="Cold store")

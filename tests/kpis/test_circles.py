"""Beside whom a rep is judged: the same people by the same KPIs, whichever page asks."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpis.judging.circles import circles_of, fewest_on, judged
from kpis.periods import Calendar
from kpis.playbook import focus_keys
from kpis.readings import read
from kpis.recompute import drain
from kpis.subjects import Subject
from pipeline.models import Rep, Setting, Team
from tests.kpis.crowd import MAY_DAYS, TODAY

pytestmark = pytest.mark.django_db


class Branches:
    """North holds Ada, Ben and Cleo; its subteam Coast holds Dario, Elif and Finn, and looks at reach rate alone."""

    def __init__(self, world):
        self.world, self.period = world, Calendar.current().parse("2026-05")
        self.elif_, self.finn = world.rep("Elif", world.coast), world.rep("Finn", world.coast)
        Team.objects.filter(pk=world.north.pk).update(focus_kpis="calls_made;emails_sent;win_rate;reply_rate")
        Team.objects.filter(pk=world.coast.pk).update(focus_kpis="reach_rate;texts_sent;deals_won")
        self.reps = list(Rep.objects.filter(team__in=[world.north, world.coast]).select_related("team"))

    def rep(self, rep) -> Rep:
        return Rep.objects.select_related("team").get(pk=rep.pk)

    def circle(self, rep):
        [found] = circles_of([self.rep(rep)], self.period, TODAY, fewest_on(TODAY))
        return found

    def names(self, rep) -> list[str]:
        return sorted(peer.name for peer in self.circle(rep).peers)

    def calls(self):
        """Forty dials each, half of them reached; Dario reaches one, and Ada makes a hundred."""
        for rep in self.reps:
            reached = 1 if rep.name == "Dario" else 20
            for n in range(100 if rep.name == "Ada" else 40):
                at = f"2026-05-{MAY_DAYS[n % 10]:02}T{9 + n // 10:02}:{n % 10:02}"
                self.world.call(rep, at, self.world.carla, outcome="reached" if n < reached else "no_answer")
        drain()


@pytest.fixture
def branches(world) -> Branches:
    return Branches(world)


def test_where_the_own_team_is_too_small_the_next_one_up_lends_its_people(branches):
    """Coast has three account executives: North, which holds it, has six. South has one, and nothing above it."""
    everybody = ["Ada", "Ben", "Cleo", "Dario", "Elif", "Finn"]
    assert branches.names(branches.world.dario) == everybody
    assert branches.names(branches.world.ada) == everybody
    assert branches.names(branches.world.olga) == ["Olga"]


def test_a_team_with_enough_people_stays_among_itself(branches):
    for name in ("Gaia", "Hugo"):
        branches.world.rep(name, branches.world.coast)
    assert branches.names(branches.world.dario) == ["Dario", "Elif", "Finn", "Gaia", "Hugo"]


def test_who_ramps_or_has_left_does_not_make_a_team_large_enough(branches):
    """Five in Coast, of whom one ramps until July and one left in May: the three others are too few."""
    gaia, hugo = (branches.world.rep(name, branches.world.coast) for name in ("Gaia", "Hugo"))
    Rep.objects.filter(pk=gaia.pk).update(ramped_on=date(2026, 7, 1))
    Rep.objects.filter(pk=hugo.pk).update(ended_on=date(2026, 5, 20))
    assert "Ada" in branches.names(branches.world.dario)


def test_where_more_people_are_asked_for_the_circle_widens(branches):
    """Of six asked for Coast has five; of nine all of North has eight, six of them with figures."""
    for name in ("Gaia", "Hugo"):
        branches.world.rep(name, branches.world.coast)
    Setting.objects.create(key="min_people_shown", value="6")
    assert "Ada" in branches.names(branches.world.dario)
    Setting.objects.filter(key="min_people_shown").update(value="9")
    branches.calls()
    found = judged(branches.reps, branches.period, TODAY).of(branches.world.dario.pk, "reach_rate")
    assert found.why == "Only 6 reps of the same job have figures to compare, and it takes 9."


def test_other_jobs_are_no_peers_and_make_no_circle(branches):
    Rep.objects.filter(name__in=["Ada", "Finn"]).update(job="Inside sales")
    assert branches.names(branches.world.ada) == ["Ada", "Finn"]
    assert branches.names(branches.world.ben) == ["Ben", "Cleo", "Dario", "Elif"]


def test_without_a_team_one_stands_alone(branches):
    assert branches.names(branches.world.ivo) == ["Ivo"]


def test_a_rep_is_judged_by_the_own_team_s_focus(branches):
    assert set(branches.circle(branches.world.dario).focus) >= {"reach_rate", "texts_sent", "deals_won"}
    assert "calls_made" not in branches.circle(branches.world.dario).focus
    assert "calls_made" in branches.circle(branches.world.ada).focus


def test_a_judgement_is_the_same_whoever_else_is_asked_for(branches):
    branches.calls()
    together = judged(branches.reps, branches.period, TODAY)
    for rep in branches.reps:
        alone = judged([rep], branches.period, TODAY)
        for key in focus_keys(rep.team):
            assert alone.of(rep.pk, key) == together.of(rep.pk, key), (rep.name, key)
    dario = branches.world.dario.pk
    assert together.of(dario, "reach_rate").is_flag
    assert not together.of(dario, "calls_made").is_judged


def test_what_is_out_of_focus_is_judged_by_itself_and_moves_nothing_else(branches):
    """Ada's hundred dials where the others make forty."""
    branches.calls()
    plain = judged(branches.reps, branches.period, TODAY)
    asked = judged(branches.reps, branches.period, TODAY, also=["calls_made", "reach_rate"])
    dario = branches.world.dario.pk
    assert asked.of(dario, "calls_made").is_judged
    assert asked.of(dario, "reach_rate") == plain.of(dario, "reach_rate")
    assert asked.of(branches.world.ada.pk, "calls_made") == plain.of(branches.world.ada.pk, "calls_made")


def test_the_funnel_shows_the_whole_circle(branches):
    branches.calls()
    funnel = judged([branches.rep(branches.world.dario)], branches.period, TODAY).funnel(
        branches.world.dario.pk, "reach_rate"
    )
    assert {rep for rep, _size, _value in funnel.points} == {rep.pk for rep in branches.reps}


def test_the_number_of_queries_does_not_grow_with_the_reps(branches):
    branches.calls()
    with CaptureQueriesContext(connection) as few:
        judged(branches.reps, branches.period, TODAY)
    branches.reps += [branches.rep(branches.world.rep(f"Rep {n}", branches.world.north)) for n in range(10)]
    drain()
    with CaptureQueriesContext(connection) as many:
        judged(branches.reps, branches.period, TODAY)
    assert 0 < len(many) <= len(few)


def test_readings_at_hand_are_not_read_again(branches, django_assert_num_queries):
    """The setting, teams, heads by team and job, the people around, their absences."""
    branches.calls()
    cards = read([Subject.rep(rep.pk) for rep in branches.reps], [branches.period])
    with django_assert_num_queries(5):
        judged(branches.reps, branches.period, TODAY, cards=cards)

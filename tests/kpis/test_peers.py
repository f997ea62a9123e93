"""Whom a rep can be held against."""

from datetime import date

import pytest

from kpis.judging.attendance import days_present, working_days
from kpis.judging.peers import comparable, presence
from kpis.periods import Calendar
from pipeline.models import Absence, Rep

TODAY = date(2026, 6, 15)  # a Monday


@pytest.fixture
def may(world):
    """May 2026: 21 working days, from Friday the 1st to Friday the 29th."""
    return Calendar.current().parse("2026-05")


def changed(rep, **fields):
    Rep.objects.filter(pk=rep.pk).update(**fields)
    rep.refresh_from_db()
    return rep


def test_mondays_to_fridays_are_working_days():
    assert len(working_days(date(2026, 5, 1), date(2026, 6, 1))) == 21
    assert working_days(date(2026, 5, 2), date(2026, 5, 4)) == set()
    assert working_days(date(2026, 5, 4), date(2026, 5, 1)) == set()


def test_absences_and_the_days_before_and_after_the_job_are_not_at_work(world, may):
    """Ada away Mon 4 to Fri 15, twice on file: 21 − 10. Ben from Mon 18: 10. Cleo until Fri 15, included: 11."""
    Absence.objects.create(rep=world.ada, from_on="2026-05-04", to_on="2026-05-15")
    Absence.objects.create(rep=world.ada, from_on="2026-05-11", to_on="2026-05-12")
    reps = [
        world.ada,
        changed(world.ben, started_on=date(2026, 5, 18)),
        changed(world.cleo, ended_on=date(2026, 5, 15)),
    ]
    assert days_present(reps, may, TODAY) == {world.ada.pk: 11, world.ben.pk: 10, world.cleo.pk: 11}


def test_of_a_running_period_the_days_up_to_today_count(world):
    """1 to 15 June 2026: eleven working days."""
    june = Calendar.current().parse("2026-06")
    assert days_present([world.ada], june, TODAY) == {world.ada.pk: 11}


def test_machines_managers_the_ramping_the_gone_and_the_absent_are_set_apart(world, may):
    Absence.objects.create(rep=world.olga, from_on="2026-05-01", to_on="2026-05-18")
    reps = [
        world.ada,
        world.maya,
        changed(world.ben, is_machine=True),
        changed(world.cleo, ended_on=date(2026, 5, 20)),
        changed(world.dario, ramped_on=date(2026, 7, 1)),
        world.olga,
    ]
    apart = presence(reps, may, TODAY).apart
    assert set(apart) == {rep.pk for rep in reps} - {world.ada.pk}
    assert apart[world.dario.pk] == "still ramping, until 1 Jul 2026: growing into the job is not judged"
    assert apart[world.olga.pk] == "at work on 9 of 21 working days: too few to compare"


def test_who_has_ramped_by_the_period_s_end_is_compared(world, may):
    assert presence([changed(world.dario, ramped_on=date(2026, 5, 31))], may, TODAY).apart == {}
    assert presence([changed(world.dario, ramped_on=date(2026, 6, 1))], may, TODAY).apart != {}


def test_half_of_the_days_are_enough(world, may):
    """11 of 21 is more than half, 10 is not."""
    assert presence([changed(world.ada, started_on=date(2026, 5, 15))], may, TODAY).apart == {}
    assert presence([changed(world.ada, started_on=date(2026, 5, 18))], may, TODAY).apart != {}


def test_peers_have_the_same_job_and_belong_to_the_teams_asked_for(world, may):
    changed(world.cleo, job="Inside sales")
    found = comparable([world.north.pk, world.coast.pk], may, TODAY, "Account executive")
    assert found == [world.ada, world.ben, world.dario]
    assert world.olga in comparable(None, may, TODAY, "Account executive")
    assert world.maya not in comparable(None, may, TODAY)


def test_the_number_of_queries_does_not_grow_with_the_reps(world, may, django_assert_num_queries):
    with django_assert_num_queries(2):
        comparable(None, may, TODAY)

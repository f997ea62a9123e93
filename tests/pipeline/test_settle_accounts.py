"""Whose an account was, from which local day until which, and what makes it be settled again."""

import pytest

from pipeline.models import Account, AccountSpan, Organisation, Rep, Unsettled
from pipeline.settle import settle_all, settle_marked
from tests.kpis.world import World, moment


@pytest.fixture
def world(db) -> World:
    made = World()
    made.piave = made.account("Piave Pumps", owner=made.ada, created_at=moment("2026-01-12 09:00"))
    return made


def spans(world) -> list[tuple]:
    """(owner, team, from, to) of Piave Pumps, after the worker has caught up."""
    while settle_marked():
        pass
    found = AccountSpan.objects.filter(account=world.piave).select_related("owner", "team")
    return [
        (str(span.owner or ""), str(span.team or ""), str(span.from_day), str(span.to_day or ""))
        for span in found
    ]


def test_without_moves_it_is_its_owner_s_since_it_was_created(world):
    assert spans(world) == [("Ada", "North", "2026-01-12", "")]


def test_moves_and_changes_of_team_cut_it(world):
    world.given(world.piave, ada="2026-01-12 09:00", ben="2026-03-10 09:00", dario="2026-03-10 18:00")
    world.moves(world.ada, south="2025-06-01", north="2026-02-01")
    assert spans(world) == [
        ("Ada", "South", "2026-01-12", "2026-02-01"),
        ("Ada", "North", "2026-02-01", "2026-03-10"),
        ("Dario", "Coast", "2026-03-10", ""),
    ]


def test_a_move_before_its_creation_begins_it(world):
    world.given(world.piave, ben="2025-12-24 09:00")
    assert spans(world) == [("Ben", "North", "2025-12-24", "")]


def test_an_account_nobody_knows_the_age_of_begins_when_it_was_recorded(world):
    Account.objects.filter(pk=world.piave.pk).update(created_at=None, recorded_at=moment("2026-02-03 09:00"))
    assert spans(world) == [("Ada", "North", "2026-02-03", "")]


def test_days_are_the_organisation_s(world):
    world.given(world.piave, ada="2026-01-12 09:00", ben="2026-03-10T23:30:00Z")
    assert [span[2] for span in spans(world)] == ["2026-01-12", "2026-03-11"]
    Organisation.objects.update(time_zone="UTC")
    assert [span[2] for span in spans(world)] == ["2026-01-12", "2026-03-10"]


def test_whatever_it_depends_on_settles_it_again(world):
    """The owner, a rep's team, a move that goes, each as psql would write it."""
    assert spans(world) == [("Ada", "North", "2026-01-12", "")]
    Account.objects.filter(pk=world.piave.pk).update(owner=world.olga)
    assert spans(world) == [("Olga", "South", "2026-01-12", "")]
    Rep.objects.filter(pk=world.olga.pk).update(team=None)
    assert spans(world) == [("Olga", "", "2026-01-12", "")]
    world.given(world.piave, ben="2026-02-02 09:00")
    assert spans(world) == [("Ben", "North", "2026-01-12", "")]
    world.piave.moves.all().delete()
    Account.objects.filter(pk=world.piave.pk).update(owner=None)
    assert spans(world) == [("", "", "2026-01-12", "")]


def test_settling_twice_touches_no_row(world):
    world.given(world.piave, ada="2026-01-12 09:00", ben="2026-03-10 09:00")
    spans(world)
    before = list(AccountSpan.objects.order_by("pk").values_list("pk", flat=True))
    settle_all()
    assert list(AccountSpan.objects.order_by("pk").values_list("pk", flat=True)) == before
    assert not Unsettled.objects.exists()


def test_an_account_that_goes_takes_its_spans_along(world):
    assert spans(world)
    Account.objects.filter(pk=world.piave.pk).delete()
    assert spans(world) == []

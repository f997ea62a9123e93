"""What the API and show_kpi print of a reading holds together: the value is its numerator over its denominator."""

import pytest

from kpis.catalogue import CATALOGUE
from kpis.payload import row
from kpis.periods import Calendar
from kpis.readings import read
from kpis.recompute import drain
from pipeline.models import Deal, Relationship, TimeEntry
from tests.kpis.mean_world import MeanWorld

PERIODS = ("2026-03", "2026-Q2", "2026", "all")


@pytest.fixture
def printed(db, now) -> list[dict]:
    """Every reading of the fixed world's reps, teams and organisation."""
    world = MeanWorld()
    Deal.objects.update(cost=10)
    TimeEntry.objects.create(rep=world.ada, on="2026-03-10", hours=4)
    Relationship.objects.create(contact=world.carla, rater=world.ada, score=2, rated_on="2026-06-01")
    drain()
    subjects = [world.subject(who) for who in (world.ada, world.ben, world.north, world.south, None)]
    cards = read(subjects, [Calendar.current().parse(period) for period in PERIODS])
    return [row(key, card, {}) for card in cards.values() for key in CATALOGUE]


def test_a_value_is_its_numerator_over_its_denominator_in_the_same_units(printed):
    fractions = [one for one in printed if one["denominator"] and one["value"] is not None]
    assert len({one["key"] for one in fractions}) >= 15
    wrong = {
        one["key"]: (one["numerator"], one["denominator"], one["value"])
        for one in fractions
        if one["value"] != pytest.approx(one["numerator"] / one["denominator"], rel=1e-6)
    }
    assert wrong == {}


def test_a_sample_has_its_value_in_the_middle(printed):
    samples = [one for one in printed if one["sample"] and one["value"] is not None]
    assert all(min(one["sample"]) <= one["value"] <= max(one["sample"]) for one in samples)


def test_no_value_has_a_reason_and_a_value_has_none(printed):
    assert [one["key"] for one in printed if (one["value"] is None) != bool(one["reason"])] == []


def test_a_share_lies_within_its_interval(printed):
    shares = [one for one in printed if one["low"] is not None]
    assert shares
    assert all(0 <= one["low"] <= one["value"] <= one["high"] <= 1 for one in shares)

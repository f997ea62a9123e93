"""The relationship map: everybody once, by seniority and latest claim; the unrated apart, old ratings marked."""

from datetime import timedelta

import pytest

from coaching.relationships import relationship_map
from pipeline.models import Relationship

pytestmark = pytest.mark.django_db


def rate(world, contact, score, days_ago):
    Relationship.objects.create(
        contact=contact, rater=world.ada, score=score, rated_on=world.today() - timedelta(days=days_ago)
    )


def test_the_latest_claim_places_a_person_and_old_ones_are_marked(world):
    account = world.account("Ostia Foods", owner=world.ada)
    gil, pia, leo = (
        world.contact(name, account, seniority=seniority, buying_role=role)
        for name, seniority, role in (
            ("Gil", "director", "decision_maker"),
            ("Pia", "staff", ""),
            ("Leo", "staff", ""),
        )
    )
    rate(world, gil, -3, 200)
    rate(world, gil, 2, 10)
    rate(world, pia, -1, 120)
    page = world.signed_in("ada").get(f"/accounts/{account.pk}/")
    drawn = page.context["map"]
    assert drawn.columns == ["not rated", "-3", "-2", "-1", "0", "+1", "+2", "+3"]
    assert [(label, [[one.name for one in cell] for cell in cells]) for label, cells in drawn.rows] == [
        ("director", [[], [], [], [], [], [], ["Gil"], []]),
        ("staff", [["Leo"], [], [], ["Pia"], [], [], [], []]),
    ]
    text = page.content.decode()
    assert "decision maker" in text
    assert text.count('class="person stale"') == 1
    assert leo.name in text


def test_nobody_rated_draws_no_map(world):
    assert not relationship_map([]).is_worth_drawing

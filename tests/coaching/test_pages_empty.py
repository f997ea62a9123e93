"""With nothing recorded yet, pages teach how to begin."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from pipeline.models import Rep, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def root() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    return client


def test_an_empty_organisation_is_told_how_to_begin(root):
    page = root.get("/organisation/").content.decode()
    assert "There are no teams yet" in page
    assert "No open deals" in page
    assert "No deal matches" in root.get("/deals/").content.decode()


def test_a_team_without_reps_says_so(root):
    team = Team.objects.create(name="North")
    assert "Nobody is in this team yet" in root.get(f"/teams/{team.pk}/").content.decode()


def test_a_rep_never_computed_shows_dashes_with_the_reason(root):
    rep = Rep.objects.create(name="Dario")
    page = root.get(f"/reps/{rep.pk}/").content.decode()
    assert "not computed yet" in page
    assert '<span class="val">–</span>' in page
    assert '<span class="val">0</span>' not in page

"""The one visibility rule: a rep sees themselves, a manager the subtree of their teams, an admin all."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.utils import timezone

from pipeline import access
from pipeline.models import Account, Activity, Contact, Deal, Rep, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """North (Maya: Ada, Ben), its subteam Coast (Dario), South (Olga), and Ivo above all."""

    def person(name: str, role: str = "rep", **more) -> Rep:
        return Rep.objects.create(
            name=name, role=role, account_user=User.objects.create_user(name.lower()), **more
        )

    maya, ivo = person("Maya", "manager"), person("Ivo", "admin")
    north = Team.objects.create(name="North", manager=maya)
    coast = Team.objects.create(name="Coast", parent=north)
    south = Team.objects.create(name="South")
    reps = {"Ada": north, "Ben": north, "Dario": coast, "Olga": south}
    people = {name: person(name, team=team) for name, team in reps.items()} | {"Maya": maya, "Ivo": ivo}
    for name in reps:
        account = Account.objects.create(name=f"{name}'s account", owner=people[name])
        deal = Deal.objects.create(name=f"{name}'s deal", owner=people[name], account=account)
        Contact.objects.create(name=f"{name}'s contact", account=account)
        Activity.objects.create(rep=people[name], deal=deal, kind=1, at="2026-11-02T10:00Z")
    Deal.objects.create(name="nobody's deal")
    return people


def user(name: str) -> User:
    return User.objects.get(username=name.lower())


def names(queryset) -> set[str]:
    return set(queryset.values_list("name", flat=True))


def test_a_rep_sees_only_themselves_and_their_own_records(world):
    ada = user("Ada")
    assert names(access.reps_visible_to(ada)) == {"Ada"}
    assert names(access.deals_visible_to(ada)) == {"Ada's deal"}
    assert names(access.accounts_visible_to(ada)) == {"Ada's account"}
    assert names(access.contacts_visible_to(ada)) == {"Ada's contact"}
    assert list(access.activities_visible_to(ada).values_list("rep__name", flat=True)) == ["Ada"]
    assert not access.teams_visible_to(ada)


def test_a_manager_sees_the_whole_subtree_and_no_other_team(world):
    maya = user("Maya")
    assert names(access.teams_visible_to(maya)) == {"North", "Coast"}
    assert names(access.reps_visible_to(maya)) == {"Maya", "Ada", "Ben", "Dario"}
    assert names(access.deals_visible_to(maya)) == {"Ada's deal", "Ben's deal", "Dario's deal"}
    assert names(access.contacts_visible_to(maya)) == {"Ada's contact", "Ben's contact", "Dario's contact"}


def test_an_admin_sees_everything_also_what_nobody_owns(world):
    assert "nobody's deal" in names(access.deals_visible_to(user("Ivo")))
    assert names(access.reps_visible_to(user("Ivo"))) == {"Maya", "Ivo", "Ada", "Ben", "Dario", "Olga"}


def test_a_superuser_without_a_rep_is_an_admin(world):
    root = User.objects.create_superuser("root")
    assert access.is_admin(root)
    assert access.teams_visible_to(root).count() == 3


def test_a_user_without_a_rep_and_an_anonymous_one_see_nothing(world):
    stranger = User.objects.create_user("stranger")
    for who in (stranger, AnonymousUser()):
        assert not access.reps_visible_to(who)
        assert not access.deals_visible_to(who)
        assert not access.accounts_visible_to(who)
        assert not access.activities_visible_to(who)


def test_a_rep_who_moves_changes_hands_at_once(world):
    Rep.objects.filter(name="Ada").update(team=Team.objects.get(name="South"))
    assert "Ada" not in names(access.reps_visible_to(user("Maya")))
    assert "Ada's deal" not in names(access.deals_visible_to(user("Maya")))


def test_a_rep_who_has_left_sees_nothing_but_stays_visible_to_the_manager(world):
    Rep.objects.filter(name="Ben").update(ended_on=timezone.localdate() - timedelta(days=2))
    assert not access.reps_visible_to(user("Ben"))
    assert "Ben" in names(access.reps_visible_to(user("Maya")))


def test_an_admin_who_has_left_is_no_admin(world):
    Rep.objects.filter(name="Ivo").update(ended_on=timezone.localdate() - timedelta(days=2))
    assert not access.is_admin(user("Ivo"))
    assert not access.deals_visible_to(user("Ivo"))


def test_an_inactive_user_sees_nothing(world):
    User.objects.filter(username="maya").update(is_active=False)
    assert not access.reps_visible_to(user("Maya"))


def test_teams_in_a_circle_end(world):
    Team.objects.filter(name="North").update(parent=Team.objects.get(name="Coast"))
    assert names(access.teams_visible_to(user("Maya"))) == {"North", "Coast"}


def test_a_rep_sees_the_account_of_another_only_through_a_deal_of_their_own(world):
    bens = Account.objects.get(name="Ben's account")
    assert bens not in access.accounts_visible_to(user("Ada"))
    Deal.objects.create(name="Ada sells to Ben's account", owner=world["Ada"], account=bens)
    assert bens in access.accounts_visible_to(user("Ada"))
    assert "Ben's deal" not in names(access.deals_visible_to(user("Ada")))

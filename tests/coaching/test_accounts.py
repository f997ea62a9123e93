"""The door: who gets in, by which name, and how often one may try."""

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada_account() -> User:
    cache.clear()
    return User.objects.create_user("ada", "ada@example.com", "a long enough word")


def sign_in(client: Client, name: str, password: str):
    return client.post("/accounts/login/", {"login": name, "password": password})


@pytest.mark.parametrize("name", ["ada", "ada@example.com"])
def test_people_sign_in_by_name_or_address(client: Client, ada_account: User, name: str) -> None:
    answer = sign_in(client, name, "a long enough word")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_nobody_signs_up(client: Client) -> None:
    form = {
        "username": "olga",
        "email": "olga@example.com",
        "password1": "a long word 1",
        "password2": "a long word 1",
    }
    answer = client.post("/accounts/signup/", form)
    assert answer.status_code == 200
    assert "account/signup_closed.html" in [template.name for template in answer.templates]
    assert not User.objects.filter(username="olga").exists()


def test_passwords_are_kept_as_argon2(ada_account: User) -> None:
    assert ada_account.password.startswith("argon2$")


def test_guessing_is_throttled(client: Client, ada_account: User) -> None:
    for _ in range(30):
        sign_in(client, "ada", "a wrong word")
    answer = sign_in(client, "ada", "a long enough word")
    assert answer.status_code != 302
    assert "_auth_user_id" not in client.session


def test_everything_but_the_door_and_health_asks_for_a_sign_in(client: Client) -> None:
    for path in ("/api/schema/", "/api/docs/", "/admin/auth/user/", "/accounts/2fa/", "/accounts/email/"):
        answer = client.get(path)
        assert answer.status_code in (302, 401, 403), path

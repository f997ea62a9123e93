"""A world to look at through pages, made once for all tests of a module; each test's own changes are undone."""

import pytest
from django.core.management import call_command

from tests.coaching.pages_world import PagesWorld


@pytest.fixture(scope="module")
def lived(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield PagesWorld().lives()
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def world(lived, db) -> PagesWorld:
    return lived

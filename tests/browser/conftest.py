"""A real browser on a real server; whatever it complains about, or asks of another host, fails the test."""

import os
import shutil
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.coaching.pages_world import PASSWORD, PagesWorld

CHROMIUM = os.environ.get("CHROMIUM", "") or shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
# The statuses pages answer on purpose: a page one may not see, a form sent back.
EXPECTED = ("status of 404", "status of 409", "status of 422")


@pytest.fixture(scope="session")
def chromium():
    if not os.path.exists(CHROMIUM):
        reason = f"no Chromium at {CHROMIUM}: apt-get install chromium, or set CHROMIUM"
        pytest.fail(reason) if os.environ.get("REQUIRE_BROWSER") else pytest.skip(reason)
    # Playwright keeps an event loop in this thread, in which Django would refuse the ORM.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="module")
def world(chromium, django_db_setup, django_db_blocker):
    """Committed, since the server reads it in threads of its own; made once for the tests of a module."""
    with django_db_blocker.unblock():
        yield PagesWorld().lives()
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="module")
def server(world):
    with pytest.MonkeyPatch.context() as patch:
        # A connection kept by a thread that waits for a browser would outlive the test database.
        patch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
        running = LiveServer("127.0.0.1")
        yield running
        running.stop()


@pytest.fixture
def visitor(chromium, server):
    """`with visitor("maya", theme="dark", width=390) as page`: signed in through the form."""

    @contextmanager
    def visiting(who: str, theme: str = "light", width: int = 1360, javascript: bool = True):
        context = chromium.new_context(
            base_url=server.url,
            color_scheme=theme,
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
        )
        try:
            page, complaints = context.new_page(), []
            _listen(page, server.url, complaints)
            _sign_in(page, who)
            yield page
        finally:
            context.close()  # a page left open asks on, into the tests that follow
        assert complaints == []

    return visiting


def _listen(page: Page, own: str, complaints: list[str]) -> None:
    def heard(message):
        if not any(status in message.text for status in EXPECTED):
            complaints.append(f"{message.type}: {message.text}")

    def asked(request):
        if urlsplit(request.url).scheme in ("http", "https") and not request.url.startswith(own):
            complaints.append(f"request to {request.url}")

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", asked)


def _sign_in(page: Page, who: str) -> None:
    cache.clear()  # all the visitors of a run come from one address, which sign-in would count as guessing
    page.goto("/accounts/login/")
    page.fill("#id_login", who)
    page.fill("#id_password", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(lambda url: "/accounts/login" not in url)

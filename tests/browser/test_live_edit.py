"""What somebody changes is on the scorecard within two seconds, with a real worker between."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from coaching.health import ALIVE
from pipeline.models import Stage

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
ROOT = Path(__file__).parents[2]
SOON_MS = 2_000


@pytest.fixture
def worker(world):
    """A Celery worker on the test's own database; ended by its process id."""
    database = connection.settings_dict
    host = quote(database["HOST"], safe="")
    address = f"postgres://{database['USER']}@{host}:{database['PORT'] or 5432}/{database['NAME']}"
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "coaching", "worker", "--pool", "solo", "-Q", "interactive",
         "--loglevel", "ERROR", "--without-gossip", "--without-mingle"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": address},
    )  # fmt: skip
    _wait_until_it_answers(process)
    yield process
    process.send_signal(signal.SIGTERM)
    process.wait(20)


def _wait_until_it_answers(process: subprocess.Popen) -> None:
    from coaching.celery import app

    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "the worker ended before it began"
        if app.control.ping(timeout=0.5):
            return
    pytest.fail(f"no worker answered; last heartbeat key: {ALIVE}")


def test_a_deal_won_in_the_browser_is_on_an_open_scorecard_within_two_seconds(world, visitor, worker):
    won = Stage.objects.get(name="Won").pk
    with visitor("ada") as page:
        page.goto("/me/")
        shown = page.locator("[data-kpi=deals_won] .val")
        before = int(shown.text_content())
        page.goto(f"/deals/{world.open_deal.pk}/")
        page.select_option("#id_stage", str(won))
        page.get_by_role("button", name="Save").click()
        page.get_by_text("Saved.").wait_for()
        started = time.monotonic()
        page.goto("/me/")
        page.wait_for_function(
            "wanted => document.querySelector('[data-kpi=deals_won] .val').textContent === wanted",
            arg=str(before + 1),
            timeout=SOON_MS,
        )
        assert time.monotonic() - started < SOON_MS / 1000
        page.locator("#freshness", has_text="recomputing").wait_for(state="hidden")

"""What may be written down about a request."""

import io
import json
import logging

import pytest
from django.test import Client

from coaching.logs import logging_settings


@pytest.fixture
def lines():
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    formatter = logging_settings("INFO", readable=False)["formatters"]["line"]
    make = formatter.pop("()")
    handler.setFormatter(make(**formatter))
    logger = logging.getLogger("django_structlog")
    logger.addHandler(handler)
    before = logger.level
    logger.setLevel("INFO")
    yield lambda: written.getvalue().splitlines()
    logger.setLevel(before)
    logger.removeHandler(handler)


def test_a_request_is_logged_without_search_browser_or_address(client: Client, lines, db) -> None:
    client.get("/readyz?q=Contact+Name", headers={"user-agent": "Planted Browser"}, REMOTE_ADDR="203.0.113.9")
    written = lines()
    finished = [json.loads(line) for line in written if "request_finished" in line]
    assert finished[-1]["request"] == "GET /readyz"
    assert finished[-1]["code"] == 200
    for planted in ("Contact", "Planted", "203.0.113.9"):
        assert planted not in "\n".join(written)

"""What the installation says about itself, and to whom."""

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client

from coaching import health

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard() -> None:
    health.worker_is_alive()


def test_health_is_public_and_names_every_part(client: Client, heard: None) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert set(answer.json()) == {"ok", "database", "broker", "worker", "pending"}


def test_a_worker_nobody_heard_of_is_not_well(client: Client) -> None:
    cache.delete(health.ALIVE)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["worker"] == {"ok": False, "heard_s_ago": None}
    assert answer.json()["database"] == {"ok": True}


def test_marks_that_wait_too_long_are_not_well(client: Client, heard: None, monkeypatch) -> None:
    stale = {"kind": "stale", "subject": 1}
    waiting = [{**stale, "marks": 2, "age_s": 500.0}, {**stale, "marks": 1, "age_s": 3.0}]
    monkeypatch.setattr("kpis.pending.pending", lambda: waiting)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["pending"] == {"ok": False, "marks": 3, "oldest_s": 500.0}


def test_a_long_full_run_is_no_illness(client: Client, heard: None, monkeypatch) -> None:
    run = {"kind": "run", "subject": 1, "marks": 40, "age_s": 900.0}
    monkeypatch.setattr("kpis.pending.pending", lambda: [run])
    assert client.get("/healthz").status_code == 200


def test_a_lost_database_is_told_apart_from_the_rest(client: Client, heard: None, monkeypatch) -> None:
    def gone() -> None:
        raise OperationalError("the address of the server stands here")

    monkeypatch.setattr(connection, "cursor", gone)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["database"] == {"ok": False}
    assert answer.json()["broker"] == {"ok": True}
    assert "address" not in answer.content.decode()
    assert client.get("/readyz").status_code == 503


def test_ready_needs_only_the_database(client: Client) -> None:
    cache.delete(health.ALIVE)
    assert client.get("/readyz").json() == {"ok": True}

"""What the environment decides, read in a process of its own."""

import base64
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from coaching.addresses import broker_url, one_host
from tests.coaching.embedded_world import ROOT, bare_environment

CONFIGURED = {"DATABASE_URL": "postgres://ada@db/touchline", "REDIS_URL": "redis://cache:6379/0"}


def read_settings(*names: str, **environment: str) -> subprocess.CompletedProcess[str]:
    look = f"[getattr(settings, name) for name in {names}]"
    show = f"import json; from django.conf import settings; print(json.dumps({look}))"
    return subprocess.run(
        [sys.executable, "-c", show],
        cwd=ROOT,
        env=bare_environment(DJANGO_SETTINGS_MODULE="coaching.settings", **environment),
        capture_output=True,
        text=True,
    )


def test_a_configured_installation_without_a_secret_does_not_start(tmp_path: Path) -> None:
    refused = read_settings("SECRET_KEY", VAR_DIR=str(tmp_path), **CONFIGURED)
    assert refused.returncode != 0
    assert "Set SECRET_KEY" in refused.stderr
    assert not (tmp_path / "secret").exists()


def test_ones_own_machine_keeps_the_secret_it_generated(tmp_path: Path) -> None:
    first, second = (read_settings("SECRET_KEY", VAR_DIR=str(tmp_path)) for _ in range(2))
    assert first.stdout == second.stdout
    assert (tmp_path / "secret").read_text() == json.loads(first.stdout)[0]


def test_cookies_are_secure_as_soon_as_servers_are_configured(tmp_path: Path) -> None:
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS")
    demo = read_settings(*names, VAR_DIR=str(tmp_path))
    configured = read_settings(*names, SECRET_KEY="x" * 50, **CONFIGURED)
    assert json.loads(demo.stdout) == [False, False, False, 0]
    assert json.loads(configured.stdout) == [True, True, True, 3600]


def test_forwarded_headers_are_believed_only_behind_a_named_proxy() -> None:
    direct = read_settings("SECURE_PROXY_SSL_HEADER", SECRET_KEY="x" * 50, **CONFIGURED)
    proxied = read_settings(
        "SECURE_PROXY_SSL_HEADER", SECRET_KEY="x" * 50, TRUSTED_PROXY_COUNT="1", **CONFIGURED
    )
    assert json.loads(direct.stdout) == [None]
    assert json.loads(proxied.stdout) == [["HTTP_X_FORWARDED_PROTO", "https"]]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("unix:///run/redis.sock?db=3", "redis+socket:///run/redis.sock?virtual_host=3"),
        ("unix:///run/redis.sock", "redis+socket:///run/redis.sock?virtual_host=0"),
        ("redis://:word@cache:6379/1", "redis://:word@cache:6379/1"),
    ],
)
def test_the_broker_speaks_of_the_same_redis(given: str, wanted: str) -> None:
    assert broker_url(given) == wanted


def test_a_socket_directory_in_the_query_becomes_the_host() -> None:
    database = {"HOST": "", "OPTIONS": {"host": "/run/pg", "sslmode": "disable"}}
    assert one_host(database) == {"HOST": "/run/pg", "OPTIONS": {"sslmode": "disable"}}


def test_the_content_policy_names_the_styles_plotly_brings() -> None:
    script = Path(finders.find("plotly.min.js")).read_text(encoding="utf-8")
    (style,) = re.findall(r"textContent='(\.maplibregl-map[^']*)'", script)
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in ("", style)]
    assert [f"'sha256-{digest}'" for digest in digests] == settings.PLOTLY_STYLES


def test_scripts_come_out_of_their_packages() -> None:
    for path in settings.PACKAGE_ASSETS:
        found = Path(finders.find(path))
        assert found.is_file()
        assert "site-packages" in found.parts
        assert not found.is_relative_to(ROOT / "static")


def test_worker_options_never_time_out_a_silent_socket() -> None:
    assert "socket_timeout" not in settings.CELERY_BROKER_TRANSPORT_OPTIONS
    assert settings.CELERY_TASK_ACKS_LATE
    assert settings.CELERY_TASK_REJECT_ON_WORKER_LOST

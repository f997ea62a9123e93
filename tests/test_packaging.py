"""Files that are only read elsewhere: locks, the image, compose."""

import ast
import re
from importlib.metadata import packages_distributions

import pytest
import yaml

from coaching.templatetags.navigation import SHEETS
from tests.coaching.embedded_world import ROOT
from tests.scripts import script

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_locks_belong_to_their_lists() -> None:
    assert script("locks").outdated() == []


def test_a_changed_list_makes_its_locks_outdated(tmp_path) -> None:
    module = script("locks")
    for name in (*module.LOCKS, "requirements.in", "requirements-dev.in"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    module.ROOT = tmp_path
    (tmp_path / "requirements-dev.in").write_text("pytest\n")
    assert module.outdated() == ["requirements-dev.txt"]


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_locks_pin_every_package_by_digest_and_name_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert not re.search(r"^\s*-(-index-url|-extra-index-url|-find-links|i|f)\b", text, re.MULTILINE)
    pinned = re.findall(r"^[a-z0-9][^\n]*==[^\n]*\n\s+--hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
    assert len(pinned) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE))


def test_the_development_lock_holds_the_runtime_versions() -> None:
    def versions(lock: str) -> set[str]:
        return set(re.findall(r"^([a-z0-9-]+==[^ ]+)", (ROOT / lock).read_text(), re.MULTILINE))

    assert versions("requirements.txt") <= versions("requirements-dev.txt")


def test_compose_runs_the_same_image_as_web_worker_and_one_beat() -> None:
    services = COMPOSE["services"]
    assert {"web", "worker", "beat", "migrate", "postgres", "valkey"} == set(services)
    assert {services[name]["image"] for name in ("web", "worker", "beat", "migrate")} == {"touchline"}
    assert "-Q" in services["worker"]["command"]
    assert "interactive,bulk" in services["worker"]["command"]
    assert services["worker"].get("container_name") is None, "a named container cannot be scaled"


def test_compose_starts_nothing_before_what_it_needs() -> None:
    services = COMPOSE["services"]
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    for name in ("web", "worker", "postgres", "valkey"):
        assert services[name]["healthcheck"]["test"]


def test_compose_has_no_secret_of_its_own() -> None:
    environment = COMPOSE["services"]["web"]["environment"]
    assert environment["SECRET_KEY"].startswith("${SECRET_KEY:?")
    assert ":?" in environment["DATABASE_URL"]


def test_every_variable_of_the_settings_is_explained() -> None:
    read = re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", (ROOT / "coaching" / "settings.py").read_text())
    explained = re.findall(r"^#([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    internal = {"PLAIN_STATIC", "SECRET_KEY_FALLBACKS"}
    assert set(read) - internal <= set(explained)


def test_every_package_the_code_imports_is_required() -> None:
    required = {
        re.split(r"[\[<>=; ]", line)[0].lower().replace("_", "-")
        for line in (ROOT / "requirements.in").read_text().splitlines()
        if line and not line.startswith("#")
    }
    brought = {"kombu": "celery", "dateutil": "pandas"}  # part of what the other package promises
    distributions = packages_distributions()
    for layer in ("coaching", "kpis", "pipeline"):
        for file in (ROOT / layer).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
                for name in {name.partition(".")[0] for name in names} & set(distributions):
                    owners = {owner.lower().replace("_", "-") for owner in distributions[name]}
                    assert brought.get(name, "") in required or owners & required, f"{file}: {name}"


def test_every_stylesheet_is_on_the_pages():
    """One that nobody lists leaves black boxes where bars should be; the admin site has its own."""
    written = {path.stem for path in (ROOT / "static" / "css").glob("*.css")}
    assert written - {"admin"} == set(SHEETS)

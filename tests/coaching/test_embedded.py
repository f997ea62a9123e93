"""The embedded servers with real processes, killed in every way a machine kills them."""

import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from coaching import embedded
from coaching.keeper_places import Places
from tests.coaching.embedded_world import (
    eventually,
    let_go,
    living,
    nobody_lives,
    python_for,
    start_command,
    wait_until_held,
)

pytestmark = pytest.mark.faults


@pytest.fixture
def var() -> Iterator[Path]:
    """Not pytest's tmp_path: its parents are closed to the account that runs PostgreSQL for root."""
    parent = Path(tempfile.mkdtemp(prefix="touchline-var-"))
    parent.chmod(0o755)
    yield parent / "var"
    assert eventually(lambda: nobody_lives(parent)), living(parent)
    shutil.rmtree(parent)


def ask(var: Path, question: str) -> list[tuple]:
    address = embedded.database(var)
    connection = psycopg2.connect(host=address["HOST"], user=address["USER"], dbname=address["NAME"])
    with connection, connection.cursor() as cursor:
        cursor.execute(question)
        answer = cursor.fetchall() if cursor.description else []
    connection.close()
    return answer


def test_servers_are_durable_private_and_deaf_to_the_network(var: Path) -> None:
    command = wait_until_held(start_command(var))
    names = ("fsync", "full_page_writes", "listen_addresses")
    assert ask(var, f"SELECT {','.join(f'current_setting({name!r})' for name in names)}") == [
        ("on", "on", "")
    ]
    line = redis.Redis(unix_socket_path=str(Places(var).redis_socket))
    wanted = {"appendonly": "yes", "port": "0", "maxmemory-policy": "noeviction"}
    assert {key: line.config_get(key)[key] for key in wanted} == wanted
    assert Places(var).sockets.stat().st_mode & 0o777 == 0o700
    assert ask(var, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == [(False,)]
    let_go(command)


def test_kill_9_of_the_last_command_stops_the_servers(var: Path) -> None:
    command = wait_until_held(start_command(var))
    assert all(living(var).values())
    command.kill()
    command.wait()
    assert eventually(lambda: nobody_lives(var))
    assert not (var / "postgres" / "postmaster.pid").exists(), "PostgreSQL was not shut down cleanly"


def test_a_short_command_that_came_first_leaves_the_servers_to_the_others(var: Path) -> None:
    short = wait_until_held(start_command(var))
    web = wait_until_held(start_command(var))
    before = living(var)
    let_go(short)
    assert not eventually(lambda: living(var) != before, seconds=3)
    let_go(web)


def test_two_commands_at_once_share_one_keeper(var: Path) -> None:
    commands = [start_command(var) for _ in range(3)]
    for command in commands:
        wait_until_held(command)
    assert eventually(lambda: len(living(var)["keeper"]) == 1)
    assert [len(pids) for pids in living(var).values()] == [1, 1, 1]
    for command in commands:
        let_go(command)


def test_servers_die_with_their_keeper_and_the_next_command_recovers(var: Path) -> None:
    first = wait_until_held(start_command(var))
    ask(var, "CREATE TABLE written (word text)")
    ask(var, "INSERT INTO written VALUES ('kept')")
    os.kill(living(var)["keeper"][0], signal.SIGKILL)
    second = wait_until_held(start_command(var))
    assert ask(var, "SELECT word FROM written") == [("kept",)]
    assert [len(pids) for pids in living(var).values()] == [1, 1, 1]
    let_go(first)
    let_go(second)


@pytest.mark.parametrize("server", ["postgres", "redis"])
def test_a_killed_server_is_started_again(var: Path, server: str) -> None:
    command = wait_until_held(start_command(var))
    ask(var, "CREATE TABLE written AS SELECT 1 AS number")
    killed = living(var)[server][0]
    os.kill(killed, signal.SIGKILL)
    assert eventually(lambda: living(var)[server] and killed not in living(var)[server])
    embedded.ensure(var, ["postgres", "redis"])
    assert ask(var, "SELECT number FROM written") == [(1,)]
    let_go(command)


def test_a_leftover_pid_file_that_names_a_living_process_does_not_stop_the_start(var: Path) -> None:
    let_go(wait_until_held(start_command(var)))
    assert eventually(lambda: nobody_lives(var))
    (var / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{var / 'postgres'}\n")
    (var / "sockets" / "redis.sock").touch()
    let_go(wait_until_held(start_command(var)))


def test_the_second_start_takes_less_than_two_seconds(var: Path) -> None:
    let_go(wait_until_held(start_command(var)))
    took = []
    while not took or (min(took) >= 2 and len(took) < 3):  # the machine may be busy with other tests
        assert eventually(lambda: nobody_lives(var))
        begun = time.monotonic()
        command = wait_until_held(start_command(var))
        took.append(time.monotonic() - begun)
        let_go(command)
    assert min(took) < 2


def test_sockets_of_a_long_path_live_in_the_temporary_directory(var: Path) -> None:
    deep = var / ("long" * 20)
    command = wait_until_held(start_command(deep))
    sockets = Places(deep).sockets
    assert sockets.parent == Path("/tmp")
    assert sockets.stat().st_mode & 0o777 == 0o700
    assert ask(deep, "SELECT 1") == [(1,)]
    let_go(command)
    assert eventually(lambda: nobody_lives(var))
    shutil.rmtree(sockets)


def test_an_ordinary_user_runs_the_servers_under_their_own_account(var: Path) -> None:
    if os.geteuid() != 0:
        command = wait_until_held(start_command(var))
        assert Path(f"/proc/{living(var)['postgres'][0]}").stat().st_uid == os.geteuid()
        let_go(command)
        return
    python = python_for(65534, 65534)
    if python is None:
        pytest.skip("this tree, its packages or its Python are closed to every account but root")
    os.chown(var.parent, 65534, 65534)
    command = wait_until_held(start_command(var, python, user=65534, group=65534))
    assert {Path(f"/proc/{pid}").stat().st_uid for pids in living(var).values() for pid in pids} == {65534}
    let_go(command)


def test_a_directory_of_another_account_is_refused_with_the_way_out(var: Path) -> None:
    python = python_for(65534, 65534)
    if os.geteuid() != 0 or python is None:
        pytest.skip("needs two accounts that can run this tree")
    let_go(wait_until_held(start_command(var)))
    assert eventually(lambda: nobody_lives(var))
    refused = start_command(var, python, user=65534, group=65534)
    _, said = refused.communicate(timeout=30)
    assert "refused: " in said and "Set VAR_DIR" in said


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has an account to step down from")
class TestAsRoot:
    def test_the_servers_run_unprivileged(self, var: Path) -> None:
        command = wait_until_held(start_command(var))
        owners = {Path(f"/proc/{living(var)[name][0]}").stat().st_uid for name in ("postgres", "redis")}
        assert 0 not in owners
        let_go(command)

    def test_closed_parent_directories_keep_their_modes(self, var: Path) -> None:
        var.parent.chmod(0o700)
        home = Places(var).home
        try:
            command = wait_until_held(start_command(var))
            assert ask(var, "SELECT 1") == [(1,)]
            assert var.parent.stat().st_mode & 0o777 == 0o700
            assert home.parent == Path("/var/lib")
            let_go(command)
            assert eventually(lambda: nobody_lives(home))
        finally:
            shutil.rmtree(home, ignore_errors=True)

    def test_binaries_out_of_the_accounts_reach_are_copied(self, var: Path, monkeypatch) -> None:
        package = Path(sys.modules["coaching.keeper_binaries"].postgres_binaries()).parents[1]
        closed = var.parent / "closed"
        closed.mkdir(mode=0o700)
        for name in (package.name, f"{package.name}.libs"):
            ignore = shutil.ignore_patterns("pginstall", "include")
            shutil.copytree(package.with_name(name), closed / name, ignore=ignore, symlinks=True)
        monkeypatch.setenv("EMBEDDED_PG_BIN", str(closed / package.name / "pginstall18" / "bin"))
        command = wait_until_held(start_command(var))
        postgres = Path(f"/proc/{living(var)['postgres'][0]}/exe").readlink()
        assert postgres.is_relative_to(var / "binaries")
        assert closed.stat().st_mode & 0o777 == 0o700
        let_go(command)

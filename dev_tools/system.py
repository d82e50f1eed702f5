"""The whole system on this machine with both sides simulated: what `demo` brings up."""

import base64
import fcntl
import os
import secrets
import shutil
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from dev_tools.console import VAR, Stop, private_file, private_folder, say
from dev_tools.ports import free_ports, wait_for_port
from dev_tools.processes import Family
from dev_tools.redis_server import start_redis
from dev_tools.translations import compile_catalogues


@dataclass(frozen=True, kw_only=True)
class Ports:
    """Where everything listens."""

    web: int
    control: int
    xero: int
    zoho: int


@dataclass(frozen=True, kw_only=True)
class System:
    """A running system: addresses, processes, and the environment its commands need."""

    ports: Ports
    family: Family
    environment: dict[str, str]
    folder: Path

    @property
    def web(self) -> str:
        """The address of the product."""
        return f"http://localhost:{self.ports.web}"

    @property
    def control(self) -> str:
        """The address of the control page and API of the simulators."""
        return f"http://localhost:{self.ports.control}"

    @property
    def xero(self) -> str:
        """The address of the simulated Xero."""
        return f"http://localhost:{self.ports.xero}"

    @property
    def zoho(self) -> str:
        """The address of the simulated Zoho."""
        return f"http://localhost:{self.ports.zoho}"


def choose_ports(*, any_free: bool) -> Ports:
    """The usual ports where they are free, else others."""
    wanted = (0, 0, 0, 0) if any_free else (8000, 9200, 9201, 9202)
    web, control, xero, zoho = free_ports(*wanted)
    return Ports(web=web, control=control, xero=xero, zoho=zoho)


def settings(ports: Ports, folder: Path, redis_url: str) -> dict[str, str]:
    """The product's environment; keys are made anew, so nothing of an earlier demo opens."""
    xero, zoho = f"http://localhost:{ports.xero}", f"http://localhost:{ports.zoho}"
    return {
        "DATABASE_URL": f"sqlite:///{folder / 'sync.db'}",
        "REDIS_URL": redis_url,
        "PUBLIC_URL": f"http://localhost:{ports.web}",
        "SECRET_KEY_FILE": str(private_file(folder / "secret_key", secrets.token_urlsafe(48))),
        "TOKEN_KEYS_FILE": str(private_file(folder / "token_keys", fernet_key())),
        "XERO_CLIENT_ID": "demo-xero",
        "XERO_CLIENT_SECRET": "demo-xero-secret",
        "XERO_WEBHOOK_KEY": secrets.token_urlsafe(48),
        "XERO_LOGIN_URL": xero,
        "XERO_IDENTITY_URL": xero,
        "XERO_API_URL": xero,
        "ZOHO_CLIENT_ID": "demo-zoho",
        "ZOHO_CLIENT_SECRET": "demo-zoho-secret",
        "ZOHO_ACCOUNTS_URL": zoho,
        "ZOHO_API_URL": zoho,
        "ZOHO_FRAME_ANCESTORS": zoho,
        "ZOHO_SDK_URL": f"{zoho}/host/sdk/ZohoEmbededAppSDK.js",
        "PORT": str(ports.web),
        "BIND": "127.0.0.1",
    }


def environment_of(product: dict[str, str]) -> dict[str, str]:
    """Our environment with the product's settings; none of a person's own comes through."""
    names = {name.removesuffix("_FILE") for name in product}
    ours = {
        name: value for name, value in os.environ.items() if name.removesuffix("_FILE") not in names
    }
    return ours | product


def fernet_key() -> str:
    """A fresh key of the kind TOKEN_KEYS wants: 32 random bytes, URL-safe base64."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


@contextmanager
def running_system(
    name: str,
    *,
    any_free_ports: bool,
    auto_consent: bool,
    seed: str = "company",
    more: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[System]:
    """Bring everything up from nothing in `var/<name>`, and take it all down at the end.

    `more` are settings of the product besides those it needs.
    """
    folder = VAR / name
    with only_one(name):
        shutil.rmtree(folder, ignore_errors=True)
        private_folder(folder)
        yield from started(folder, any_free_ports, auto_consent, seed, more)


@contextmanager
def only_one(name: str) -> Iterator[None]:
    """Refuse to start a second demo in the same folder."""
    private_folder(VAR)
    with (VAR / f"{name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise Stop(f"another {name} is running from this folder; end it first") from busy
        yield


def started(
    folder: Path, any_free_ports: bool, auto_consent: bool, seed: str, more: Mapping[str, str]
) -> Iterator[System]:
    """Start everything, hand it over once, and end it whatever happens."""
    compile_catalogues()
    ports = choose_ports(any_free=any_free_ports)
    redis = start_redis(folder / "redis", durable=True)
    say(f"Redis on port {redis.port}, SQLite in {folder.relative_to(VAR.parent)}")
    environment = environment_of({**settings(ports, folder, redis.url), **more})
    family = Family(folder / "logs", environment)
    system = System(ports=ports, family=family, environment=environment, folder=folder)
    try:
        family.start("simulator", simulator_command(system, auto_consent, seed))
        say("running the migrations")
        family.run("release", [sys.executable, "-m", "backend", "migrate"])
        wait_for_port(ports.xero, seconds=90, what="the simulated Xero")
        wait_for_port(ports.zoho, seconds=90, what="the simulated Zoho")
        say(f"both sides are simulated on ports {ports.xero} and {ports.zoho}")
        family.start_procfile("web", "worker", "clicks", "cron")
        wait_until_ready(system)
        say(f"web, workers and cron are running; their logs are in {family.logs}")
        yield system
    finally:
        family.stop()
        redis.stop()


def simulator_command(system: System, auto_consent: bool, seed: str) -> list[str]:
    """The command line of the simulators."""
    ports = system.ports
    command = [sys.executable, "-m", "simulator", "--seed", seed]
    command += ["--xero-port", str(ports.xero), "--zoho-port", str(ports.zoho)]
    command += ["--control-port", str(ports.control)]
    command += ["--widget-url", system.web]
    command += ["--xero-webhook-url", f"{system.web}/webhooks/xero"]
    # Joined by "=": a key may begin with a dash.
    command += [f"--xero-webhook-key={system.environment['XERO_WEBHOOK_KEY']}"]
    return command + (["--auto-consent"] if auto_consent else [])


def wait_until_ready(system: System, *, seconds: float = 45) -> None:
    """Return when the product says it is ready; `Stop` when a process dies or time is up."""
    deadline = time.monotonic() + seconds
    answer = "no answer"
    while time.monotonic() < deadline:
        system.family.watch()
        try:
            with urllib.request.urlopen(f"{system.web}/readyz", timeout=3) as response:  # noqa: S310
                if response.status == 200:
                    return
        except urllib.error.HTTPError as error:
            answer = error.read(500).decode(errors="replace")
        except OSError as error:
            answer = str(error)
        time.sleep(0.2)
    raise Stop(f"the product was not ready after {seconds:.0f} s: {answer}")

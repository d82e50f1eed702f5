"""One simulated world: a Xero, a Zoho CRM, one clock, one request log, one set of faults."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from simulator.clock import Clock
from simulator.faults import Faults
from simulator.requestlog import RequestLog
from simulator.switches import Switches
from simulator.webhooks import Sender

if TYPE_CHECKING:
    from simulator.xero.state import XeroState
    from simulator.zoho.state import ZohoState


@dataclass(frozen=True, kw_only=True)
class Urls:
    """Where the world is reached, without a trailing slash; the vendors' own hosts by default."""

    xero_login: str = "https://login.xero.com"
    xero_identity: str = "https://identity.xero.com"
    xero_api: str = "https://api.xero.com"
    zoho_accounts: str = "https://accounts.zoho.eu"
    zoho_api: str = "https://www.zohoapis.eu"
    zoho_host: str = "https://crm.zoho.eu"
    control: str = "http://localhost:9200"
    widget: str = "http://localhost:8000"


@dataclass(frozen=True, kw_only=True)
class Client:
    """An application registered with one side; no redirect URIs means any on this machine."""

    client_id: str
    secret: str
    redirect_uris: tuple[str, ...] = ()

    def allows(self, uri: str) -> bool:
        """Whether the redirect URI is exactly one that is registered."""
        if self.redirect_uris:
            return uri in self.redirect_uris
        parts = urlsplit(uri)
        return parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1"}


def demo_client(side: str) -> Client:
    """The application that is registered when nobody names one."""
    return Client(client_id=f"demo-{side}", secret=f"demo-{side}-secret")


@dataclass(kw_only=True)
class World:
    """Everything the simulators share.

    `lock` is held by each request and by each act of a person, so state is never seen half done.
    `seed` "company" fills both sides with the seeded company, "empty" leaves them bare.
    """

    clock: Clock = field(default_factory=Clock)
    seed: str = "empty"
    switches: Switches = field(default_factory=Switches)
    urls: Urls = field(default_factory=Urls)
    xero_client: Client = field(default_factory=lambda: demo_client("xero"))
    zoho_client: Client = field(default_factory=lambda: demo_client("zoho"))

    def __post_init__(self) -> None:
        """Build the shared parts and fill the world; ValueError for an unknown seed."""
        if self.seed not in {"empty", "company"}:
            raise ValueError(f"unknown seed {self.seed!r}")
        self.lock = threading.RLock()
        self.faults = Faults()
        self.log = RequestLog()
        self.webhooks = Sender(self.clock)
        if self.seed == "company":
            from simulator.company import fill

            fill(self)

    @cached_property
    def xero(self) -> XeroState:
        """The Xero side."""
        from simulator.xero.state import XeroState

        return XeroState(self)

    @cached_property
    def zoho(self) -> ZohoState:
        """The Zoho side."""
        from simulator.zoho.state import ZohoState

        return ZohoState(self)

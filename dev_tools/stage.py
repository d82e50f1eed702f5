"""The two simulated sides as the people in front of them use them, through the control API."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import requests

from dev_tools.console import Stop

TIMEOUT: Final = (5, 60)
TENANT: Final = "ltd"
# A request number that is never reached: asks for the count alone.
FAR: Final = 10**12
# Requests that read although they are posts, and those that only fetch a token.
READING: Final = ("/coql", "/oauth/v2/token", "/connect/token", "/actions/watch")
LONG_ID: Final = re.compile(r"\d{15,}|[0-9a-f-]{36}")
RECORD_PATHS: Final = ("/api.xro/", "/crm/v")


@dataclass(frozen=True, kw_only=True)
class Calls:
    """What the product asked of the two sides in a stretch of time."""

    xero: int
    zoho: int
    writes: tuple[str, ...]
    by_path: Counter[str]

    @property
    def all(self) -> int:
        """Both sides together."""
        return self.xero + self.zoho


class Stage:
    """Acts of people at Xero and in CRM, and what an outside observer can count."""

    def __init__(self, control: str) -> None:
        """`control` is the address of the control API."""
        self.control = control

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """One request to the control API; `Stop` when it refuses. Fractions are Decimal."""
        answer = requests.request(method, f"{self.control}{path}", json=body, timeout=TIMEOUT)
        if not answer.ok:
            raise Stop(f"{method} {path}: {answer.status_code} {answer.text[:400]}")
        return answer.json(parse_float=Decimal) if answer.content else None

    def crm(self, module: str) -> list[dict[str, Any]]:
        """All records of a CRM module."""
        rows: list[dict[str, Any]] = self.call("GET", f"/control/zoho/records/{module}")["data"]
        return rows

    def crm_record(self, module: str, record_id: str) -> dict[str, Any]:
        """One CRM record as it is now."""
        row: dict[str, Any] = self.call("GET", f"/control/zoho/records/{module}/{record_id}")
        return row

    def crm_create(self, module: str, values: dict[str, Any]) -> str:
        """Make a CRM record as Ana; answers with its id."""
        return str(self.call("POST", f"/control/zoho/records/{module}", values)["id"])

    def crm_edit(self, module: str, record_id: str, values: dict[str, Any]) -> None:
        """Change a CRM record as Ana."""
        self.call("PUT", f"/control/zoho/records/{module}/{record_id}", values)

    def xero(self, entity: str) -> list[dict[str, Any]]:
        """All records of a Xero entity."""
        path = f"/control/xero/{TENANT}/records/{entity}"
        rows: list[dict[str, Any]] = self.call("GET", path)["data"]
        return rows

    def xero_record(self, entity: str, record_id: str) -> dict[str, Any]:
        """One Xero record as it is now."""
        path = f"/control/xero/{TENANT}/records/{entity}/{record_id}"
        row: dict[str, Any] = self.call("GET", path)
        return row

    def xero_edit(self, entity: str, record_id: str, values: dict[str, Any]) -> None:
        """Change a Xero record as the accountant."""
        self.call("PUT", f"/control/xero/{TENANT}/records/{entity}/{record_id}", values)

    def xero_act(self, act: str, **body: str) -> None:
        """Something an accountant does to one record: pay, void, credit, archive, …"""
        self.call("POST", f"/control/xero/{TENANT}/{act}", dict(body))

    def mark(self) -> int:
        """The number of the latest request, to count from."""
        return int(self.call("GET", f"/control/requests?since={FAR}")["count"])

    def calls_since(self, mark: int) -> Calls:
        """What was asked after a mark; token requests and the demo's own pages left out."""
        entries = [
            entry
            for entry in self.call("GET", f"/control/requests?since={mark}")["requests"]
            if any(part in entry["path"] for part in RECORD_PATHS)
        ]
        sides = Counter(entry["side"] for entry in entries)
        return Calls(
            xero=sides["xero"],
            zoho=sides["zoho"],
            writes=tuple(written(entries)),
            by_path=Counter(
                f"{one['method']} {LONG_ID.sub('{id}', one['path'])}" for one in entries
            ),
        )


def written(entries: Iterable[dict[str, Any]]) -> Iterable[str]:
    """The requests that changed something."""
    for entry in entries:
        reads = entry["method"] == "GET" or entry["path"].endswith(READING)
        if not reads:
            yield f"{entry['method']} {entry['path']}"

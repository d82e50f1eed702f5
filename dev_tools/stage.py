"""The two simulated sides as the people in front of them use them, through the control API."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import requests

from dev_tools.console import Stop

TIMEOUT = (5, 60)


@dataclass(frozen=True, kw_only=True)
class Calls:
    """How many requests the product has sent so far, and how many of them wrote something."""

    xero: int
    zoho: int
    writes: int

    @property
    def all(self) -> int:
        """Both sides together."""
        return self.xero + self.zoho

    def since(self, before: "Calls") -> "Calls":
        """What was added after an earlier count."""
        return Calls(
            xero=self.xero - before.xero,
            zoho=self.zoho - before.zoho,
            writes=self.writes - before.writes,
        )


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

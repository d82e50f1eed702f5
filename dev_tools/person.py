"""A person using the product through its public API: signs in, connects, presses buttons."""

import json
import re
import time
from collections.abc import Callable
from html import unescape
from typing import Any, Final

import requests

from dev_tools.console import Stop

HANDOFF: Final = re.compile(
    r'<script[^>]*type="application/json"[^>]*id="handoff"[^>]*>(.*?)</script>', re.DOTALL
)
TIMEOUT: Final = (5, 60)
# What a run is called when nothing more will happen to it.
FINISHED: Final = {"done", "failed", "cancelled", "finished", "partial"}


class Person:
    """One signed-in administrator; every call is checked, a refusal is a `Stop`."""

    def __init__(self, web: str, origin: str, *, session: requests.Session | None = None) -> None:
        """`web` is the address of the product, `origin` that of the widget (who serves it)."""
        self.web = web
        self.origin = origin
        self.session = session or requests.Session()
        self.bearer = ""

    def connect_zoho(self) -> dict[str, Any]:
        """Sign in and give offline consent; answers with the user and organisation."""
        page = self.session.get(
            f"{self.web}/auth/zoho/start",
            params={"purpose": "connect", "origin": self.origin},
            timeout=TIMEOUT,
        )
        found = HANDOFF.search(page.text)
        if not found:
            raise Stop(f"no hand-off code at {page.url} ({page.status_code}): {page.text[:400]}")
        code = json.loads(unescape(found.group(1)))["code"]
        answer = self.session.post(f"{self.web}/auth/token", json={"code": code}, timeout=TIMEOUT)
        if answer.status_code != 200:
            raise Stop(f"the hand-off code was refused: {answer.status_code} {answer.text[:400]}")
        signed_in: dict[str, Any] = answer.json()
        self.bearer = signed_in["access_token"]
        return signed_in

    def connect_xero(self, organisation: str) -> dict[str, Any]:
        """Consent at Xero and choose the organisation of this name; answers with it."""
        url = self.post("/api/connections/xero", {})["url"]
        page = self.session.get(url, timeout=TIMEOUT)
        if page.status_code != 200:
            raise Stop(f"Xero's way back ended at {page.url}: {page.status_code} {page.text[:300]}")
        state: dict[str, Any] = self.get("/api/connections")["xero"]
        if state["state"] == "choose_organisation":
            chosen = next((one for one in state["choices"] if one["name"] == organisation), None)
            if chosen is None:
                raise Stop(f"{organisation} is not on offer: {state['choices']}")
            self.call("PUT", "/api/connections/xero/organisation", {"id": chosen["id"]})
            state = self.get("/api/connections")["xero"]
        if state["state"] != "connected":
            raise Stop(f"Xero is {state['state']} after connecting")
        return dict(state["organisation"])

    def change_settings(self, change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
        """Read the settings, change the document, store it against its version."""
        answer = self._send("GET", "/api/settings")
        document: dict[str, Any] = answer.json()
        change(document)
        headers = {"If-Match": answer.headers["ETag"]} if "ETag" in answer.headers else {}
        stored: dict[str, Any] = self._send("PUT", "/api/settings", document, headers).json()
        return stored

    def get(self, path: str, **parameters: str) -> Any:
        """Read one address."""
        return self._send("GET", path, parameters=parameters).json()

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """Press a button."""
        return self.call("POST", path, body)

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Send a request; the answer's document, None when it has none."""
        answer = self._send(method, path, body)
        return answer.json() if answer.content else None

    def finished_run(self, run_id: str, *, seconds: float) -> dict[str, Any]:
        """Wait for a bulk sync or preview and answer with its last state."""
        return self._until(
            f"/api/runs/{run_id}", lambda run: run["state"] in FINISHED, seconds=seconds
        )

    def finished_request(self, request_id: str, *, seconds: float = 60) -> dict[str, Any]:
        """Wait for a click and answer with what became of it."""
        return self._until(
            f"/api/requests/{request_id}",
            lambda request: request["state"] in {"done", "failed"},
            seconds=seconds,
        )

    def every(self, path: str, key: str, **parameters: str) -> list[dict[str, Any]]:
        """All rows of a paged list."""
        rows: list[dict[str, Any]] = []
        while True:
            page = self.get(path, **parameters)
            rows += page[key]
            cursor = page.get("next") or page.get("cursor") or page.get("next_cursor")
            if not cursor:
                return rows
            parameters["cursor"] = cursor

    def _until(
        self, path: str, is_over: Callable[[dict[str, Any]], bool], *, seconds: float
    ) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while True:
            state: dict[str, Any] = self.get(path)
            if is_over(state):
                return state
            if time.monotonic() > deadline:
                raise Stop(f"{path} was not over after {seconds:.0f} s: {state}")
            time.sleep(0.25)

    def _send(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        parameters: dict[str, str] | None = None,
    ) -> requests.Response:
        answer = self.session.request(
            method,
            f"{self.web}{path}",
            json=body,
            params=parameters,
            headers={
                "Authorization": f"Bearer {self.bearer}",
                "Accept-Language": "en",
                **(headers or {}),
            },
            timeout=TIMEOUT,
        )
        if not answer.ok:
            raise Stop(f"{method} {path}: {answer.status_code} {answer.text[:600]}")
        return answer

"""Whatever is sent to our own interface, described or not, it is never our mistake (schemathesis)."""

from __future__ import annotations

import json
import os
from collections import Counter
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase

from backend.web import limits
from backend.web.openapi import document
from tests.web.conftest import Person, Stage

EXAMPLES = int(os.environ.get("ANY_REQUEST_EXAMPLES", "6"))
"""Requests for each call of the interface."""
ENDS_THE_SESSION = {"/auth/sign-out"}
UNKEEPABLE = ("\ud800", "\0")
"""Letters JSON can write and no database keeps."""
LAST = ("DELETE", "/api/connections/xero")


@pytest.mark.timeout(400)
def test_no_request_finds_a_mistake_of_ours(
    stage: Stage, admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in limits.LIMITS:
        monkeypatch.setitem(limits.LIMITS, kind, 10**9)
    stage.world.zoho.create("Accounts", {"Account_Name": "Kestrel Foods"})
    schema = schemathesis.openapi.from_dict(document())
    found = [each.ok() for each in schema.get_all_operations()]
    found.sort(key=lambda each: (each.method.upper(), each.path) == LAST)
    bad: list[Any] = []
    seen: Counter[int] = Counter()
    for operation in found:
        if operation.path not in ENDS_THE_SESSION:
            _try(stage, admin, operation, bad, seen)
    assert bad == []
    assert len(found) >= 30
    # Not everything is refused at the door: the requests reach the work behind it.
    assert {200, 202, 404, 422} <= set(seen), seen


def _with(letter: str, value: Any) -> Any:
    """The same JSON with this letter at the end of each of its texts."""
    if isinstance(value, dict):
        return {name: _with(letter, inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_with(letter, inner) for inner in value]
    return value + letter if isinstance(value, str) else value


def _try(stage: Stage, admin: Person, operation: Any, bad: list[Any], seen: Counter[int]) -> None:
    @hypothesis.settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        sent = case.as_transport_kwargs(base_url="http://localhost")
        _send(sent, sent.get("params"))
        if sent.get("json") is not None:
            for letter in UNKEEPABLE:
                odd = json.dumps(_with(letter, sent["json"]))
                _send({**sent, "json": None, "data": odd}, sent.get("params"))
        _send(sent, {**dict(sent.get("params") or {}), "q": "\0", "cursor": "\0"})

    def _send(sent: dict[str, Any], params: Any) -> None:
        body = sent.get("data")
        answer = stage.browser.open(
            sent["url"].removeprefix("http://localhost"),
            method=sent["method"],
            query_string=params,
            json=sent.get("json"),
            data=body,
            headers={
                **{k: v for k, v in dict(sent.get("headers") or {}).items() if v is not None},
                **({"Content-Type": "application/json"} if isinstance(body, str) else {}),
                "Authorization": f"Bearer {admin.tokens['access_token']}",
            },
        )
        seen[answer.status_code] += 1
        if answer.status_code >= 500 and answer.status_code != 503:
            bad.append((operation.method, operation.path, sent, answer.text))

    ask()

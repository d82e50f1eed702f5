"""No address of the interface shows one organisation anything of another, or changes it.

The addresses come from our own OpenAPI document, so that a new one is tested from its first day.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from backend.modules.defaults import default_settings
from backend.store.columns import Base, utcnow
from backend.store.live import DayCount
from backend.store.tables import (
    ClickRequest,
    Intent,
    Link,
    LogRow,
    Mapping,
    ModuleState,
    Organisation,
    Run,
    RunItem,
    UserSession,
    XeroConnection,
    ZohoConnection,
)
from backend.store.told import Notice
from backend.web import limits
from backend.web.openapi import document
from tests.web.conftest import Person, Stage

MARK = "Their-secret-name"
"""Stands in every text of the other organisation."""
THEIR_XERO = "11111111-2222-3333-4444-555555555555"
THEIR_ZOHO = "990000000000000001"
TENANT = "99999999-8888-7777-6666-555555555555"


def strangers(stage: Stage) -> dict[str, str]:
    """Another organisation with something in every table; its ids by name."""
    with stage.sync.database.begin() as session:
        org = Organisation(
            zoho_org_id="70000001", name=MARK, settings=default_settings(), tenant_id=TENANT,
            last_good_sync_at=utcnow(),
        )  # fmt: skip
        session.add(org)
        session.flush()
        theirs: dict[str, Any] = {"org_id": org.id, "tenant_id": TENANT}
        link = Link(
            **theirs, module="accounts", zoho_id=THEIR_ZOHO, xero_id=THEIR_XERO, label=MARK,
            state="needs_attention", message_key="contact_name_taken",
            message_params={"name": MARK}, words=MARK, candidates=[{"name": MARK, "xero_id": "x"}],
            conflict={"fields": [{"field": "name", "zoho": MARK, "xero": "b", "base": None}]},
            face={"zoho": {"label": MARK}, "keys": {"zoho": {"name": MARK}}},
        )  # fmt: skip
        run = Run(**theirs, kind="sync", module="accounts", state="done", by=MARK,
                  figures={"differences": 1, "modules": [{"module": MARK}]})  # fmt: skip
        preview = Run(**theirs, kind="preview", module="all", state="done", by=MARK)
        audit = Run(**theirs, kind="audit", module="all", state="done", by=MARK,
                    figures={"modules": [{"module": MARK}]}, finished_at=utcnow())  # fmt: skip
        session.add_all([link, run, preview, audit])
        session.flush()
        log = LogRow(**theirs, module="accounts", link_id=link.id, label=MARK, status="failed",
                     zoho_id=THEIR_ZOHO, xero_id=THEIR_XERO, words=MARK, by=MARK,
                     message_key="contact_name_taken")  # fmt: skip
        request = ClickRequest(org_id=org.id, link_id=link.id, direction="both", state="done",
                               outcome={"message": None, "xero_id": MARK})  # fmt: skip
        item = RunItem(run_id=run.id, link_id=link.id, module="accounts", label=MARK)
        session.add_all([
            log, request, item, *_rest(org.id, theirs, link.id),
        ])  # fmt: skip
        session.flush()
        return {
            "zoho_id": THEIR_ZOHO, "xero_id": THEIR_XERO, "run_id": run.id, "log_id": str(log.id),
            "request_id": request.id, "link_id": link.id, "id": link.id, "version": "1",
            "preview_id": preview.id, "module": "accounts", "step": "maps",
        }  # fmt: skip


def _rest(org_id: str, theirs: dict[str, Any], link_id: str) -> list[Base]:
    return [
        Notice(**theirs, subject=f"record:{link_id}", kind="record", link_id=link_id,
               module="accounts", label=MARK, message_key="conflict"),
        Mapping(org_id=org_id, module="accounts", version=1, rows=[{"name": MARK}], by=MARK),
        ModuleState(**theirs, module="accounts", accepted_at=utcnow()),
        DayCount(**theirs, day=utcnow().date(), module=MARK, in_sync=1),
        Intent(**theirs, module="accounts", side="xero", operation="create", key=MARK, fence=1,
               elements=[]),
        ZohoConnection(org_id=org_id, accounts_server="x", api_domain="x", user_name=MARK,
                       facts={"org": {"company_name": MARK}}),
        XeroConnection(**theirs, name=MARK, state="connected", connected_by=MARK,
                       facts={"organisation": {"Name": MARK}, "accounts": [{"Name": MARK}]}),
        UserSession(org_id=org_id, user={"id": "9", "name": MARK}, refresh_hash=MARK,
                    expires_at=utcnow() + timedelta(days=1)),
    ]  # fmt: skip


def everything_of(stage: Stage, org_id: str) -> str:
    """Every row of an organisation as text."""
    told = []
    with stage.sync.database.begin() as session:
        for table in Base.metadata.sorted_tables:
            if "org_id" in table.c:
                rows = session.execute(table.select().where(table.c.org_id == org_id))
                told += [f"{table.name} {sorted(row._mapping.items())}" for row in rows]
        org = session.get_one(Organisation, org_id)
        told.append(f"{org.settings} {org.tenant_id} {org.settings_version} {org.paused_until}")
    return "\n".join(sorted(told))


def operations() -> list[tuple[str, str]]:
    """Method and path of every call the interface describes."""
    return [
        (method.upper(), path)
        for path, found in document()["paths"].items()
        for method in found
        if method in {"get", "post", "put", "delete", "patch"}
    ]


def bodies(ids: dict[str, str]) -> list[dict[str, Any]]:
    """Bodies that name what belongs to the others, one shape for each kind of call."""
    return [
        {},
        {"direction": "both"},
        {"direction": "both", "ids": [ids["zoho_id"]]},
        {"direction": "both", "preview": ids["preview_id"]},
        {"choices": {"name": "xero"}, "remember": True},
        {"xero_id": ids["xero_id"]},
        {"message_key": "contact_name_taken"},
        {"id": TENANT},
        {"action": "link", "xero_id": ids["xero_id"]},
        {"action": "retry"},
        {"delete_limit": 99},
        {"filter": [], "start_date": None},
    ]


def queries(method: str, ids: dict[str, str]) -> Iterator[str]:
    """Parameters somebody may try to look across with."""
    yield ""
    if method == "GET":
        yield f"?record={ids['zoho_id']}&q={MARK}&limit=200"
        yield f"?org_id=70000001&org={ids['link_id']}&module=accounts"


@pytest.fixture
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in limits.LIMITS:
        monkeypatch.setitem(limits.LIMITS, kind, 10**9)


@pytest.mark.usefixtures("unlimited")
@pytest.mark.timeout(240)
def test_no_address_shows_or_changes_anything_of_another_organisation(
    stage: Stage, admin: Person
) -> None:
    ids = strangers(stage)
    with stage.sync.database.begin() as session:
        org_id = session.query(Organisation).filter_by(name=MARK).one().id
    before = everything_of(stage, org_id)
    assert MARK in before
    tried = 0
    for method, path in operations():
        if path in {"/auth/sign-out", "/auth/token"} or (method, path) == RESET:
            continue
        names = re.findall(r"\{(\w+)\}", path)
        assert set(names) <= set(ids), f"{path}: tell `strangers` what belongs there"
        address = path.format(**ids)
        given = bodies(ids) if method in {"POST", "PUT", "PATCH"} else [None]
        for body, query in itertools.product(given, queries(method, ids)):
            answer = admin(method, address + query, body)
            tried += 1
            assert answer.status_code < 500, (method, address, body, answer.text)
            assert MARK not in answer.text, (method, address, body, answer.text)
            if set(names) & {"run_id", "log_id", "request_id", "link_id", "id"}:
                assert answer.status_code in {400, 403, 404, 409, 415, 422}, (method, address, body)
    assert admin("DELETE", "/api/connections/xero").status_code == 200
    assert everything_of(stage, org_id) == before
    assert tried > 100


def test_who_leaves_is_an_administrator_who_typed_the_name_and_leaves_alone(
    stage: Stage, admin: Person
) -> None:
    strangers(stage)
    with stage.sync.database.begin() as session:
        theirs = session.query(Organisation).filter_by(name=MARK).one().id
        own = session.query(Organisation).filter(Organisation.name != MARK).one().name
    before = everything_of(stage, theirs)
    for body in ({}, {"name": ""}, {"name": MARK}, {"name": own.upper() + "!"}):
        refused = admin("POST", LEAVE, body)
        assert (refused.status_code, "name" in refused.text) == (422, True), body
    assert admin("POST", LEAVE, {"name": f" {own} "}).status_code == 204
    assert admin("GET", "/api/me").status_code == 401
    with stage.sync.database.begin() as session:
        assert [org.name for org in session.query(Organisation)] == [MARK]
    assert everything_of(stage, theirs) == before


LEAVE = "/api/organisation/leave"
RESET = ("DELETE", "/api/connections/xero")


def test_every_address_but_the_public_ones_wants_a_bearer(stage: Stage) -> None:
    public = {"/api/openapi.json", "/auth/token", "/auth/sign-out"}
    ids = {"zoho_id": "1", "module": "accounts", "log_id": "1"}
    for method, path in operations():
        if path in public:
            continue
        address = re.sub(r"\{(\w+)\}", lambda found: ids.get(found[1], "0" * 32), path)
        for headers in ({}, {"Authorization": "Bearer x.y.z"}, {"Authorization": "Basic eDp5"}):
            answer = stage.browser.open(address, method=method, json={}, headers=headers)
            assert answer.status_code == 401, (method, path)
            assert json.loads(answer.text)["code"] == "not_signed_in"


def test_no_address_sets_a_cookie_and_pages_are_framed_by_crm_alone(
    stage: Stage, admin: Person
) -> None:
    seen = []
    for path in ("/healthz", "/readyz", "/metrics", "/api/settings", "/api/nothing",
                 "/widget/record.html", "/auth/zoho/callback?state=x"):  # fmt: skip
        answer = admin("GET", path)
        assert "Set-Cookie" not in answer.headers, path
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy, path
        seen.append((path, re.findall(r"frame-ancestors ([^;]+)", policy)))
    for path, (ancestors,) in seen:
        if path.startswith("/widget/"):
            assert "https://crm.zoho.com" in ancestors
            assert "*" not in ancestors
        else:
            assert ancestors == "'none'", path
    assert "Set-Cookie" not in stage.browser.post("/webhooks/xero", data=b"{}").headers

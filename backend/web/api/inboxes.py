"""The two inboxes: conflicts to decide, and records that need attention."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, jsonify, request
from sqlalchemy.orm import Session

from backend.core.attention import FAILED, KINDS, answers, keys_of, kind_of
from backend.core.parts import holder
from backend.store import views
from backend.store.tables import Link, Run
from backend.sync import attention as answered
from backend.web.body import checked, cursor, module_key, own_id, page_size
from backend.web.context import bridge, caller
from backend.web.present import Reader, iso
from backend.web.problems import Problem
from backend.web.reading import view
from backend.web.record_view import Page, candidate, conflict, money, record_page, xero_address
from backend.web.schemas import ATTENTION_REQUEST

inboxes = Blueprint("inboxes", __name__)

CONFLICT = "conflict"
OVER_LIMIT = "over_delete_limit"
KEY = "too_many_deletions"
_FIELD = re.compile(r"[a-z0-9_]{1,80}")
FOR_ADMINISTRATORS = frozenset({"confirm", "delete"})
"""Answers after which something is withdrawn."""


@inboxes.get("/conflicts")
def conflicts() -> Response:
    """Records of which both sides changed the same field, the longest waiting first."""
    return jsonify(_page((CONFLICT,)))


@inboxes.get("/attention")
def attention() -> Response:
    """Records that could not be synced until somebody does something, with the causes counted."""
    return jsonify(_page(("needs_attention",)))


@inboxes.post("/attention/<link_id>")
def answer(link_id: str) -> tuple[Response, int]:
    """What a person answers to one record of the inbox."""
    given = checked(ATTENTION_REQUEST)
    if given["action"] in FOR_ADMINISTRATORS and not caller().admin:
        raise Problem(403, "administrators_only")
    xero_id = given["xero_id"]
    request_id = answered.act(
        bridge().sync,
        org_id=caller().org_id,
        link_id=own_id(link_id),
        action=given["action"],
        xero_id=xero_id.lower() if xero_id else None,
        zoho_id=given["zoho_id"],
        by=caller().name,
    )
    return jsonify(request_id=request_id), 202


def _page(states: tuple[str, ...]) -> dict[str, Any]:
    module = request.args.get("module") or None
    if module is not None:
        module_key(module)
    offset, limit, org_id = cursor() or 0, page_size(), caller().org_id
    with view() as (session, standing, reader):
        tenant_id = standing.tenant_id
        asking = _asking(session, org_id, tenant_id, module=module, states=states)
        first, offset = asking[offset : offset + limit], max(0, offset - len(asking))
        found, total = views.inbox_page(
            session,
            org_id,
            tenant_id=tenant_id,
            states=states,
            module=module,
            causes=_causes(states, asking=bool(asking)),
            field=_field(states),
            newest=request.args.get("sort") == "newest",
            offset=offset,
            limit=max(1, limit - len(first)),
        )
        found = found[: limit - len(first)]
        total += len(asking)
        counted = views.causes(session, org_id, tenant_id=tenant_id, states=states, module=module)
        pages = [
            Page(
                module=link.module,
                zoho_id=link.zoho_id or "",
                standing=standing,
                rows=views.RecordRows(links=[link], history=(), request=None, waiting=0),
                reader=reader,
                now=bridge().now(),
                names={},
            )
            for link in found
        ]
        ends = (cursor() or 0) + limit
        return {
            "rows": [*(_question(run, reader) for run in first), *map(_row, pages)],
            "total": total,
            "counts": _counts(states, counted, asking=len(asking)),
            **_disputed(session, org_id, tenant_id, reader, module=module, states=states),
            "cursor": str(ends) if ends < total else None,
            "causes": [
                {"message": reader.told(key, {}), "message_key": key, "count": count}
                for key, count in counted
                if key and not (key == KEY and asking)
            ],
        }


def _asking(
    session: Session, org_id: str, tenant_id: str, *, module: str | None, states: tuple[str, ...]
) -> list[Run]:
    kind = request.args.get("kind") or None
    if CONFLICT in states or kind not in (None, OVER_LIMIT):
        return []
    return views.asking_runs(session, org_id, tenant_id=tenant_id, module=module)


def _field(states: tuple[str, ...]) -> str | None:
    """The field the asked conflicts are about; Problem 400 for what can be no field's name."""
    name = (request.args.get("field") or None) if CONFLICT in states else None
    if name is not None and not _FIELD.fullmatch(name):
        raise Problem(400, "bad_request")
    return name


def _disputed(
    session: Session,
    org_id: str,
    tenant_id: str,
    reader: Reader,
    *,
    module: str | None,
    states: tuple[str, ...],
) -> dict[str, Any]:
    """The fields that wait for a choice, the most frequent first; nothing for the other inbox."""
    if CONFLICT not in states:
        return {}
    found = views.disputed(session, org_id, tenant_id=tenant_id, module=module)
    rows = [
        {"module": key, "field": name, "label": reader.label(key, name), "count": count}
        for (key, name), count in found.most_common()
    ]
    return {"fields": rows}


def _causes(states: tuple[str, ...], *, asking: bool) -> tuple[bool, frozenset[str]] | None:
    """Which causes the asked kind stands for, but for those told in one question per run;
    Problem 400 for a kind there is not."""
    told = KINDS[OVER_LIMIT] if asking else frozenset[str]()
    kind = request.args.get("kind") or None
    if CONFLICT in states:
        return None
    if kind not in {None, *KINDS, FAILED}:
        raise Problem(400, "bad_request")
    if kind is None:
        return (False, told)
    keys = keys_of(kind)
    if keys is None:
        return (False, frozenset().union(*KINDS.values()))
    return (True, keys - told)


def _counts(
    states: tuple[str, ...], counted: list[tuple[str | None, int]], *, asking: int
) -> dict[str, int]:
    found: dict[str, int] = {OVER_LIMIT: asking} if asking else {}
    for key, count in counted:
        kind = CONFLICT if CONFLICT in states else kind_of(key)
        if not (kind == OVER_LIMIT and asking):
            found[kind] = found.get(kind, 0) + count
    return found


def _question(run: Run, reader: Reader) -> dict[str, Any]:
    """One entry for all deletions that wait in a run."""
    held = run.confirm or {}
    params = {"planned": held.get("deletions"), **held}
    return {
        "id": run.id,
        "run_id": run.id,
        "kind": OVER_LIMIT,
        "module": held.get("module") or run.module,
        "label": "",
        "count": held.get("deletions"),
        "zoho_id": None,
        "xero_id": None,
        "url": None,
        "state": "needs_attention",
        "reason": reader.told(KEY, params, module=str(held.get("module") or "")),
        "words": None,
        "money": None,
        "conflict": None,
        "candidates": [],
        "actions": _open_to_caller(answers(KEY, candidates=False)),
        "attempts": 0,
        "since": iso(run.finished_at or run.created_at),
    }


def _row(page: Page) -> dict[str, Any]:
    link = page.rows.links[0]
    drawn = record_page(page)
    return {
        "id": link.id,
        "kind": CONFLICT if link.state == CONFLICT else kind_of(link.message_key),
        "module": link.module,
        "label": link.label,
        "zoho_id": link.zoho_id,
        "xero_id": holder(link.xero_id) if link.xero_id else None,
        "url": xero_address(page, link),
        "state": link.state,
        "reason": drawn["reason"],
        "words": link.words or None,
        "money": money(page, link),
        "conflict": conflict(page, link),
        "candidates": [candidate(link.module, one, page.reader) for one in link.candidates or []],
        "actions": _actions(link),
        "attempts": link.attempts,
        "since": iso(link.checked_at),
    }


def _actions(link: Link) -> list[str]:
    """What the card offers."""
    if link.state == CONFLICT:
        return ["resolve"]
    return _open_to_caller(answers(link.message_key, candidates=bool(link.candidates)))


def _open_to_caller(found: tuple[str, ...]) -> list[str]:
    """Nobody is offered an answer that would be refused."""
    return [each for each in found if caller().admin or each not in FOR_ADMINISTRATORS]

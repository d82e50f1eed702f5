"""What the record page draws, from our own database alone; no remote call is ever made for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from backend.core.errors import Message
from backend.core.parts import holder
from backend.core.spec import ModuleSpec, Side
from backend.i18n import N_, translate
from backend.modules import all_specs
from backend.store.tables import Link, Organisation
from backend.store.views import RecordRows, Standing
from backend.sync.policy import policy_of
from backend.sync.requests import version_of
from backend.texts import render
from backend.web.present import Reader, iso, kind_of, log_row, value

WORDS = {
    "DRAFT": N_("Draft"),
    "SUBMITTED": N_("Awaiting approval"),
    "AUTHORISED": N_("Awaiting payment"),
    "PART_PAID": N_("Part paid"),
    "PAID": N_("Paid"),
    "VOIDED": N_("Voided"),
    "DELETED": N_("Deleted"),
    "ACTIVE": N_("Active"),
    "ARCHIVED": N_("Archived"),
    "SENT": N_("Sent"),
    "ACCEPTED": N_("Accepted"),
    "DECLINED": N_("Declined"),
    "INVOICED": N_("Invoiced"),
    "BILLED": N_("Billed"),
    "AUTHORISED.purchase_orders": N_("Approved"),
}
"""Xero's states in words; a module may have one of its own."""
MONEY = {
    "DRAFT": "draft",
    "SUBMITTED": "awaiting_approval",
    "AUTHORISED": "awaiting_payment",
    "PART_PAID": "part_paid",
    "PAID": "paid",
    "VOIDED": "voided",
    "DELETED": "deleted",
}
OPEN = frozenset({"awaiting_payment", "part_paid"})
WAITING = frozenset({"in_sync", "not_linked", "pending", "excluded"})
"""States a note turns into pending for the eye; a conflict stays one until it is settled."""
DIRECTIONS = ("both", "to_xero", "to_zoho")


@dataclass(frozen=True, kw_only=True)
class Page:
    """Everything one drawing of the record page needs."""

    module: str
    zoho_id: str
    standing: Standing
    rows: RecordRows
    reader: Reader
    now: datetime
    names: Mapping[str, str]
    """Labels of records that conflicting link fields point to."""
    account: Mapping[str, Any] | None = None
    """A customer's figures."""
    zone: tzinfo = UTC
    """Where the reader's days begin."""

    @property
    def today(self) -> date:
        """The day it is where the reader is."""
        return self.now.astimezone(self.zone).date()

    @property
    def spec(self) -> ModuleSpec | None:
        """The module's declaration, None for one this version does not sync."""
        return all_specs().get(self.module)

    @property
    def settings(self) -> Mapping[str, Any]:
        """The organisation's settings document."""
        return self.standing.org.settings


def record_page(page: Page) -> dict[str, Any]:
    """The answer of ``GET /api/records/{module}/{zoho_id}``."""
    link, history = page.rows.link, page.rows.history
    shown = [log_row(row, page.reader) for row in history]
    allowed, denied = directions(page)
    return {
        "module": page.module,
        "zoho_id": page.zoho_id,
        "label": link.label if link else "",
        "state": state_of(page),
        "reason": reason(page, link),
        "links": [partner(page, one) for one in page.rows.links if one.xero_id],
        "zoho": _zoho_side(link),
        "xero": _xero_side(page, link),
        "money": money(page, link),
        "account": page.account,
        **_connection(page),
        **_times(page, link),
        "last_change": next((row for row in shown if row["status"] == "success"), None),
        "history": shown,
        "conflict": conflict(page, link),
        "candidates": _candidates(page, link),
        "allowed": allowed,
        "denied": denied,
        "attempts": link.attempts if link else 0,
        "max_attempts": int(page.settings.get("attempts") or 3),
        "task": {"id": link.task_id, "owner": link.task_owner} if link and link.task_id else None,
        "waiting": page.rows.waiting,
        "request": _request(page),
    }


def state_of(page: Page) -> str:
    """The record's state at this moment: what is stored, and what is under way."""
    link, request = page.rows.link, page.rows.request
    if request is not None and request.state == "running":
        return "pending" if rests_until(page.standing.org, page.now) else "syncing"
    if link is None:
        return "not_linked"
    if link.pending > 0 and link.state in WAITING:
        return "pending"
    return link.state


def reason(page: Page, link: Link | None) -> dict[str, Any] | None:
    """Why the record is in its state, in words; what keeps everything waiting comes first."""
    org = page.standing.org
    if rests_until(org, page.now) and state_of(page) == "pending":
        return page.reader.told(org.pause_key, org.pause_params)
    if link is None:
        return None
    return page.reader.told(link.message_key, link.message_params, module=page.module)


def rests_until(org: Organisation, now: datetime) -> datetime | None:
    """Until when even a click waits, because a system does not answer; None when none does."""
    until = org.clicks_paused_until
    return until if until is not None and until > now else None


def partner(page: Page, link: Link) -> dict[str, Any]:
    """The record in Xero: id, number, and where it opens."""
    return {
        "xero_id": holder(link.xero_id) if link.xero_id else None,
        "xero_number": _face(link, "xero").get("number") or link.label,
        "url": xero_address(page, link),
    }


def xero_address(page: Page, link: Link) -> str | None:
    """Where the partner opens in Xero, None when Xero has no page for it."""
    spec = page.spec
    if spec is None or not spec.xero.deep_link or not link.xero_id:
        return None
    return spec.xero.deep_link.replace("{short_code}", short_code(page.standing)).replace(
        "{id}", holder(link.xero_id)
    )


def short_code(standing: Standing) -> str:
    """What Xero's addresses call the organisation; empty when it did not say."""
    xero = standing.xero
    return str((xero.facts.get("organisation") or {}).get("ShortCode") or "") if xero else ""


def _face(link: Link | None, side: str) -> Mapping[str, Any]:
    held = link.face.get(side) if link else None
    return held if isinstance(held, Mapping) else {}


def _zoho_side(link: Link | None) -> dict[str, Any]:
    face = _face(link, "zoho")
    return {name: face.get(name) for name in ("number", "status", "total", "currency", "at")}


def _xero_side(page: Page, link: Link | None) -> dict[str, Any] | None:
    if link is None or not link.xero_id:
        return None
    face = _face(link, "xero")
    status = face.get("status")
    return {
        "number": face.get("number"),
        "status": "AUTHORISED" if status == "PART_PAID" else status,
        "status_text": translate(_word(page.module, status), page.reader.language),
        "total": face.get("total"),
        "at": face.get("at"),
    }


def _word(module: str, status: Any) -> str:
    return WORDS.get(f"{status}.{module}") or WORDS.get(str(status), str(status or ""))


def money(page: Page, link: Link | None) -> dict[str, Any] | None:
    """Total, paid and due as Xero has them, with what was paid when; None without a document."""
    held = link.face.get("money") if link else None
    if not isinstance(held, Mapping) or held.get("total") is None:
        return None
    state = str(_face(link, "xero").get("status"))
    status = MONEY.get(state, "awaiting_payment")
    if held.get("due") is None:
        # Quotes and orders are nothing to pay: their own state is all there is to say.
        status = state.lower()
    return {
        **{name: held.get(name) for name in ("total", "paid", "due", "currency", "due_date")},
        "status": status,
        "overdue": _overdue(held, status, page.today),
        "rows": held.get("rows") or [],
    }


def _overdue(held: Mapping[str, Any], status: str, today: date) -> bool:
    try:
        day, due = date.fromisoformat(str(held.get("due_date"))), Decimal(str(held.get("due")))
    except (ValueError, InvalidOperation):
        return False
    return status in OPEN and due > 0 and day < today


def _connection(page: Page) -> dict[str, Any]:
    standing = page.standing
    lost = standing.connection != "connected"
    return {
        "connection": standing.connection,
        "disconnected_at": iso(standing.lost_at) if lost else None,
        "organisation": organisation(standing),
    }


def organisation(standing: Standing) -> dict[str, str] | None:
    """The Xero organisation pages speak of."""
    xero = standing.xero
    return {"id": xero.tenant_id, "name": xero.name} if xero else None


def _times(page: Page, link: Link | None) -> dict[str, Any]:
    org, held = page.standing.org, page.settings.get("modules", {}).get(page.module, {})
    scheduled = held.get("enabled") and held.get("schedule")
    return {
        "checked_at": iso(link.checked_at) if link else None,
        "next_check_at": iso(org.next_sweep_at) if scheduled else None,
        "last_sync_at": iso(link.last_sync_at) if link else None,
    }


def _request(page: Page) -> dict[str, str | None] | None:
    request = page.rows.request
    if request is None:
        return None
    rests = rests_until(page.standing.org, page.now)
    return {
        "id": request.id,
        "state": request.state,
        "direction": request.direction,
        "rests_until": iso(rests),
    }


# --- conflict and candidates -------------------------------------------------------------------


def conflict(page: Page, link: Link | None) -> dict[str, Any] | None:
    """The fields a person must decide, with who and when on each side; None without a conflict."""
    if link is None or link.state != "conflict" or not link.conflict:
        return None
    fields = [_conflicting(page, link, one) for one in link.conflict.get("fields", [])]
    return {"fields": fields, "version": version_of(link)}


def _conflicting(page: Page, link: Link, held: Mapping[str, Any]) -> dict[str, Any]:
    name = str(held.get("field"))
    zoho, xero = _face(link, "zoho"), _face(link, "xero")
    kind = kind_of(page.module, name)
    return {
        "field": name,
        "label": page.reader.label(page.module, name),
        "type": kind,
        **{side: _named(page, kind, held.get(side)) for side in ("base", "zoho", "xero")},
        "locked": bool(held.get("locked")),
        "zoho_by": zoho.get("by"),
        "zoho_at": zoho.get("at"),
        "xero_by": xero.get("by"),
        "xero_at": xero.get("at"),
        "agreed_at": iso(link.agreed_at),
    }


def _named(page: Page, kind: str, held: object) -> str | bool | None:
    return page.names.get(str(held), value(held)) if kind == "link" else value(held)


def _candidates(page: Page, link: Link | None) -> list[dict[str, Any]]:
    if link is None or not link.candidates:
        return []
    return [candidate(page.module, one, page.reader) for one in link.candidates]


def candidate(module: str, held: Mapping[str, Any], reader: Reader) -> dict[str, Any]:
    """One possible partner with its evidence, labels added."""
    evidence = held.get("evidence") or []
    return {
        **held,
        "id": held.get("id") or held.get("xero_id"),
        "label": held.get("name") or held.get("number"),
        "uses": _uses(held, reader),
        "evidence": [
            {
                **one,
                "label": reader.label(module, str(one.get("field"))),
                "same": SAME.get(str(one.get("verdict"))),
            }
            for one in evidence
        ],
    }


SAME = {"same": True, "other": False}


def _uses(held: Mapping[str, Any], reader: Reader) -> dict[str, Any] | None:
    """On how many documents the candidate stands; None where nothing is known of it."""
    count = held.get("uses")
    if not isinstance(count, int):
        return None
    return reader.told("used_on_documents" if count else "used_nowhere", {"count": str(count)})


# --- what may be pressed -----------------------------------------------------------------------


def directions(page: Page) -> tuple[list[str], dict[str, Any]]:
    """The directions a person may press, and why not for the others."""
    refused = {name: _refusal(page, name) for name in DIRECTIONS}
    allowed = [name for name in DIRECTIONS if refused[name] is None]
    denied = {
        name: render(message, page.reader.language, module=page.module)
        for name, message in refused.items()
        if message is not None
    }
    return allowed, denied


def _refusal(page: Page, direction: str) -> Message | None:
    if page.spec is None:
        return Message("module_not_available")
    if page.standing.connection != "connected":
        return Message("connection_needed")
    policy = policy_of(page.settings, page.module)
    if not policy.enabled or not any(policy.allow.values()):
        return Message("module_disabled")
    return _one_way(page, direction, policy.allow)


def _one_way(page: Page, direction: str, allow: Mapping[Side, bool]) -> Message | None:
    for name, side in (("to_xero", Side.XERO), ("to_zoho", Side.ZOHO)):
        if direction == name and not allow.get(side, False):
            return Message("direction_off", {"side": side.value})
    return _nothing_to_get(page) if direction == "to_zoho" else None


def _nothing_to_get(page: Page) -> Message | None:
    link = page.rows.link
    return None if link is not None and link.xero_id else Message("not_in_xero_yet")

"""Acting as a person in Xero: the control routes below /control/xero.

Records: `GET|POST {tenant}/records/{entity}`, `GET|PUT|POST|DELETE {tenant}/records/{entity}/{id}`
(`{tenant}` is an organisation id, `ltd` or `trading`). Named acts: `POST {tenant}/{act}` with a
JSON body; ACTS lists them. `POST revoke` ends tokens, `PUT|POST webhook` sets URL and key,
`POST webhook/intent` runs the validation, `GET organisations` lists the two.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from simulator.control import wire

if TYPE_CHECKING:
    from simulator.world import World
    from simulator.xero.state import XeroState

Act = Callable[["XeroState", str, dict[str, Any]], object]


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise wire.BadAct(f"{name} is missing")
    return value


def _amount(body: dict[str, Any]) -> Any:
    return wire.amount(body["amount"]) if body.get("amount") is not None else None


def _day(body: dict[str, Any]) -> date | None:
    return date.fromisoformat(_text(body, "date")) if body.get("date") else None


def _pay(state: XeroState, tenant: str, body: dict[str, Any]) -> object:
    made = state.pay(
        tenant,
        _text(body, "invoice_id"),
        _amount(body),
        day=_day(body),
        account=body.get("account", "090"),
        reference=body.get("reference", ""),
        reconciled=bool(body.get("reconciled", False)),
    )
    return {"payment_id": made}


def _credit(state: XeroState, tenant: str, body: dict[str, Any]) -> object:
    return {"credit_note_id": state.credit(tenant, _text(body, "invoice_id"), _amount(body))}


def _refund(state: XeroState, tenant: str, body: dict[str, Any]) -> object:
    return {"payment_id": state.refund(tenant, _text(body, "credit_note_id"), _amount(body))}


def _allocate(state: XeroState, tenant: str, body: dict[str, Any]) -> object:
    made = state.allocate(
        tenant,
        _text(body, "credit_note_id"),
        _text(body, "invoice_id"),
        wire.amount(body.get("amount")),
    )
    return {"allocation_id": made}


def _unallocate(state: XeroState, tenant: str, body: dict[str, Any]) -> object:
    state.unallocate(tenant, _text(body, "credit_note_id"), _text(body, "allocation_id"))
    return {"done": "unallocate"}


def _paid_before(state: XeroState, tenant: str, body: dict[str, Any]) -> object:
    made = state.paid_before(
        tenant,
        _text(body, "invoice_id"),
        wire.amount(body.get("amount")),
        kind=body.get("kind", "overpayment"),
    )
    return {"id": made}


def _lock_period(state: XeroState, tenant: str, body: dict[str, Any]) -> object:
    state.lock_period(tenant, _day(body), year_end=bool(body.get("year_end", False)))
    return {"locked_to": body.get("date")}


def _on(name: str, method: str) -> Act:
    """An act on the one record that `name` identifies."""

    def act(state: XeroState, tenant: str, body: dict[str, Any]) -> object:
        getattr(state, method)(tenant, _text(body, name))
        return {"done": method}

    return act


def _move(entity: str, name: str, status: str) -> Act:
    """An act that gives one document its next status."""

    def act(state: XeroState, tenant: str, body: dict[str, Any]) -> object:
        state.move(tenant, entity, _text(body, name), status)
        return {"status": status}

    return act


def _bill(state: XeroState, tenant: str, body: dict[str, Any]) -> object:
    return {"invoice_id": state.bill(tenant, _text(body, "purchase_order_id"))}


ACTS: dict[str, Act] = {
    "approve": _on("invoice_id", "approve"),
    "void": _on("invoice_id", "void"),
    "pay": _pay,
    "delete_payment": _on("payment_id", "delete_payment"),
    "credit": _credit,
    "refund": _refund,
    "allocate": _allocate,
    "unallocate": _unallocate,
    "paid_before": _paid_before,
    "archive": _on("contact_id", "archive"),
    "unarchive": _on("contact_id", "unarchive"),
    "merge": lambda state, tenant, body: state.merge_contacts(
        tenant, _text(body, "kept"), _text(body, "gone")
    ),
    "lock_period": _lock_period,
    "enable_currency": _on("code", "enable_currency"),
    "archive_account": _on("code", "archive_account"),
    "tax_rate": lambda state, tenant, body: state.change_tax_rate(
        tenant, _text(body, "tax_type"), _text(body, "status")
    ),
    "send_quote": _move("Quotes", "quote_id", "SENT"),
    "accept_quote": _move("Quotes", "quote_id", "ACCEPTED"),
    "decline_quote": _move("Quotes", "quote_id", "DECLINED"),
    "mark_quote_invoiced": _move("Quotes", "quote_id", "INVOICED"),
    "delete_quote": _move("Quotes", "quote_id", "DELETED"),
    "approve_order": _move("PurchaseOrders", "purchase_order_id", "AUTHORISED"),
    "delete_order": _move("PurchaseOrders", "purchase_order_id", "DELETED"),
    "bill_order": _bill,
    "disconnect": lambda state, tenant, _body: state.disconnect(tenant),
}


def _tenant(world: World, name: str) -> str:
    """An organisation's id from its id or short name; LookupError."""
    short = {"ltd": world.xero.ltd, "trading": world.xero.trading}
    return world.xero.books(short.get(name, name)).tenant


def _records(world: World, tenant: str, entity: str) -> Response:
    tenant = _tenant(world, tenant)
    if request.method == "POST":
        made = world.xero.create(tenant, entity, wire.body())
        return wire.answer({"id": made}, 201)
    return wire.answer({"data": world.xero.shown_all(tenant, entity)})


def _record(world: World, tenant: str, entity: str, record_id: str) -> Response:
    tenant = _tenant(world, tenant)
    if request.method == "DELETE":
        world.xero.delete(tenant, entity, record_id)
        return wire.answer({"deleted": record_id})
    if request.method in {"PUT", "POST"}:
        world.xero.edit(tenant, entity, record_id, wire.body())
    return wire.answer(world.xero.shown(tenant, entity, record_id))


def _act(world: World, tenant: str, act: str) -> Response:
    if act not in ACTS:
        raise LookupError(f"no act {act}; there are {', '.join(ACTS)}")
    done = ACTS[act](world.xero, _tenant(world, tenant), wire.body())
    return wire.answer(done if done is not None else {"done": act})


def _revoke(world: World) -> Response:
    world.xero.revoke(wire.body().get("user", ""))
    return wire.answer({"done": "revoke"})


def _webhook(world: World) -> Response:
    body = wire.body()
    world.xero.events.configure(body.get("url", ""), body.get("key", ""))
    return wire.answer({"url": body.get("url", "")})


def _intent(world: World) -> Response:
    receipts = world.xero.events.intent_to_receive()
    return wire.answer({"statuses": [receipt.status for receipt in receipts]})


def _organisations(world: World) -> Response:
    found = [
        {"id": books.tenant, "name": books.organisation["Name"], "base_currency": books.base}
        for books in world.xero.organisations.values()
    ]
    return wire.answer({"data": found})


def blueprint(world: World) -> Blueprint:
    """The routes, for `simulator.control.app`."""
    routes = Blueprint("control-xero", __name__)
    routes.add_url_rule("/organisations", "organisations", lambda: _organisations(world))
    routes.add_url_rule("/revoke", "revoke", lambda: _revoke(world), methods=["POST"])
    routes.add_url_rule("/webhook", "webhook", lambda: _webhook(world), methods=["PUT", "POST"])
    routes.add_url_rule("/webhook/intent", "intent", lambda: _intent(world), methods=["POST"])
    routes.add_url_rule(
        "/<tenant>/records/<entity>",
        "records",
        lambda tenant, entity: _records(world, tenant, entity),
        methods=["GET", "POST"],
    )
    routes.add_url_rule(
        "/<tenant>/records/<entity>/<record_id>",
        "record",
        lambda tenant, entity, record_id: _record(world, tenant, entity, record_id),
        methods=["GET", "PUT", "POST", "DELETE"],
    )
    routes.add_url_rule(
        "/<tenant>/<act>", "act", lambda tenant, act: _act(world, tenant, act), methods=["POST"]
    )
    return routes

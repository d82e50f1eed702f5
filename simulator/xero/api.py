"""From a method and a path to an entity's verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.xero import batch, credit_settling, history
from simulator.xero.books import Record
from simulator.xero.errors import Invalid, api_exception, not_found, validation_body
from simulator.xero.resource import Call, Detail, Resource, listing
from simulator.xero.shapes import ALLOCATION, element

Outcome = tuple[int, dict[str, Any] | None]
MANY = 100_000


def dispatch(resource: Resource, call: Call, method: str, path: dict[str, str]) -> Outcome:
    """Status and content of an answer; ApiError for everything that is refused."""
    if "part" in path:
        return _part(resource, call, method, path)
    if method == "GET":
        return _get(resource, call, path.get("key", ""))
    if method == "DELETE":
        return _delete(resource, call, path.get("key", ""))
    save = resource.verbs.get(method)
    if save is None:
        message = f"The {method} method is not implemented for {resource.name}"
        raise api_exception("ApiMethodNotImplementedException", message, status=501)
    return batch.save_all(resource, save, call, _id_of(resource, call, path.get("key", "")))


def _one(resource: Resource, call: Call, key: str) -> Record:
    found = resource.find(call.books, key) if resource.find else None
    if found is None:
        raise not_found()
    return found


def _id_of(resource: Resource, call: Call, key: str) -> str:
    return str(_one(resource, call, key)[resource.id_field]) if key else ""


def _get(resource: Resource, call: Call, key: str) -> Outcome:
    if key:
        record = _one(resource, call, key)
        return 200, {resource.name: resource.render(call, [record], Detail.ONE)}
    records, pagination, detail = listing(resource, call)
    if len(records) > MANY:
        raise api_exception("QueryParseException", "Too many records, please use paging")
    switches = call.books.world.switches
    if not records and call.modified_since is not None and switches.ims_empty_304:
        return 304, None
    content: dict[str, Any] = {"pagination": pagination} if pagination else {}
    return 200, {**content, resource.name: resource.render(call, records, detail)}


def _delete(resource: Resource, call: Call, key: str) -> Outcome:
    if resource.delete is None or not key:
        message = f"The DELETE method is not implemented for {resource.name}"
        raise api_exception("ApiMethodNotImplementedException", message, status=501)
    record = _one(resource, call, key)
    try:
        resource.delete(call, record)
    except Invalid as refusal:
        return 400, validation_body([batch.echo(resource, record, refusal)])
    return 204, None


Part = Callable[[Resource, Call, str, dict[str, str]], Outcome]


def _part(resource: Resource, call: Call, method: str, path: dict[str, str]) -> Outcome:
    parts: dict[str, Part] = {}
    if resource.history:
        parts["History"] = _history
    if resource.name == "CreditNotes":
        parts["Allocations"] = _allocations
    handler = parts.get(path["part"])
    if handler is None:
        raise not_found()
    return handler(resource, call, method, path)


def _history(resource: Resource, call: Call, method: str, path: dict[str, str]) -> Outcome:
    found = resource.find(call.books, path["key"]) if resource.find else None
    if found is None:
        message = "The document with the supplied id was not found for this endpoint."
        return 400, validation_body([{"ValidationErrors": [{"Message": message}]}])
    record_id = found[resource.id_field]
    if method == "PUT":
        return 200, {"HistoryRecords": history.add(call, record_id)}
    if method == "GET":
        return 200, {"HistoryRecords": history.shown(call.books, record_id)}
    raise not_found()


def _allocations(resource: Resource, call: Call, method: str, path: dict[str, str]) -> Outcome:
    note = _one(resource, call, path["key"])
    if method == "DELETE" and path.get("part_key"):
        entry = credit_settling.release(call, note, path["part_key"].lower())
        if entry is None:
            raise not_found()
        return 200, {"AllocationID": entry["AllocationID"], "IsDeleted": True}
    if method == "GET":
        shown = [credit_settling.render(call.books, a) for a in note["_allocations"]]
        return 200, {"Allocations": shown}
    if method != "PUT":
        raise not_found()
    return _allocate(call, note)


def _allocate(call: Call, note: Record) -> Outcome:
    payload = call.payload
    sent = payload.get("Allocations", payload) if isinstance(payload, dict) else payload
    entries = sent if isinstance(sent, list) else [sent]
    shown, failed = [], []
    for entry in entries:
        try:
            made = credit_settling.allocate(call, note, element(entry, ALLOCATION))
            shown.append(credit_settling.render(call.books, made))
        except Invalid as refusal:
            failed.append({**entry, "ValidationErrors": [{"Message": m} for m in refusal.messages]})
    if failed:
        return 400, validation_body(failed)
    return 200, {"Allocations": shown}

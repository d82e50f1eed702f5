"""PUT and POST of one or many elements, with Xero's two ways of reporting the bad ones.

By default (summarizeErrors not false) good elements are stored and yet the whole answer is a 400
that names only the bad ones; with summarizeErrors=false the answer is 200 and each element carries
its own status. Source: developer.xero.com requests-and-responses; Stack Overflow 52706101.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from simulator.xero.books import Record
from simulator.xero.errors import ZERO_GUID, Invalid, api_exception, validation_body
from simulator.xero.resource import Call, Detail, Resource, Save, Saved
from simulator.xero.shapes import element
from simulator.xero.wire import midnight

MOST_ELEMENTS = 500


def elements_of(resource: Resource, payload: Any, key: str) -> list[Record]:
    """The elements of a body: a bare object, a bare list or {"Plural": [...]}."""
    if isinstance(payload, dict) and resource.name in payload:
        payload = payload[resource.name]
    found = payload if isinstance(payload, list) else [payload]
    if not found or len(found) > MOST_ELEMENTS or not all(isinstance(e, dict) for e in found):
        raise api_exception("PostDataInvalidException", "No valid elements in the post data")
    if key:
        found = [{**e, resource.id_field: key} for e in found]
    return found


def save_all(resource: Resource, save: Save, call: Call, key: str) -> tuple[int, Record]:
    """Store the elements of a request; returns the status and the content of the answer."""
    sent = elements_of(resource, call.payload, key)
    cleaned = [element(e, resource.shape) for e in sent]
    outcomes = [_attempt(save, call, clean) for clean in cleaned]
    failed = [isinstance(o, Invalid) for o in outcomes]
    summarised = call.args.get("summarizeErrors", "true").lower() != "false"
    if any(failed) and summarised:
        echoes = [
            echo(resource, clean, o)
            for clean, o in zip(cleaned, outcomes, strict=True)
            if isinstance(o, Invalid)
        ]
        return 400, validation_body(echoes)
    rows = [
        _row(resource, call, clean, outcome, summarised=summarised)
        for clean, outcome in zip(cleaned, outcomes, strict=True)
    ]
    return 200, {resource.name: rows}


def _attempt(save: Save, call: Call, clean: Record) -> Saved | Invalid:
    try:
        return save(call, clean)
    except Invalid as refusal:
        return refusal


def _row(
    resource: Resource, call: Call, sent: Record, outcome: Saved | Invalid, *, summarised: bool
) -> Record:
    if isinstance(outcome, Invalid):
        return {**echo(resource, sent, outcome), "StatusAttributeString": "ERROR"}
    row = resource.render(call, [outcome.record], Detail.ONE)[0]
    if outcome.warnings:
        row["Warnings"] = _messages(outcome.warnings)
    if not summarised:
        row["StatusAttributeString"] = "WARNING" if outcome.warnings else "OK"
    return row


def echo(resource: Resource, sent: Record, refusal: Invalid) -> Record:
    """A refused element as it came, with its errors; a new one echoes a zero id."""
    known: dict[str, Any] = {
        name: _spelled(value) for name, value in sent.items() if name in resource.shape
    }
    known[resource.id_field] = sent.get(resource.id_field) or ZERO_GUID
    if resource.error_flag:
        known[resource.error_flag] = True
    known["ValidationErrors"] = _messages(refusal.messages)
    if refusal.warnings:
        known["Warnings"] = _messages(refusal.warnings)
    return known


def _spelled(value: Any) -> Any:
    """A value as answers spell it: numbers as numbers, dates in the .NET form."""
    if isinstance(value, dict):
        return {name: _spelled(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_spelled(inner) for inner in value]
    return midnight(value) if isinstance(value, date) else value


def _messages(texts: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"Message": text} for text in texts]

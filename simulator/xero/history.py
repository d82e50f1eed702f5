"""History and notes of a record. Rules: developer.xero.com, history and notes."""

from __future__ import annotations

from typing import Any

from simulator.xero.books import Books, Record
from simulator.xero.errors import api_exception
from simulator.xero.resource import Call
from simulator.xero.shapes import element, rows, text
from simulator.xero.wire import moment

LONGEST = 2500


def add(call: Call, record_id: str) -> list[Record]:
    """Add the notes of a request; ApiError when one is too long or missing."""
    sent = element(call.payload, {"HistoryRecords": rows({"Details": text})})
    notes = sent.get("HistoryRecords", [])
    if not notes or any(not n.get("Details") or len(n["Details"]) > LONGEST for n in notes):
        message = "Details must be between 1 and 2500 characters"
        raise api_exception("ValidationException", message)
    made = [call.books.note(record_id, "Note", n["Details"], call.user) for n in notes]
    return [{**_shown(entry), "ValidationErrors": []} for entry in made]


def shown(books: Books, record_id: str) -> list[Record]:
    """The history of a record, newest first."""
    return [_shown(entry) for entry in reversed(books.history.get(record_id, []))]


def _shown(entry: Record) -> dict[str, Any]:
    return {
        "Changes": entry["Changes"],
        "DateUTCString": f"{entry['DateUTC']:%Y-%m-%dT%H:%M:%S}",
        "DateUTC": moment(entry["DateUTC"]),
        "User": entry["User"],
        "Details": entry["Details"],
    }

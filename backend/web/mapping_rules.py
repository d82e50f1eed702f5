"""What a mapping must hold up to, and what it may be made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from backend.core.errors import Message
from backend.core.spec import Field, ModuleSpec, Side
from backend.store.views import Standing
from backend.sync.policy import effective
from backend.web.present import TYPES, Reader

Complaint = tuple[str, Message]
OURS = frozenset({"xero_id", "xero_number", "xero_status", "xero_url", "crm_url"})
"""Rows that carry our own marks; without them a pair could not be found again."""


def rows_of(
    spec: ModuleSpec, saved: Sequence[Any] | None, standing: Standing
) -> list[dict[str, Any]]:
    """The rows in force, the administrator's laid over the declared ones."""
    facts = standing.zoho.facts if standing.zoho else {}
    added = (facts.get("added") or {}).get(spec.zoho.path) or {}
    return [_row(row) for row in effective(spec, rows=saved, added=added).fields]


def _row(row: Field) -> dict[str, Any]:
    held = {
        "name": row.name,
        "zoho": row.zoho,
        "xero": row.xero,
        "flow": row.flow.value,
        "on": row.on.value,
        "owner": row.owner.value,
    }
    return {**held, "value_map": dict(row.value_map)} if row.value_map else held


def on_offer(
    spec: ModuleSpec, standing: Standing, reader: Reader
) -> dict[str, list[dict[str, Any]]]:
    """The fields a row may name on either side, with type, length, required and read-only."""
    return {
        "zoho": _crm_fields(spec, standing, reader),
        "xero": [_xero_field(spec, row, reader) for row in spec.fields if row.xero],
    }


def _crm_fields(spec: ModuleSpec, standing: Standing, reader: Reader) -> list[dict[str, Any]]:
    known = _known(spec, standing)
    if not known:
        return [
            {
                "path": row.zoho,
                "label": reader.label(spec.key, row.name),
                "type": TYPES.get(row.codec, "text"),
                "length": row.zoho_length,
                "required": Side.ZOHO in row.required,
                "read_only": not row.flow.reaches(Side.ZOHO),
                "choices": [],
            }
            for row in spec.fields
            if row.zoho
        ]
    return [
        {
            "path": name,
            "label": held.get("label") or name,
            "type": held.get("type") or "text",
            "length": held.get("length"),
            "required": bool(held.get("required")),
            "read_only": bool(held.get("read_only")),
            "choices": held.get("choices") or [],
        }
        for name, held in sorted(known.items())
    ]


def _xero_field(spec: ModuleSpec, row: Field, reader: Reader) -> dict[str, Any]:
    return {
        "path": row.xero,
        "label": reader.label(spec.key, row.name),
        "type": TYPES.get(row.codec, "text"),
        "length": row.xero_length,
        "required": Side.XERO in row.required,
        "read_only": not row.flow.reaches(Side.XERO),
        "choices": [],
    }


def complaints(
    spec: ModuleSpec, rows: Sequence[Mapping[str, Any]], standing: Standing
) -> list[Complaint]:
    """Everything that is wrong with well-formed rows, naming each row by its number."""
    return [*_twice(rows), *_fields(spec, rows, standing), *_declared(spec, rows)]


def _twice(rows: Sequence[Mapping[str, Any]]) -> Iterator[Complaint]:
    names: set[str] = set()
    into: set[tuple[str, str]] = set()
    for number, row in enumerate(rows):
        if row["name"] in names:
            yield f"rows.{number}.name", Message("row_twice")
        names.add(row["name"])
        for side, flows in (("zoho", {"both", "to_zoho"}), ("xero", {"both", "to_xero"})):
            path = row[side]
            if path is None or row["flow"] not in flows:
                continue
            if (side, path) in into:
                yield f"rows.{number}.{side}", Message("target_twice", {"name": path})
            into.add((side, path))


def _fields(
    spec: ModuleSpec, rows: Sequence[Mapping[str, Any]], standing: Standing
) -> Iterator[Complaint]:
    known = _known(spec, standing)
    crm = set(known) | {row.zoho for row in spec.fields if row.zoho} | {"id"}
    xero = {row.xero for row in spec.fields if row.xero}
    for number, row in enumerate(rows):
        at = f"rows.{number}"
        if row["zoho"] is not None and row["zoho"] not in crm:
            yield f"{at}.zoho", Message("crm_field_unknown", {"name": row["zoho"]})
        if row["xero"] is not None and row["xero"] not in xero:
            yield f"{at}.xero", Message("xero_field_unknown", {"name": row["xero"]})
        if row["flow"] != "off" and (row["zoho"] is None or row["xero"] is None):
            yield f"{at}.flow", Message("row_one_sided")
        held = known.get(str(row["zoho"])) or {}
        ours = any(one.name == row["name"] and one.zoho == row["zoho"] for one in spec.fields)
        if held.get("read_only") and row["flow"] in {"both", "to_zoho"} and not ours:
            yield f"{at}.flow", Message("crm_field_read_only", {"name": row["zoho"]})


def _declared(spec: ModuleSpec, rows: Sequence[Mapping[str, Any]]) -> Iterator[Complaint]:
    """Declared rows may be switched off or turned, but not into what the other side refuses."""
    declared = {row.name: row for row in spec.fields}
    for number, row in enumerate(rows):
        held = declared.get(row["name"])
        if held is None:
            continue
        if row["name"] in OURS and row["flow"] != held.flow.value:
            yield f"rows.{number}.flow", Message("row_is_ours")
        elif _wider(row["flow"], held.flow.value):
            yield f"rows.{number}.flow", Message("row_one_way")
        elif held.required and row["flow"] == "off":
            yield f"rows.{number}.flow", Message("row_required")


def _wider(wanted: str, declared: str) -> bool:
    return declared not in {"both", "off"} and wanted not in {declared, "off"}


def _known(spec: ModuleSpec, standing: Standing) -> Mapping[str, Any]:
    facts = standing.zoho.facts if standing.zoho else {}
    found: Mapping[str, Any] = (facts.get("fields") or {}).get(spec.zoho.path) or {}
    return found

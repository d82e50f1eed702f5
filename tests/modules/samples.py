"""A record of any module, made from its declaration alone: one value per row by its codec."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from backend.core.spec import Field, Flow, ModuleSpec, Side
from backend.modules import all_specs
from tests.sync.bridge import Bridge
from tests.sync.papers import crm_row

DAY = date(2026, 11, 20)
LINES = {"lines"}
VALUES: dict[str, Any] = {
    "text": "Sample {name}", "multiline": "Sample {name}\nsecond line",
    "email": "ida@kestrel.example", "phone": "+44 20 7946 0000", "street": "1 Quay\nFloor 2",
    "country": "United Kingdom", "money": Decimal("12.34"), "price": Decimal("12.3456"),
    "quantity": Decimal(3), "date": DAY.isoformat(), "boolean": True, "currency": "GBP",
}  # fmt: skip


def modules() -> list[str]:
    """Every module that has records of its own."""
    return [key for key, spec in all_specs().items() if spec.attached_to is None]


def sample(bridge: Bridge, spec: ModuleSpec) -> str:
    """A CRM record with a value in every row that may travel to Xero."""
    known = bridge.world.zoho.modules[spec.zoho.path].fields
    values: dict[str, Any] = {}
    for row in spec.fields:
        held = known.get(row.zoho or "")
        if held is None or held.read_only or not row.flow.reaches(Side.XERO):
            continue
        value = _value(bridge, spec, row)
        if value is not None:
            values[row.zoho or ""] = value
    return bridge.world.zoho.create(spec.zoho.path, values)


def _value(bridge: Bridge, spec: ModuleSpec, row: Field) -> Any:
    if row.codec == "link":
        target = all_specs().get(row.target or "")
        return {"id": known_one(bridge, target)} if target else None
    if row.codec == "lines":
        product = known_one(bridge, all_specs()["products"])
        return [
            crm_row(product, "3", "10.1234"),
            crm_row(product, "1", "7", Description="In other words"),
        ]
    if row.codec in {"document_status", "status", "choice"}:
        return row.value_map.get("DRAFT")
    text = VALUES.get(row.codec)
    named = text.format(name=f"{spec.key} {row.name}") if isinstance(text, str) else text
    length = min(row.zoho_length or 255, row.xero_length or 255)
    return named[:length] if isinstance(named, str) else named


def known_one(bridge: Bridge, spec: ModuleSpec) -> str:
    """A record of this module in CRM, the same one for everybody who asks."""
    held = bridge.crm_all(spec.zoho.path)
    return str(held[0]["id"]) if held else sample(bridge, spec)


def every_field(spec: ModuleSpec) -> list[Field]:
    """The rows that travel both ways or to one side, whatever the administrator thinks."""
    return [row for row in spec.fields if row.flow is not Flow.OFF]

"""The fields a mapping may name, held against the official file: they exist, as long as we say,
and what is read-only there is never offered for writing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from backend.core.offers import Offer
from backend.core.paths import KEYED
from backend.modules import all_specs
from backend.modules.xero_fields import LIVE

BY_ENDPOINT = {spec.xero.path: spec.xero.offers for spec in all_specs().values()}
SCHEMAS = {
    "Contacts": "Contact", "Items": "Item", "Invoices": "Invoice", "Quotes": "Quote",
    "PurchaseOrders": "PurchaseOrder", "CreditNotes": "CreditNote",
}  # fmt: skip
TYPES = {
    "number": {"number"}, "boolean": {"boolean"}, "date": {"string"}, "datetime": {"string"},
    "terms": {None, "object"}, "lines": {"array"},
}  # fmt: skip
LENGTHS_ELSEWHERE = {"DeliveryInstructions", "Reference", "PurchaseOrderNumber", "CreditNoteNumber",
                     "Description", "InvoiceNumber"}  # fmt: skip
"""Lengths that stand in prose or on the vendor's pages only."""


def official(shared: Path) -> dict[str, Any]:
    """The schemas of the official file."""
    text = (shared / "contracts/xero/xero_accounting.decycled.json").read_text(encoding="utf-8")
    return json.loads(text)["components"]["schemas"]  # type: ignore[no-any-return]


def found(schemas: dict[str, Any], schema: str, path: str) -> dict[str, Any] | None:
    """What the file says of the property at a path."""
    here: dict[str, Any] | None = {"$ref": f"#/components/schemas/{schema}"}
    parts = path.split(".")
    if parts[0] in KEYED:
        parts = [parts[0], "[]", *parts[2:]]
    for part in parts:
        here = resolved(schemas, here)
        here = here.get("items") if part == "[]" else (here.get("properties") or {}).get(part)
        if here is None:
            return None
    return {**resolved(schemas, here), **here}


def resolved(schemas: dict[str, Any], node: dict[str, Any] | None) -> dict[str, Any]:
    """A node with its reference followed."""
    node = node or {}
    ref = node.get("$ref")
    return schemas[ref.rpartition("/")[2]] if ref else node


CASES = [(endpoint, each) for endpoint, offers in BY_ENDPOINT.items() for each in offers]


def test_every_field_on_offer_is_xero_s_own(shared_dir: Path | None) -> None:
    if shared_dir is None:
        assert CASES
        return
    schemas = official(shared_dir)
    wrong = [
        f"{endpoint} {offer.path}: {why}"
        for endpoint, offer in CASES
        for why in complaints(found(schemas, SCHEMAS[endpoint], offer.path), offer)
    ]
    assert wrong == []


def complaints(told: dict[str, Any] | None, offer: Offer) -> list[str]:
    """Where an offer says something else than the file."""
    if told is None:
        return ["not in the file"]
    wrong = []
    if told.get("readOnly") and not offer.read_only:
        wrong.append("read-only")
    wanted = TYPES.get(offer.kind)
    if wanted is not None and told.get("type") not in wanted:
        wrong.append(f"is a {told.get('type')}")
    limit = told.get("maxLength")
    if limit and offer.length != limit and offer.path not in LENGTHS_ELSEWHERE:
        wrong.append(f"takes {limit}")
    listed = told.get("enum")
    if listed and offer.choices and set(offer.words) != set(listed):
        wrong.append(f"lists {listed}")
    return wrong


def test_every_writable_text_of_xero_has_its_length_or_none(shared_dir: Path | None) -> None:
    """Nothing that people may fill is forgotten without a reason."""
    left_out = {
        "ContactStatus", "Status", "LineAmountTypes", "StatusAttributeString", "Type",
        "TrackingCategoryName", "TrackingCategoryOption", "TaxNumberType", "Url", "DateString",
        "ExpiryDateString", "InventoryAssetAccountCode", "PlannedPaymentDate", "ContactNumber",
    }  # fmt: skip
    if shared_dir is None:
        return
    schemas = official(shared_dir)
    for endpoint, schema in SCHEMAS.items():
        if endpoint == "CreditNotes":
            continue
        offered = {each.path.partition(".")[0] for each in BY_ENDPOINT[endpoint]} | left_out
        for name, told in schemas[schema]["properties"].items():
            plain = told.get("type") == "string" and told.get("format") != "uuid"
            if plain and not told.get("readOnly"):
                assert name in offered, f"{endpoint} {name}"


@pytest.mark.parametrize("key", sorted(all_specs()))
def test_declared_rows_write_only_what_is_on_offer(key: str) -> None:
    spec = all_specs()[key]
    offers = {each.path: each for each in spec.xero.offers}
    for row in spec.fields:
        inside = (row.xero or "").startswith("Parent.")
        if offers and row.xero and spec.attached_to is None and not inside:
            assert row.xero in offers, f"{key}.{row.name}: {row.xero}"


def test_lists_of_the_organisation_belong_to_fields_on_offer() -> None:
    assert set(LIVE) <= {offer.path for _, offer in CASES}

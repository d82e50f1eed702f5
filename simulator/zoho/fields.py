"""The words a module's fields are described with.

A `FieldSpec` carries what `settings/fields` reports about a field and what the write rules need to
judge a value (Zoho CRM API v8, Fields Metadata: data_type, json_type, length, unique, lookup).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

JSON_TYPES = {
    "autonumber": "string",
    "bigint": "string",
    "boolean": "boolean",
    "currency": "double",
    "date": "string",
    "datetime": "string",
    "double": "double",
    "email": "string",
    "event_reminder": "jsonobject",
    "formula": "double",
    "integer": "integer",
    "line_tax": "jsonarray",
    "lookup": "jsonobject",
    "multiselectpicklist": "jsonarray",
    "ownerlookup": "jsonobject",
    "percent": "double",
    "phone": "string",
    "picklist": "string",
    "subform": "jsonarray",
    "text": "string",
    "textarea": "string",
    "website": "string",
}

LENGTHS = {
    "autonumber": 50,
    "bigint": 18,
    "boolean": 5,
    "currency": 16,
    "date": 20,
    "datetime": 20,
    "double": 16,
    "email": 100,
    "formula": 16,
    "integer": 9,
    "lookup": 120,
    "ownerlookup": 120,
    "percent": 5,
    "phone": 30,
    "picklist": 120,
    "text": 255,
    "textarea": 2000,
    "website": 450,
}


@dataclass(frozen=True, kw_only=True)
class FieldSpec:
    """One field of a module. `unique` is None, "insensitive" or "sensitive"."""

    api_name: str
    label: str
    data_type: str
    length: int
    read_only: bool = False
    mandatory: bool = False
    unique: str | None = None
    choices: tuple[str, ...] = ()
    lookup: str | None = None
    lines: str | None = None
    places: int | None = None
    custom: bool = False
    listed: bool = True
    tooltip: str | None = None

    @property
    def json_type(self) -> str:
        """The JSON type Zoho reports beside the data type."""
        return JSON_TYPES.get(self.data_type, "string")


def field(api_name: str, data_type: str = "text", **more: Any) -> FieldSpec:
    """A field with Zoho's usual label (the API name with blanks) and length for its type."""
    values: dict[str, Any] = {
        "label": api_name.removesuffix("__s").replace("_", " "),
        "length": LENGTHS.get(data_type, 255),
        "places": {"currency": 2, "formula": 2, "double": 2, "percent": 2}.get(data_type),
    }
    values.update(more)
    return FieldSpec(api_name=api_name, data_type=data_type, **values)


def texts(names: str) -> list[FieldSpec]:
    """Plain text fields from a blank-separated list of API names."""
    return [field(name) for name in names.split()]


def system_fields(name_field: str) -> list[FieldSpec]:
    """The fields every module has, whatever it holds."""
    people = [
        field(name, "ownerlookup", read_only=True, lookup="users")
        for name in ("Created_By", "Modified_By")
    ]
    times = [field(name, "datetime", read_only=True) for name in ("Created_Time", "Modified_Time")]
    return [
        field("id", "bigint", read_only=True, label=f"{name_field} Id"),
        field("Owner", "ownerlookup", lookup="users"),
        *people,
        *times,
        field("Tag", "text", read_only=True),
        field("Record_Status__s", "picklist", read_only=True, choices=("Available", "Trash")),
        field("Locked__s", "boolean", read_only=True),
    ]


def address_fields(kind: str, *, code: str = "Code") -> list[FieldSpec]:
    """Street, city, state, code and country of one address."""
    parts = [field(f"{kind}_{part}") for part in ("City", "State", code, "Country")]
    return [field(f"{kind}_Street", length=250), *parts]


def currency_fields() -> list[FieldSpec]:
    """What multi-currency adds to a module (reference: `mc_status`)."""
    return [
        field("Currency", "picklist"),
        field("Exchange_Rate", "double", places=9),
    ]


def by_name(fields: Iterable[FieldSpec]) -> dict[str, FieldSpec]:
    """The same fields keyed by API name, in order."""
    return {one.api_name: one for one in fields}

"""The words calls are described in: an operation, and shapes for its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from marshmallow import Schema

TEXT: dict[str, Any] = {"type": "string"}
ANY: dict[str, Any] = {"type": "object", "additionalProperties": True}
MAYBE: dict[str, Any] = {"type": ["string", "null"]}
COUNT: dict[str, Any] = {"type": "integer"}
FLAG: dict[str, Any] = {"type": "boolean"}


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One call. ``admin``: for administrators of the CRM organisation only."""

    summary: str
    body: type[Schema] | dict[str, Any] | None = None
    status: int = 200
    answer: dict[str, Any] | None = None
    query: tuple[str, ...] = ()
    admin: bool = False
    public: bool = False
    versioned: bool = False
    also: tuple[int, ...] = ()
    kind: str = "application/json"


def shape(**properties: Any) -> dict[str, Any]:
    """An object with these members, and perhaps more."""
    return {"type": "object", "properties": properties, "additionalProperties": True}


def listed(items: dict[str, Any]) -> dict[str, Any]:
    """A list of these."""
    return {"type": "array", "items": items}


def ref(name: str) -> dict[str, Any]:
    """A component by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def rows(name: str) -> dict[str, Any]:
    """A page of components, with the position of the next one."""
    return shape(rows=listed(ref(name)), cursor=MAYBE)

"""Dotted paths into a record, and how a value is laid into a request body.

Xero keeps addresses and phones in lists keyed by a type: ``Addresses.POBOX.City`` is the City of
the element of ``Addresses`` whose AddressType is POBOX.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from backend.core.spec import Raw

KEYED = {"Addresses": "AddressType", "Phones": "PhoneType"}
"""Lists of Xero whose elements are told apart by a type (Xero-OpenAPI: Address, Phone)."""

SERVER_ONLY = frozenset({
    "ValidationErrors", "HasValidationErrors", "HasErrors", "Warnings", "StatusAttributeString",
    "UpdatedDateUTC",
})  # fmt: skip
"""Keys Xero answers with and does not take back."""


def get(raw: Raw, path: str) -> Any:
    """The value at ``path``, None where any part of the way is missing or of another shape."""
    return getter(path)(raw)


@lru_cache(maxsize=4096)
def getter(path: str) -> Callable[[Raw], Any]:
    """A function that reads ``path``; resolved once, because every record of a sweep asks it."""
    parts = path.split(".")
    if len(parts) == 1:
        return lambda raw: raw.get(path)
    if parts[0] in KEYED:
        return _keyed_getter(parts[0], parts[1], rest=tuple(parts[2:]))
    return _nested_getter(tuple(parts))


def _nested_getter(parts: tuple[str, ...]) -> Callable[[Raw], Any]:
    def read(raw: Raw) -> Any:
        here: Any = raw
        for part in parts:
            if type(here) is not dict and not isinstance(here, Mapping):
                return None
            here = here.get(part)
        return here

    return read


def _keyed_getter(name: str, kind: str, *, rest: tuple[str, ...]) -> Callable[[Raw], Any]:
    follow = getter(rest[0]) if len(rest) == 1 else _nested_getter(rest)
    key = KEYED[name]

    def read(raw: Raw) -> Any:
        elements = raw.get(name)
        if not isinstance(elements, list):
            return None
        for element in elements:
            if (type(element) is dict or isinstance(element, Mapping)) and element.get(key) == kind:
                return follow(element)
        return None

    return read


def put(body: dict[str, Any], path: str, value: Any, current: Raw | None = None) -> None:
    """Lay ``value`` into ``body`` at ``path``.

    Xero replaces a list or nested object as a set (reference: partial update), therefore what
    ``current`` holds beside the value goes along: the whole keyed list, the object's other keys.
    A mapping laid onto an element of a keyed list is merged into it.
    """
    head, _, tail = path.partition(".")
    if not tail:
        body[head] = value
    elif head in KEYED:
        kind, _, rest = tail.partition(".")
        element = _element(body, head, current=current, kind=kind)
        if rest:
            put(element, rest, value, element)
        else:
            element.update(value)
    else:
        inner = (current or {}).get(head)
        nested = body.setdefault(head, _sendable(inner) if isinstance(inner, Mapping) else {})
        put(nested, tail, value, inner if isinstance(inner, Mapping) else None)


def _element(body: dict[str, Any], head: str, *, current: Raw | None, kind: str) -> dict[str, Any]:
    key = KEYED[head]
    if head not in body:
        held = (current or {}).get(head)
        rows = held if isinstance(held, list) else []
        body[head] = [_sendable(row) for row in rows if isinstance(row, Mapping)]
    elements: list[dict[str, Any]] = body[head]
    for element in elements:
        if element.get(key) == kind:
            return element
    elements.append({key: kind})
    return elements[-1]


def _sendable(value: Mapping[str, Any]) -> dict[str, Any]:
    """A copy without what only the server may say, and without nulls, which Xero refuses."""
    return {
        key: _sendable(inner) if isinstance(inner, Mapping) else inner
        for key, inner in value.items()
        if key not in SERVER_ONLY and inner is not None
    }

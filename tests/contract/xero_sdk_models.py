"""The checker that works without the official file: names and nesting from Xero's own SDK."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from xero_python.accounting import models

from tests.contract.xero_openapi import ENVELOPE, UNDOCUMENTED, _headers, parsed, split

# Which model a collection's body is made of.
ROOTS = {
    "Contacts": "Contacts",
    "Items": "Items",
    "Invoices": "Invoices",
    "CreditNotes": "CreditNotes",
    "Payments": "Payments",
    "Overpayments": "Overpayments",
    "Prepayments": "Prepayments",
    "Quotes": "Quotes",
    "PurchaseOrders": "PurchaseOrders",
    "Accounts": "Accounts",
    "TaxRates": "TaxRates",
    "Currencies": "Currencies",
    "TrackingCategories": "TrackingCategories",
    "BrandingThemes": "BrandingThemes",
    "Users": "Users",
    "Organisation": "Organisations",
    "History": "HistoryRecords",
    "Allocations": "Allocations",
}
# The SDK's models do not tell which fields Xero alone sets; these are the ones with money.
READ_ONLY = frozenset(
    {"UpdatedDateUTC", "AmountDue", "AmountPaid", "AmountCredited", "FullyPaidOnDate"}
)
BARE = frozenset({("POST", "Payments")})
LIST = re.compile(r"^list\[(\w+)\]$")


class SdkChecker:
    """Checks property names against the SDK's models."""

    source = "models of xero-python, because the official file is absent"

    def check_request(
        self, method: str, path: str, headers: Mapping[str, str], body: Any
    ) -> list[str]:
        """Headers and property names of a request."""
        problems = list(_headers(headers))
        content, root = parsed(body), _root(method, path)
        if root is None:
            return [*problems, f"{method} {path} is not known"]
        if content is None:
            return problems
        problems += [f"unknown property {w}" for w in _unknown(root, content, "", answer=False)]
        return problems + [f"read-only field {w}" for w in _read_only(content, "")]

    def check_answer(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """Property names of a good answer."""
        content, root = parsed(body), _root(method, path)
        if root is None:
            return [f"{method} {path} is not known"]
        if status != 200 or content is None:
            return []
        inner = {k: v for k, v in content.items() if k not in ENVELOPE}
        root = "Payments" if root in {"Payment", "PaymentDelete"} else root
        root = "Allocation" if "IsDeleted" in content else root
        return [f"unknown property {w}" for w in _unknown(root, inner, "", answer=True)]


def _root(method: str, path: str) -> str | None:
    parts = split(path)[0].strip("/").split("/")
    root = ROOTS.get(parts[2] if len(parts) > 2 else parts[0])
    if (method, parts[0]) in BARE:
        return "PaymentDelete" if len(parts) == 2 else "Payment"
    return root


def _unknown(model_name: str, content: Any, where: str, *, answer: bool) -> Iterator[str]:
    model = getattr(models, model_name, None)
    if model is None or not isinstance(content, dict) or not hasattr(model, "attribute_map"):
        return
    types = {wire: model.openapi_types[name] for name, wire in model.attribute_map.items()}
    allowed = UNDOCUMENTED.get(model_name, frozenset()) if answer else frozenset()
    for key, value in content.items():
        if key not in types:
            if key not in allowed:
                yield f"{where}.{key}"
            continue
        listed = LIST.match(types[key])
        values = value if listed and isinstance(value, list) else [value]
        for item in values:
            inner = listed[1] if listed else types[key]
            yield from _unknown(inner, item, f"{where}.{key}", answer=answer)


def _read_only(content: Any, where: str) -> Iterator[str]:
    if isinstance(content, list):
        for item in content:
            yield from _read_only(item, where)
    if isinstance(content, dict):
        for key, value in content.items():
            if key in READ_ONLY:
                yield f"{where}.{key}"
            yield from _read_only(value, f"{where}.{key}")

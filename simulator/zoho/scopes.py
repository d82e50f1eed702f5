"""Which OAuth scope opens which call.

Zoho CRM API v8 "Scopes": `ZohoCRM.modules.invoices.READ`, or `.ALL` at any level above. Case does
not matter (documentation and OpenAPI files differ in it).
"""

from __future__ import annotations

from collections.abc import Iterable

from simulator.zoho.catalogue import ModuleSpec
from simulator.zoho.errors import ZohoError

OPERATIONS = {
    "GET": "READ",
    "POST": "CREATE",
    "PUT": "UPDATE",
    "PATCH": "UPDATE",
    "DELETE": "DELETE",
}


def alternatives(scope: str) -> set[str]:
    """The scope itself and every wider one: `a.b.READ` -> `a.b.all`, `a.all`, `a.read`."""
    parts = scope.lower().split(".")
    operation = parts[-1]
    wide = set()
    for end in range(len(parts) - 1, 1, -1):
        stem = ".".join(parts[:end])
        wide |= {f"{stem}.{operation}", f"{stem}.all"}
    return wide


def require(held: Iterable[str], *needed: str) -> None:
    """ZohoError 401 OAUTH_SCOPE_MISMATCH unless every scope needed is held; `a|b` is either."""
    mine = {one.lower() for one in held}
    for scopes in needed:
        if not any(alternatives(scope) & mine for scope in scopes.split("|")):
            raise ZohoError(401, "OAUTH_SCOPE_MISMATCH", "invalid oauth scope to access this URL")


def for_records(module: ModuleSpec, method: str) -> str:
    """The scope of a record call."""
    return f"ZohoCRM.modules.{module.scope}.{OPERATIONS[method]}"

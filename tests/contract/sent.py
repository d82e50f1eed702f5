"""Every request a simulated world received, held against the vendors' own files."""

from __future__ import annotations

from pathlib import Path

from simulator.requestlog import Entry
from simulator.world import World
from tests.contract import xero_openapi, zoho_openapi

# Sign-in and connections are described by other files than the accounting API's.
OUTSIDE = ("/connect/", "/identity/", "/connections", "/oauth/", "/.well-known/", "/host/")


def violations(world: World, shared_dir: Path | None, *, since: int = 0) -> list[str]:
    """What is wrong with the requests after number `since`, each with its method and path."""
    xero = xero_openapi.load(shared_dir)
    zoho = zoho_openapi.load(shared_dir, modules=world.zoho.modules)
    checks = {"xero": xero.check_request, "zoho": zoho.check_request}
    return [
        f"{entry.side} {entry.method} {entry.path}?{entry.query}: {problem}"
        for entry in checked(world, since=since)
        for problem in checks[entry.side](
            entry.method,
            f"{entry.path}?{entry.query}" if entry.query else entry.path,
            entry.request_headers,
            entry.request_body,
        )
    ]


def checked(world: World, *, since: int = 0) -> list[Entry]:
    """The requests that a file describes."""
    entries = world.log.entries(since=since)
    return [entry for entry in entries if not entry.path.startswith(OUTSIDE)]

"""Every call of the HTTP interface, one file per area; found here, registered nowhere.

A file exports ``OPERATIONS`` by method and path, and ``COMPONENTS`` by name where it has some.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Any

from backend.web.described.words import Operation


def operations() -> dict[tuple[str, str], Operation]:
    """Every described call."""
    return _joined("OPERATIONS")


def components() -> dict[str, dict[str, Any]]:
    """Every named shape."""
    return _joined("COMPONENTS")


def _joined(name: str) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for each in sorted(one.name for one in pkgutil.iter_modules(__path__)):
        found.update(getattr(import_module(f"{__name__}.{each}"), name, {}))
    return found

"""The bridge between Zoho CRM and Xero."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from backend.settings import Settings
    from backend.sync.app import Sync


def create_app(settings: Settings, sync: Sync | None = None) -> Flask:
    """The web application; wiring only. ``sync`` may be handed in by tests."""
    from backend.web.app import build

    return build(settings, sync)

"""The product's ears: webhooks and notifications of both simulators reach the real endpoints."""

from __future__ import annotations

from backend import create_app
from simulator.transport import WSGITransport
from simulator.webhooks import Receipt
from tests.sync.bridge import Bridge


def listening(bridge: Bridge) -> Bridge:
    """Both sides tell this product what happens; it hears it when `deliver` is called."""
    settings = bridge.sync.settings
    app = create_app(settings, bridge.sync)
    session = bridge.world.webhooks.session
    session.mount(settings.public_url, WSGITransport({settings.public_url: app}))
    bridge.world.xero.events.configure(
        f"{settings.public_url}/webhooks/xero", settings.xero_webhook_key
    )
    return bridge


def deliver(bridge: Bridge) -> list[Receipt]:
    """Let the post arrive; it is a moment on its way."""
    begun = bridge.world.webhooks.deliver()
    bridge.later(1)
    return begun + bridge.world.webhooks.deliver()

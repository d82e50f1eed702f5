"""The simulated world that clients are tested against."""

from __future__ import annotations

import pytest

from backend.apis.xero.client import XeroClient
from backend.apis.zoho.client import ZohoClient
from simulator.world import World
from tests.apis.support import Bridge


@pytest.fixture
def bridge() -> Bridge:
    """An empty world and what is needed to reach it."""
    return Bridge(World())


@pytest.fixture
def xero(bridge: Bridge) -> XeroClient:
    """A connected client of an empty Xero organisation."""
    return bridge.xero()


@pytest.fixture
def zoho(bridge: Bridge) -> ZohoClient:
    """A connected client of an empty CRM."""
    return bridge.zoho()

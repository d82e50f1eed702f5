"""What the history says of a write."""

from __future__ import annotations

from decimal import Decimal

import pytest

from backend.texts import TEXTS
from tests.sync.bridge import Bridge

KEYS = [
    *(f"{word}_in_{side}" for word in ("create", "update", "marks") for side in ("xero", "zoho")),
    "archive_in_xero", "delete_in_xero", "delete_in_zoho", "void_in_xero",
    "payment_received", "payment_in_full", "payment_withdrawn",
]  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
def test_every_kind_of_news_has_its_sentence(key: str) -> None:
    assert key in TEXTS


def test_the_history_tells_payments_as_payments(bridge: Bridge) -> None:
    bridge.settings(invoice_status_on_create="AUTHORISED", sales_account="200")
    invoice = bridge.invoice(bridge.customer(), (bridge.product(), "1", "100.00"))
    xero_id = bridge.click("invoices", invoice).xero_id
    assert bridge.log(module="invoices")[0].message_key == "create_in_xero"

    payment = bridge.world.xero.pay(bridge.tenant, xero_id, Decimal("40.00"))
    bridge.click("invoices", invoice)
    bridge.world.xero.delete_payment(bridge.tenant, payment)
    bridge.click("invoices", invoice)
    bridge.world.xero.pay(bridge.tenant, xero_id)
    bridge.click("invoices", invoice)

    told = [
        (row.message_key, row.message_params.get("amount")) for row in bridge.log(module="invoices")
    ]
    assert [each for each in told if each[0].startswith("payment")] == [
        ("payment_in_full", "120.00"), ("payment_withdrawn", "40.00"), ("payment_received", "40.00"),
    ]  # fmt: skip


def test_a_link_found_by_name_is_told_once_however_many_looks_it_takes(bridge: Bridge) -> None:
    bridge.world.xero.create(bridge.tenant, "Contacts", {"Name": "Kestrel Foods"})
    account = bridge.customer("Kestrel Foods")
    bridge.click("accounts", account)
    bridge.click("accounts", account)
    assert [row.message_key for row in bridge.log(operation="link")] == ["linked_by"]

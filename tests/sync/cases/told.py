"""What a case asks of the log and of both sides once it is over."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from backend.store.tables import Link, LogRow
from backend.sync import facts
from backend.sync.clients import clients_of
from tests.sync.bridge import Bridge


def told(bridge: Bridge, zoho_id: str, **wanted: Any) -> LogRow:
    """The newest log row of a CRM record that has these values; it names the record."""
    rows = bridge.log(zoho_id=zoho_id, **wanted)
    assert rows, [
        (row.module, row.status, row.operation, row.message_key, row.words)
        for row in bridge.log(zoho_id=zoho_id)
    ]
    assert rows[0].label
    assert rows[0].at is not None
    return rows[0]


def changed(row: LogRow) -> dict[str, tuple[Any, Any]]:
    """Field to (before, after) of a log row."""
    return {each["field"]: (each["before"], each["after"]) for each in row.changes}


def in_sync(link: Link) -> Link:
    """The link, proven to be in sync."""
    assert link.state == "in_sync", (link.message_key, link.message_params, link.words)
    assert link.pending == 0
    return link


def invoiced(bridge: Bridge, *, name: str = "Kestrel Foods", **more: Any) -> tuple[str, str, str]:
    """A customer, a product and an invoice of both, synced: their CRM ids."""
    bridge.settings(sales_account="200")
    account, product = bridge.customer(name), bridge.product()
    invoice = bridge.invoice(account, (product, "2", "120.00"), **more)
    in_sync(bridge.click("invoices", invoice))
    return account, product, invoice


def approved(bridge: Bridge) -> tuple[str, str]:
    """A synced invoice that has been approved in Xero and looked at: CRM id, Xero id."""
    _, _, invoice = invoiced(bridge)
    xero_id = str(bridge.link("invoices", invoice).xero_id)
    bridge.world.xero.approve(bridge.tenant, xero_id)
    in_sync(bridge.click("invoices", invoice))
    return invoice, xero_id


def money(value: Any) -> Decimal:
    """An amount of either side."""
    return Decimal(str(value))


def names(bridge: Bridge) -> list[str]:
    """Every Xero contact's name, archived ones too, sorted."""
    return sorted(str(row["Name"]) for row in bridge.xero_all("Contacts"))


def fresh_facts(bridge: Bridge) -> None:
    """Both organisations' set-up is read anew, as it is from time to time."""
    clients = clients_of(bridge.sync, bridge.org_id, priority="bulk")
    facts.refresh(bridge.sync, bridge.org_id, clients, force=True)

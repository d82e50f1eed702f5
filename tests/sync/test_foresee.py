"""What a click would write is known from what is stored, and the click then writes that."""

from backend.core.spec import Side
from backend.sync import sweep
from backend.sync.foresee import Expected, directions, foresee
from tests.sync.bridge import Bridge

LEEDS = {"AddressType": "POBOX", "City": "Leeds"}


def seen(bridge: Bridge, module: str, zoho_id: str):
    """What is foreseen of a record, without a remote call."""
    calls = bridge.world.log.count()
    found = foresee(bridge.sync, org_id=bridge.org_id, module=module, zoho_id=zoho_id)
    assert bridge.world.log.count() == calls
    return found


def test_changes_on_both_sides_go_to_the_other_and_the_click_does_that(bridge: Bridge) -> None:
    bridge.accept()
    customer = bridge.customer("Kestrel Foods", Phone="+44 20 7946 0001")
    link = bridge.click("accounts", customer)
    for direction in ("both", "to_xero", "to_zoho"):
        assert seen(bridge, "accounts", customer).by_direction[direction] == Expected()
    bridge.later(60)
    bridge.world.zoho.edit("Accounts", customer, {"Phone": "+44 20 7946 0002"})
    bridge.world.xero.edit(bridge.tenant, "Contacts", link.xero_id, {"Addresses": [LEEDS]})
    bridge.later(600)
    sweep.sweep(bridge.sync, bridge.org_id, module="accounts")
    held = seen(bridge, "accounts", customer)
    assert held.linked
    assert held.by_direction["to_xero"].xero == ("phone", "billing_city")
    assert held.by_direction["both"].xero == ("phone",)
    assert held.by_direction["both"].zoho == ("billing_city",)
    assert held.by_direction["both"].decide == ()
    bridge.click("accounts", customer)
    after = bridge.xero("Contacts", link.xero_id)
    assert bridge.crm("Accounts", customer)["Billing_City"] == "Leeds"
    phone = next(one for one in after["Phones"] if one["PhoneType"] == "DEFAULT")
    assert phone["PhoneNumber"].endswith("2")


def test_a_change_that_was_reported_and_not_read_is_said_to_be_unread(bridge: Bridge) -> None:
    customer = bridge.customer()
    bridge.click("accounts", customer)
    with bridge.sync.database.begin() as session:
        session.merge(bridge.link("accounts", customer)).pending = 2
    assert seen(bridge, "accounts", customer).unread == frozenset(Side)


def test_customers_and_products_of_a_new_invoice_go_first(bridge: Bridge) -> None:
    bridge.accept("invoices")
    customer, product = bridge.customer(), bridge.product()
    invoice = bridge.invoice(customer, (product, "2", "3.50"))
    assert seen(bridge, "invoices", invoice).first == ()
    sweep.sweep(bridge.sync, bridge.org_id, module="invoices")
    assert ("accounts", customer) in seen(bridge, "invoices", invoice).first


def test_the_same_field_on_both_sides_is_for_a_person(bridge: Bridge) -> None:
    from backend.modules import all_specs

    spec = all_specs()["accounts"]
    name, phone, email = (spec.field(one) for one in ("name", "phone", "email"))
    found = directions(spec, [name, phone], [phone, email])
    assert found["both"] == Expected(xero=("name",), zoho=("email",), decide=("phone",))
    assert found["to_zoho"].zoho == ("name", "phone", "email")

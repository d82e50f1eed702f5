"""What Xero accepts and refuses: batches, contacts, items."""

import pytest

from simulator.world import World
from tests.simulator.xero.conftest import API, Caller, invoice_body, line

ZERO = "00000000-0000-0000-0000-000000000000"
TAKEN = (
    "The contact name {} is already assigned to another contact. "
    "The contact name must be unique across all active contacts."
)


def change(call: Caller, contact: dict, **fields: object) -> dict:
    body = {"Contacts": [{"ContactID": contact["ContactID"], **fields}]}
    return call.ok("POST", "Contacts", body)["Contacts"][0]


def test_a_summarised_batch_hides_the_good_ones_it_stored(world: World, call: Caller) -> None:
    call.contact("Old")
    body = {"Contacts": [{"Name": "Good"}, {"Name": "Old"}, {"Name": "Fine"}]}
    answer = call("PUT", "Contacts", body)
    content = answer.json()
    assert answer.status_code == 400
    assert content["Message"] == "A validation exception occurred"
    assert [e["Name"] for e in content["Elements"]] == ["Old"]
    assert content["Elements"][0]["ContactID"] == ZERO
    stored = {c["Name"] for c in world.xero.all(world.xero.ltd, "Contacts")}
    assert stored == {"Old", "Good", "Fine"}


def test_an_unsummarised_batch_tells_of_each_element(call: Caller) -> None:
    call.contact("Old")
    body = {"Contacts": [{"Name": "Good"}, {"Name": "Old"}]}
    content = call.ok("PUT", "Contacts", body, summarizeErrors="false")
    good, bad = content["Contacts"]
    assert (good["StatusAttributeString"], bad["StatusAttributeString"]) == ("OK", "ERROR")
    assert good["ContactID"] != ZERO
    assert bad["ContactID"] == ZERO
    assert bad["ValidationErrors"] == [{"Message": TAKEN.format("Old")}]


def test_a_bare_object_is_a_batch_of_one(call: Caller) -> None:
    assert call.ok("POST", "Contacts", {"Name": "Bare"})["Contacts"][0]["Name"] == "Bare"


def test_post_matches_by_id_number_and_name(call: Caller) -> None:
    first = call.ok("POST", "Contacts", {"Contacts": [{"Name": "A", "ContactNumber": "Z1"}]})
    contact = first["Contacts"][0]
    for key in ({"ContactID": contact["ContactID"]}, {"ContactNumber": "Z1"}, {"Name": "a"}):
        again = call.ok("POST", "Contacts", {"Contacts": [{**key, "FirstName": "Ida"}]})
        assert again["Contacts"][0]["ContactID"] == contact["ContactID"]
    assert len(call.ok("GET", "Contacts")["Contacts"]) == 1


def test_put_never_updates(call: Caller) -> None:
    call.contact("A", ContactNumber="Z1")
    assert call.errors("PUT", "Contacts", {"Name": "A"}) == [TAKEN.format("A")]
    assert call.errors("PUT", "Contacts", {"Name": "B", "ContactNumber": "Z1"}) == [
        "The contact number Z1 is already assigned to another contact."
    ]


def test_a_contact_needs_something_to_be_known_by(call: Caller) -> None:
    assert call.errors("POST", "Contacts", {"FirstName": "Ida"}) == [
        "The Contact must contain at least 1 of the following elements to identify the contact: "
        "Name, ContactID, ContactNumber"
    ]


def test_a_rename_to_a_taken_name_is_refused(call: Caller) -> None:
    call.contact("Taken")
    other = call.contact("Other")
    body = {"Contacts": [{"ContactID": other["ContactID"], "Name": "TAKEN"}]}
    answer = call("POST", "Contacts", body)
    assert answer.json()["Elements"][0]["ContactID"] == other["ContactID"]
    assert call.errors("POST", "Contacts", body) == [TAKEN.format("TAKEN")]


def test_what_is_not_sent_keeps_its_value_and_an_empty_text_clears(call: Caller) -> None:
    contact = call.contact("A", EmailAddress="a@b.example", AccountNumber="77")
    assert change(call, contact, FirstName="Ida")["EmailAddress"] == "a@b.example"
    assert change(call, contact, AccountNumber=None)["AccountNumber"] == "77"
    assert "AccountNumber" not in change(call, contact, AccountNumber="")


def test_two_addresses_and_four_phones_are_always_listed(world: World, call: Caller) -> None:
    street = {"AddressType": "STREET", "AddressLine1": "1 Quay", "City": "Leith"}
    contact = call.contact(Addresses=[street])
    assert [a["AddressType"] for a in contact["Addresses"]] == ["STREET", "POBOX"]
    assert len(contact["Phones"]) == 4
    box = {"AddressType": "POBOX", "City": "Hull"}
    kept = change(call, contact, Addresses=[box])["Addresses"]
    assert [a["City"] for a in kept] == ["Leith", "Hull"]
    world.switches.xero_addresses_replace = True
    replaced = change(call, contact, Addresses=[box])["Addresses"]
    assert [a["City"] for a in replaced] == ["", "Hull"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"EmailAddress": "nobody"}, "Email address must be valid."),
        ({"DefaultCurrency": "NZD"}, "Users Organisation is not subscribed to currency NZD"),
        ({"Name": "n" * 256}, "The field Name exceeds the maximum length of 255 characters"),
        (
            {"Addresses": [{"AddressType": "POBOX", "Country": "Area 51"}]},
            "Country can only contain letters",
        ),
        (
            {"ContactPersons": [{"FirstName": str(n)} for n in range(6)]},
            "A contact can have a maximum of 5 contact persons.",
        ),
    ],
)
def test_contact_rules(call: Caller, fields: dict, message: str) -> None:
    assert call.errors("PUT", "Contacts", {"Name": "A", **fields}) == [message]


def test_an_archived_contact_frees_its_name_and_takes_no_edits(world: World, call: Caller) -> None:
    contact = call.contact("Name")
    change(call, contact, ContactStatus="ARCHIVED")
    body = {"ContactID": contact["ContactID"], "FirstName": "x"}
    assert call.errors("POST", "Contacts", body) == [
        "The contact is archived and cannot be changed."
    ]
    call.contact("Name")
    body = {"ContactID": contact["ContactID"], "ContactStatus": "ACTIVE"}
    assert call.errors("POST", "Contacts", body) == [TAKEN.format("Name")]


@pytest.mark.parametrize("possible", [True, False])
def test_whether_a_contact_can_be_restored_is_a_switch(
    world: World, call: Caller, possible: bool
) -> None:
    world.switches.xero_restore_contact = possible
    contact = call.contact()
    change(call, contact, ContactStatus="ARCHIVED")
    body = {"ContactID": contact["ContactID"], "ContactStatus": "ACTIVE"}
    assert call("POST", "Contacts", body).status_code == (200 if possible else 400)


def test_texts_come_back_byte_for_byte(call: Caller) -> None:
    for name in ("O'Neil & Co <b>", "株式会社 🍷", "שלום", "Zoë Müller"):
        contact = call.contact(name)
        assert call.ok("GET", f"Contacts/{contact['ContactID']}")["Contacts"][0]["Name"] == name


def test_an_item_is_matched_by_code_and_unique(call: Caller) -> None:
    body = {"Code": "W1", "Name": "Wine", "SalesDetails": {"UnitPrice": 12.5, "AccountCode": "200"}}
    made = call.ok("PUT", "Items", body)["Items"][0]
    again = call.ok("POST", "Items", {"Code": "W1", "SalesDetails": {"UnitPrice": 13}})["Items"][0]
    assert again["ItemID"] == made["ItemID"]
    assert again["SalesDetails"]["AccountCode"] == "200"
    assert str(again["SalesDetails"]["UnitPrice"]) == "13.00"
    assert call.errors("PUT", "Items", body) == ["Price List Item with Code 'W1' already exists"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"Code": "c" * 31}, "The field Code exceeds the maximum length of 30 characters"),
        ({"Name": "n" * 51}, "The field Name exceeds the maximum length of 50 characters"),
        (
            {"SalesDetails": {"AccountCode": "999"}},
            "Account code '999' is not a valid code for this document.",
        ),
    ],
)
def test_item_rules(call: Caller, fields: dict, message: str) -> None:
    assert call.errors("PUT", "Items", {"Code": "W1", **fields}) == [message]


def test_an_item_that_is_not_sold_has_no_sales_details(call: Caller) -> None:
    call.ok("PUT", "Items", {"Code": "W1", "SalesDetails": {"UnitPrice": 5}})
    item = call.ok("POST", "Items", {"Code": "W1", "IsSold": False})["Items"][0]
    assert item["SalesDetails"] == {}


def test_an_item_is_deleted_with_204(call: Caller) -> None:
    item = call.ok("PUT", "Items", {"Code": "W1"})["Items"][0]
    answer = call("DELETE", f"Items/{item['ItemID']}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert call("DELETE", f"Items/{item['ItemID']}").status_code == 404


def tracked(call: Caller, quantity: int) -> None:
    """A tracked item with some stock from a bill."""
    call.ok(
        "PUT",
        "Items",
        {
            "Code": "CASE",
            "Name": "Case",
            "InventoryAssetAccountCode": "630",
            "SalesDetails": {"UnitPrice": 60, "AccountCode": "200"},
            "PurchaseDetails": {"UnitPrice": 40, "COGSAccountCode": "310"},
        },
    )
    supplier = call.contact("Supplier")
    bill = line("40.00", Quantity=quantity, ItemCode="CASE", AccountCode="630")
    call.invoice(supplier, Type="ACCPAY", LineItems=[bill])


def test_stock_moves_with_documents_and_never_below_zero(world: World, call: Caller) -> None:
    tracked(call, 10)
    sale = {"ItemCode": "CASE", "Quantity": 4}
    invoice = call.invoice(call.contact("Bar"), LineItems=[sale])
    (item,) = call.ok("GET", "Items")["Items"]
    assert str(item["QuantityOnHand"]) == "6.0000"
    too_many = invoice_body(invoice["Contact"]["ContactID"], LineItems=[{**sale, "Quantity": 7}])
    assert call.errors("PUT", "Invoices", too_many) == [
        "The quantity of item CASE exceeds the quantity on hand."
    ]
    world.xero.void(world.xero.ltd, invoice["InvoiceID"])
    (item,) = call.ok("GET", "Items")["Items"]
    assert str(item["QuantityOnHand"]) == "10.0000"
    assert call("DELETE", f"Items/{item['ItemID']}").status_code == 400


def test_history_can_be_written_and_read(call: Caller) -> None:
    invoice = call.invoice(call.contact())
    path = f"Invoices/{invoice['InvoiceID']}/History"
    call.ok("PUT", path, {"HistoryRecords": [{"Details": "Sent from CRM"}]})
    details = [h["Details"] for h in call.ok("GET", path)["HistoryRecords"]]
    assert details[0] == "Sent from CRM"
    assert call.errors("GET", f"Invoices/{ZERO}/History") == [
        "The document with the supplied id was not found for this endpoint."
    ]


def test_accounts_rates_currencies_and_tracking_are_readable(call: Caller) -> None:
    accounts = call.ok("GET", "Accounts", where='SystemAccount=="ROUNDING"')["Accounts"]
    assert [a["Code"] for a in accounts] == ["860"]
    rates = {r["TaxType"]: r for r in call.ok("GET", "TaxRates")["TaxRates"]}
    assert rates["OUTPUT2"]["CanApplyToRevenue"] is True
    assert rates["OUTPUT2"]["CanApplyToExpenses"] is False
    assert [c["Code"] for c in call.ok("GET", "Currencies")["Currencies"]] == ["EUR", "GBP", "USD"]
    call.ok("PUT", "Currencies", {"Code": "NZD", "Description": "x"})
    assert len(call.ok("GET", "Currencies")["Currencies"]) == 4
    call.ok("PUT", "TrackingCategories", {"Name": "Region"})
    assert call.ok("GET", "TrackingCategories")["TrackingCategories"][0]["Name"] == "Region"
    assert call.ok("GET", "Users")["Users"][0]["OrganisationRole"] == "STANDARD"


def test_a_verb_an_entity_lacks_is_a_501(call: Caller) -> None:
    headers = {
        "Authorization": f"Bearer {call.token}",
        "xero-tenant-id": call.tenant,
        "Accept": "application/json",
    }
    answer = call.session.delete(f"{API}/Contacts/whatever", headers=headers)
    assert (answer.status_code, answer.json()["ErrorNumber"]) == (501, 20)

"""Lists: paging, filters, times, and how much of a record each one shows."""

import pytest

from simulator.faults import Fault
from simulator.world import World
from tests.simulator.xero.conftest import Caller, invoice_body, line


def names(content: dict) -> list[str]:
    return [c["Name"] for c in content["Contacts"]]


def many(call: Caller, count: int) -> list[dict]:
    body = {"Contacts": [{"Name": f"Cellar {n:03d}"} for n in range(count)]}
    return call.ok("PUT", "Contacts", body)["Contacts"]


def test_pages_have_a_size_and_a_count(call: Caller) -> None:
    many(call, 105)
    first = call.ok("GET", "Contacts", page="1")
    second = call.ok("GET", "Contacts", page="2")
    assert first["pagination"] == {"page": 1, "pageSize": 100, "pageCount": 2, "itemCount": 105}
    assert (len(first["Contacts"]), len(second["Contacts"])) == (100, 5)
    assert not set(names(first)) & set(names(second))


@pytest.mark.parametrize(("asked", "used"), [("0", 1), ("-4", 1), ("1000", 1000), ("9999", 1000)])
def test_a_page_size_out_of_range_is_clamped(call: Caller, asked: str, used: int) -> None:
    many(call, 2)
    assert call.ok("GET", "Contacts", pageSize=asked)["pagination"]["pageSize"] == used


def test_items_are_one_list_without_pages(call: Caller) -> None:
    call.ok("PUT", "Items", {"Items": [{"Code": f"C{n}"} for n in range(120)]})
    content = call.ok("GET", "Items", page="2")
    assert len(content["Items"]) == 120
    assert "pagination" not in content


def test_unpaged_invoices_come_without_their_lines(call: Caller) -> None:
    call.invoice(call.contact())
    (lean,) = call.ok("GET", "Invoices")["Invoices"]
    (paged,) = call.ok("GET", "Invoices", page="1")["Invoices"]
    assert lean["LineItems"] == []
    assert len(paged["LineItems"]) == 1
    assert set(paged["Contact"]) == {
        "ContactID", "Name", "Addresses", "Phones", "ContactGroups", "ContactPersons",
        "HasValidationErrors",
    }  # fmt: skip


def test_unpaged_contacts_are_lean(call: Caller) -> None:
    person = {"FirstName": "Ida", "LastName": "Berg", "EmailAddress": "ida@kestrel.example"}
    contact = call.contact(ContactPersons=[person])
    call.invoice(contact)
    (lean,) = call.ok("GET", "Contacts")["Contacts"]
    (paged,) = call.ok("GET", "Contacts", page="1")["Contacts"]
    for name in ("ContactPersons", "Balances", "ContactGroups"):
        assert name not in lean
        assert name in paged
    assert str(paged["Balances"]["AccountsReceivable"]["Outstanding"]) == "120.00"


def test_summary_only_drops_lines_and_payments_and_forces_pages(call: Caller) -> None:
    call.invoice(call.contact())
    content = call.ok("GET", "Invoices", summaryOnly="true")
    assert "pagination" in content
    assert not {"LineItems", "Payments", "HasAttachments"} & set(content["Invoices"][0])


def test_unit_amounts_show_four_places_only_when_asked(call: Caller) -> None:
    invoice = call.invoice(call.contact(), LineItems=[line("1.2345", Quantity=100)])
    path = f"Invoices/{invoice['InvoiceID']}"
    exact = call.ok("GET", path, unitdp="4")["Invoices"][0]["LineItems"][0]
    rounded = call.ok("GET", path)["Invoices"][0]["LineItems"][0]
    assert (str(exact["UnitAmount"]), str(rounded["UnitAmount"])) == ("1.2345", "1.23")
    assert str(exact["LineAmount"]) == str(rounded["LineAmount"]) == "123.45"


def test_without_unitdp_a_written_price_is_rounded(call: Caller) -> None:
    body = {"Invoices": [invoice_body(call.contact()["ContactID"], LineItems=[line("1.2345")])]}
    made = call.ok("PUT", "Invoices", body)["Invoices"][0]
    exact = call.ok("GET", f"Invoices/{made['InvoiceID']}", unitdp="4")["Invoices"][0]
    assert str(exact["LineItems"][0]["UnitAmount"]) == "1.2300"


def test_modified_since_has_an_accuracy_of_a_second(world: World, call: Caller) -> None:
    call.contact("Early")
    world.clock.advance(10)
    call.contact("Late")
    stamp = "2026-11-20T12:00:15"
    for inclusive, found in ((True, ["Late"]), (False, [])):
        world.switches.ims_inclusive = inclusive
        answer = call("GET", "Contacts", headers={"If-Modified-Since": stamp})
        assert names(answer.json()) == found
    older = call("GET", "Contacts", headers={"If-Modified-Since": "2026-11-20T12:00:04Z"})
    assert names(older.json()) == ["Early", "Late"]


def test_nothing_modified_may_be_a_304(world: World, call: Caller) -> None:
    headers = {"If-Modified-Since": "2026-11-21T00:00:00"}
    assert call("GET", "Contacts", headers=headers).json()["Contacts"] == []
    world.switches.ims_empty_304 = True
    answer = call("GET", "Contacts", headers=headers)
    assert (answer.status_code, answer.content) == (304, b"")


def test_a_due_date_of_a_part_paid_invoice_hides_from_modified_since(
    world: World, call: Caller
) -> None:
    invoice = call.invoice(call.contact())
    call.pay(invoice, "20.00")
    before = call.read(invoice)["UpdatedDateUTC"]
    world.clock.advance(60)
    change = {"Invoices": [{"InvoiceID": invoice["InvoiceID"], "DueDate": "2027-01-31"}]}
    call.ok("POST", "Invoices", change)
    after = call.read(invoice)
    assert after["DueDateString"] == "2027-01-31T00:00:00"
    assert after["UpdatedDateUTC"] == before
    world.switches.ims_blind_spots = False
    call.ok("POST", "Invoices", change)
    assert call.read(invoice)["UpdatedDateUTC"] != before


def test_an_invoice_changes_a_contacts_balance_but_not_its_date(world: World, call: Caller) -> None:
    contact = call.contact()
    world.clock.advance(60)
    call.invoice(contact)
    now = call.ok("GET", f"Contacts/{contact['ContactID']}")["Contacts"][0]
    assert now["IsCustomer"] is True
    assert now["UpdatedDateUTC"] == contact["UpdatedDateUTC"]


def test_a_payment_stamps_its_invoice_with_the_same_millisecond(world: World, call: Caller) -> None:
    invoice = call.invoice(call.contact())
    world.clock.advance(60)
    payment = call.pay(invoice, "20.00")
    assert call.read(invoice)["UpdatedDateUTC"] == payment["UpdatedDateUTC"]
    assert payment["UpdatedDateUTC"] != invoice["UpdatedDateUTC"]


def test_the_default_order_is_by_change(world: World, call: Caller) -> None:
    first = call.contact("First")
    for name in ("Second", "Third"):
        world.clock.advance(1)
        call.contact(name)
    world.clock.advance(1)
    call.ok("POST", "Contacts", {"Contacts": [{"ContactID": first["ContactID"], "FirstName": "x"}]})
    assert names(call.ok("GET", "Contacts", page="1")) == ["Second", "Third", "First"]
    assert names(call.ok("GET", "Contacts", order="Name DESC")) == ["Third", "Second", "First"]


def test_explicit_filters(call: Caller) -> None:
    one, two = call.contact("One"), call.contact("Two")
    first = call.invoice(one, InvoiceNumber="A-1", Reference="Harvest")
    second = call.invoice(two, InvoiceNumber="A-2", Status="DRAFT")

    def found(**query: str) -> list[str]:
        return [i["InvoiceNumber"] for i in call.ok("GET", "Invoices", **query)["Invoices"]]

    assert found(IDs=f"{second['InvoiceID']},{first['InvoiceID']}") in (
        ["A-1", "A-2"],
        ["A-2", "A-1"],
    )
    assert found(InvoiceNumbers="A-1") == ["A-1"]
    assert found(ContactIDs=two["ContactID"]) == ["A-2"]
    assert found(Statuses="DRAFT") == ["A-2"]
    assert found(searchTerm="harv") == ["A-1"]
    assert "pagination" in call.ok("GET", "Invoices", Statuses="DRAFT,AUTHORISED")


@pytest.mark.parametrize(
    ("where", "numbers"),
    [
        ('Status=="DRAFT"', ["A-2"]),
        ('Type=="ACCREC" AND Date>=DateTime(2026,11,20)', ["A-1", "A-2"]),
        ('Type=="ACCREC" && Date>DateTime(2026,11,20)', []),
        ('InvoiceNumber=="a-1"', ["A-1"]),
        ("AmountDue>=100 AND AmountDue<150.50", ["A-1", "A-2"]),
        ('Contact.Name=="Zoë\\"s"', ["A-1"]),
        ('Contact.ContactNumber=="ZOHO-1"', ["A-1"]),
        ('(InvoiceNumber=="A-1" OR InvoiceNumber=="A-2") AND Status=="AUTHORISED"', ["A-1"]),
        ("DueDate==null", []),
    ],
)
def test_where_in_its_optimised_forms(call: Caller, where: str, numbers: list[str]) -> None:
    one = call.contact('Zoë"s', ContactNumber="ZOHO-1")
    call.invoice(one, InvoiceNumber="A-1")
    call.invoice(call.contact("Two"), InvoiceNumber="A-2", Status="DRAFT")
    content = call.ok("GET", "Invoices", where=where, page="1", order="InvoiceNumber")
    assert [i["InvoiceNumber"] for i in content["Invoices"]] == numbers


def test_where_finds_contacts_by_guid_and_without_case_or_accents(call: Caller) -> None:
    contact = call.contact("Café Möwe", EmailAddress="Hallo@Moewe.example")
    for where in (
        'Name=="cafe mowe"',
        'EmailAddress=="hallo@moewe.example"',
        f'ContactID==guid("{contact["ContactID"]}")',
    ):
        assert names(call.ok("GET", "Contacts", where=where, page="1")) == ["Café Möwe"]


@pytest.mark.parametrize(
    "where",
    ['Colour=="red"', "Status==", 'Status=="A', 'Name.Contains("x")', "1==1)", 'Total>"a"'],
)
def test_an_unreadable_where_is_a_query_parse_exception(call: Caller, where: str) -> None:
    call.invoice(call.contact())
    answer = call("GET", "Invoices", where=where)
    assert (answer.status_code, answer.json()["Type"]) == (400, "QueryParseException")


def test_archived_contacts_are_shown_only_when_asked_for(world: World, call: Caller) -> None:
    contact = call.contact("Gone")
    world.xero.archive(world.xero.ltd, contact["ContactID"])
    assert names(call.ok("GET", "Contacts", page="1")) == []
    assert names(call.ok("GET", "Contacts", page="1", includeArchived="true")) == ["Gone"]
    assert names(call.ok("GET", "Contacts", IDs=contact["ContactID"])) == ["Gone"]
    world.switches.xero_ids_see_archived = False
    assert names(call.ok("GET", "Contacts", IDs=contact["ContactID"])) == []


def test_a_merged_contact_points_to_the_one_that_stayed(world: World, call: Caller) -> None:
    kept, gone = call.contact("Kept"), call.contact("Gone")
    invoice = call.invoice(gone)
    world.xero.merge_contacts(world.xero.ltd, kept["ContactID"], gone["ContactID"])
    merged = call.ok("GET", f"Contacts/{gone['ContactID']}")["Contacts"][0]
    assert merged["ContactStatus"] == "ARCHIVED"
    assert merged["MergedToContactID"] == kept["ContactID"]
    assert call.read(invoice)["Contact"]["ContactID"] == kept["ContactID"]


def test_a_contact_is_found_by_its_contact_number(call: Caller) -> None:
    call.contact("Numbered", ContactNumber="ZOHO-77")
    assert names(call.ok("GET", "Contacts/ZOHO-77")) == ["Numbered"]
    assert call("GET", "Contacts/ZOHO-78").status_code == 404


def test_unknown_ids_and_entities_are_404(call: Caller) -> None:
    unknown = "11111111-2222-3333-4444-555555555555"
    for path in (f"Invoices/{unknown}", f"Contacts/{unknown}", f"Items/{unknown}"):
        assert call("GET", path).status_code == 404


def test_search_may_lag_behind_the_books(world: World, call: Caller) -> None:
    contact = call.contact("Fresh")
    world.faults.add(Fault(side="xero", kind="lagging_search", times=None, seconds=30.0))
    for query in ({"searchTerm": "fresh"}, {"where": 'Name=="Fresh"'}):
        assert names(call.ok("GET", "Contacts", page="1", **query)) == []
    assert names(call.ok("GET", f"Contacts/{contact['ContactID']}")) == ["Fresh"]
    world.clock.advance(31)
    assert names(call.ok("GET", "Contacts", searchTerm="fresh")) == ["Fresh"]


def test_deleted_and_voided_documents_stay_visible(world: World, call: Caller) -> None:
    contact = call.contact()
    draft = call.invoice(contact, Status="DRAFT")
    approved = call.invoice(contact)
    payment = call.pay(call.invoice(contact), "5.00")
    world.xero.delete(world.xero.ltd, "Invoices", draft["InvoiceID"])
    world.xero.void(world.xero.ltd, approved["InvoiceID"])
    world.xero.delete_payment(world.xero.ltd, payment["PaymentID"])
    statuses = sorted(i["Status"] for i in call.ok("GET", "Invoices", page="1")["Invoices"])
    assert statuses == ["AUTHORISED", "DELETED", "VOIDED"]
    assert [p["Status"] for p in call.ok("GET", "Payments")["Payments"]] == ["DELETED"]


def test_payments_name_their_invoice_in_a_stub(call: Caller) -> None:
    invoice = call.invoice(call.contact())
    call.pay(invoice, "20.00")
    (payment,) = call.ok(
        "GET", "Payments", where=f'Invoice.InvoiceID==guid("{invoice["InvoiceID"]}")', page="1"
    )["Payments"]
    assert payment["Invoice"]["InvoiceNumber"] == invoice["InvoiceNumber"]
    assert "Total" not in payment["Invoice"]


def test_undocumented_fields_of_real_answers_are_there(call: Caller) -> None:
    invoice = call.read(call.invoice(call.contact()))
    assert invoice["DateString"] == "2026-11-20T00:00:00"
    assert invoice["Date"] == "/Date(1795132800000+0000)/"
    assert invoice["InvoicePaymentServices"] == []
    envelope = call.ok("GET", "Organisation")
    assert set(envelope) == {"Id", "Status", "ProviderName", "DateTimeUTC", "Organisations"}
    assert envelope["Organisations"][0]["TaxNumberName"] == "VAT reg no."
    assert envelope["Organisations"][0]["ShortCode"] == "!h1vQ2"

"""Invoices and bills: sums, states, locks, numbers."""

from datetime import date
from decimal import Decimal

import pytest

from simulator.world import World
from simulator.xero import person
from simulator.xero.errors import Invalid
from tests.simulator.xero.conftest import Caller, invoice_body, line

PAID_LOCK = "This document cannot be edited as it has a payment or credit note allocated to it."
WRONG_STATE = "Invoice not of valid status for modification"
BAD_TAX = "The TaxType code {} does not exist or cannot be used for this type of transaction."


def update(call: Caller, invoice: dict, **fields: object) -> dict:
    body = {"Invoices": [{"InvoiceID": invoice["InvoiceID"], **fields}]}
    return call.ok("POST", "Invoices", body, unitdp="4")["Invoices"][0]


def refusal(call: Caller, invoice: dict, **fields: object) -> list[str]:
    body = {"Invoices": [{"InvoiceID": invoice["InvoiceID"], **fields}]}
    return call.errors("POST", "Invoices", body, unitdp="4")


def refused(call: Caller, **fields: object) -> list[str]:
    body = {"Invoices": [invoice_body(call.contact()["ContactID"], **fields)]}
    return call.errors("PUT", "Invoices", body, unitdp="4")


def sums(invoice: dict) -> tuple[str, str, str]:
    return str(invoice["SubTotal"]), str(invoice["TotalTax"]), str(invoice["Total"])


def fifteen(world: World) -> str:
    """A tax rate of 15 %."""
    return world.xero.create(
        world.xero.ltd,
        "TaxRates",
        {"Name": "15%", "TaxComponents": [{"Name": "Tax", "Rate": 15}]},
    )


def test_tax_is_rounded_per_line_and_then_summed(world: World, call: Caller) -> None:
    rate = fifteen(world)
    lines = [line(amount, TaxType=rate) for amount in ("25.06", "25.61", "25.63")]
    invoice = call.invoice(call.contact(), LineItems=lines)
    assert sums(invoice) == ("76.30", "11.44", "87.74")
    assert [str(one["TaxAmount"]) for one in invoice["LineItems"]] == ["3.76", "3.84", "3.84"]


@pytest.mark.parametrize(
    ("amounts", "lines", "expected"),
    [
        ("Exclusive", [line("2.165")], ("2.17", "0.43", "2.60")),
        ("Inclusive", [line("120.00"), line("9.99")], ("108.32", "21.67", "129.99")),
        ("NoTax", [line("100.00", TaxType="OUTPUT2")], ("100.00", "0.00", "100.00")),
        ("Exclusive", [line("99.99", Quantity=3, DiscountRate=10)], ("269.97", "53.99", "323.96")),
        ("Exclusive", [line("50.00", Quantity=2, DiscountAmount="7.55")], ("92.45", "18.49", "110.94")),
        ("Exclusive", [line("1.2345", Quantity="3.3333")], ("4.11", "0.82", "4.93")),
        ("Exclusive", [line("100.00"), {"Description": "Only words"}], ("100.00", "20.00", "120.00")),
        ("Exclusive", [line("10.00", TaxAmount="1.99")], ("10.00", "1.99", "11.99")),
    ],
)  # fmt: skip
def test_the_server_computes_the_sums(
    call: Caller, amounts: str, lines: list[dict], expected: tuple[str, str, str]
) -> None:
    invoice = call.invoice(call.contact(), LineAmountTypes=amounts, LineItems=lines)
    assert sums(invoice) == expected
    assert sums(call.read(invoice)) == expected


def test_a_line_total_that_does_not_fit_is_refused(call: Caller) -> None:
    assert refused(call, LineItems=[line("10.00", LineAmount="9.99")]) == [
        "The line total 9.99 does not match the expected line total 10.00"
    ]


def test_an_item_code_fills_the_line(call: Caller) -> None:
    details = {"UnitPrice": "12.3456", "AccountCode": "210", "TaxType": "RROUTPUT"}
    body = {"Code": "W1", "Description": "Red", "SalesDetails": details}
    call.ok("PUT", "Items", body, unitdp="4")
    invoice = call.invoice(call.contact(), LineItems=[{"ItemCode": "W1", "Quantity": 2}])
    (one,) = invoice["LineItems"]
    assert (one["Description"], one["AccountCode"], one["TaxType"]) == ("Red", "210", "RROUTPUT")
    assert str(one["UnitAmount"]) == "12.3456"
    assert str(one["LineAmount"]) == "24.69"


def test_defaults_of_a_draft(world: World, call: Caller) -> None:
    body = {
        "Type": "ACCREC",
        "Contact": {"ContactID": call.contact()["ContactID"]},
        "LineItems": [line()],
    }
    invoice = call.ok("PUT", "Invoices", body)["Invoices"][0]
    assert invoice["Status"] == "DRAFT"
    assert invoice["InvoiceNumber"] == "INV-0001"
    assert invoice["LineAmountTypes"] == "Exclusive"
    assert invoice["LineItems"][0]["TaxType"] == "OUTPUT2"
    assert invoice["DateString"] == "2026-11-20T00:00:00"
    assert invoice["CurrencyCode"] == "GBP"


def test_everything_wrong_is_named_at_once(call: Caller) -> None:
    body = {"Invoices": [{"Type": "ACCREC", "Status": "PAID"}]}
    assert call.errors("PUT", "Invoices", body) == [
        "Invoice not of valid status for creation",
        "A Contact must be specified for this type of transaction",
        "One or more line items must be specified",
    ]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"LineItems": []}, "One or more line items must be specified"),
        ({"CurrencyCode": "NZD"}, "Users Organisation is not subscribed to currency NZD"),
        ({"LineItems": [line(TaxType="GONE")]}, BAD_TAX.format("GONE")),
        ({"LineItems": [line(TaxType="INPUT2")]}, BAD_TAX.format("INPUT2")),
        (
            {"LineItems": [line(AccountCode="999")]},
            "Account code '999' is not a valid code for this document.",
        ),
        (
            {"LineItems": [{"Description": "x", "UnitAmount": 1}]},
            "Account code or ID must be specified",
        ),
        (
            {"InvoiceNumber": "Nº 5"},
            "Invoice number must be printable ASCII of at most 255 characters",
        ),
        ({"Url": "javascript:alert(1)"}, "Url must be a valid absolute url"),
        ({"LineItems": [line(ItemCode="NOPE")]}, "Item code 'NOPE' is not valid"),
    ],
)
def test_invoice_rules(call: Caller, fields: dict, message: str) -> None:
    assert refused(call, **fields) == [message]


def test_an_approved_invoice_needs_a_due_date_unless_terms_give_one(call: Caller) -> None:
    body = invoice_body(call.contact("Plain")["ContactID"])
    del body["DueDate"]
    assert call.errors("PUT", "Invoices", body) == [
        "Due date must be specified to approve an invoice"
    ]
    terms = {"Sales": {"Day": 20, "Type": "OFFOLLOWINGMONTH"}}
    body["Contact"] = {"ContactID": call.contact("Terms", PaymentTerms=terms)["ContactID"]}
    invoice = call.ok("PUT", "Invoices", body)["Invoices"][0]
    assert invoice["DueDateString"] == "2026-12-20T00:00:00"


def test_an_archived_account_is_refused_and_an_inactive_rate_too(
    world: World, call: Caller
) -> None:
    world.xero.archive_account(world.xero.ltd, "210")
    assert refused(call, LineItems=[line(AccountCode="210")]) == [
        "Account code '210' is not a valid code for this document."
    ]
    rate = fifteen(world)
    world.xero.change_tax_rate(world.xero.ltd, rate, "DELETED")
    body = invoice_body(call.contact("B")["ContactID"], LineItems=[line(TaxType=rate)])
    assert call.errors("PUT", "Invoices", body) == [BAD_TAX.format(rate)]


def test_an_unknown_account_of_a_draft_is_removed_with_a_warning(call: Caller) -> None:
    invoice = call.invoice(call.contact(), Status="DRAFT", LineItems=[line(AccountCode="600")])
    assert invoice["Warnings"] == [
        {
            "Message": "Account code '600' has been removed as it does not match "
            "a recognised account."
        }
    ]
    assert "AccountCode" not in invoice["LineItems"][0]


def test_a_currency_waits_until_it_is_enabled(world: World, call: Caller) -> None:
    body = invoice_body(call.contact()["ContactID"], CurrencyCode="NZD")
    assert call("PUT", "Invoices", body).status_code == 400
    world.xero.enable_currency(world.xero.ltd, "NZD")
    invoice = call.ok("PUT", "Invoices", body)["Invoices"][0]
    assert str(invoice["CurrencyRate"]) == "2.328800"


def test_a_foreign_invoice_keeps_the_rate_it_is_given(call: Caller) -> None:
    invoice = call.invoice(call.contact(), CurrencyCode="EUR", CurrencyRate="1.234567")
    assert str(invoice["CurrencyRate"]) == "1.234567"
    assert str(call.invoice(call.contact("B"), CurrencyCode="EUR")["CurrencyRate"]) == "1.146200"


def test_an_unknown_contact_name_creates_a_contact(call: Caller) -> None:
    body = invoice_body("", Contact={"Name": "Accident"})
    invoice = call.ok("PUT", "Invoices", body)["Invoices"][0]
    contacts = call.ok("GET", "Contacts")["Contacts"]
    assert [c["ContactID"] for c in contacts] == [invoice["Contact"]["ContactID"]]


def test_documents_for_archived_contacts_are_refused(world: World, call: Caller) -> None:
    contact = call.contact()
    world.xero.archive(world.xero.ltd, contact["ContactID"])
    body = invoice_body(contact["ContactID"])
    (message,) = call.errors("PUT", "Invoices", body)
    assert "has been archived" in message
    world.xero.unarchive(world.xero.ltd, contact["ContactID"])
    assert call("PUT", "Invoices", body).status_code == 200


def test_sales_numbers_are_unique_and_match_bills_repeat(call: Caller) -> None:
    contact = call.contact()
    first = call.invoice(contact, InvoiceNumber="A-1")
    again = invoice_body(contact["ContactID"], InvoiceNumber="A-1", Reference="x")
    assert call.errors("PUT", "Invoices", again) == ["Invoice # must be unique."]
    updated = call.ok("POST", "Invoices", again)["Invoices"][0]
    assert (updated["InvoiceID"], updated["Reference"]) == (first["InvoiceID"], "x")
    bill = {"Type": "ACCPAY", "InvoiceNumber": "A-1"}
    assert call.invoice(contact, **bill)["InvoiceID"] != call.invoice(contact, **bill)["InvoiceID"]
    second = call.invoice(contact)
    assert refusal(call, second, InvoiceNumber="A-1") == ["Invoice # must be unique."]


def test_the_sequence_skips_numbers_that_are_taken(call: Caller) -> None:
    contact = call.contact()
    call.invoice(contact, InvoiceNumber="INV-0001")
    assert call.invoice(contact)["InvoiceNumber"] == "INV-0002"


@pytest.mark.parametrize(
    ("start", "path", "allowed"),
    [
        ("DRAFT", ["SUBMITTED", "DRAFT", "AUTHORISED", "VOIDED"], True),
        ("DRAFT", ["DELETED"], True),
        ("DRAFT", ["VOIDED"], False),
        ("DRAFT", ["PAID"], False),
        ("AUTHORISED", ["DRAFT"], False),
        ("AUTHORISED", ["DELETED"], False),
        ("AUTHORISED", ["VOIDED", "AUTHORISED"], False),
        ("DRAFT", ["DELETED", "DRAFT"], False),
    ],
)
def test_the_state_machine(call: Caller, start: str, path: list[str], allowed: bool) -> None:
    invoice = call.invoice(call.contact(), Status=start)
    for step in path[:-1]:
        assert update(call, invoice, Status=step)["Status"] == step
    if allowed:
        assert update(call, invoice, Status=path[-1])["Status"] == path[-1]
    else:
        assert refusal(call, invoice, Status=path[-1]) == [WRONG_STATE]


def test_a_voided_invoice_is_due_nothing_and_keeps_its_lines(call: Caller) -> None:
    invoice = update(call, call.invoice(call.contact()), Status="VOIDED")
    assert (str(invoice["AmountDue"]), str(invoice["Total"])) == ("0.00", "120.00")
    assert len(invoice["LineItems"]) == 1


def test_lines_are_replaced_as_a_set(call: Caller) -> None:
    invoice = call.invoice(call.contact(), LineItems=[line("1.00"), line("2.00")])
    first, second = invoice["LineItems"]
    kept = {"LineItemID": second["LineItemID"], "Description": "Kept"}
    changed = update(call, invoice, LineItems=[kept, line("5.00")])
    assert [str(one["LineAmount"]) for one in changed["LineItems"]] == ["2.00", "5.00"]
    assert changed["LineItems"][0]["LineItemID"] == second["LineItemID"]
    assert changed["LineItems"][0]["Description"] == "Kept"
    assert first["LineItemID"] not in {one["LineItemID"] for one in changed["LineItems"]}
    recreated = update(call, invoice, LineItems=[line("2.00")])
    assert recreated["LineItems"][0]["LineItemID"] != second["LineItemID"]


def test_a_partial_update_keeps_everything_else(call: Caller) -> None:
    invoice = call.invoice(call.contact(), LineItems=[line("1.2345", Quantity=7)])
    changed = update(call, invoice, Reference="Only this")
    same = {k: v for k, v in changed.items() if not k.startswith("Updated") and k != "Reference"}
    assert same == {k: v for k, v in invoice.items() if k in same}


def test_a_draft_that_is_edited_without_unitdp_keeps_its_fine_prices(call: Caller) -> None:
    invoice = call.invoice(call.contact(), Status="DRAFT", LineItems=[line("1.2345")])
    body = {"Invoices": [{"InvoiceID": invoice["InvoiceID"], "Reference": "x"}]}
    call.ok("POST", "Invoices", body)
    assert str(call.read(invoice)["LineItems"][0]["UnitAmount"]) == "1.2345"


def test_a_part_paid_invoice_changes_words_but_no_amounts(call: Caller) -> None:
    invoice = call.invoice(call.contact())
    call.pay(invoice, "20.00")
    (one,) = invoice["LineItems"]
    words = {"LineItemID": one["LineItemID"], "Description": "New words", "AccountCode": "210"}
    changed = update(call, invoice, Reference="R", DueDate="2027-02-01", LineItems=[words])
    assert changed["LineItems"][0]["Description"] == "New words"
    assert (str(changed["AmountPaid"]), str(changed["AmountDue"])) == ("20.00", "100.00")
    price = {"LineItemID": one["LineItemID"], "UnitAmount": "99.00"}
    assert refusal(call, invoice, LineItems=[price]) == [PAID_LOCK]
    assert refusal(call, invoice, LineItems=[line()]) == [PAID_LOCK]
    assert refusal(call, invoice, Date="2026-11-19") == [PAID_LOCK]
    assert refusal(call, invoice, Status="VOIDED") == [PAID_LOCK]


def test_a_bill_with_a_payment_is_closed(call: Caller) -> None:
    bill = call.invoice(call.contact(), Type="ACCPAY", LineItems=[line(AccountCode="400")])
    call.pay(bill, "20.00")
    assert refusal(call, bill, DueDate="2027-02-01") == [PAID_LOCK]


def test_a_locked_period_admits_nothing(world: World, call: Caller) -> None:
    invoice = call.invoice(call.contact())
    world.xero.lock_period(world.xero.ltd, date(2026, 11, 20))
    message = "The document date cannot be before the period lock date."
    assert refusal(call, invoice, Reference="x") == [message]
    assert refusal(call, invoice, Status="VOIDED") == [message]
    body = invoice_body(invoice["Contact"]["ContactID"])
    assert call.errors("PUT", "Invoices", body) == [message]
    draft = call.invoice(call.contact("B"), Status="DRAFT")
    assert refusal(call, draft, Status="AUTHORISED") == [message]
    assert update(call, draft, Status="AUTHORISED", Date="2026-11-21")["Status"] == "AUTHORISED"
    world.xero.lock_period(world.xero.ltd, None)
    assert update(call, invoice, Reference="x")["Reference"] == "x"


def test_bills_take_no_discount_and_no_reference(call: Caller) -> None:
    body = invoice_body(
        call.contact()["ContactID"],
        Type="ACCPAY",
        Reference="R",
        LineItems=[line(AccountCode="400", DiscountRate=5)],
    )
    assert call.errors("PUT", "Invoices", body) == [
        "Discounts are only allowed on sales invoices and quotes"
    ]
    body["LineItems"] = [line(AccountCode="400")]
    assert "Reference" not in call.ok("PUT", "Invoices", body)["Invoices"][0]


def test_tracking_is_by_name_and_at_most_twice(world: World, call: Caller) -> None:
    for name in ("Region", "Team", "Third"):
        world.xero.create(
            world.xero.ltd, "TrackingCategories", {"Name": name, "Options": [{"Name": "North"}]}
        )
    chosen = [{"Name": n, "Option": "North"} for n in ("Region", "Team", "Third")]
    invoice = call.invoice(call.contact(), LineItems=[line(Tracking=chosen[:2])])
    assert [t["Name"] for t in invoice["LineItems"][0]["Tracking"]] == ["Region", "Team"]
    body = invoice_body(invoice["Contact"]["ContactID"], LineItems=[line(Tracking=chosen)])
    assert call.errors("PUT", "Invoices", body) == [
        "A line item can have a maximum of 2 tracking categories"
    ]


def test_sent_to_contact_of_a_draft_is_a_warning(call: Caller) -> None:
    invoice = call.invoice(call.contact(), Status="DRAFT", SentToContact=True)
    assert invoice["SentToContact"] is False
    assert invoice["Warnings"] == [
        {"Message": "Only AUTHORISED invoices may have SentToContact updated."}
    ]


def test_rounding_amount_is_an_opt_in(world: World, call: Caller) -> None:
    assert refused(call, RoundingAmount="0.05") == [
        "RoundingAmount cannot be used by this organisation"
    ]
    world.switches.xero_rounding_opt_in = True
    invoice = call.invoice(call.contact("B"), RoundingAmount="-0.05")
    assert (str(invoice["Total"]), str(invoice["AmountDue"])) == ("119.95", "119.95")


def test_people_meet_the_same_rules(world: World, call: Caller) -> None:
    acts: person.PersonActs = world.xero
    invoice = call.invoice(call.contact(), Status="DRAFT")
    tenant, invoice_id = world.xero.ltd, invoice["InvoiceID"]
    with pytest.raises(Invalid, match="Authorised"):
        acts.pay(tenant, invoice_id, "1.00")
    acts.approve(tenant, invoice_id)
    acts.pay(tenant, invoice_id, Decimal("20.00"))
    with pytest.raises(Invalid, match="payment or credit"):
        acts.void(tenant, invoice_id)
    with pytest.raises(LookupError):
        acts.approve(tenant, "nothing")

"""Over- and prepayments: money received before or beyond an invoice, used on invoices later.

Xero makes them from bank transactions; here a person does. Shapes of the OpenAPI file's Overpayment
and Prepayment; what is used of them counts as credited on the invoice.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from simulator.xero import credit_settling, invoices
from simulator.xero.books import Record, new_id
from simulator.xero.contacts import stub
from simulator.xero.errors import Invalid
from simulator.xero.resource import Call, Detail, Resource
from simulator.xero.wire import cents, midnight, moment

IDS = {"Overpayments": "OverpaymentID", "Prepayments": "PrepaymentID"}
TYPES = {"Overpayments": "RECEIVE-OVERPAYMENT", "Prepayments": "RECEIVE-PREPAYMENT"}


def receive(call: Call, table: str, invoice: Record, amount: Decimal) -> Record:
    """Money of an invoice's customer, used on that invoice at once; Invalid when it is too much."""
    if invoice["Status"] != "AUTHORISED" or amount > invoice["AmountDue"]:
        raise Invalid("Allocation amount exceeds the amount outstanding on this document")
    day = call.books.now().date()
    entry = {
        "AllocationID": new_id(),
        "Amount": cents(amount),
        "Date": day,
        "InvoiceID": invoice["InvoiceID"],
    }
    record: Record = {
        IDS[table]: new_id(),
        "Type": TYPES[table],
        "Status": "PAID",
        "Date": day,
        "Total": cents(amount),
        "RemainingCredit": cents(Decimal(0)),
        "CurrencyCode": invoice["CurrencyCode"],
        "CurrencyRate": invoice["CurrencyRate"],
        "_contact": invoice["_contact"],
        "_allocations": [entry],
    }
    call.books.store(table, record, created=True)
    invoice.setdefault("_advances", []).append((table, record[IDS[table]]))
    invoice["AmountCredited"] += record["Total"]
    invoices.settle_after(call, invoice, day)
    return record


def _renderer(table: str) -> Any:
    def render(call: Call, records: list[Record], _detail: Detail) -> list[Record]:
        return [_rendered(call, table, record) for record in records]

    return render


def _rendered(call: Call, table: str, record: Record) -> Record:
    return {
        IDS[table]: record[IDS[table]],
        "Type": record["Type"],
        "Contact": stub(call.books.tables["Contacts"][record["_contact"]]),
        "Date": midnight(record["Date"]),
        "Status": record["Status"],
        "LineAmountTypes": "NoTax",
        "SubTotal": record["Total"],
        "TotalTax": cents(Decimal(0)),
        "Total": record["Total"],
        "UpdatedDateUTC": moment(record["UpdatedDateUTC"]),
        "CurrencyCode": record["CurrencyCode"],
        "CurrencyRate": record["CurrencyRate"],
        "RemainingCredit": record["RemainingCredit"],
        "Allocations": [credit_settling.render(call.books, a) for a in record["_allocations"]],
        "Payments": [],
        "HasAttachments": False,
    }


def _resource(table: str) -> Resource:
    return Resource(
        name=table,
        singular=table.removesuffix("s"),
        id_field=IDS[table],
        scopes=("accounting.payments",),
        shape={},
        fields={"UpdatedDateUTC": lambda record: record.get("UpdatedDateUTC")},
        rows=lambda call: list(call.books.tables[table].values()),
        find=lambda books, key: books.get(table, key.lower()),
        render=_renderer(table),
        paged=True,
        modified=True,
        verbs={},
    )


OVERPAYMENTS = _resource("Overpayments")
PREPAYMENTS = _resource("Prepayments")

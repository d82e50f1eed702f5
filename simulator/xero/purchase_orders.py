"""Purchase orders. Rules: developer.xero.com/documentation/api/accounting/purchaseorders.

They are no entries of the ledger: nothing is locked by a period and no stock moves. Their prices
have four decimals without being asked. No page says which status may follow which; here an order
moves between the three open ones, is deleted from each of them, and is BILLED once a bill was made
of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from simulator.xero import documents, lines
from simulator.xero.books import Books, Record, new_id
from simulator.xero.errors import Invalid
from simulator.xero.lines import Document, Remarks
from simulator.xero.resource import Call, Detail, Resource, Saved
from simulator.xero.shapes import PURCHASE_ORDER
from simulator.xero.wire import midnight

UNIQUE = "Order number must be unique"
NOT_FOUND = "The purchase order could not be found"
NOT_FOR_CREATION = "Purchase Order not of valid status for creation"
NOT_FOR_CHANGE = "Purchase Order not of valid status for modification"
NO_NEW_CONTACT = "The contact could not be found; purchase orders do not create contacts"
OPEN = frozenset({"DRAFT", "SUBMITTED", "AUTHORISED"})
MOVES = {
    "DRAFT": OPEN | {"DELETED"},
    "SUBMITTED": OPEN | {"DELETED"},
    "AUTHORISED": OPEN | {"BILLED", "DELETED"},
    "BILLED": frozenset({"BILLED"}),
    "DELETED": frozenset[str](),
}
TEXTS = ("DeliveryAddress", "AttentionTo", "Telephone", "DeliveryInstructions")
PLAIN = (
    *("DeliveryDate", "ExpectedArrivalDate", "PurchaseOrderNumber", "Reference"),
    *("BrandingThemeID", *TEXTS),
)
LONGEST_INSTRUCTIONS = 500
SENT_WARNING = "Only AUTHORISED and BILLED purchase orders may have SentToContact updated."
# What a billed order keeps.
FROZEN = (
    *("Date", "DeliveryDate", "LineAmountTypes", "CurrencyCode", "CurrencyRate", "Total"),
    *("PurchaseOrderNumber", "Reference", "_contact"),
)


def save(call: Call, sent: Record) -> Saved:
    """Create or update one purchase order; Invalid with Xero's sentences."""
    call = replace(call, unitdp=4)
    old, remarks = _match(call, sent), Remarks()
    record = _created(call, sent, remarks) if old is None else _changed(call, sent, old, remarks)
    if remarks.errors:
        raise Invalid(*remarks.errors, warnings=tuple(remarks.warnings))
    call.books.store("PurchaseOrders", record, created=old is None)
    changes = "Created" if old is None else "Edited"
    call.books.note(record["PurchaseOrderID"], changes, f"Order {changes.lower()}", call.user)
    return Saved(record=record, warnings=tuple(remarks.warnings))


def _match(call: Call, sent: Record) -> Record | None:
    """The order an element means: by id, else by number; None for a new one."""
    books = call.books
    if sent.get("PurchaseOrderID"):
        found = books.get("PurchaseOrders", sent["PurchaseOrderID"])
        if found is None:
            raise Invalid(NOT_FOUND)
    else:
        number = sent.get("PurchaseOrderNumber", "")
        hits = books.find("PurchaseOrders", "PurchaseOrderNumber", number)
        found = hits[0] if number and hits else None
    if found is not None and call.create_only:
        raise Invalid(UNIQUE)
    return found


def _created(call: Call, sent: Record, remarks: Remarks) -> Record:
    status = sent.get("Status", "DRAFT")
    if status not in OPEN:
        remarks.errors.append(NOT_FOR_CREATION)
        status = "DRAFT"
    record: Record = {
        "PurchaseOrderID": new_id(),
        "Status": status,
        "Date": sent.get("Date", call.books.now().date()),
    }
    _fill(call, record, sent, None, remarks)
    if not remarks.errors and not record.get("PurchaseOrderNumber"):
        record["PurchaseOrderNumber"] = call.books.next_number("PO")
    return record


def _changed(call: Call, sent: Record, old: Record, remarks: Remarks) -> Record:
    status = sent.get("Status", old["Status"])
    if status not in MOVES[old["Status"]]:
        raise Invalid(NOT_FOR_CHANGE)
    record = {**old, "Status": status}
    if status == "DELETED":
        return record
    _fill(call, record, sent, old, remarks)
    moved = documents.line_facts(old) != documents.line_facts(record)
    if old["Status"] == "BILLED" and (moved or documents.is_changed(old, record, FROZEN)):
        remarks.errors.append(NOT_FOR_CHANGE)
    return record


def _fill(call: Call, record: Record, sent: Record, old: Record | None, remarks: Remarks) -> None:
    record["_contact"] = _contact_of(call, sent, old, remarks)
    if "Date" in sent:
        record["Date"] = sent["Date"]
    for name in PLAIN:
        if name in sent:
            record[name] = sent[name]
    record["LineAmountTypes"] = sent.get(
        "LineAmountTypes", old["LineAmountTypes"] if old else "Exclusive"
    )
    record |= documents.currency_of(call, sent, old, record["_contact"], remarks)
    document = Document(
        amounts=record["LineAmountTypes"],
        sales=False,
        # The page knows a rate on a line; amounts are for sales invoices and quotes (LineItem).
        discounts=False,
        discount_rates=call.books.world.switches.xero_purchase_order_discount_rates,
        # The page shows an approved order whose line has no account.
        approved=False,
    )
    record["LineItems"] = documents.lines_of(call, sent, old, document, remarks)
    record |= lines.sums(record["LineItems"], record["LineAmountTypes"])
    _check(call, record, sent, remarks)


def _contact_of(call: Call, sent: Record, old: Record | None, remarks: Remarks) -> str:
    """The contact by id or number; a name alone makes none."""
    link = sent.get("Contact") or {}
    if link and not (link.get("ContactID") or link.get("ContactNumber")):
        remarks.errors.append(NO_NEW_CONTACT)
        return str(old["_contact"]) if old else ""
    known = {name: link[name] for name in ("ContactID", "ContactNumber") if link.get(name)}
    if "ContactID" not in known and known:
        hits = call.books.find("Contacts", "ContactNumber", known["ContactNumber"])
        if not hits:
            remarks.errors.append(NO_NEW_CONTACT)
            return ""
    return documents.contact_of(call, {"Contact": known}, old, remarks)


def _check(call: Call, record: Record, sent: Record, remarks: Remarks) -> None:
    number = record.get("PurchaseOrderNumber", "")
    hits = call.books.find("PurchaseOrders", "PurchaseOrderNumber", number) if number else []
    if any(hit["PurchaseOrderID"] != record["PurchaseOrderID"] for hit in hits):
        remarks.errors.append(UNIQUE)
    for name in ("PurchaseOrderNumber", "Reference"):
        if len(record.get(name, "")) > 255:
            remarks.errors.append(f"{name} exceeds the maximum length of 255 characters")
    if len(record.get("DeliveryInstructions", "")) > LONGEST_INSTRUCTIONS:
        remarks.errors.append("DeliveryInstructions exceeds the maximum length of 500 characters")
    for line in sent.get("LineItems", ()):
        if "Quantity" in line and not ({"UnitAmount", "ItemCode", "LineAmount"} & line.keys()):
            remarks.errors.append("A UnitAmount must be specified where a Quantity is")
    if "SentToContact" in sent:
        if record["Status"] in {"AUTHORISED", "BILLED"}:
            record["SentToContact"] = sent["SentToContact"]
        else:
            remarks.warnings.append(SENT_WARNING)


# --- reading -----------------------------------------------------------------------------------


def render(call: Call, orders: list[Record], detail: Detail) -> list[Record]:
    """Purchase orders as answers show them; with their lines in lists too."""
    exact = replace(call, unitdp=4)
    return [_rendered(exact, order, detail) for order in orders]


def _rendered(call: Call, order: Record, detail: Detail) -> Record:
    shown: dict[str, Any] = {
        "PurchaseOrderID": order["PurchaseOrderID"],
        "PurchaseOrderNumber": order["PurchaseOrderNumber"],
    }
    shown |= documents.dates(order, ("Date", "DeliveryDate"))
    if order.get("ExpectedArrivalDate"):
        shown["ExpectedArrivalDate"] = midnight(order["ExpectedArrivalDate"])
    shown |= {name: order.get(name, "") for name in TEXTS}
    common = documents.common(call, order, detail)
    # The readable twin of July 2026 is not among this entity's fields.
    common.pop("UpdatedDateUTCString", None)
    return {
        **shown,
        "IsDiscounted": bool(order["TotalDiscount"]),
        "Reference": order.get("Reference", ""),
        "Type": "PURCHASEORDER",
        "SentToContact": order.get("SentToContact", False),
        "TotalDiscount": order["TotalDiscount"],
        **common,
    }


def _rows(call: Call) -> list[Record]:
    """Its own parameters filter; `where`, `IDs` and `searchTerm` are not known here."""
    found = list(call.books.tables["PurchaseOrders"].values())
    within = documents.between(call, "DateFrom", "DateTo", "Date")
    status = (call.args.get("Status") or call.args.get("status", "")).upper()
    return [one for one in found if within(one) and status in {"", one["Status"]}]


def _find(books: Books, key: str) -> Record | None:
    by_number = books.find("PurchaseOrders", "PurchaseOrderNumber", key)
    return books.get("PurchaseOrders", key.lower()) or (by_number[0] if by_number else None)


def bill(call: Call, order: Record) -> Record:
    """Make a draft bill of an order, as *Copy to bill* does; the order is billed then."""
    from simulator.xero import invoices

    copied = ("Description", "Quantity", "UnitAmount", "ItemCode", "AccountCode", "TaxType")
    made = invoices.save(
        call,
        {
            "Type": "ACCPAY",
            "Contact": {"ContactID": order["_contact"]},
            "InvoiceNumber": order["PurchaseOrderNumber"],
            "LineAmountTypes": order["LineAmountTypes"],
            "CurrencyCode": order["CurrencyCode"],
            "LineItems": [
                {name: line[name] for name in copied if name in line} for line in order["LineItems"]
            ],
        },
    ).record
    billed = {**order, "Status": "BILLED"}
    call.books.store("PurchaseOrders", billed)
    call.books.note(order["PurchaseOrderID"], "Billed", "Copied to a bill", call.user)
    return made


def _reader(name: str) -> Any:
    return lambda record: record.get(name)


FIELDS = {
    name: _reader(name)
    for name in (
        *("PurchaseOrderID", "PurchaseOrderNumber", "Reference", "Status", "Date"),
        *("DeliveryDate", "Total", "UpdatedDateUTC"),
    )
}
VERBS: dict[str, Any] = {"PUT": save, "POST": save}
RESOURCE = Resource(
    name="PurchaseOrders",
    singular="PurchaseOrder",
    id_field="PurchaseOrderID",
    scopes=("accounting.invoices",),
    shape=PURCHASE_ORDER,
    fields=FIELDS,
    rows=_rows,
    find=_find,
    render=render,
    paged=True,
    always_paged=True,
    queried=False,
    modified=True,
    verbs=VERBS,
    history=True,
    error_flag="HasErrors",
)

"""Items. Rules: developer.xero.com/documentation/api/accounting/items."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from simulator.xero.books import Books, Record, new_id
from simulator.xero.errors import Invalid
from simulator.xero.lines import BAD_ACCOUNT, BAD_TAX
from simulator.xero.resource import Call, Detail, Resource, Saved
from simulator.xero.shapes import ITEM
from simulator.xero.wire import moment, places

EXISTS = "Price List Item with Code '{}' already exists"
LENGTHS = {"Code": 30, "Name": 50, "Description": 4000, "PurchaseDescription": 4000}
SIDES = (("IsSold", "SalesDetails"), ("IsPurchased", "PurchaseDetails"))


def save(call: Call, sent: Record) -> Saved:
    """Create or update one item; Invalid with Xero's sentences."""
    books = call.books
    old = _match(call, sent)
    item = _merged(call, old, sent)
    _check(books, item)
    books.store("Items", item, created=old is None)
    changes = "Created" if old is None else "Edited"
    books.note(item["ItemID"], changes, f"Item {item['Code']} {changes.lower()}", call.user)
    return Saved(record=item)


def _match(call: Call, sent: Record) -> Record | None:
    books = call.books
    hits = books.find("Items", "Code", sent["Code"]) if sent.get("Code") else []
    if sent.get("ItemID"):
        found = books.get("Items", sent["ItemID"])
        if found is None:
            raise Invalid("The item could not be found")
        return found
    if hits and call.create_only:
        raise Invalid(EXISTS.format(sent["Code"]))
    return hits[0] if hits else None


def _merged(call: Call, old: Record | None, sent: Record) -> Record:
    start: Record = {
        "IsSold": True,
        "IsPurchased": True,
        "IsTrackedAsInventory": False,
        "SalesDetails": {},
        "PurchaseDetails": {},
    }
    item = {**(old or start), **sent}
    if old is None:
        item["ItemID"] = new_id()
    for switch, name in SIDES:
        before = (old or start)[name] or {}
        item[name] = {**before, **sent.get(name, {})} if item[switch] else {}
        price = item[name].get("UnitPrice")
        if price is not None and "UnitPrice" in sent.get(name, {}):
            item[name]["UnitPrice"] = places(price, 4 if call.unitdp == 4 else 2)
    if item.get("InventoryAssetAccountCode") and item["PurchaseDetails"].get("COGSAccountCode"):
        item["IsTrackedAsInventory"] = True
        item.setdefault("QuantityOnHand", Decimal("0.0000"))
        item.setdefault("TotalCostPool", Decimal("0.00"))
    return item


def _check(books: Books, item: Record) -> None:
    wrong = []
    if not item.get("Code"):
        wrong.append("Code is required")
    wrong += [
        f"The field {name} exceeds the maximum length of {most} characters"
        for name, most in LENGTHS.items()
        if len(item.get(name) or "") > most
    ]
    others = books.find("Items", "Code", item.get("Code", ""))
    if any(o["ItemID"] != item["ItemID"] for o in others):
        wrong.append(EXISTS.format(item["Code"]))
    for details in (item["SalesDetails"], item["PurchaseDetails"]):
        for name in ("AccountCode", "COGSAccountCode"):
            if details.get(name) and books.account(details[name]) is None:
                wrong.append(BAD_ACCOUNT.format(details[name]))
        rate = books.tax_rates.get(details.get("TaxType") or "NONE", {"Status": "DELETED"})
        if details.get("TaxType") and rate["Status"] != "ACTIVE":
            wrong.append(BAD_TAX.format(details["TaxType"]))
    if wrong:
        raise Invalid(*wrong)


def delete(call: Call, item: Record) -> None:
    """Delete an item; one with stock movements cannot go."""
    used = any(
        line.get("ItemCode") == item["Code"]
        for table in ("Invoices", "CreditNotes")
        for record in call.books.tables[table].values()
        for line in record["LineItems"]
    )
    if used and (
        item["IsTrackedAsInventory"] or not call.books.world.switches.xero_used_items_deletable
    ):
        raise Invalid(f"Item {item['Code']} cannot be deleted as it is used in transactions.")
    call.books.remove("Items", item["ItemID"])


PLAIN = ("Description", "PurchaseDescription", "Name", "InventoryAssetAccountCode")


def render(call: Call, items: list[Record], _detail: Detail) -> list[Record]:
    """Items as answers show them."""
    return [_rendered(call, item) for item in items]


def _rendered(call: Call, item: Record) -> Record:
    shown: dict[str, Any] = {"ItemID": item["ItemID"], "Code": item["Code"]}
    shown |= {name: item[name] for name in PLAIN if item.get(name)}
    shown["UpdatedDateUTC"] = moment(item["UpdatedDateUTC"])
    for switch, name in SIDES:
        details = {**item[name]}
        if "UnitPrice" in details:
            details["UnitPrice"] = places(details["UnitPrice"], 4 if call.unitdp == 4 else 2)
        shown[name] = details
        shown[switch] = item[switch]
    shown["IsTrackedAsInventory"] = item["IsTrackedAsInventory"]
    if item["IsTrackedAsInventory"]:
        shown["QuantityOnHand"] = item["QuantityOnHand"]
        shown["TotalCostPool"] = item["TotalCostPool"]
    shown["ValidationErrors"] = []
    return shown


def _rows(call: Call) -> list[Record]:
    return list(call.books.tables["Items"].values())


def _find(books: Books, key: str) -> Record | None:
    found = books.get("Items", key.lower())
    coded = books.find("Items", "Code", key)
    return found or (coded[0] if coded else None)


def _reader(name: str) -> Any:
    return lambda record: record.get(name)


FIELDS = {
    name: _reader(name)
    for name in (
        "ItemID",
        "Code",
        "Name",
        "Description",
        "IsSold",
        "IsPurchased",
        "IsTrackedAsInventory",
        "UpdatedDateUTC",
    )
}
RESOURCE = Resource(
    name="Items",
    singular="Item",
    id_field="ItemID",
    scopes=("accounting.settings", "accounting.invoices"),
    shape=ITEM,
    fields=FIELDS,
    rows=_rows,
    find=_find,
    render=render,
    modified=True,
    verbs={"PUT": save, "POST": save},
    delete=delete,
    history=True,
)

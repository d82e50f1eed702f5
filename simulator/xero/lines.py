"""Lines of documents and their sums, as Xero computes them.

Per line half up to the cent, tax from the rounded line, then summed. Source:
developer.xero.com/documentation/api-guides/rounding-in-xero and .../accounting/invoices.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from simulator.xero.books import Books, Record, new_id
from simulator.xero.resource import Call
from simulator.xero.wire import cents, places

ZERO = Decimal("0.00")
HUNDRED = Decimal(100)
LARGEST = Decimal("9999999999.99")
CLASS_FLAGS = {
    "ASSET": "CanApplyToAssets",
    "EQUITY": "CanApplyToEquity",
    "EXPENSE": "CanApplyToExpenses",
    "LIABILITY": "CanApplyToLiabilities",
    "REVENUE": "CanApplyToRevenue",
}
BAD_TAX = "The TaxType code {} does not exist or cannot be used for this type of transaction."
NO_ACCOUNT = "Account code '{}' has been removed as it does not match a recognised account."
BAD_ACCOUNT = "Account code '{}' is not a valid code for this document."
MOST_TRACKING = 2


@dataclass(frozen=True, kw_only=True)
class Document:
    """What the lines need to know of their document."""

    amounts: str
    sales: bool
    discounts: bool
    approved: bool
    discount_rates: bool = False
    """Rates alone are taken, where `discounts` is not set."""
    tax_by_account: bool = True
    """Whether a tax type that is left out is the account's (quotes: it is none)."""
    tracked_by_option: bool = False
    """Whether tracking is named by the option's id alone (quotes)."""


@dataclass
class Remarks:
    """Errors and warnings found on the way."""

    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def build(
    call: Call, sent: list[Record], old: list[Record], *, document: Document, remarks: Remarks
) -> list[Record]:
    """The document's new lines: what is sent replaces all; an old line keeps its id when named.

    A known LineItemID updates that line (fields left out keep their value); anything else is new.
    """
    known = {line["LineItemID"]: line for line in old}
    built = []
    for line in sent:
        before = known.get(line.get("LineItemID", ""))
        base = _carried(before, line) if before else {"LineItemID": new_id()}
        fresh = {name: value for name, value in line.items() if name != "LineItemID"}
        built.append(_completed(call, {**base, **fresh}, document, remarks))
    return built


def _carried(before: Record, sent: Record) -> Record:
    """An old line without the amounts its new numbers make stale."""
    kept = dict(before)
    if sent.keys() & {"Quantity", "UnitAmount", "DiscountRate", "DiscountAmount", "LineAmount"}:
        kept.pop("LineAmount", None)
        kept.pop("TaxAmount", None)
    if "TaxType" in sent or "AccountCode" in sent or "AccountID" in sent:
        kept.pop("TaxAmount", None)
    if "DiscountAmount" in sent:
        kept.pop("DiscountRate", None)
    if "DiscountRate" in sent:
        kept.pop("DiscountAmount", None)
    return kept


def _completed(call: Call, line: Record, document: Document, remarks: Remarks) -> Record:
    """One line with defaults, checks and amounts."""
    books = call.books
    _from_item(books, line, document, remarks)
    _account(books, line, document, remarks)
    _describe(line, document, remarks)
    _tracking(books, line, document, remarks)
    rate = _tax(books, line, document, remarks)
    _amount(line, call.unitdp, document, remarks)
    if document.amounts == "NoTax":
        line["TaxAmount"] = ZERO
    elif "TaxAmount" not in line:
        line["TaxAmount"] = tax_of(line["LineAmount"], rate, document.amounts)
    return line


def tax_of(amount: Decimal, rate: Decimal, amounts: str) -> Decimal:
    """The tax of one rounded line amount."""
    if amounts == "Inclusive":
        return cents(amount - amount * HUNDRED / (HUNDRED + rate))
    return cents(amount * rate / HUNDRED)


def _from_item(books: Books, line: Record, document: Document, remarks: Remarks) -> None:
    """An item code fills what is not sent."""
    if not line.get("ItemCode"):
        return
    found = books.find("Items", "Code", line["ItemCode"])
    if not found:
        remarks.errors.append(f"Item code '{line['ItemCode']}' is not valid")
        return
    item = found[0]
    details = item.get("SalesDetails" if document.sales else "PurchaseDetails") or {}
    text = "Description" if document.sales else "PurchaseDescription"
    defaults = {
        "Description": item.get(text) or item.get("Name") or item["Code"],
        "UnitAmount": details.get("UnitPrice"),
        "AccountCode": details.get("AccountCode"),
        "TaxType": details.get("TaxType"),
    }
    if "UnitAmount" in line or "LineAmount" in line:
        del defaults["UnitAmount"]
    for name, value in defaults.items():
        if value is not None and name not in line:
            line[name] = value
    line["ItemCode"] = item["Code"]


def _account(books: Books, line: Record, document: Document, remarks: Remarks) -> None:
    if line.get("AccountID"):
        by_id = books.get("Accounts", line["AccountID"])
        line["AccountCode"] = by_id["Code"] if by_id else line["AccountID"]
    code = line.get("AccountCode")
    if not code:
        if document.approved and _has_amounts(line):
            remarks.errors.append("Account code or ID must be specified")
        return
    account = books.account(code)
    if account is None or account.get("SystemAccount") in {"DEBTORS", "CREDITORS"}:
        strict = books.world.switches.xero_reject_unknown_account_on_draft
        if document.approved or strict:
            remarks.errors.append(BAD_ACCOUNT.format(code))
        else:
            remarks.warnings.append(NO_ACCOUNT.format(code))
            del line["AccountCode"]
        line.pop("AccountID", None)
        return
    line["AccountID"] = account["AccountID"]


def _has_amounts(line: Record) -> bool:
    return bool(line.keys() & {"Quantity", "UnitAmount", "LineAmount", "ItemCode"})


def _describe(line: Record, document: Document, remarks: Remarks) -> None:
    text = line.get("Description")
    if text == "" or (text is None and document.approved):
        remarks.errors.append("Description must be at least 1 character")
    if text is not None and len(text) > 4000:
        remarks.errors.append("Description exceeds the maximum length of 4000 characters")


def _tracking(books: Books, line: Record, document: Document, remarks: Remarks) -> None:
    sent = line.get("Tracking", [])
    if document.tracked_by_option:
        names = ("TrackingOptionID",)
        sent = [{name: one[name] for name in names if name in one} for one in sent]
    if len(sent) > MOST_TRACKING:
        remarks.errors.append("A line item can have a maximum of 2 tracking categories")
    found = [_tracked(books, entry) for entry in sent]
    if None in found:
        remarks.errors.append("The tracking category or option does not exist")
    line["Tracking"] = [entry for entry in found if entry is not None]


def _tracked(books: Books, entry: Record) -> Record | None:
    for category in books.tracking.values():
        by_option = entry.keys() == {"TrackingOptionID"}
        if (
            not by_option
            and entry.get("Name") != category["Name"]
            and entry.get("TrackingCategoryID") != category["TrackingCategoryID"]
        ):
            continue
        for option in category["Options"]:
            if entry.get("Option") == option["Name"] or (
                entry.get("TrackingOptionID") == option["TrackingOptionID"]
            ):
                return {
                    "Name": category["Name"],
                    "Option": option["Name"],
                    "TrackingCategoryID": category["TrackingCategoryID"],
                    "TrackingOptionID": option["TrackingOptionID"],
                }
    return None


def _tax(books: Books, line: Record, document: Document, remarks: Remarks) -> Decimal:
    """The percentage of the line; fills a tax type that is left out from the account."""
    if document.amounts == "NoTax":
        line["TaxType"] = "NONE"
        return Decimal(0)
    account = books.account(line.get("AccountCode") or "")
    if "TaxType" not in line and account is not None and document.tax_by_account:
        line["TaxType"] = account["TaxType"]
    code = line.get("TaxType")
    if not code:
        return Decimal(0)
    rate = books.tax_rates.get(code)
    usable = rate is not None and rate["Status"] == "ACTIVE"
    if usable and rate is not None and account is not None:
        usable = rate[CLASS_FLAGS[account["Class"]]]
    if not usable or rate is None:
        remarks.errors.append(BAD_TAX.format(code))
        return Decimal(0)
    percent: Decimal = rate["EffectiveRate"]
    return percent


def _amount(line: Record, unitdp: int, document: Document, remarks: Remarks) -> None:
    """Fill LineAmount, or compare it with what quantity, price and discount make."""
    allowed = {"DiscountRate", "DiscountAmount"} if document.discounts else set()
    if document.discount_rates:
        allowed.add("DiscountRate")
    if line.keys() & {"DiscountRate", "DiscountAmount"} - allowed:
        remarks.errors.append("Discounts are only allowed on sales invoices and quotes")
    if "UnitAmount" in line:
        line["UnitAmount"] = places(line["UnitAmount"], 4 if unitdp == 4 else 2)
        line.setdefault("Quantity", Decimal(1))
    if "Quantity" in line:
        line["Quantity"] = places(line["Quantity"], 4)
    if "UnitAmount" not in line and "LineAmount" in line:
        quantity = line.setdefault("Quantity", Decimal("1.0000"))
        line["UnitAmount"] = places(line["LineAmount"] / (quantity or 1), 4)
    expected = amount_of(line)
    given = line.get("LineAmount", expected)
    if given != expected:
        remarks.errors.append(
            f"The line total {given} does not match the expected line total {expected}"
        )
    if abs(expected) > LARGEST:
        remarks.errors.append("The line total exceeds the largest amount allowed")
    line["LineAmount"] = expected


def amount_of(line: Record) -> Decimal:
    """Quantity times price less discount, half up to the cent."""
    gross = line.get("Quantity", Decimal(0)) * line.get("UnitAmount", Decimal(0))
    if line.get("DiscountRate"):
        gross = gross * (HUNDRED - line["DiscountRate"]) / HUNDRED
    if line.get("DiscountAmount"):
        gross -= line["DiscountAmount"]
    return cents(gross)


def sums(lines: list[Record], amounts: str) -> dict[str, Decimal]:
    """SubTotal, TotalTax, Total and TotalDiscount of finished lines."""
    tax = sum((line["TaxAmount"] for line in lines), ZERO)
    plain = sum((line["LineAmount"] for line in lines), ZERO)
    net = plain - tax if amounts == "Inclusive" else plain
    undiscounted = [
        cents(line.get("Quantity", Decimal(0)) * line.get("UnitAmount", Decimal(0)))
        for line in lines
    ]
    return {
        "SubTotal": net,
        "TotalTax": tax,
        "Total": net + tax,
        "TotalDiscount": sum(undiscounted, ZERO) - plain,
    }


SHOWN = ("ItemCode", "Description", "AccountCode", "AccountID", "TaxType")


def render(call: Call, line: Record) -> Record:
    """One line as answers show it, with the fields Xero's OpenAPI file leaves out."""
    shown: dict[str, Any] = {name: line[name] for name in SHOWN if line.get(name)}
    if "UnitAmount" in line:
        shown["UnitAmount"] = places(line["UnitAmount"], 4 if call.unitdp == 4 else 2)
    if line.get("ItemCode"):
        found = call.books.find("Items", "Code", line["ItemCode"])
        if found:
            item = found[0]
            shown["Item"] = {
                "ItemID": item["ItemID"],
                "Name": item.get("Name", item["Code"]),
                "Code": item["Code"],
            }
    shown |= {name: line[name] for name in ("DiscountRate", "DiscountAmount") if line.get(name)}
    if "DiscountRate" in shown or "DiscountAmount" in shown:
        shown["DiscountEnteredAsPercent"] = "DiscountRate" in shown
    return shown | {
        "TaxAmount": line["TaxAmount"],
        "LineAmount": line["LineAmount"],
        "Tracking": line["Tracking"],
        "Quantity": line.get("Quantity", Decimal("0.0000")),
        "LineItemID": line["LineItemID"],
        "ValidationErrors": [],
    }

"""The fields of Xero a mapping may name, by endpoint; lengths and rights as the official file has
them (XeroAPI/Xero-OpenAPI, xero_accounting.yaml 16.1.0).

Not on offer: what only Xero's own screens may set, lists of other records, and address lines two
to four, because CRM's one street field fills all four lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from backend.core.mapped import TERM_TYPES
from backend.core.offers import Offer


def _field(
    path: str,
    kind: str = "text",
    length: int | None = None,
    *,
    shown: str | None = None,
    places: int | None = None,
    required: bool = False,
    read_only: bool = False,
    choices: tuple[str, ...] = (),
    target: str | None = None,
    stays_open: bool = False,
) -> Offer:
    return Offer(
        path=path,
        kind=kind,
        type=shown or kind,
        length=length,
        places=places,
        required=required,
        read_only=read_only,
        choices=tuple((word, word) for word in choices),
        target=target,
        stays_open=stays_open,
    )


def _money(path: str, *, read_only: bool = True, places: int = 2) -> Offer:
    return _field(path, "number", shown="money", places=places, read_only=read_only)


def _address(kind: str) -> Iterator[Offer]:
    at = f"Addresses.{kind}"
    yield _field(f"{at}.AddressLine1", "street", 500)
    yield _field(f"{at}.AttentionTo", "text", 255)
    yield _field(f"{at}.City", "text", 255)
    yield _field(f"{at}.Region", "text", 255)
    yield _field(f"{at}.PostalCode", "text", 50)
    yield _field(f"{at}.Country", "country", 50)


LINE_AMOUNTS = ("INCLUSIVE", "EXCLUSIVE", "NONE")

CONTACT = (
    _field("Name", "text", 255, required=True),
    _field("FirstName", "text", 255),
    _field("LastName", "text", 255),
    _field("EmailAddress", "email", 255),
    _field("AccountNumber", "text", 50),
    _field("CompanyNumber", "text", 50),
    _field("TaxNumber", "text", 50),
    _field("BankAccountDetails", "text"),
    *(
        _field(f"Phones.{kind}.PhoneNumber", "phone", 50)
        for kind in ("DEFAULT", "DDI", "MOBILE", "FAX", "OFFICE")
    ),
    *_address("POBOX"),
    *_address("STREET"),
    _field("DefaultCurrency", "currency", shown="choice"),
    _field("PaymentTerms.Sales", "terms", shown="choice"),
    _field("PaymentTerms.Bills", "terms", shown="choice"),
    _field("AccountsReceivableTaxType", "choice"),
    _field("AccountsPayableTaxType", "choice"),
    _field("SalesDefaultAccountCode", "choice"),
    _field("PurchasesDefaultAccountCode", "choice"),
    _field("SalesDefaultLineAmountType", "choice", choices=LINE_AMOUNTS),
    _field("PurchasesDefaultLineAmountType", "choice", choices=LINE_AMOUNTS),
    _field("XeroNetworkKey", "text"),
    _field("BatchPayments.BankAccountNumber", "text"),
    _field("BatchPayments.BankAccountName", "text"),
    _field("BatchPayments.Details", "text"),
    _field("ContactID", "text", 36, shown="guid", read_only=True),
    _field("ContactNumber", "text", 50, read_only=True),
    _field("ContactStatus", "text", read_only=True),
    _field("Website", "text", shown="url", read_only=True),
    _field("Discount", "number", places=4, read_only=True),
    _field("IsCustomer", "boolean", read_only=True),
    _field("IsSupplier", "boolean", read_only=True),
    _field("UpdatedDateUTC", "datetime", read_only=True),
    _money("Balances.AccountsReceivable.Outstanding"),
    _money("Balances.AccountsReceivable.Overdue"),
    _money("Balances.AccountsPayable.Outstanding"),
    _money("Balances.AccountsPayable.Overdue"),
)

ITEM = (
    _field("Code", "text", 30, required=True),
    _field("Name", "text", 50),
    _field("Description", "text", 4000),
    _field("PurchaseDescription", "text", 4000),
    _field("IsSold", "boolean"),
    _field("IsPurchased", "boolean"),
    _money("SalesDetails.UnitPrice", read_only=False, places=4),
    _field("SalesDetails.AccountCode", "choice"),
    _field("SalesDetails.TaxType", "choice"),
    _money("PurchaseDetails.UnitPrice", read_only=False, places=4),
    _field("PurchaseDetails.AccountCode", "choice"),
    _field("PurchaseDetails.TaxType", "choice"),
    _field("ItemID", "text", 36, shown="guid", read_only=True),
    _field("IsTrackedAsInventory", "boolean", read_only=True),
    _field("QuantityOnHand", "number", places=4, read_only=True),
    _money("TotalCostPool"),
    _field("UpdatedDateUTC", "datetime", read_only=True),
)

_TOTALS = (
    _money("SubTotal"),
    _money("TotalTax"),
    _money("Total"),
    _field("UpdatedDateUTC", "datetime", read_only=True),
)
_DISCOUNT = _money("TotalDiscount")


def _heads(number: str, *, of: str, reference: int | None = 255) -> tuple[Offer, ...]:
    return (
        _field(number, "text", 255, stays_open=True),
        _field("Contact.ContactID", "link", 36, target=of, required=True),
        _field("Contact.Name", "text", 255, read_only=True),
        _field("Contact.EmailAddress", "email", 255, read_only=True),
        _field("Reference", "text", reference, stays_open=True),
        _field("Date", "date"),
        _field("BrandingThemeID", "choice", 36, stays_open=True),
        _field("CurrencyCode", "currency", shown="choice"),
        _field("CurrencyRate", "number", places=6),
        _field("LineItems", "lines"),
    )


INVOICE = (
    *_heads("InvoiceNumber", of="accounts"),
    _field("DueDate", "date", stays_open=True),
    _field("ExpectedPaymentDate", "date"),
    _field("Url", "text", shown="url", read_only=True),
    _field("SentToContact", "boolean"),
    _field("Status", "text", read_only=True),
    _field("InvoiceID", "text", 36, shown="guid", read_only=True),
    _field("FullyPaidOnDate", "date", read_only=True),
    _field("Payments", "text", read_only=True),
    *_TOTALS,
    _DISCOUNT,
    _money("AmountDue"),
    _money("AmountPaid"),
    _money("AmountCredited"),
)

QUOTE = (
    *_heads("QuoteNumber", of="accounts", reference=4000),
    _field("ExpiryDate", "date"),
    _field("Title", "text", 100),
    _field("Summary", "text", 3000),
    _field("Terms", "text", 4000),
    _field("Status", "text", read_only=True),
    _field("QuoteID", "text", 36, shown="guid", read_only=True),
    *_TOTALS,
    _DISCOUNT,
)

PURCHASE_ORDER = (
    *_heads("PurchaseOrderNumber", of="vendors"),
    _field("DeliveryDate", "date"),
    _field("ExpectedArrivalDate", "date"),
    _field("DeliveryAddress", "text"),
    _field("DeliveryInstructions", "text", 500),
    _field("AttentionTo", "text"),
    _field("Telephone", "text"),
    _field("SentToContact", "boolean"),
    _field("Status", "text", read_only=True),
    _field("PurchaseOrderID", "text", 36, shown="guid", read_only=True),
    *_TOTALS,
    _DISCOUNT,
)

CREDIT_NOTE = (
    *_heads("CreditNoteNumber", of="accounts"),
    _field("Status", "text", read_only=True),
    _field("CreditNoteID", "text", 36, shown="guid", read_only=True),
    _money("RemainingCredit"),
    *_TOTALS,
)

LIVE: Mapping[str, str] = {
    "AccountsReceivableTaxType": "tax_rates",
    "AccountsPayableTaxType": "tax_rates",
    "SalesDetails.TaxType": "tax_rates",
    "PurchaseDetails.TaxType": "tax_rates",
    "SalesDefaultAccountCode": "accounts",
    "PurchasesDefaultAccountCode": "accounts",
    "SalesDetails.AccountCode": "accounts",
    "PurchaseDetails.AccountCode": "accounts",
    "DefaultCurrency": "currencies",
    "CurrencyCode": "currencies",
    "BrandingThemeID": "branding_themes",
}
"""Fields whose words are lists of the connected organisation."""

TERMS = tuple(
    (f"{day} {kind}", f"{day} {kind}")
    for day, kind in (
        *((day, TERM_TYPES[0]) for day in (7, 10, 14, 15, 20, 21, 28, 30, 45, 60, 90)),
        *((day, kind) for kind in TERM_TYPES[2:] for day in (1, 15, 20, 28, 31)),
    )
)
"""Payment terms people use; any other day is as good."""

"""The books of one organisation: its records, their indexes, and what happens when one changes."""

from __future__ import annotations

import itertools
import unicodedata
import uuid
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from simulator.xero import chart
from simulator.xero.wire import places

if TYPE_CHECKING:
    from simulator.world import World

Record = dict[str, Any]
CATEGORIES = {"Contacts": "CONTACT", "Invoices": "INVOICE", "CreditNotes": "CREDITNOTE"}
ID_FIELDS = {
    "Contacts": "ContactID",
    "Items": "ItemID",
    "Invoices": "InvoiceID",
    "CreditNotes": "CreditNoteID",
    "Payments": "PaymentID",
    "Overpayments": "OverpaymentID",
    "Prepayments": "PrepaymentID",
    "Quotes": "QuoteID",
    "PurchaseOrders": "PurchaseOrderID",
    "Accounts": "AccountID",
    "Users": "UserID",
}
# The field by which a record is found besides its id, and which Xero keeps unique.
KEY_FIELDS = {
    "Contacts": ("Name", "ContactNumber"),
    "Items": ("Code",),
    "Invoices": ("InvoiceNumber",),
    "CreditNotes": ("CreditNoteNumber",),
    "Quotes": ("QuoteNumber",),
    "PurchaseOrders": ("PurchaseOrderNumber",),
    "Accounts": ("Code",),
}
SEQUENCES = {
    "INV": ("Invoices", "InvoiceNumber"),
    "CN": ("CreditNotes", "CreditNoteNumber"),
    "QU": ("Quotes", "QuoteNumber"),
    "PO": ("PurchaseOrders", "PurchaseOrderNumber"),
}


def folded(text: str) -> str:
    """Text as Xero compares it: without case, accents and outer blanks."""
    plain = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


class Books:
    """All records of one organisation.

    Records are dictionaries with Xero's own field names holding Decimal, date and aware datetime;
    fields that start with "_" are never shown. Call `store` after each change.
    """

    def __init__(self, world: World, organisation: Record, **start: Any) -> None:
        self.world = world
        self.organisation = organisation
        self.tenant: str = organisation["OrganisationID"]
        self.tables: dict[str, dict[str, Record]] = {name: {} for name in ID_FIELDS}
        self.tax_rates: dict[str, Record] = {r["TaxType"]: r for r in start["tax_rates"]}
        self.currencies: list[str] = list(start["currencies"])
        self.tracking: dict[str, Record] = {}
        self.branding = chart.branding_themes(self.tenant)
        self.history: dict[str, list[Record]] = {}
        self.reconciled: set[str] = set()
        self._keys: dict[tuple[str, str, str], dict[str, None]] = {}
        self._indexed: dict[str, list[tuple[str, str, str]]] = {}
        self._counters = {prefix: itertools.count(1) for prefix in SEQUENCES}
        for account in start["accounts"]:
            self.store("Accounts", account, quiet=True)
        for user in start["users"]:
            self.store("Users", user, quiet=True)

    @property
    def base(self) -> str:
        """The base currency."""
        return str(self.organisation["BaseCurrency"])

    def now(self) -> datetime:
        """The present, to the millisecond as Xero stores it."""
        at = self.world.clock.now()
        return at.replace(microsecond=at.microsecond // 1000 * 1000)

    def store(
        self, table: str, record: Record, *, created: bool = False, quiet: bool = False
    ) -> Record:
        """Put a record in, stamp it, index it and raise its event.

        `quiet` leaves out the stamp (once it has one) and the event: the change is one that
        Xero's UpdatedDateUTC does not show.
        """
        record_id = record[ID_FIELDS[table]]
        if created or not quiet or "UpdatedDateUTC" not in record:
            record["UpdatedDateUTC"] = self.now()
        record.setdefault("_created", record["UpdatedDateUTC"])
        self.tables[table][record_id] = record
        self._index(table, record)
        if table in CATEGORIES and not quiet:
            self.tell(table, record, "CREATE" if created else "UPDATE")
        return record

    def remove(self, table: str, record_id: str) -> None:
        """Take a record out for good."""
        del self.tables[table][record_id]
        self._drop_index(table, record_id)

    def tell(self, table: str, record: Record, event_type: str) -> None:
        """Raise the event of a record."""
        data = None
        if table == "CreditNotes":
            data = {"Type": record["Type"], "Status": record["Status"]}
        self.world.xero.events.raise_event(
            CATEGORIES[table],
            event_type,
            tenant=self.tenant,
            record_id=record[ID_FIELDS[table]],
            data=data,
        )

    def get(self, table: str, record_id: str) -> Record | None:
        """A record by its id."""
        return self.tables[table].get(record_id)

    def find(self, table: str, field: str, value: str) -> list[Record]:
        """The records with this key; archived names and deleted numbers
        are not found."""
        ids = self._keys.get((table, field, folded(value)), {})
        return [self.tables[table][record_id] for record_id in ids]

    def account(self, code: str) -> Record | None:
        """An active account by its code."""
        found = self.find("Accounts", "Code", code)
        return found[0] if found else None

    def next_number(self, prefix: str) -> str:
        """The next free number of a sequence such as INV-0001."""
        table, field = SEQUENCES[prefix]
        for count in self._counters[prefix]:
            number = f"{prefix}-{count:04d}"
            if not self.find(table, field, number):
                return number
        raise AssertionError("counting never ends")

    def day_rate(self, currency: str) -> Decimal:
        """Units of the currency for one unit of the base, six places."""
        base, other = chart.POUND_RATES[self.base], chart.POUND_RATES.get(currency, Decimal(1))
        return places(other / base, 6)

    def note(self, record_id: str, changes: str, details: str, user: str) -> Record:
        """Write a line into a record's history."""
        entry = {"Changes": changes, "Details": details, "User": user, "DateUTC": self.now()}
        self.history.setdefault(record_id, []).append(entry)
        return entry

    def _index(self, table: str, record: Record) -> None:
        record_id = record[ID_FIELDS[table]]
        self._drop_index(table, record_id)
        keys = []
        for field in KEY_FIELDS.get(table, ()):
            if record.get(field) and _indexable(table, field, record):
                key = (table, field, folded(record[field]))
                self._keys.setdefault(key, {})[record_id] = None
                keys.append(key)
        self._indexed[f"{table}/{record_id}"] = keys

    def _drop_index(self, table: str, record_id: str) -> None:
        for key in self._indexed.pop(f"{table}/{record_id}", ()):
            self._keys[key].pop(record_id, None)


def _indexable(table: str, field: str, record: Record) -> bool:
    """Whether a record still owns its key: archived names and deleted numbers are free again."""
    if table == "Contacts":
        return field != "Name" or bool(record["ContactStatus"] == "ACTIVE")
    if table in {"Invoices", "CreditNotes"}:
        # The numbers of bills are the suppliers' own and repeat.
        return record["Type"] in {"ACCREC", "ACCRECCREDIT"} and record["Status"] != "DELETED"
    if table in {"Quotes", "PurchaseOrders"}:
        return bool(record["Status"] != "DELETED")
    if table == "Accounts":
        return bool(record["Status"] == "ACTIVE")
    return True


def new_id() -> str:
    """A fresh id."""
    return str(uuid.uuid4())

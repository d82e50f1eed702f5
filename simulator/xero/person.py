"""What people do in Xero's own pages, as methods: no rate limits, no scopes, the same rules.

Every method takes the organisation's id first. Invalid (a ValueError) carries Xero's sentences
when a rule is broken; LookupError names a record that is not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from simulator.xero import advances, credit_settling, purchase_orders
from simulator.xero.books import Books, Record
from simulator.xero.entities import ENTITIES
from simulator.xero.errors import Invalid
from simulator.xero.lines import ZERO
from simulator.xero.resource import Call, Detail, Resource
from simulator.xero.shapes import clean

if TYPE_CHECKING:
    from simulator.world import World
    from simulator.xero.events import Events
    from simulator.xero.oauth import OAuth


class PersonActs:
    """The acts; mixed into `simulator.xero.state.XeroState`."""

    world: World
    events: Events
    oauth: OAuth
    organisations: dict[str, Books]

    def books(self, tenant: str) -> Books:
        """The books of an organisation; LookupError."""
        if tenant not in self.organisations:
            raise LookupError(f"no organisation {tenant}")
        return self.organisations[tenant]

    def create(self, tenant: str, entity: str, fields: Mapping[str, Any]) -> str:
        """Enter a new record ("Contacts", "Items", "Invoices", ...) and return its id."""
        return self._save(tenant, entity, fields, create_only=True)

    def edit(self, tenant: str, entity: str, record_id: str, fields: Mapping[str, Any]) -> None:
        """Change some fields of a record."""
        resource = _resource(entity)
        self.record(tenant, entity, record_id)
        self._save(tenant, entity, {**fields, resource.id_field: record_id})

    def delete(self, tenant: str, entity: str, record_id: str) -> None:
        """Delete a record the way Xero does: items go, drafts and payments become DELETED."""
        resource, record = _resource(entity), self.record(tenant, entity, record_id)
        if resource.delete is not None:
            with self.world.lock:
                resource.delete(self._call(tenant), record)
            return
        if entity == "Contacts":
            raise Invalid("Contacts cannot be deleted, only archived.")
        self._save(tenant, entity, {resource.id_field: record_id, "Status": "DELETED"})

    def record(self, tenant: str, entity: str, record_id: str) -> Record:
        """A record as the books hold it (do not change it); LookupError."""
        find = _resource(entity).find
        found = find(self.books(tenant), record_id) if find else None
        if found is None:
            raise LookupError(f"no {entity} {record_id}")
        return found

    def shown(self, tenant: str, entity: str, record_id: str) -> Record:
        """A record as a GET by id with unitdp=4 shows it."""
        record = self.record(tenant, entity, record_id)
        with self.world.lock:
            return _resource(entity).render(self._call(tenant), [record], Detail.ONE)[0]

    def shown_all(self, tenant: str, entity: str) -> list[Record]:
        """All records of an entity as a page with unitdp=4 shows them."""
        found = self.all(tenant, entity)
        with self.world.lock:
            return _resource(entity).render(self._call(tenant), found, Detail.PAGE)

    def all(self, tenant: str, entity: str) -> list[Record]:
        """All records of an entity as the books hold them, archived and deleted ones too."""
        books = self.books(tenant)
        if entity in books.tables:
            return list(books.tables[entity].values())
        return _resource(entity).rows(self._call(tenant))

    def approve(self, tenant: str, invoice_id: str) -> None:
        """Approve a draft invoice or bill."""
        self.edit(tenant, "Invoices", invoice_id, {"Status": "AUTHORISED"})

    def void(self, tenant: str, invoice_id: str) -> None:
        """Void an approved invoice or bill without payments."""
        self.edit(tenant, "Invoices", invoice_id, {"Status": "VOIDED"})

    def pay(
        self,
        tenant: str,
        invoice_id: str,
        amount: Decimal | str | None = None,
        *,
        day: date | None = None,
        account: str = "090",
        reference: str = "",
        reconciled: bool = False,
    ) -> str:
        """Receive (or make) a payment, of all that is due by default; returns its id."""
        invoice = self.record(tenant, "Invoices", invoice_id)
        fields: Record = {
            "Invoice": {"InvoiceID": invoice["InvoiceID"]},
            "Account": {"Code": account},
            "Amount": str(invoice["AmountDue"] if amount is None else amount),
            "Reference": reference,
            "IsReconciled": reconciled,
        }
        if day:
            fields["Date"] = day.isoformat()
        return self.create(tenant, "Payments", fields)

    def delete_payment(self, tenant: str, payment_id: str) -> None:
        """Remove a payment; its invoice is due again."""
        self.delete(tenant, "Payments", payment_id)

    def move(self, tenant: str, entity: str, record_id: str, status: str) -> None:
        """Give a quote or purchase order its next status, as a button on its page does."""
        self.edit(tenant, entity, record_id, {"Status": status})

    def bill(self, tenant: str, order_id: str) -> str:
        """Copy a purchase order to a draft bill, which bills the order; returns the bill's id."""
        order = self.record(tenant, "PurchaseOrders", order_id)
        with self.world.lock:
            return str(purchase_orders.bill(self._call(tenant), order)["InvoiceID"])

    def credit(
        self,
        tenant: str,
        invoice_id: str,
        amount: Decimal | str | None = None,
        *,
        description: str = "Credit",
    ) -> str:
        """Credit part of an invoice's due amount: a note, approved and allocated; its id."""
        invoice = self.record(tenant, "Invoices", invoice_id)
        wanted = invoice["AmountDue"] if amount is None else Decimal(str(amount))
        line = invoice["LineItems"][0]
        note_id = self.create(
            tenant,
            "CreditNotes",
            {
                "Type": f"{invoice['Type']}CREDIT",
                "Contact": {"ContactID": invoice["_contact"]},
                "Status": "AUTHORISED",
                "LineAmountTypes": "NoTax",
                "CurrencyCode": invoice["CurrencyCode"],
                "LineItems": [
                    {
                        "Description": description,
                        "Quantity": 1,
                        "UnitAmount": str(wanted),
                        "AccountCode": line.get("AccountCode", "200"),
                    }
                ],
            },
        )
        self.allocate(tenant, note_id, invoice_id, wanted)
        return note_id

    def allocate(self, tenant: str, note_id: str, invoice_id: str, amount: Decimal | str) -> str:
        """Use an approved credit note on an invoice; returns the allocation's id."""
        note = self.record(tenant, "CreditNotes", note_id)
        sent = {"Invoice": {"InvoiceID": invoice_id}, "Amount": Decimal(str(amount))}
        with self.world.lock:
            entry = credit_settling.allocate(self._call(tenant), note, sent)
        return str(entry["AllocationID"])

    def unallocate(self, tenant: str, note_id: str, allocation_id: str) -> None:
        """Take a credit note back from an invoice; LookupError when it is not on it."""
        note = self.record(tenant, "CreditNotes", note_id)
        with self.world.lock:
            if credit_settling.release(self._call(tenant), note, allocation_id) is None:
                raise LookupError(f"no allocation {allocation_id}")

    def paid_before(
        self, tenant: str, invoice_id: str, amount: Decimal | str, *, kind: str = "overpayment"
    ) -> str:
        """Use an `overpayment` or `prepayment` of the customer on an invoice; returns its id."""
        table = {"overpayment": "Overpayments", "prepayment": "Prepayments"}[kind]
        invoice = self.record(tenant, "Invoices", invoice_id)
        with self.world.lock:
            call = self._call(tenant)
            made = advances.receive(call, table, invoice, Decimal(str(amount)))
        return str(made[advances.IDS[table]])

    def refund(
        self,
        tenant: str,
        note_id: str,
        amount: Decimal | str | None = None,
        *,
        account: str = "090",
    ) -> str:
        """Pay what is left of a credit note back to the customer; returns the payment's id."""
        note = self.record(tenant, "CreditNotes", note_id)
        fields = {
            "CreditNote": {"CreditNoteID": note["CreditNoteID"]},
            "Account": {"Code": account},
            "Amount": str(note["RemainingCredit"] if amount is None else amount),
        }
        return self.create(tenant, "Payments", fields)

    def archive(self, tenant: str, contact_id: str) -> None:
        """Archive a contact."""
        self.edit(tenant, "Contacts", contact_id, {"ContactStatus": "ARCHIVED"})

    def unarchive(self, tenant: str, contact_id: str) -> None:
        """Restore an archived contact; Invalid when its name has been taken since."""
        self.edit(tenant, "Contacts", contact_id, {"ContactStatus": "ACTIVE"})

    def merge_contacts(self, tenant: str, kept: str, gone: str) -> None:
        """Merge a contact into another: its documents move, it is archived and points there."""
        target = self.record(tenant, "Contacts", kept)
        source = self.record(tenant, "Contacts", gone)
        books = self.books(tenant)
        with self.world.lock:
            for table in ("Invoices", "CreditNotes", "Quotes", "PurchaseOrders"):
                for document in books.tables[table].values():
                    if document["_contact"] == source["ContactID"]:
                        document["_contact"] = target["ContactID"]
                        books.store(table, document)
            merged = {**source, "ContactStatus": "ARCHIVED", "MergedToContactID": kept}
            books.store("Contacts", merged)
            books.store("Contacts", target)

    def lock_period(self, tenant: str, day: date | None, *, year_end: bool = False) -> None:
        """Lock everything up to and including a day; None unlocks."""
        name = "EndOfYearLockDate" if year_end else "PeriodLockDate"
        organisation = self.books(tenant).organisation
        with self.world.lock:
            organisation.pop(name, None)
            if day is not None:
                organisation[name] = day

    def enable_currency(self, tenant: str, code: str) -> None:
        """Subscribe the organisation to a currency."""
        self._save(tenant, "Currencies", {"Code": code})

    def archive_account(self, tenant: str, code: str) -> None:
        """Archive an account of the chart by its code."""
        account = self.books(tenant).account(code)
        if account is None:
            raise LookupError(f"no account {code}")
        fields = {"AccountID": account["AccountID"], "Status": "ARCHIVED"}
        self._save(tenant, "Accounts", fields)

    def change_tax_rate(self, tenant: str, tax_type: str, status: str) -> None:
        """Set a tax rate's status: ACTIVE, ARCHIVED or DELETED."""
        self._save(tenant, "TaxRates", {"TaxType": tax_type, "Status": status})

    def revoke(self, email: str = "") -> None:
        """End every token and connection of a user (of all users when none is named)."""
        users = [self.oauth.user(email)] if email else self.oauth.users
        with self.world.lock:
            for user in users:
                self.oauth.revoke_user(user.user_id)

    def disconnect(self, tenant: str) -> None:
        """Disconnect the application in Xero's list of connected apps; tokens stay valid."""
        with self.world.lock:
            gone = [i for i, c in self.oauth.connections.items() if c.tenant == tenant]
            for connection_id in gone:
                self.oauth.disconnect(connection_id)

    def _call(self, tenant: str, *, create_only: bool = False) -> Call:
        user = self.oauth.users[0]
        return Call(
            books=self.books(tenant),
            user=f"{user.first_name} {user.last_name}",
            unitdp=4,
            create_only=create_only,
            by_person=True,
        )

    def _save(
        self, tenant: str, entity: str, fields: Mapping[str, Any], *, create_only: bool = False
    ) -> str:
        resource = _resource(entity)
        save = resource.verbs.get("POST") or resource.verbs["PUT"]
        with self.world.lock:
            call = self._call(tenant, create_only=create_only)
            saved = save(call, clean(dict(fields), resource.shape))
            return str(saved.record[resource.id_field])

    def figures(self, tenant: str) -> dict[str, Any]:
        """Counts, and per currency the totals and open amounts of sales invoices."""
        books = self.books(tenant)
        totals: dict[str, Decimal] = {}
        open_amounts: dict[str, Decimal] = {}
        statuses: dict[str, int] = {}
        with self.world.lock:
            for invoice in books.tables["Invoices"].values():
                statuses[invoice["Status"]] = statuses.get(invoice["Status"], 0) + 1
                if invoice["Status"] in {"VOIDED", "DELETED"} or invoice["Type"] != "ACCREC":
                    continue
                code = invoice["CurrencyCode"]
                totals[code] = totals.get(code, ZERO) + invoice["Total"]
                open_amounts[code] = open_amounts.get(code, ZERO) + invoice["AmountDue"]
            contacts = books.tables["Contacts"].values()
            return {
                "contacts": sum(c["ContactStatus"] == "ACTIVE" for c in contacts),
                "contacts_archived": sum(c["ContactStatus"] != "ACTIVE" for c in contacts),
                "items": len(books.tables["Items"]),
                "invoices": statuses,
                "invoice_totals": totals,
                "invoice_open": open_amounts,
                "payments": sum(
                    p["Status"] == "AUTHORISED" for p in books.tables["Payments"].values()
                ),
                "credit_notes": len(books.tables["CreditNotes"]),
                "quotes": len(books.tables["Quotes"]),
                "purchase_orders": len(books.tables["PurchaseOrders"]),
            }


def _resource(entity: str) -> Resource:
    if entity not in ENTITIES:
        raise LookupError(f"no entity {entity}")
    return ENTITIES[entity]

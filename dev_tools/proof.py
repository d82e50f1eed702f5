"""What an outside observer says about the two sides: paired one to one, equal to the cent."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from dev_tools.stage import Stage

# CRM module, Xero entity, the Xero id, and how Xero says a record is out of use.
PAIRS: Final = (
    ("accounts", "Accounts", "Contacts", "ContactID"),
    ("products", "Products", "Items", "ItemID"),
    ("invoices", "Invoices", "Invoices", "InvoiceID"),
)


@dataclass(kw_only=True)
class Sums:
    """Invoices of one currency on both sides."""

    count: int = 0
    crm: Decimal = Decimal(0)
    xero: Decimal = Decimal(0)
    crm_open: Decimal = Decimal(0)
    xero_open: Decimal = Decimal(0)


@dataclass(kw_only=True)
class Proof:
    """Pairs and singles per module, sums per currency, and every breach found."""

    pairs: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = field(default_factory=dict)
    crm_only: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    xero_only: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    sums: dict[str, Sums] = field(default_factory=lambda: defaultdict(Sums))
    breaches: list[str] = field(default_factory=list)

    @property
    def linked(self) -> int:
        """How many pairs there are in all modules."""
        return sum(map(len, self.pairs.values()))


def look(stage: Stage) -> Proof:
    """Read everything on both sides and compare."""
    proof = Proof()
    for module, crm_module, entity, id_field in PAIRS:
        pair_up(proof, module, stage.crm(crm_module), stage.xero(entity), id_field)
    others = contacts_of_others(stage)
    proof.xero_only["accounts"] = [
        one for one in proof.xero_only["accounts"] if one["ContactID"] not in others
    ]
    for crm, xero in proof.pairs["invoices"]:
        compare_invoice(proof, crm, xero)
    for crm, xero in proof.pairs["products"]:
        if crm["Product_Code"] != xero["Code"]:
            proof.breaches.append(f"item {xero['Code']} is product {crm['Product_Code']} in CRM")
    return proof


def contacts_of_others(stage: Stage) -> set[str]:
    """Xero contacts that are suppliers or people of CRM, and so no account's."""
    return {
        str(record["Xero_ID"])
        for module in ("Vendors", "Contacts")
        for record in stage.crm(module)
        if record.get("Xero_ID")
    }


def pair_up(
    proof: Proof,
    module: str,
    crm: list[dict[str, Any]],
    xero: list[dict[str, Any]],
    id_field: str,
) -> None:
    """Join the records of a module by the Xero id that CRM shows."""
    by_id = {record[id_field]: record for record in xero}
    claimed = Counter(record["Xero_ID"] for record in crm if record.get("Xero_ID"))
    proof.pairs[module] = [
        (record, by_id[record["Xero_ID"]]) for record in crm if record.get("Xero_ID") in by_id
    ]
    proof.crm_only[module] = [record for record in crm if not record.get("Xero_ID")]
    proof.xero_only[module] = [record for key, record in by_id.items() if key not in claimed]
    proof.breaches += [
        f"{module}: {count} CRM records claim {xero_id}"
        for xero_id, count in claimed.items()
        if count > 1
    ]
    proof.breaches += [
        f"{module}: CRM names {xero_id}, which Xero does not have"
        for xero_id in claimed
        if xero_id not in by_id
    ]


def compare_invoice(proof: Proof, crm: dict[str, Any], xero: dict[str, Any]) -> None:
    """Add a pair of invoices to the sums and note every difference in money."""
    number, currency = xero["InvoiceNumber"], xero["CurrencyCode"]
    due = crm.get("Xero_Amount_Due") or Decimal(0)
    paid = crm.get("Xero_Amount_Paid") or Decimal(0)
    sums = proof.sums[currency]
    sums.count += 1
    sums.crm += crm["Grand_Total"]
    sums.xero += xero["Total"]
    sums.crm_open += due
    sums.xero_open += xero["AmountDue"]
    checks = (
        ("currency", crm["Currency"], currency),
        ("total", crm["Grand_Total"], xero["Total"]),
        ("due", due, xero["AmountDue"]),
        ("paid", paid, xero["AmountPaid"]),
        ("lines", len(crm["Invoiced_Items"]), len(xero["LineItems"])),
    )
    proof.breaches += [
        f"invoice {number}: {what} is {left} in CRM and {right} in Xero"
        for what, left, right in checks
        if left != right
    ]

"""What mapping, maps and configuration show in the tests."""

from typing import Any

from tests.e2e.states import said

FORBIDDEN = "Commission"


def _field(path: str, label: str, kind: str, sample: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "path": path, "label": label, "type": kind, "length": None, "required": False, "read_only": False,
        "choices": [], "custom": False, "sample": sample, **more,
    }  # fmt: skip


def _row(name: str, zoho: str | None, xero: str | None, flow: str = "both", **more: Any) -> dict[str, Any]:  # fmt: skip
    return {
        "name": name, "label": name.replace("_", " ").capitalize(), "zoho": zoho, "xero": xero, "flow": flow,
        "on": "always", "owner": "none", "type": "text", "locked": None, **more,
    }  # fmt: skip


def mapping(module: str, language: str) -> dict[str, Any]:
    """Rows in force and the fields on offer."""
    locked = {"key": "by_link", "params": {}, "text": said(language, "By link", "Par lien", "Über Verknüpfung"), "fix": None, "act": None}  # fmt: skip
    cent = {**locked, "text": said(language, "To the cent", "Au centime près", "Auf den Cent")}
    territories = [{"value": name, "label": name} for name in ("New Zealand", "United Kingdom", "Continental Europe", "Nordics")]  # fmt: skip
    regions = [{"value": name, "label": name} for name in ("North Island", "UK and Ireland", "Europe")]  # fmt: skip
    zoho = [
        _field("Account_Name", "Account Name", "lookup", "Brasserie Lémont SARL"),
        _field("Subject", "Subject", "text", "Spring delivery, Lyon", length=120),
        _field("Invoice_Date", "Invoice Date", "date", "2026-11-10"),
        _field("Due_Date", "Due Date", "date", "2026-12-14"),
        _field("Territory", "Territory", "picklist", "Continental Europe", choices=territories),
        _field("Exchange_Rate", "Exchange Rate", "double", "1.8412"),
        _field("Sales_Commission", "Sales Commission", "currency", "312.00", custom=True),
        _field("Status", "Status", "picklist", "Approved", choices=[{"value": "Approved", "label": "Approved"}, {"value": "Delivered", "label": "Delivered"}]),
        _field("Grand_Total", "Grand Total", "currency", "12480.00", read_only=True),
    ]  # fmt: skip
    xero = [
        _field("Contact", "Contact", "link", "Brasserie Lémont SARL"),
        _field("Reference", "Reference", "text", "Spring delivery, Lyon", length=255),
        _field("Date", "Date", "date", "2026-11-10"),
        _field("DueDate", "Due date", "date", "2026-12-14"),
        _field("Tracking.Region", "Region", "tracking", "Europe", choices=regions),
        _field("CurrencyRate", "Currency rate", "number", "1.841200"),
        _field("Total", "Total", "money", "12480.00", read_only=True),
    ]
    mapped = {"New Zealand": "North Island", "United Kingdom": "UK and Ireland", "Continental Europe": "Europe"}  # fmt: skip
    rows = [
        _row("customer", "Account_Name", "Contact", "to_xero", locked=locked, type="link"),
        _row("reference", "Subject", "Reference"),
        _row("date", "Invoice_Date", "Date", "to_xero", owner="zoho", type="date"),
        _row("due_date", "Due_Date", "DueDate", owner="xero", type="date"),
        _row("region", "Territory", "Tracking.Region", value_map=mapped, type="choice"),
        _row("rate", "Exchange_Rate", "CurrencyRate", "to_xero", on="create", type="number"),
        _row("commission", "Sales_Commission", None, "off", type="money"),
        _row("total", "Grand_Total", "Total", locked=cent, type="money"),
    ]
    return {"module": module, "version": 3, "rows": rows, "fields": {"zoho": zoho, "xero": xero}}


def large_mapping(count: int) -> dict[str, Any]:
    """As many fields as a CRM module may have."""
    fields = [_field(f"Field_{one}", f"Field {one}", "text", f"Sample {one}") for one in range(count)]  # fmt: skip
    targets = [_field(f"Custom.Field_{one}", f"Xero field {one}", "text") for one in range(count)]
    rows = [_row(f"field_{one}", f"Field_{one}", f"Custom.Field_{one}") for one in range(count)]
    return {"module": "invoices", "version": 1, "rows": rows, "fields": {"zoho": fields, "xero": targets}}  # fmt: skip


def with_a_free_field(language: str) -> dict[str, Any]:
    """A mapping with a Xero field that no CRM field is paired with yet."""
    held = mapping("invoices", language)
    held["fields"]["xero"].append(_field("BrandingTheme", "Branding theme", "text"))
    return held


def with_samples(language: str) -> dict[str, Any]:
    """A mapping with the values of two records."""
    held = mapping("invoices", language)
    subjects = ("Spring delivery, Lyon", "Autumn cellar")
    held["samples"] = [
        {"label": f"INV-204{number}", "zoho": {"Subject": subject}, "xero": {"Reference": subject}}
        for number, subject in enumerate(subjects, 1)
    ]
    return held


def no_text(language: str) -> str:
    """What the live check says of a date in a text."""
    return said(language, "A date does not fit into a text.", "Une date n’entre pas dans un texte.", "Ein Datum passt nicht in einen Text.")  # fmt: skip


def no_dollars(language: str) -> str:
    """What the maps say of a currency that Xero does not know."""
    return said(language, "CRM invoices use USD, which is not enabled in Xero.", "Des factures du CRM utilisent USD, non activée dans Xero.", "CRM-Rechnungen nutzen USD, in Xero nicht aktiviert.")  # fmt: skip


def checked(rows: list[dict[str, Any]], language: str) -> dict[str, Any]:
    """Live check: a date is no text, a value without a partner waits, and what three records get."""
    fields = []
    wrong = no_text(language)
    open_value = said(language, "1 value is still open: Nordics.", "1 valeur reste ouverte : Nordics.", "1 Wert ist noch offen: Nordics.")  # fmt: skip
    for number, row in enumerate(rows):
        if row["zoho"] == "Invoice_Date" and row["xero"] == "Reference":
            fields.append({"path": f"rows.{number}.xero", "code": "types_differ", "detail": wrong})
        if row["zoho"] == "Territory" and "Nordics" not in row.get("value_map", {}):
            path = f"rows.{number}.value_map"
            fields.append({"path": path, "code": "value_open", "detail": open_value})
    change = {"side": "xero", "field": "Reference", "before": "PO 8812", "after": "PO 8812 REV. 2"}
    effects = [{"label": "INV-2041 Brasserie Lémont SARL", "zoho_id": "1", "xero_id": "x", "changes": [change]}]  # fmt: skip
    return {"fields": fields, "effects": effects, "records": 3}


def versions() -> list[dict[str, Any]]:
    """Earlier mappings."""
    people = ("Ana Whitfield", "Priya Nair", "Ana Whitfield")
    return [
        {"version": 3 - at, "at": f"2026-11-2{2 - at}T10:00:00Z", "by": by, "current": at == 0}
        for at, by in enumerate(people)
    ]


def choices() -> dict[str, Any]:
    """Xero's accounts, tax rates, currencies and tracking."""
    accounts = [
        {"id": "a-1", "code": "200", "name": "Sales", "type": "REVENUE", "active": True, "takes_payments": False},
        {"id": "a-2", "code": "090", "name": "Business account", "type": "BANK", "active": True, "takes_payments": True},
        {"id": "a-3", "code": "310", "name": "Cost of goods sold", "type": "DIRECTCOSTS", "active": True, "takes_payments": False},
        {"id": "a-4", "code": "260", "name": "Other revenue", "type": "REVENUE", "active": False, "takes_payments": False},
    ]  # fmt: skip
    rates = [
        {"code": "OUTPUT2", "name": "GST on income", "rate": "15.0", "active": True, "sales": True, "purchases": False},
        {"code": "ZERORATED", "name": "Zero rated", "rate": "0.0", "active": True, "sales": True, "purchases": True},
        {"code": "INPUT2", "name": "GST on expenses", "rate": "15.0", "active": True, "sales": False, "purchases": True},
    ]  # fmt: skip
    return {
        "accounts": accounts, "tax_rates": rates, "currencies": ["NZD", "GBP", "EUR"],
        "tracking": [], "organisation": "Harbour & Vine Ltd", "as_of": "2026-11-23T14:30:00Z",
    }  # fmt: skip


def products() -> list[dict[str, Any]]:
    """Products of CRM that stand for lines without an item."""
    return [
        {"id": "554023000000527001", "label": "Various goods", "number": "VAR-1"},
        {"id": "554023000000527002", "label": "Various services", "number": None},
        {"id": "554023000000527003", "label": "Oak table", "number": "OAK-1"},
    ]


def maps(language: str) -> dict[str, Any]:
    """What is mapped, what is proposed, and what is missing."""
    rate = said(language, "Same rate: 15 %", "Même taux : 15 %", "Gleicher Satz: 15 %")
    gap, draft = no_dollars(language), said(language, "Draft", "Brouillon", "Entwurf")
    voided = said(language, "Voided", "Annulée", "Storniert")
    fix = said(language, "Add it under Settings › Currencies.", "Ajoutez-la sous Settings › Currencies.", "Fügen Sie sie unter Settings › Currencies hinzu.")  # fmt: skip
    return {
        "tax": [
            {"zoho": {"name": "GST", "percentage": "15"}, "xero": "OUTPUT2", "proposal": "OUTPUT2", "why": rate, "bought": {"xero": None, "found": "INPUT2", "proposal": "INPUT2"}},
            {"zoho": {"name": "Zero", "percentage": "0"}, "xero": None, "proposal": "ZERORATED", "why": None, "bought": {"xero": None, "found": "ZERORATED", "proposal": "ZERORATED"}},
            {"zoho": {"name": "VAT", "percentage": "20"}, "xero": None, "proposal": None, "why": None, "bought": {"xero": None, "found": None, "proposal": None}},
        ],
        "buys": True,
        "status": {"invoices": [
            {"xero": "DRAFT", "label": draft, "zoho": None, "proposal": "Created", "choices": ["Created", "Approved", "Cancelled"]},
            {"xero": "VOIDED", "label": voided, "zoho": None, "proposal": "Cancelled", "choices": ["Created", "Approved", "Cancelled"]},
        ]},
        "currencies": [{"code": code, "crm": True, "xero": code != "USD"} for code in ("NZD", "GBP", "EUR", "USD")],
        "terms": [], "gaps": [{"key": "currency_not_enabled", "params": {"code": "USD"}, "text": gap, "fix": fix, "act": None}],
    }  # fmt: skip

"""The organisation's own settings: accounts, tax rates, currencies, tracking, users.

Rules: developer.xero.com/documentation/api/accounting/{accounts,taxrates,currencies,...}.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from simulator.xero import chart
from simulator.xero.books import Record, new_id
from simulator.xero.errors import Invalid
from simulator.xero.resource import Call, Detail, Resource, Saved
from simulator.xero.shapes import Kind, flag, guid, number, rows, text
from simulator.xero.wire import midnight, moment

SETTINGS = ("accounting.settings",)
ACCOUNT: dict[str, Kind] = {
    "AccountID": guid,
    "Code": text,
    "Name": text,
    "Type": text,
    "Status": text,
    "Description": text,
    "TaxType": text,
    "EnablePaymentsToAccount": flag,
    "BankAccountNumber": text,
    "CurrencyCode": text,
}
CLASSES = {
    "BANK": "ASSET",
    "CURRENT": "ASSET",
    "FIXED": "ASSET",
    "INVENTORY": "ASSET",
    "CURRLIAB": "LIABILITY",
    "LIABILITY": "LIABILITY",
    "TERMLIAB": "LIABILITY",
    "EQUITY": "EQUITY",
    "REVENUE": "REVENUE",
    "SALES": "REVENUE",
    "OTHERINCOME": "REVENUE",
    "EXPENSE": "EXPENSE",
    "OVERHEADS": "EXPENSE",
    "DIRECTCOSTS": "EXPENSE",
    "DEPRECIATN": "EXPENSE",
}


def reader(name: str) -> Any:
    """Reads one field of a record."""
    return lambda record: record.get(name)


def save_account(call: Call, sent: Record) -> Saved:
    """Create or update an account; Invalid with the reasons."""
    books = call.books
    old = books.get("Accounts", sent.get("AccountID", ""))
    start: Record = {"AccountID": new_id(), "Status": "ACTIVE", "EnablePaymentsToAccount": False}
    account = {**(old or start), **sent}
    wrong = [f"{name} is required" for name in ("Code", "Name", "Type") if not account.get(name)]
    if account.get("Type") not in CLASSES:
        wrong.append("The account type is invalid")
    taken = books.find("Accounts", "Code", account.get("Code", ""))
    if any(a["AccountID"] != account["AccountID"] for a in taken):
        wrong.append("Please enter a unique Code.")
    if account.get("SystemAccount") and account["Status"] != "ACTIVE":
        wrong.append("System accounts cannot be archived")
    if wrong:
        raise Invalid(*wrong)
    account["Class"] = CLASSES[account["Type"]]
    account.setdefault("TaxType", "NONE")
    books.store("Accounts", account, created=old is None)
    return Saved(record=account)


def render_accounts(_call: Call, accounts: list[Record], _detail: Detail) -> list[Record]:
    """Accounts as answers show them."""
    return [
        {
            **{name: value for name, value in a.items() if not name.startswith("_")},
            "UpdatedDateUTC": moment(a["UpdatedDateUTC"]),
            "HasAttachments": False,
        }
        for a in accounts
    ]


ACCOUNTS = Resource(
    name="Accounts",
    singular="Account",
    id_field="AccountID",
    scopes=SETTINGS,
    shape=ACCOUNT,
    fields={
        name: reader(name)
        for name in ("AccountID", "Code", "Name", "Type", "Class", "Status", "SystemAccount")
    }
    | {"EnablePaymentsToAccount": reader("EnablePaymentsToAccount")},
    rows=lambda call: list(call.books.tables["Accounts"].values()),
    find=lambda books, key: books.get("Accounts", key.lower()),
    render=render_accounts,
    modified=True,
    verbs={"PUT": save_account, "POST": save_account},
)

COMPONENT: dict[str, Kind] = {"Name": text, "Rate": number, "IsCompound": flag}
TAX_RATE: dict[str, Kind] = {
    "Name": text,
    "TaxType": text,
    "Status": text,
    "ReportTaxType": text,
    "TaxComponents": rows(COMPONENT),
}


def save_tax_rate(call: Call, sent: Record) -> Saved:
    """Create a custom rate (TAX001...) or change one; deleting is Status DELETED."""
    rates = call.books.tax_rates
    code = sent.get("TaxType")
    if code and code not in rates:
        raise Invalid(f"The TaxType code {code} does not exist")
    if code:
        rates[code] |= {n: v for n, v in sent.items() if n in {"Name", "Status"}}
        return Saved(record=rates[code])
    if not sent.get("Name") or not sent.get("TaxComponents"):
        raise Invalid("A tax rate needs a Name and TaxComponents")
    free = next(c for c in (f"TAX{n:03d}" for n in range(1, 1000)) if c not in rates)
    percent = sum((c.get("Rate", 0) for c in sent["TaxComponents"]), start=0)
    rates[free] = chart.tax_rate(free, sent["Name"], str(percent), chart.ALL)
    return Saved(record=rates[free])


TAX_RATES = Resource(
    name="TaxRates",
    singular="TaxRate",
    id_field="TaxType",
    scopes=SETTINGS,
    shape=TAX_RATE,
    fields={name: reader(name) for name in ("TaxType", "Name", "Status", "EffectiveRate")},
    rows=lambda call: list(call.books.tax_rates.values()),
    find=lambda books, key: books.tax_rates.get(key),
    render=lambda _call, rates, _detail: [dict(r) for r in rates],
    verbs={"PUT": save_tax_rate, "POST": save_tax_rate},
)


def _currency_rows(call: Call) -> list[Record]:
    return [
        {"Code": code, "Description": chart.CURRENCY_NAMES.get(code, code)}
        for code in call.books.currencies
    ]


def save_currency(call: Call, sent: Record) -> Saved:
    """Subscribe the organisation to a currency."""
    code = sent.get("Code", "")
    if code not in chart.CURRENCY_NAMES:
        raise Invalid("The currency code is not valid")
    if code not in call.books.currencies:
        call.books.currencies.append(code)
    return Saved(record={"Code": code, "Description": chart.CURRENCY_NAMES[code]})


CURRENCIES = Resource(
    name="Currencies",
    singular="Currency",
    id_field="Code",
    scopes=SETTINGS,
    shape={"Code": text, "Description": text},
    fields={"Code": reader("Code")},
    rows=_currency_rows,
    render=lambda _call, found, _detail: found,
    verbs={"PUT": save_currency},
)


def save_tracking(call: Call, sent: Record) -> Saved:
    """Create a tracking category, with its options when they are sent along."""
    if not sent.get("Name"):
        raise Invalid("Name is required")
    category: Record = {
        "Name": sent["Name"],
        "Status": "ACTIVE",
        "TrackingCategoryID": new_id(),
        "Options": [],
    }
    for option in sent.get("Options", []):
        entry = {"TrackingOptionID": new_id(), "Name": option["Name"], "Status": "ACTIVE"}
        category["Options"].append(entry)
    call.books.tracking[category["TrackingCategoryID"]] = category
    return Saved(record=category)


TRACKING = Resource(
    name="TrackingCategories",
    singular="TrackingCategory",
    id_field="TrackingCategoryID",
    scopes=SETTINGS,
    shape={"TrackingCategoryID": guid, "Name": text, "Options": rows({"Name": text})},
    fields={name: reader(name) for name in ("TrackingCategoryID", "Name", "Status")},
    rows=lambda call: list(call.books.tracking.values()),
    find=lambda books, key: books.tracking.get(key.lower()),
    render=lambda _call, found, _detail: [dict(c) for c in found],
    verbs={"PUT": save_tracking},
)


def _render_themes(_call: Call, found: list[Record], _detail: Detail) -> list[Record]:
    return [{**theme, "CreatedDateUTC": moment(theme["CreatedDateUTC"])} for theme in found]


BRANDING = Resource(
    name="BrandingThemes",
    singular="BrandingTheme",
    id_field="BrandingThemeID",
    scopes=SETTINGS,
    rows=lambda call: list(call.books.branding.values()),
    find=lambda books, key: books.branding.get(key.lower()),
    render=_render_themes,
)


def _render_users(_call: Call, users: list[Record], _detail: Detail) -> list[Record]:
    return [
        {
            **{name: value for name, value in u.items() if not name.startswith("_")},
            "UpdatedDateUTC": moment(u["UpdatedDateUTC"]),
        }
        for u in users
    ]


USERS = Resource(
    name="Users",
    singular="User",
    id_field="UserID",
    scopes=SETTINGS,
    fields={name: reader(name) for name in ("UserID", "EmailAddress", "LastName")},
    rows=lambda call: list(call.books.tables["Users"].values()),
    find=lambda books, key: books.get("Users", key.lower()),
    render=_render_users,
    modified=True,
)


def _render_organisation(_call: Call, found: list[Record], _detail: Detail) -> list[Record]:
    return [{name: _shown(value) for name, value in o.items()} for o in found]


def _shown(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment(value)
    return midnight(value) if isinstance(value, date) else value


ORGANISATION = Resource(
    name="Organisations",
    singular="Organisation",
    id_field="OrganisationID",
    scopes=SETTINGS,
    rows=lambda call: [call.books.organisation],
    render=_render_organisation,
)

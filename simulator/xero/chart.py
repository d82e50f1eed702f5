"""What a new organisation starts with: accounts, tax rates, currencies, branding themes, users.

Shapes follow Xero's own demo companies; the numbers are those of the British and European charts.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

NAMESPACE = uuid.UUID("6f9b4b9e-5d0c-4c25-9d6a-3a9b5d0f1c2e")

# Units of the currency for one pound; a base's own rate follows by division.
POUND_RATES = {
    "GBP": Decimal(1),
    "EUR": Decimal("1.1462"),
    "USD": Decimal("1.3120"),
    "NZD": Decimal("2.3288"),
    "AUD": Decimal("2.0310"),
    "CHF": Decimal("1.0587"),
    "SEK": Decimal("12.4810"),
    "JPY": Decimal("205.1500"),
    "CAD": Decimal("1.8429"),
}
CURRENCY_NAMES = {
    "GBP": "British Pound",
    "EUR": "Euro",
    "USD": "United States Dollar",
    "NZD": "New Zealand Dollar",
    "AUD": "Australian Dollar",
    "CHF": "Swiss Franc",
    "SEK": "Swedish Krona",
    "JPY": "Japanese Yen",
    "CAD": "Canadian Dollar",
}
ALL = ("Assets", "Equity", "Expenses", "Liabilities", "Revenue")
SALES = ("Assets", "Equity", "Liabilities", "Revenue")
COSTS = ("Assets", "Equity", "Expenses", "Liabilities")

# code, name, type, class, tax type, payments allowed, system account
ACCOUNTS = (
    ("090", "Business Bank Account", "BANK", "ASSET", "NONE", False, ""),
    ("091", "Business Savings Account", "BANK", "ASSET", "NONE", False, ""),
    ("120", "Accounts Receivable", "CURRENT", "ASSET", "NONE", False, "DEBTORS"),
    ("200", "Sales", "REVENUE", "REVENUE", "{sales}", False, ""),
    ("210", "Services", "REVENUE", "REVENUE", "{sales}", False, ""),
    ("260", "Other Revenue", "REVENUE", "REVENUE", "{sales}", False, ""),
    ("270", "Interest Income", "REVENUE", "REVENUE", "NONE", False, ""),
    ("310", "Cost of Goods Sold", "DIRECTCOSTS", "EXPENSE", "{costs}", False, ""),
    ("400", "Advertising & Marketing", "OVERHEADS", "EXPENSE", "{costs}", False, ""),
    ("425", "Postage, Freight & Courier", "OVERHEADS", "EXPENSE", "{costs}", False, ""),
    ("497", "Bank Revaluations", "EXPENSE", "EXPENSE", "NONE", False, "BANKCURRENCYGAIN"),
    ("630", "Inventory", "INVENTORY", "ASSET", "NONE", False, ""),
    ("690", "Clearing Account", "CURRENT", "ASSET", "NONE", True, ""),
    ("800", "Accounts Payable", "CURRLIAB", "LIABILITY", "NONE", False, "CREDITORS"),
    ("820", "VAT", "CURRLIAB", "LIABILITY", "NONE", False, "GST"),
    ("860", "Rounding", "CURRLIAB", "LIABILITY", "NONE", False, "ROUNDING"),
    ("980", "Owner's Funds Introduced", "EQUITY", "EQUITY", "NONE", True, ""),
)

# tax type, name, rate, what it applies to
UK_RATES = (
    ("OUTPUT2", "20% (VAT on Income)", "20", SALES),
    ("INPUT2", "20% (VAT on Expenses)", "20", COSTS),
    ("RROUTPUT", "5% (VAT on Income)", "5", SALES),
    ("RRINPUT", "5% (VAT on Expenses)", "5", COSTS),
    ("ZERORATEDOUTPUT", "Zero Rated Income", "0", SALES),
    ("ZERORATEDINPUT", "Zero Rated Expenses", "0", COSTS),
    ("EXEMPTOUTPUT", "Exempt Income", "0", SALES),
    ("EXEMPTINPUT", "Exempt Expenses", "0", COSTS),
    ("NONE", "No VAT", "0", ALL),
)
EU_RATES = (
    ("OUTPUT", "21% (BTW verkoop)", "21", SALES),
    ("INPUT", "21% (BTW inkoop)", "21", COSTS),
    ("TAX001", "9% (BTW verkoop)", "9", SALES),
    ("TAX002", "9% (BTW inkoop)", "9", COSTS),
    ("EXEMPTOUTPUT", "Vrijgesteld", "0", SALES),
    ("NONE", "Geen BTW", "0", ALL),
)


def stable_id(*parts: str) -> str:
    """The same id for the same parts in every run."""
    return str(uuid.uuid5(NAMESPACE, "/".join(parts)))


def accounts(tenant: str, *, sales_tax: str, cost_tax: str) -> list[dict[str, Any]]:
    """The chart of accounts of a new organisation."""
    found = []
    for code, name, kind, klass, tax, payable, system in ACCOUNTS:
        account: dict[str, Any] = {
            "AccountID": stable_id(tenant, "account", code),
            "Code": code,
            "Name": name,
            "Status": "ACTIVE",
            "Type": kind,
            "Class": klass,
            "TaxType": tax.format(sales=sales_tax, costs=cost_tax),
            "EnablePaymentsToAccount": payable,
            "ShowInExpenseClaims": False,
            "AddToWatchlist": False,
        }
        if system:
            account["SystemAccount"] = system
        if kind == "BANK":
            account |= {"BankAccountNumber": f"200000{code}12345", "BankAccountType": "BANK"}
        found.append(account)
    return found


def tax_rates(table: tuple[tuple[str, str, str, tuple[str, ...]], ...]) -> list[dict[str, Any]]:
    """Tax rates in the books' form."""
    return [tax_rate(*row) for row in table]


def tax_rate(tax_type: str, name: str, rate: str, applies: tuple[str, ...]) -> dict[str, Any]:
    """One active tax rate of a single component."""
    percent = Decimal(rate)
    outward = "Revenue" in applies
    return {
        "Name": name,
        "TaxType": tax_type,
        "ReportTaxType": "NONE" if tax_type == "NONE" else ("OUTPUT" if outward else "INPUT"),
        **{f"CanApplyTo{kind}": kind in applies for kind in ALL},
        "DisplayTaxRate": percent,
        "EffectiveRate": percent,
        "Status": "ACTIVE",
        "TaxComponents": [{"Name": "VAT", "Rate": percent, "IsCompound": False}],
    }


def branding_themes(tenant: str) -> dict[str, dict[str, Any]]:
    """The themes an organisation prints its documents with, by id (openapi: BrandingThemes)."""
    themes = {}
    for order, name in enumerate(("Standard", "Very orange invoice!")):
        theme_id = stable_id(tenant, "branding", name)
        themes[theme_id] = {
            "BrandingThemeID": theme_id,
            "Name": name,
            "Type": "INVOICE",
            "SortOrder": order,
            "CreatedDateUTC": datetime(2020, 3, 2, 9, 0, tzinfo=UTC),
        }
    return themes

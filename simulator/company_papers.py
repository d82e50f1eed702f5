"""The seeded company's quotes, sales orders and purchase orders, on the side that wrote them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from simulator.company_plan import PERCENT, RATES, Company, Customer, Product, rounded

if TYPE_CHECKING:
    from simulator.world import World

SUPPLIERS: Final = (
    ("Cork & Capsule Ltd", "orders@corkandcapsule.example"),
    ("Château Bellevue SARL", "negoce@bellevue.example"),
    ("Weingut Steinfeld GmbH", "verkauf@steinfeld.example"),
    ("Northern Glassworks", "sales@northernglass.example"),
)
STAGES: Final = ("Draft", "Delivered", "Negotiation", "Closed Won", "Draft", "Closed Lost")
QUOTES_IN_CRM, QUOTES_IN_XERO, ORDERS = 12, 6, 6


def fill_papers(world: World, company: Company) -> None:
    """Quotes on both sides, sales orders and purchase orders in CRM, all among known partners."""
    zoho, today = world.zoho, world.clock.now().date()
    goods = [one for one in company.products if one.in_crm and one.in_xero]
    shared = [
        one
        for one in company.customers
        if one.crm_name and one.xero_name and not one.archived and not one.clashes
    ]
    products = {row["Product_Code"]: row["id"] for row in zoho.records("Products")}
    accounts = {row["Account_Name"]: row["id"] for row in zoho.records("Accounts")}
    for n in range(QUOTES_IN_CRM):
        buyer = shared[n * 3]
        values = {
            "Subject": f"Tasting list {n + 1}",
            "Quote_Stage": STAGES[n % len(STAGES)],
            "Valid_Till": (today + timedelta(days=10 + n)).isoformat(),
            "Terms_and_Conditions": "Prices without duty. Valid while stocks last.",
            "Quoted_Items": [_crm_line(goods[n + k], k + 1, products, buyer) for k in range(3)],
        }
        zoho.create("Quotes", values | _buyer(buyer, accounts))
    for n in range(ORDERS):
        buyer = shared[n * 3 + 1]
        values = {
            "Subject": f"Standing order {n + 1}",
            "Status": ("Created", "Approved")[n % 2],
            "Due_Date": (today + timedelta(days=20 + n)).isoformat(),
            "Ordered_Items": [_crm_line(goods[n + k], 6, products, buyer) for k in range(2)],
        }
        zoho.create("Sales_Orders", values | _buyer(buyer, accounts))
    _purchases(world, goods, products, today)
    _quotes_in_xero(world, goods, shared, today)


def _buyer(customer: Customer, accounts: dict[str, str]) -> dict[str, Any]:
    return {
        "Account_Name": {"id": accounts[str(customer.crm_name)]},
        "Currency": customer.currency,
    }


def _crm_line(
    product: Product, quantity: int, products: dict[str, str], buyer: Customer | None
) -> dict[str, Any]:
    price = product.cost if buyer is None else rounded(product.price * RATES[buyer.currency])
    return {
        "Product_Name": {"id": products[product.code]},
        "Description": product.description,
        "Quantity": Decimal(quantity),
        "List_Price": price,
        "Line_Tax": [{"name": product.tax.value, "percentage": PERCENT[product.tax]}],
    }


def _purchases(world: World, goods: list[Product], products: dict[str, str], today: date) -> None:
    zoho = world.zoho
    for n, (name, email) in enumerate(SUPPLIERS):
        vendor = zoho.create("Vendors", {"Vendor_Name": name, "Email": email})
        for k in range(2):
            day = today - timedelta(days=9 * n + k)
            zoho.create(
                "Purchase_Orders",
                {
                    "Subject": f"Restocking {n + 1}.{k + 1}",
                    "Vendor_Name": {"id": vendor},
                    "PO_Date": day.isoformat(),
                    "Due_Date": (day + timedelta(days=21)).isoformat(),
                    "Status": ("Created", "Approved")[k],
                    "Currency": "GBP",
                    "Purchase_Items": [
                        _crm_line(goods[n * 4 + k + j], 24, products, None) for j in range(2)
                    ],
                },
            )


def _quotes_in_xero(
    world: World, goods: list[Product], shared: list[Customer], today: date
) -> None:
    xero, tenant = world.xero, world.xero.ltd
    contacts = {row["Name"]: row["ContactID"] for row in xero.all(tenant, "Contacts")}
    for n in range(QUOTES_IN_XERO):
        buyer = shared[n * 3 + 2]
        lines = [
            {
                "ItemCode": goods[n + k].code,
                "Description": goods[n + k].description,
                "Quantity": 12,
                "UnitAmount": str(rounded(goods[n + k].price * RATES[buyer.currency])),
                "AccountCode": "200",
                "TaxType": "OUTPUT2",
            }
            for k in range(2)
        ]
        quote = xero.create(
            tenant,
            "Quotes",
            {
                "Contact": {"ContactID": contacts[_known_as(buyer, contacts)]},
                "Date": (today - timedelta(days=n)).isoformat(),
                "ExpiryDate": (today + timedelta(days=30)).isoformat(),
                "Title": "Cellar plan",
                "CurrencyCode": buyer.currency,
                "LineItems": lines,
            },
        )
        for status in ("SENT", "ACCEPTED")[: n % 3]:
            xero.move(tenant, "Quotes", quote, status)


def _known_as(customer: Customer, contacts: dict[str, str]) -> str:
    """The name Xero keeps, which loses outer blanks."""
    name = str(customer.xero_name)
    return name if name in contacts else name.strip()

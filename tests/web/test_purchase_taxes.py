"""A tax of CRM stands for one rate of Xero on what is sold and for another on what is bought."""

from decimal import Decimal
from typing import Any

import pytest

from backend.store.tables import Organisation
from backend.sync.drain import drain
from tests.web.conftest import Person, Stage

VAT = {"name": "VAT", "percentage": "20"}
ZERO = {"name": "Zero rated", "percentage": "0"}


def pair(tax: dict[str, str], xero: str, **more: str) -> dict[str, Any]:
    """A row of the tax map."""
    return {"zoho": tax, "xero": xero, **more}


UK = [
    pair(VAT, "OUTPUT2"), pair(VAT, "INPUT2", use="purchases"),
    pair(ZERO, "ZERORATEDOUTPUT"), pair(ZERO, "ZERORATEDINPUT", use="purchases"),
]  # fmt: skip


def paper(stage: Stage, module: str, rows: str, **more: Any) -> str:
    """A document in CRM with a line of each tax."""
    product = stage.world.zoho.create("Products", {"Product_Name": f"Oak for {module}"})
    taxes = [{"name": one["name"], "percentage": Decimal(one["percentage"])} for one in (VAT, ZERO)]
    lines = [
        {"Product_Name": {"id": product}, "Quantity": Decimal(1), "List_Price": Decimal(10),
         "Line_Tax": [tax]}
        for tax in taxes
    ]  # fmt: skip
    return stage.world.zoho.create(module, {"Subject": "Harvest", rows: lines, **more})


def order(stage: Stage) -> str:
    """A purchase order in CRM."""
    vendor = stage.world.zoho.create("Vendors", {"Vendor_Name": "Cork & Co"})
    dates = {"PO_Date": "2026-11-20", "Due_Date": "2026-12-01", "Status": "Created"}
    return paper(stage, "Purchase_Orders", "Purchase_Items", Vendor_Name={"id": vendor}, **dates)


def synced(stage: Stage, admin: Person, module: str, zoho_id: str) -> dict[str, Any]:
    """What the record page says after a click was worked on."""
    asked = admin("POST", f"/api/records/{module}/{zoho_id}/sync", {"direction": "both"})
    assert asked.status_code == 202, asked.text
    with stage.sync.database.begin() as session:
        org_id = session.query(Organisation).one().id
    drain(stage.sync, org_id)
    return dict(admin.get(f"/api/records/{module}/{zoho_id}"))


def rates(stage: Stage, entity: str) -> list[str]:
    """The tax types of the only document of this kind in Xero."""
    with stage.sync.database.begin() as session:
        tenant = str(session.query(Organisation).one().tenant_id)
    (held,) = stage.world.xero.all(tenant, entity)
    return [line["TaxType"] for line in held["LineItems"]]


def test_uk_books_take_orders_and_invoices_with_the_rates_chosen_for_each(
    stage: Stage, admin: Person
) -> None:
    on: dict[str, Any] = {"sales_account": "200", "purchases_account": "310"}
    on["modules"] = {"purchase_orders": {"enabled": True}}
    assert admin("PUT", "/api/settings", on).status_code == 200
    found = {one["zoho"]["name"]: one["bought"] for one in admin.get("/api/maps")["tax"]}
    assert found["VAT"] == {"xero": None, "found": "INPUT2", "proposal": "INPUT2"}
    assert (found["Zero rated"]["found"], found["Zero rated"]["xero"]) == (None, None)
    assert found["Zero rated"]["proposal"] == "ZERORATEDINPUT"
    sold = [one for one in UK if "use" not in one]
    assert admin("PUT", "/api/settings", {"tax_map": sold}).status_code == 200
    made = order(stage)
    assert synced(stage, admin, "purchase_orders", made)["reason"]["key"] == "tax_not_mapped"
    told = admin.get("/api/maps")
    assert told["buys"] is True
    gaps = [one for one in told["gaps"] if one["key"] == "gap_tax_bought"]
    assert any("Zero rated" in one["text"] for one in gaps)
    saved = admin("PUT", "/api/settings", {"tax_map": UK})
    assert saved.status_code == 200, saved.text
    assert admin.get("/api/settings")["tax_map"] == UK
    assert synced(stage, admin, "purchase_orders", made)["state"] == "in_sync"
    assert rates(stage, "PurchaseOrders") == ["INPUT2", "ZERORATEDINPUT"]
    customer = stage.world.zoho.create("Accounts", {"Account_Name": "Kestrel Foods"})
    sale = paper(
        stage, "Invoices", "Invoiced_Items", Account_Name={"id": customer},
        Invoice_Date="2026-11-20", Due_Date="2026-12-20", Status="Created",
    )  # fmt: skip
    assert synced(stage, admin, "invoices", sale)["state"] == "in_sync"
    assert rates(stage, "Invoices") == ["OUTPUT2", "ZERORATEDOUTPUT"]
    gaps = admin.get("/api/maps")["gaps"]
    assert not [one for one in gaps if "VAT 20" in one["text"] or "Zero rated" in one["text"]]


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        (UK, []),
        ([pair(VAT, "OUTPUT2"), pair(VAT, "INPUT2")], []),
        ([pair(ZERO, "NONE"), pair(ZERO, "ZERORATEDINPUT", use="purchases")], []),
        ([pair(VAT, "OUTPUT2"), pair(VAT, "OUTPUT2")], [("tax_map.1.zoho", "row_twice")]),
        (
            [pair(VAT, "OUTPUT2"), pair({"name": "vat", "percentage": "20.0"}, "RROUTPUT")],
            [("tax_map.1.zoho", "row_twice")],
        ),
        (
            [pair(ZERO, "ZERORATEDOUTPUT"), pair(ZERO, "NONE")],
            [("tax_map.1.zoho", "row_twice")],
        ),
        (
            [pair(VAT, "INPUT2", use="purchases"), pair(VAT, "RRINPUT", use="purchases")],
            [("tax_map.1.zoho", "row_twice")],
        ),
        (
            [pair(VAT, "OUTPUT2", use="purchases")],
            [("tax_map.0.xero", "tax_not_for_purchases")],
        ),
        ([pair(VAT, "INPUT2", use="sales")], [("tax_map.0.use", "field_choice")]),
    ],
)  # fmt: skip
def test_a_tax_has_one_rate_for_each_use(
    admin: Person, rows: list[dict[str, Any]], wrong: list[tuple[str, str]]
) -> None:
    answer = admin("PUT", "/api/settings", {"tax_map": rows})
    found = [(one["path"], one["code"]) for one in answer.get_json().get("fields", [])]
    assert found == wrong, answer.text

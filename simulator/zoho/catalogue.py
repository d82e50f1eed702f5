"""The standard modules of a CRM organisation and their fields.

API names: Zoho's own SDK (zohocrmsdk8_0 7.0.0, record.Field). Picklist values are the ones a new
organisation starts with; customers change them, so a client has to read them from the metadata.

Decisions where Zoho's documentation is silent:

* `Invoice_Number`, `Quote_Number`, `SO_Number` and `PO_Number` are auto numbers: the server gives
  them, the metadata says read-only, and a value that is sent is ignored without an error.
* `Grand_Total` exists on all four document modules (the SDK's list lacks it on `Sales_Orders`,
  the documentation shows it).
* Purchase orders keep their lines in `Purchase_Items` (the SDK and the metadata agree; a prose
  page says `Purchased_Items`).
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.zoho.fields import (
    FieldSpec,
    address_fields,
    by_name,
    currency_fields,
    field,
    system_fields,
    texts,
)


@dataclass(frozen=True, kw_only=True)
class ModuleSpec:
    """A module: its names, its fields, the scope word and the field `upsert` matches by."""

    api_name: str
    singular: str
    plural: str
    scope: str
    name_field: str
    duplicate_field: str | None
    fields: dict[str, FieldSpec]
    lines: str | None = None
    number: str | None = None
    parent: str | None = None
    generated: str = "default"


INVOICE_STATUS = ("Created", "Approved", "Delivered", "Cancelled")
QUOTE_STAGE = (
    "Draft",
    "Negotiation",
    "Delivered",
    "On Hold",
    "Confirmed",
    "Closed Won",
    "Closed Lost",
)
TASK_STATUS = ("Not Started", "Deferred", "In Progress", "Completed", "Waiting for input")
INDUSTRIES = (
    "Retail",
    "Wholesale",
    "Hospitality",
    "Manufacturing",
    "Consulting",
    "Technology",
    "Construction",
    "Other",
)


def _accounts() -> ModuleSpec:
    own = [
        field("Account_Name", length=200, mandatory=True),
        field("Phone", "phone"),
        field("Fax", "phone"),
        field("Website", "website"),
        field("Account_Number", length=40),
        field("Account_Site"),
        field("Account_Type", "picklist", choices=("Customer", "Prospect", "Partner", "Other")),
        field("Industry", "picklist", choices=INDUSTRIES),
        field("Ownership", "picklist", choices=("Private", "Public", "Other")),
        field("Rating", "picklist", choices=("Active", "Acquired", "Shut Down")),
        field("Annual_Revenue", "currency"),
        field("Employees", "integer"),
        field("SIC_Code", "integer"),
        field("Ticker_Symbol", length=30),
        field("Parent_Account", "lookup", lookup="Accounts"),
        field("Description", "textarea", length=32000),
        field("Last_Activity_Time", "datetime", read_only=True),
        *address_fields("Billing"),
        *address_fields("Shipping"),
        *currency_fields(),
    ]
    return ModuleSpec(
        api_name="Accounts",
        singular="Account",
        plural="Accounts",
        scope="accounts",
        name_field="Account_Name",
        duplicate_field="Account_Name",
        fields=by_name([*system_fields("Account"), *own]),
    )


def _contacts() -> ModuleSpec:
    own = [
        field("First_Name", length=40),
        field("Last_Name", length=80, mandatory=True),
        field("Full_Name", length=120, read_only=True),
        field("Salutation", "picklist", choices=("Mr.", "Mrs.", "Ms.", "Dr.", "Prof.")),
        field("Account_Name", "lookup", lookup="Accounts"),
        field("Vendor_Name", "lookup", lookup="Vendors"),
        field("Reporting_To", "lookup", lookup="Contacts"),
        field("Email", "email", unique=None),
        field("Secondary_Email", "email"),
        field("Email_Opt_Out", "boolean"),
        *(field(name, "phone") for name in ("Phone", "Mobile", "Home_Phone", "Other_Phone", "Fax")),
        *texts("Title Department Assistant Skype_ID Twitter"),
        field("Lead_Source", "picklist", choices=("Web", "Trade Show", "Referral", "Other")),
        field("Date_of_Birth", "date"),
        field("Description", "textarea", length=32000),
        *address_fields("Mailing", code="Zip"),
        *address_fields("Other", code="Zip"),
    ]
    return ModuleSpec(
        api_name="Contacts",
        singular="Contact",
        plural="Contacts",
        scope="contacts",
        name_field="Full_Name",
        duplicate_field="Email",
        fields=by_name([*system_fields("Contact"), *own]),
    )


def _vendors() -> ModuleSpec:
    own = [
        field("Vendor_Name", length=120, mandatory=True),
        field("Email", "email"),
        field("Phone", "phone"),
        field("Website", "website"),
        field("GL_Account", "picklist", choices=("Sales-Software", "Sales-Hardware", "Rental")),
        *texts("Category City State Zip_Code Country"),
        field("Street", length=250),
        field("Email_Opt_Out", "boolean"),
        field("Description", "textarea", length=32000),
        *currency_fields(),
    ]
    return ModuleSpec(
        api_name="Vendors",
        singular="Vendor",
        plural="Vendors",
        scope="vendors",
        name_field="Vendor_Name",
        duplicate_field="Vendor_Name",
        fields=by_name([*system_fields("Vendor"), *own]),
    )


def _products() -> ModuleSpec:
    own = [
        field("Product_Name", length=200, mandatory=True),
        field("Product_Code", length=40),
        field("Product_Active", "boolean"),
        field("Product_Category", "picklist", choices=("Goods", "Services", "Other")),
        field("Manufacturer", "picklist", choices=("Own", "Third party")),
        field("Vendor_Name", "lookup", lookup="Vendors"),
        field("Unit_Price", "currency"),
        field("Commission_Rate", "currency"),
        field("Taxable", "boolean"),
        field("Tax", "multiselectpicklist"),
        field("Usage_Unit", "picklist", choices=("Box", "Each", "Hours", "Pack", "Pieces")),
        field("Qty_in_Stock", "double", places=4),
        field("Qty_Ordered", "double", places=4),
        field("Qty_in_Demand", "double", places=4, read_only=True),
        field("Reorder_Level", "double", places=4),
        field("Handler", "ownerlookup", lookup="users"),
        *(
            field(name, "date")
            for name in (
                "Sales_Start_Date",
                "Sales_End_Date",
                "Support_Start_Date",
                "Support_Expiry_Date",
            )
        ),
        field("Description", "textarea", length=32000),
        *currency_fields(),
    ]
    return ModuleSpec(
        api_name="Products",
        singular="Product",
        plural="Products",
        scope="products",
        name_field="Product_Name",
        duplicate_field="Product_Name",
        fields=by_name([*system_fields("Product"), *own]),
    )


def _document_fields(lines: str, line_module: str) -> list[FieldSpec]:
    return [
        field("Subject", length=300, mandatory=True),
        field("Contact_Name", "lookup", lookup="Contacts"),
        field(lines, "subform", lines=line_module, mandatory=True, listed=False),
        field("Sub_Total", "formula", read_only=True),
        field("Discount", "currency"),
        field("Tax", "currency", read_only=True),
        field("Adjustment", "currency"),
        field("Grand_Total", "formula", read_only=True),
        field("Terms_and_Conditions", "textarea", length=32000),
        field("Description", "textarea", length=32000),
        *address_fields("Billing"),
        *address_fields("Shipping"),
        *currency_fields(),
    ]


def _document(
    api_name: str,
    singular: str,
    *,
    scope: str,
    lines: str,
    number: str,
    own: list[FieldSpec],
) -> ModuleSpec:
    auto = field(number, "autonumber", read_only=True)
    fields = [*system_fields(singular), auto, *_document_fields(lines, lines), *own]
    return ModuleSpec(
        api_name=api_name,
        singular=singular,
        plural=api_name.replace("_", " "),
        scope=scope,
        name_field="Subject",
        duplicate_field="Subject",
        fields=by_name(fields),
        lines=lines,
        number=number,
    )


def _quotes() -> ModuleSpec:
    own = [
        field("Account_Name", "lookup", lookup="Accounts"),
        field("Quote_Stage", "picklist", choices=QUOTE_STAGE),
        field("Valid_Till", "date"),
        *texts("Team Carrier"),
    ]
    return _document(
        "Quotes", "Quote", scope="quotes", lines="Quoted_Items", number="Quote_Number", own=own
    )


def _sales_orders() -> ModuleSpec:
    own = [
        field("Account_Name", "lookup", lookup="Accounts"),
        field("Quote_Name", "lookup", lookup="Quotes"),
        field("Status", "picklist", choices=INVOICE_STATUS),
        field("Due_Date", "date"),
        *texts("Customer_No Purchase_Order Carrier Pending"),
        field("Excise_Duty", "currency"),
        field("Sales_Commission", "currency"),
    ]
    return _document(
        "Sales_Orders",
        "Sales Order",
        scope="salesorders",
        lines="Ordered_Items",
        number="SO_Number",
        own=own,
    )


def _invoices() -> ModuleSpec:
    own = [
        field("Account_Name", "lookup", lookup="Accounts"),
        field("Sales_Order", "lookup", lookup="Sales_Orders"),
        field("Status", "picklist", choices=INVOICE_STATUS),
        field("Invoice_Date", "date"),
        field("Due_Date", "date"),
        field("Purchase_Order"),
        field("Excise_Duty", "currency"),
        field("Sales_Commission", "currency"),
    ]
    return _document(
        "Invoices",
        "Invoice",
        scope="invoices",
        lines="Invoiced_Items",
        number="Invoice_Number",
        own=own,
    )


def _purchase_orders() -> ModuleSpec:
    own = [
        field("Vendor_Name", "lookup", lookup="Vendors", mandatory=True),
        field("Status", "picklist", choices=INVOICE_STATUS),
        field("PO_Date", "date"),
        field("Due_Date", "date"),
        *texts("Requisition_No Tracking_Number Carrier"),
        field("Excise_Duty", "currency"),
        field("Sales_Commission", "currency"),
    ]
    return _document(
        "Purchase_Orders",
        "Purchase Order",
        scope="purchaseorders",
        lines="Purchase_Items",
        number="PO_Number",
        own=own,
    )


def _lines(api_name: str, parent: str) -> ModuleSpec:
    own = [
        field("id", "bigint", read_only=True),
        field("Parent_Id", "lookup", lookup=parent, read_only=True),
        field("Product_Name", "lookup", lookup="Products", mandatory=True),
        field("Description", "textarea", length=2000),
        field("Quantity", "double", places=4),
        field("List_Price", "currency", places=4),
        field("Total", "formula", read_only=True),
        field("Discount", "currency"),
        field("Total_After_Discount", "formula", read_only=True),
        field("Tax", "currency", read_only=True),
        field("Line_Tax", "line_tax"),
        field("Net_Total", "formula", read_only=True),
        field("Price_Book_Name", "lookup", lookup="Price_Books"),
        field("Sequence_Number", "integer", read_only=True),
        field("Created_Time", "datetime", read_only=True),
        field("Modified_Time", "datetime", read_only=True),
    ]
    return ModuleSpec(
        api_name=api_name,
        singular=api_name.removesuffix("s").replace("_", " "),
        plural=api_name.replace("_", " "),
        scope="",
        name_field="id",
        duplicate_field=None,
        fields=by_name(own),
        parent=parent,
        generated="subform",
    )


def _tasks() -> ModuleSpec:
    own = [
        field("Subject", length=255, mandatory=True),
        field("Status", "picklist", choices=TASK_STATUS),
        field("Priority", "picklist", choices=("High", "Highest", "Low", "Lowest", "Normal")),
        field("Due_Date", "date"),
        field("Closed_Time", "datetime", read_only=True),
        field("What_Id", "lookup", lookup="*"),
        field("Who_Id", "lookup", lookup="Contacts"),
        field("Send_Notification_Email", "boolean"),
        field("Remind_At", "event_reminder"),
        field("Description", "textarea", length=32000),
    ]
    return ModuleSpec(
        api_name="Tasks",
        singular="Task",
        plural="Tasks",
        scope="tasks",
        name_field="Subject",
        duplicate_field=None,
        fields=by_name([*system_fields("Task"), *own]),
    )


def _notes() -> ModuleSpec:
    own = [
        field("Note_Title", length=120),
        field("Note_Content", "textarea", length=32000, mandatory=True),
        field("Parent_Id", "lookup", lookup="*", mandatory=True),
    ]
    return ModuleSpec(
        api_name="Notes",
        singular="Note",
        plural="Notes",
        scope="notes",
        name_field="Note_Title",
        duplicate_field=None,
        fields=by_name([*system_fields("Note"), *own]),
    )


def standard_modules() -> dict[str, ModuleSpec]:
    """All modules of a new organisation by API name, line modules included."""
    records = [
        _accounts(),
        _contacts(),
        _vendors(),
        _products(),
        _quotes(),
        _sales_orders(),
        _invoices(),
        _purchase_orders(),
        _tasks(),
        _notes(),
    ]
    lines = [_lines(one.lines, one.api_name) for one in records if one.lines]
    return {one.api_name: one for one in [*records, *lines]}

"""What the official SDK says to a CRM: `python sdk_conversation.py URL REFRESH_TOKEN FOLDER`.

Prints one JSON line with what it got back. Run by `test_official_sdk`.
"""

import json
import sys
from pathlib import Path

from zohocrmsdk.src.com.zoho.api.authenticator import OAuthToken
from zohocrmsdk.src.com.zoho.api.authenticator.store import FileStore
from zohocrmsdk.src.com.zoho.api.logger import Logger
from zohocrmsdk.src.com.zoho.crm.api import HeaderMap, Initializer, ParameterMap
from zohocrmsdk.src.com.zoho.crm.api.coql import BodyWrapper as CoqlBody
from zohocrmsdk.src.com.zoho.crm.api.coql import CoqlOperations
from zohocrmsdk.src.com.zoho.crm.api.currencies import CurrenciesOperations
from zohocrmsdk.src.com.zoho.crm.api.dc import DataCenter
from zohocrmsdk.src.com.zoho.crm.api.fields import FieldsOperations, GetFieldsParam
from zohocrmsdk.src.com.zoho.crm.api.modules import ModulesOperations
from zohocrmsdk.src.com.zoho.crm.api.org import OrgOperations
from zohocrmsdk.src.com.zoho.crm.api.record import (
    BodyWrapper,
    DeleteRecordsParam,
    Field,
    GetRecordsParam,
    LineItemProduct,
    LineTax,
    Record,
    RecordOperations,
)
from zohocrmsdk.src.com.zoho.crm.api.taxes import TaxesOperations
from zohocrmsdk.src.com.zoho.crm.api.users import GetUsersParam, UsersOperations


def connect(url: str, refresh_token: str, folder: Path) -> None:
    """Point the SDK at the server."""
    store = FileStore(str(folder / "tokens.txt"))
    token = OAuthToken(
        client_id="demo-zoho",
        client_secret="demo-zoho-secret",
        refresh_token=refresh_token,
        find_user=False,
    )
    Initializer.initialize(
        environment=DataCenter.Environment(url, f"{url}/oauth/v2/token", url),
        token=token,
        store=store,
        resource_path=str(folder),
        logger=Logger.get_instance(level=Logger.Levels.ERROR, file_path=str(folder / "log.txt")),
    )


def account(name: str) -> Record:
    """An account to be made."""
    record = Record()
    record.add_field_value(Field.Accounts.account_name(), name)
    return record


def send(module: str, records: list[Record], *, update: bool = False) -> list:
    """Write records; returns the SDK's action responses."""
    body = BodyWrapper()
    body.set_data(records)
    body.set_trigger([])
    operations = RecordOperations(module)
    answer = operations.update_records(body) if update else operations.create_records(body)
    return answer.get_object().get_data()


def write_accounts(told: dict) -> list[int]:
    """Create two, be refused one, change one."""
    made = send("Accounts", [account("Café Ō"), account("Second & <b>")])
    told["created"] = [one.get_status().get_value() for one in made]
    ids = [one.get_details()["id"] for one in made]
    nameless = Record()
    nameless.add_key_value("Phone", "1")
    Initializer.get_initializer()
    told["refused"] = [told_refusal(nameless)]
    change = Record()
    change.set_id(int(ids[0]))
    change.add_key_value("Phone", "+44 117 000")
    told["updated"] = send("Accounts", [change], update=True)[0].get_status().get_value()
    return [int(one) for one in ids]


def told_refusal(record: Record) -> str:
    """The code of a refused row; the SDK checks mandatory fields itself when it may."""
    record.add_key_value("Account_Name", None)
    body = BodyWrapper()
    body.set_data([record])
    answer = RecordOperations("Accounts").create_records(body).get_object()
    return answer.get_data()[0].get_code().get_value()


def write_invoice(told: dict, account_id: int) -> None:
    """A product and an invoice with a taxed line, read back."""
    product = Record()
    product.add_field_value(Field.Products.product_name(), "Riesling")
    product.add_key_value("Unit_Price", 15.0)
    (made,) = send("Products", [product])
    shown = RecordOperations("Products").get_record(
        int(made.get_details()["id"]), ParameterMap(), HeaderMap()
    )
    told["price"] = str(shown.get_object().get_data()[0].get_key_value("Unit_Price"))
    line = Record()
    chosen = LineItemProduct()
    chosen.set_id(int(made.get_details()["id"]))
    line.add_key_value("Product_Name", chosen)
    line.add_key_value("Quantity", 2.0)
    line.add_key_value("List_Price", 15.0)
    tax = LineTax()
    tax.set_name("VAT")
    tax.set_percentage(20.0)
    line.add_key_value("Line_Tax", [tax])
    invoice = Record()
    invoice.add_field_value(Field.Invoices.subject(), "From the SDK")
    customer = Record()
    customer.set_id(account_id)
    invoice.add_field_value(Field.Invoices.account_name(), customer)
    invoice.add_key_value("Invoiced_Items", [line])
    (done,) = send("Invoices", [invoice])
    record_id = int(done.get_details()["id"])
    answer = RecordOperations("Invoices").get_record(record_id, ParameterMap(), HeaderMap())
    found = answer.get_object().get_data()[0]
    told["grand_total"] = str(found.get_key_value("Grand_Total"))
    told["line_products"] = [
        row.get_key_value("Product_Name").get_name()
        for row in found.get_key_value("Invoiced_Items")
    ]


def read_lists(told: dict) -> None:
    """List the accounts and query them."""
    parameters = ParameterMap()
    parameters.add(GetRecordsParam.fields, "Account_Name,Phone")
    parameters.add(GetRecordsParam.sort_order, "asc")
    answer = RecordOperations("Accounts").get_records(parameters, HeaderMap())
    records = answer.get_object().get_data()
    told["listed"] = [one.get_key_value("Account_Name") for one in records]
    told["phone"] = records[0].get_key_value("Phone")
    body = CoqlBody()
    body.set_select_query("select Account_Name from Accounts where id is not null limit 10")
    told["coql"] = len(CoqlOperations().get_records(body).get_object().get_data())


def read_settings(told: dict) -> None:
    """Fields, modules, organisation, people, taxes and currencies."""
    parameters = ParameterMap()
    parameters.add(GetFieldsParam.module, "Accounts")
    fields = FieldsOperations().get_fields(parameters).get_object().get_fields()
    told["fields"] = [one.get_api_name() for one in fields]
    modules = ModulesOperations().get_modules(ParameterMap(), HeaderMap()).get_object()
    told["modules"] = [one.get_api_name() for one in modules.get_modules()]
    told["org"] = OrgOperations().get_organization().get_object().get_org()[0].get_company_name()
    wanted = ParameterMap()
    wanted.add(GetUsersParam.type, "AllUsers")
    users = UsersOperations().get_users(wanted, HeaderMap()).get_object().get_users()
    told["users"] = len(users)
    taxes = TaxesOperations().get_taxes().get_object().get_org_taxes().get_taxes()
    told["taxes"] = [one.get_name() for one in taxes]
    currencies = CurrenciesOperations().get_currencies().get_object().get_currencies()
    told["currencies"] = sorted(one.get_iso_code() for one in currencies)


def main(url: str, refresh_token: str, folder: str) -> None:
    """The whole conversation."""
    connect(url, refresh_token, Path(folder))
    told: dict = {}
    ids = write_accounts(told)
    read_lists(told)
    write_invoice(told, ids[0])
    read_settings(told)
    parameters = ParameterMap()
    parameters.add(DeleteRecordsParam.ids, str(ids[1]))
    gone = RecordOperations("Accounts").delete_records(parameters, HeaderMap())
    told["deleted"] = len(gone.get_object().get_data())
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])

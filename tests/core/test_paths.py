"""Dotted paths read anything missing as None and lay values without losing their neighbours."""

import pytest

from backend.core.paths import get, put

CONTACT = {
    "Name": "Harbour",
    "Addresses": [
        {"AddressType": "STREET", "City": "Bath", "Region": None},
        "nonsense",
        {"AddressType": "POBOX", "City": "Bristol", "PostalCode": "BS1"},
    ],
    "SalesDetails": {"UnitPrice": 5, "AccountCode": "200", "UpdatedDateUTC": "x"},
    "PaymentTerms": {"Sales": {"Day": 3, "Type": "DAYS"}, "Bills": {"Day": 9}},
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("Name", "Harbour"),
        ("Missing", None),
        ("Addresses.POBOX.City", "Bristol"),
        ("Addresses.STREET.City", "Bath"),
        ("Addresses.DELIVERY.City", None),
        ("Phones.DEFAULT.PhoneNumber", None),
        ("SalesDetails.UnitPrice", 5),
        ("SalesDetails.UnitPrice.deeper", None),
        ("PaymentTerms.Sales.Day", 3),
    ],
)
def test_a_path_reads_what_is_there_and_none_elsewhere(path: str, found: object) -> None:
    assert get(CONTACT, path) == found


def test_the_whole_element_of_a_keyed_list_can_be_read() -> None:
    assert get(CONTACT, "Addresses.STREET")["City"] == "Bath"


def test_putting_into_one_address_sends_the_other_along_and_leaves_what_was_read_alone() -> None:
    body: dict[str, object] = {}
    put(body, "Addresses.POBOX.City", "Bath", CONTACT)
    put(body, "Addresses.POBOX.Region", "Avon", CONTACT)
    assert body == {
        "Addresses": [
            {"AddressType": "STREET", "City": "Bath"},
            {"AddressType": "POBOX", "City": "Bath", "PostalCode": "BS1", "Region": "Avon"},
        ]
    }
    assert get(CONTACT, "Addresses.POBOX.City") == "Bristol"


def test_an_element_that_does_not_exist_is_added() -> None:
    body: dict[str, object] = {}
    put(body, "Phones.FAX", {"PhoneNumber": "12"}, {"Phones": "garbled"})
    assert body == {"Phones": [{"PhoneType": "FAX", "PhoneNumber": "12"}]}


def test_a_keyed_element_takes_nested_values() -> None:
    body: dict[str, object] = {}
    put(body, "Addresses.POBOX.Geo.Lat", 1)
    assert body == {"Addresses": [{"AddressType": "POBOX", "Geo": {"Lat": 1}}]}


def test_a_nested_value_takes_its_siblings_along_but_nothing_only_the_server_says() -> None:
    body: dict[str, object] = {}
    put(body, "SalesDetails.UnitPrice", 7, CONTACT)
    put(body, "PaymentTerms.Sales.Day", 4, CONTACT)
    assert body == {
        "SalesDetails": {"UnitPrice": 7, "AccountCode": "200"},
        "PaymentTerms": {"Sales": {"Day": 4, "Type": "DAYS"}, "Bills": {"Day": 9}},
    }


def test_a_nested_value_of_a_new_record_stands_alone() -> None:
    body: dict[str, object] = {}
    put(body, "SalesDetails.UnitPrice", 7)
    put(body, "SalesDetails.AccountCode", "200")
    assert body == {"SalesDetails": {"UnitPrice": 7, "AccountCode": "200"}}

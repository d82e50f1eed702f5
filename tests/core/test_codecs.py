"""Every codec reads back what it wrote, refuses what would be cut, and compares by meaning."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import backend.core.codecs as room
from backend.core.codecs import CODECS, decode, encode, read_all, write_body
from backend.core.errors import NeedsPartner, NotConfigured, Refused
from backend.core.scalars import to_text
from backend.core.spec import Facts, Field, Flow, Side, Value
from tests.core.world import FACTS, D, X, Z, line, row, spec


def back_and_forth(field: Field, value: Value, side: Side, facts: Facts = FACTS) -> Value:
    """What ``side`` says after ``value`` was written there."""
    body = write_body(spec(field), side, {field.name: value}, facts)
    return read_all(spec(field), side, body, facts)[field.name]


# --- laws ---------------------------------------------------------------------------------------

TEXTS = st.text(max_size=200).map(to_text)
"""Texts in common terms: as any reading leaves them."""

SHAPES: dict[str, tuple[Field, st.SearchStrategy[Value]]] = {
    "text": (row("text"), TEXTS),
    "email": (row("email"), st.emails()),
    "phone": (row("phone", xero="Phones.DEFAULT.PhoneNumber"), st.text(max_size=25).map(to_text)),
    "street": (row("street", xero="Addresses.POBOX.AddressLine1"), TEXTS),
    "country": (
        row("country", xero="Addresses.POBOX.Country"),
        st.sampled_from(["France", "Côte d'Ivoire", "U.S.A.", "Guinea-Bissau", "中国"]),
    ),
    "money": (row("money"), st.decimals(-(10**9), 10**9, places=2)),
    "price": (row("price", xero="SalesDetails.UnitPrice"), st.decimals(0, 10**6, places=6)),
    "quantity": (row("quantity"), st.decimals(0, 10**6, places=5)),
    "date": (row("date", xero="DueDateString"), st.dates()),
    "boolean": (row("boolean"), st.booleans()),
    "choice": (
        row("choice", value_map={"Hot": "HIGH", "Warm": "HIGH", "Cold": "LOW"}),
        st.sampled_from(["HIGH", "LOW", "ODD"]),
    ),
    "link": (
        row("link", zoho="Account_Name", xero="Contact.ContactID", target="accounts"),
        st.just("1001"),
    ),
    "currency": (row("currency"), st.sampled_from(["GBP", "EUR"])),
    "readonly": (row("readonly"), TEXTS),
}


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("name", SHAPES)
@given(data=st.data())
def test_what_was_written_reads_back_as_the_same(
    name: str, side: Side, data: st.DataObject
) -> None:
    field, values = SHAPES[name]
    value = data.draw(values)
    assert CODECS[name].same(back_and_forth(field, value, side), value)


@pytest.mark.parametrize("name", SHAPES)
@given(data=st.data())
def test_same_is_reflexive_and_symmetric(name: str, data: st.DataObject) -> None:
    _, values = SHAPES[name]
    a, b = data.draw(values | st.none()), data.draw(values | st.none())
    same = CODECS[name].same
    assert same(a, a)
    assert same(a, b) == same(b, a)


SINGLE: st.SearchStrategy[Value] = (
    st.none()
    | st.text()
    | st.booleans()
    | st.dates()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.lists(
        st.builds(
            line,
            product=st.none() | st.text(),
            description=st.text(),
            quantity=st.decimals(allow_nan=False, allow_infinity=False),
            tax=st.none() | st.text(),
        )
    ).map(tuple)
)


@given(SINGLE)
def test_encoding_a_value_for_the_database_loses_nothing(value: Value) -> None:
    back = decode(json.loads(json.dumps(encode(value))))
    assert back == value
    assert type(back) is type(value)


@pytest.mark.parametrize("data", [1, 1.5, [], {}, {"n": 1}, {"x": "1"}, {"l": "no"}])
def test_what_encode_did_not_make_is_not_decoded(data: Any) -> None:
    with pytest.raises(ValueError, match="not an encoded value"):
        decode(data)


# --- reading whole records ----------------------------------------------------------------------


def test_rows_that_are_off_or_live_elsewhere_are_absent() -> None:
    module = spec(
        row(name="a"), row(name="off", flow=Flow.OFF), row(name="theirs", zoho=None), row(name="b")
    )
    assert read_all(module, Z, {"Name": "x"}, FACTS) == {"a": "x", "b": "x"}
    assert set(read_all(module, X, {"Name": "x"}, FACTS)) == {"a", "theirs", "b"}


def test_rows_on_crm_fields_that_do_not_exist_rest_on_both_sides() -> None:
    module = spec(
        row(name="there"),
        row(name="missing", zoho="Custom"),
        row("url", name="id", zoho="id", xero="Url", flow=Flow.TO_XERO),
        row("currency", name="currency", zoho="Currency", xero="CurrencyCode"),
        row(name="only_xero", zoho=None),
    )
    facts = Facts(zoho_fields=frozenset({"Name"}), base_currency="GBP")
    assert "missing" not in read_all(module, Z, {"Name": "x", "id": "7"}, facts)
    assert set(read_all(module, X, {"Name": "x"}, facts)) == {
        "there", "id", "currency", "only_xero",
    }  # fmt: skip
    body = write_body(module, Z, {"there": "x", "missing": "y", "only_xero": "z"}, facts)
    assert body == {"Name": "x"}


def test_a_record_without_its_lines_says_nothing_about_them() -> None:
    module = spec(row("lines", name="lines", zoho="Items", xero="LineItems"), row(name="a"))
    for side in Side:
        assert read_all(module, side, {"Name": "x"}, FACTS) == {"a": "x"}
    assert read_all(module, X, {"LineItems": []}, FACTS) == {"lines": (), "a": None}


def test_specs_beyond_those_kept_are_resolved_again() -> None:
    for _ in range(room._KEPT + 1):
        assert read_all(spec(row()), Z, {"Name": "x"}, FACTS) == {"field": "x"}
    assert len(room._compiled) <= room._KEPT


def test_an_unreadable_number_names_its_field() -> None:
    with pytest.raises(Refused) as refused:
        read_all(spec(row("money")), Z, {"Name": "lots"}, FACTS)
    assert refused.value.message.params == {"field": "field", "value": "lots"}


# --- writing whole records ----------------------------------------------------------------------


def test_only_what_changed_is_written() -> None:
    module = spec(row(name="a", zoho="A", xero="A"), row(name="b", zoho="B", xero="B"))
    assert write_body(module, X, {"b": "1", "unmapped": "2"}, FACTS) == {"B": "1"}


def test_a_required_field_is_never_emptied() -> None:
    field = row(required=frozenset({X}))
    assert write_body(spec(field), Z, {"field": None}, FACTS) == {"Name": None}
    with pytest.raises(Refused, match="required_empty"):
        write_body(spec(field), X, {"field": None}, FACTS)


@pytest.mark.parametrize("codec", ["text", "date"])
def test_clearing_is_an_empty_text_in_xero_and_a_null_in_crm(codec: str) -> None:
    assert write_body(spec(row(codec)), X, {"field": None}, FACTS) == {"Name": ""}
    assert write_body(spec(row(codec)), Z, {"field": None}, FACTS) == {"Name": None}


def test_an_emptied_number_is_zero_in_xero() -> None:
    assert write_body(spec(row("money")), X, {"field": None}, FACTS) == {"Name": D(0)}
    assert write_body(spec(row("money")), Z, {"field": None}, FACTS) == {"Name": None}


def test_too_long_a_text_is_refused_with_both_lengths() -> None:
    with pytest.raises(Refused) as refused:
        write_body(spec(row(xero_length=3)), X, {"field": "🍷🍷"}, FACTS)
    assert refused.value.message.params == {"field": "field", "limit": "3", "length": "4"}
    assert write_body(spec(row(xero_length=4)), X, {"field": "🍷🍷"}, FACTS) == {"Name": "🍷🍷"}


# --- single codecs ------------------------------------------------------------------------------


def test_empty_text_and_nothing_are_the_same() -> None:
    assert CODECS["text"].same("", None)
    assert not CODECS["text"].same("a", None)


def test_email_compares_without_case() -> None:
    assert CODECS["email"].same("Ana@Harbour.example", "ana@harbour.EXAMPLE")


def test_money_compares_to_the_cent_and_price_to_four_digits() -> None:
    assert CODECS["money"].same(D("1.004"), D(1))
    assert not CODECS["price"].same(D("1.004"), D(1))
    assert not CODECS["money"].same(D(0), None)


def test_a_missing_tick_is_no_tick() -> None:
    assert CODECS["boolean"].same(None, False)
    assert write_body(spec(row("boolean")), X, {"field": None}, FACTS) == {"Name": False}


PHONE = row("phone", zoho="Phone", xero="Phones.DEFAULT.PhoneNumber")


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (("44", "20", "7946 0000"), "+44 20 7946 0000"),
        (("+44", "", "7946"), "+44 7946"),
        (("", "020", "7946 0000"), "020 7946 0000"),
        ((None, None, None), None),
    ],
)
def test_a_phone_of_parts_reads_as_one_text(
    parts: tuple[str | None, ...], text: str | None
) -> None:
    keys = ("PhoneCountryCode", "PhoneAreaCode", "PhoneNumber")
    raw = {"Phones": [{"PhoneType": "DEFAULT", **dict(zip(keys, parts, strict=True))}]}
    assert read_all(spec(PHONE), X, raw, FACTS) == {"field": text}


def test_a_phone_missing_or_garbled_is_nothing_or_its_text() -> None:
    assert read_all(spec(PHONE), X, {}, FACTS) == {"field": None}
    odd = row("phone", xero="Telephone")
    assert read_all(spec(odd), X, {"Telephone": "12"}, FACTS) == {"field": "12"}


def test_phones_compare_by_their_digits() -> None:
    same = CODECS["phone"].same
    assert same("+44 20 7946-0000", "0044 (0)20 79460000")
    assert same("", None)
    assert not same("ext", None)


def test_a_phone_written_to_xero_takes_the_other_phones_along() -> None:
    current = {"Phones": [
        {"PhoneType": "DEFAULT", "PhoneNumber": "1", "PhoneAreaCode": "2", "PhoneCountryCode": "3"},
        {"PhoneType": "FAX", "PhoneNumber": "9"},
    ]}  # fmt: skip
    assert write_body(spec(PHONE), X, {"field": "+44 7"}, FACTS, current) == {"Phones": [
        {"PhoneType": "DEFAULT", "PhoneNumber": "+44 7", "PhoneAreaCode": "", "PhoneCountryCode": ""},
        {"PhoneType": "FAX", "PhoneNumber": "9"},
    ]}  # fmt: skip


def test_a_phone_xero_cannot_hold_is_refused() -> None:
    with pytest.raises(Refused, match="text_too_long"):
        write_body(spec(PHONE), X, {"field": "1" * 51}, FACTS)


STREET = row("street", zoho="Billing_Street", xero="Addresses.POBOX.AddressLine1")


def test_a_street_is_one_text_in_crm_and_four_lines_in_xero() -> None:
    body = write_body(spec(STREET), X, {"field": "a\n\n b\nc\nd\ne"}, FACTS)
    assert body == {"Addresses": [{
        "AddressType": "POBOX", "AddressLine1": "a", "AddressLine2": "b", "AddressLine3": "c",
        "AddressLine4": "d, e",
    }]}  # fmt: skip
    assert read_all(spec(STREET), X, body, FACTS) == {"field": "a\nb\nc\nd, e"}
    assert CODECS["street"].same("a\nb\nc\nd\ne", "a\nb\nc\nd, e")


def test_a_street_cleared_empties_every_line() -> None:
    body = write_body(spec(STREET), X, {"field": None}, FACTS)
    assert set(body["Addresses"][0].values()) == {"POBOX", ""}
    assert read_all(spec(STREET), X, body, FACTS) == {"field": None}
    assert read_all(spec(STREET), X, {}, FACTS) == {"field": None}


def test_a_street_line_xero_cannot_hold_is_refused() -> None:
    with pytest.raises(Refused, match="text_too_long"):
        write_body(spec(STREET), X, {"field": "x" * 501}, FACTS)


def test_a_country_of_digits_alone_is_refused_in_xero() -> None:
    with pytest.raises(Refused, match="country_without_letters"):
        write_body(spec(row("country")), X, {"field": "44"}, FACTS)
    assert write_body(spec(row("country")), X, {"field": None}, FACTS) == {"Name": ""}
    assert write_body(spec(row("country")), Z, {"field": "U.K."}, FACTS) == {"Name": "U.K."}


def test_a_date_prefers_the_text_xero_sends_beside_its_ticks() -> None:
    field = row("date", zoho="Due_Date", xero="DueDate")
    raw = {"DueDate": "/Date(1776988800000+1300)/", "DueDateString": "2026-04-25T00:00:00"}
    assert read_all(spec(field), X, raw, FACTS) == {"field": date(2026, 4, 25)}
    del raw["DueDateString"]
    assert read_all(spec(field), X, raw, FACTS) == {"field": date(2026, 4, 24)}
    assert write_body(spec(field), X, {"field": date(2026, 4, 25)}, FACTS) == {
        "DueDate": "2026-04-25"
    }


def test_a_choice_keeps_the_word_crm_already_uses() -> None:
    field, _ = SHAPES["choice"]
    write = lambda current: write_body(spec(field), Z, {"field": "HIGH"}, FACTS, current)  # noqa: E731
    assert write({"Name": "Warm"}) == {"Name": "Warm"}
    assert write({"Name": "Cold"}) == {"Name": "Hot"}
    assert write(None) == {"Name": "Hot"}
    assert read_all(spec(field), Z, {"Name": None}, FACTS) == {"field": None}
    assert write_body(spec(field), Z, {"field": None}, FACTS) == {"Name": None}


STATUS = row("status", zoho="Status", xero="Status", value_map={
    "DRAFT": "Created", "AUTHORISED": "Approved", "PAID": "Approved", "VOIDED": "Cancelled",
})  # fmt: skip


def test_a_state_is_read_in_crms_words_and_unknown_ones_pass_through() -> None:
    assert read_all(spec(STATUS), X, {"Status": "PAID"}, FACTS) == {"field": "Approved"}
    assert read_all(spec(STATUS), X, {"Status": "NEWFANGLED"}, FACTS) == {"field": "NEWFANGLED"}
    assert read_all(spec(STATUS), X, {}, FACTS) == {"field": None}
    assert read_all(spec(STATUS), Z, {"Status": "Approved"}, FACTS) == {"field": "Approved"}


@pytest.mark.parametrize(
    ("value", "current", "state"),
    [
        ("Approved", {"Status": "PAID"}, "PAID"),
        ("Approved", {"Status": "DRAFT"}, "AUTHORISED"),
        ("Created", None, "DRAFT"),
        ("Cancelled", None, "VOIDED"),
        ("NEWFANGLED", {"Status": "NEWFANGLED"}, "NEWFANGLED"),
        ("NEWFANGLED", None, "NEWFANGLED"),
    ],
)
def test_xero_keeps_a_state_that_already_means_it(
    value: str, current: dict[str, str] | None, state: str
) -> None:
    assert write_body(spec(STATUS), X, {"field": value}, FACTS, current) == {"Status": state}


def test_a_state_is_written_to_crm_as_it_is_said() -> None:
    assert write_body(spec(STATUS), Z, {"field": "Approved"}, FACTS) == {"Status": "Approved"}


def test_the_administrators_state_map_comes_before_the_modules() -> None:
    facts = Facts(status_map={"PAID": "Delivered"})
    assert read_all(spec(STATUS), X, {"Status": "PAID"}, facts) == {"field": "Delivered"}


def test_a_readable_state_is_words() -> None:
    field = row("readable", value_map={"AUTHORISED": "Awaiting payment"}, flow=Flow.TO_ZOHO)
    read = lambda side, raw: read_all(spec(field), side, {"Name": raw}, FACTS)["field"]  # noqa: E731
    assert read(X, "AUTHORISED") == "Awaiting payment"
    assert read(X, "PART_PAID") == "Part paid"
    assert read(X, None) is None
    assert read(Z, "Anything") == "Anything"


def test_a_deep_link_is_built_where_it_comes_from_and_read_where_it_goes() -> None:
    to_crm = row("url", zoho="Xero_URL", xero="InvoiceID", flow=Flow.TO_ZOHO)
    to_xero = row("url", zoho="id", xero="Url", flow=Flow.TO_XERO)
    address = "https://go.xero.com/app/%21h1vQ2/thing/g%2F1"
    assert read_all(spec(to_crm), X, {"InvoiceID": "g/1"}, FACTS) == {"field": address}
    assert read_all(spec(to_crm), X, {}, FACTS) == {"field": None}
    assert read_all(spec(to_crm), Z, {"Xero_URL": address}, FACTS) == {"field": address}
    assert read_all(spec(to_xero), Z, {"id": "7"}, FACTS) == {
        "field": "https://crm.example/tab/Things/7"
    }


def test_a_row_may_bring_its_own_deep_link() -> None:
    own = row("url", flow=Flow.TO_ZOHO, value_map={"template": "https://x/{id}"})
    assert read_all(spec(own), X, {"Name": "1"}, FACTS) == {"field": "https://x/1"}


LINK = SHAPES["link"][0]


def test_a_link_is_the_crm_id_once_the_pair_is_known() -> None:
    read = lambda side, raw: read_all(spec(LINK), side, raw, FACTS)["field"]  # noqa: E731
    assert read(X, {"Contact": {"ContactID": "guid-1", "Name": "Old"}}) == "1001"
    assert read(X, {"Contact": {"ContactID": "guid-9"}}) == "xero:guid-9"
    assert read(X, {"Contact": None}) is None
    assert read(Z, {"Account_Name": {"id": "1001", "name": "Harbour"}}) == "1001"
    assert read(Z, {"Account_Name": "1001"}) == "1001"
    assert read(Z, {}) is None


def test_only_the_id_of_a_partner_is_sent() -> None:
    current = {"Contact": {"ContactID": "guid-9", "Name": "Would be a rename"}}
    write = lambda side, value: write_body(spec(LINK), side, {"field": value}, FACTS, current)  # noqa: E731
    assert write(X, "1001") == {"Contact": {"ContactID": "guid-1"}}
    assert write(X, "xero:guid-7") == {"Contact": {"ContactID": "guid-7"}}
    assert write(X, None) == {"Contact": {"ContactID": ""}}
    assert write(Z, "xero:guid-1") == {"Account_Name": {"id": "1001"}}
    assert write(Z, "1001") == {"Account_Name": {"id": "1001"}}
    assert write(Z, None) == {"Account_Name": None}


@pytest.mark.parametrize(
    ("side", "value", "missing"), [(X, "1002", (Z, "1002")), (Z, "xero:guid-2", (X, "guid-2"))]
)
def test_a_partner_that_has_not_crossed_is_asked_for(
    side: Side, value: str, missing: tuple[Side, str]
) -> None:
    with pytest.raises(NeedsPartner) as needs:
        write_body(spec(LINK), side, {"field": value}, FACTS)
    assert (needs.value.module, needs.value.side, needs.value.id) == ("accounts", *missing)


CURRENCY = row("currency", zoho="Currency", xero="CurrencyCode")


def test_a_currency_left_unsaid_is_the_organisations() -> None:
    single = Facts(zoho_currency="EUR", base_currency="GBP")
    assert read_all(spec(CURRENCY), Z, {"Currency": "USD"}, single) == {"field": "EUR"}
    assert read_all(spec(CURRENCY), X, {}, single) == {"field": "GBP"}
    assert read_all(spec(CURRENCY), X, {"CurrencyCode": "USD"}, single) == {"field": "USD"}


def test_a_currency_xero_has_not_enabled_waits_with_its_code() -> None:
    with pytest.raises(NotConfigured) as waits:
        write_body(spec(CURRENCY), X, {"field": "USD"}, FACTS)
    assert waits.value.message.params == {"code": "USD"}
    assert write_body(spec(CURRENCY), X, {"field": "GBP"}, FACTS) == {"CurrencyCode": "GBP"}


def test_a_crm_of_one_currency_is_sent_none_and_takes_no_other() -> None:
    single = Facts(zoho_currency="EUR", base_currency="GBP")
    assert write_body(spec(CURRENCY), Z, {"field": "EUR"}, single) == {}
    assert write_body(spec(CURRENCY), Z, {"field": None}, single) == {}
    with pytest.raises(NotConfigured, match="currency_not_in_crm"):
        write_body(spec(CURRENCY), Z, {"field": "USD"}, single)


def test_a_codec_reads_one_row_by_itself() -> None:
    assert CODECS["money"].read({"Name": D("1.5")}, Z, row("money"), FACTS) == Decimal("1.5")


def test_a_row_that_lives_nowhere_on_a_side_is_a_mistake_in_the_spec() -> None:
    with pytest.raises(KeyError, match="nowhere on xero"):
        CODECS["text"].read({}, X, row(xero=None), FACTS)

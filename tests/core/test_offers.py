"""Which fields fit each other, and that what fits really goes there and back."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from backend.core.codecs import CODECS, read_all, write_body
from backend.core.errors import NotConfigured, Refused
from backend.core.offers import CRM_KINDS, Offer, crm_offers, fit
from backend.core.overlay import overlaid
from backend.core.paths import put
from backend.core.spec import Facts, Flow, ModuleSpec, Resource, Side
from tests.core.world import SHOWN

KINDS = sorted({*CRM_KINDS.values(), "other"})
XERO_KINDS = ("text", "email", "url", "phone", "street", "country", "currency", "choice", "number",
              "date", "datetime", "boolean", "link", "lines", "terms")  # fmt: skip
VALUES: dict[str, Any] = {
    "text": "Ana", "email": "a@b.example", "phone": "+44 113", "choice": "Gold",
    "choices": ["Gold", "Red"], "number": Decimal("12.5"), "date": "2026-11-02",
    "datetime": "2026-11-02T10:00:00+02:00", "boolean": True,
    "link": {"id": "7001", "name": "Kestrel"}, "person": {"id": "1", "name": "Ana"},
}  # fmt: skip
FROM_XERO: dict[str, Any] = {
    "text": "Ana", "email": "a@b.example", "url": "https://x.example", "country": "France",
    "currency": "EUR", "choice": "Gold", "number": Decimal("12.5"), "boolean": False,
    "date": "/Date(1793577600000+0000)/", "datetime": "/Date(1793577600000+0000)/",
    "terms": {"Day": 30, "Type": "DAYSAFTERBILLDATE"},
}  # fmt: skip
PATHS = {
    "phone": "Phones.MOBILE.PhoneNumber", "street": "Addresses.POBOX.AddressLine1",
    "country": "Addresses.POBOX.Country", "terms": "PaymentTerms.Sales",
    "link": "Contact.ContactID",
}  # fmt: skip


def offers(zoho: str, xero: str, **more: Any) -> tuple[Offer, Offer]:
    """A CRM field and a field of Xero of these kinds."""
    target = "accounts" if zoho == xero == "link" else None
    return (
        Offer(path="Custom", kind=zoho, target=target, places=2, id="1", custom=True, **more),
        Offer(path=PATHS.get(xero, "Field"), kind=xero, target=target, places=4),
    )


def bound(zoho: Offer, xero: Offer, flow: str, more: dict[str, Any] | None = None) -> ModuleSpec:
    """A module with one added row between the two."""
    home = Resource(path="Accounts", id="id", number=None, label="Name", modified="m")
    spec = ModuleSpec(key="accounts", shown=SHOWN, zoho=home, xero=home, fields=())
    row = {"name": "x", "zoho": zoho.path, "xero": xero.path, "flow": flow, "on": "always",
           "owner": "none", **(more or {})}  # fmt: skip
    known = {Side.ZOHO: {zoho.path: zoho}, Side.XERO: {xero.path: xero}}
    return overlaid(spec, [row], added={}, offers=known)


@pytest.mark.parametrize("zoho", KINDS)
@pytest.mark.parametrize("xero", XERO_KINDS)
def test_what_fits_reads_writes_and_reads_back_the_same(zoho: str, xero: str) -> None:
    crm, books = offers(zoho, xero)
    found = fit(crm, books)
    if found is None:
        return
    facts = Facts(links={("accounts", Side.ZOHO, "7001"): "guid", ("accounts", Side.XERO, "guid"): "7001"},
                  currencies=frozenset({"EUR"}), base_currency="EUR", multi_currency=True)  # fmt: skip
    words = {"value_map": {"Gold": "30 DAYSAFTERBILLDATE"}} if xero == "terms" else {}
    if zoho == "choice" and xero == "boolean":
        words = {"value_map": {"Gold": "true", "Red": "false"}}
    for flow, side, values, kind in (
        ("to_xero", Side.ZOHO, VALUES, zoho), ("to_zoho", Side.XERO, FROM_XERO, xero),
    ):  # fmt: skip
        if not found.allows(Flow(flow)) or kind not in values:
            continue
        value = values[kind]
        if xero == "currency" and side is Side.ZOHO:
            value = "EUR"
        if zoho == "boolean" and kind == "text":
            value = "true"
        if kind in {"text", "number"} and xero == "terms":
            value = "30 DAYSAFTERBILLDATE" if kind == "text" else Decimal(30)
            words = {} if kind == "text" else {"value_map": {"30": "30 DAYSAFTERBILLDATE"}}
        spec = bound(crm, books, flow, words)
        (row,) = spec.fields
        path = crm.path if side is Side.ZOHO else books.path
        raw = _at(path, value)
        common = read_all(spec, side, raw, facts)
        body = write_body(spec, side.other, common, facts)
        back = read_all(spec, side.other, body, facts)
        assert CODECS[row.codec].same(common["x"], back["x"]), (common, body, back)
        assert common["x"] is not None


def _at(path: str, value: Any) -> dict[str, Any]:
    body: dict[str, Any] = {}
    put(body, path, value)
    return body


def test_what_does_not_fit_is_said() -> None:
    for zoho, xero in (("lines", "text"), ("other", "text"), ("choices", "choice"),
                       ("boolean", "number"), ("link", "number"), ("date", "number")):  # fmt: skip
        assert fit(*offers(zoho, xero)) is None, (zoho, xero)
    assert fit(Offer(path="a", kind="link", target="products"),
               Offer(path="b", kind="link", target="accounts")) is None  # fmt: skip


def test_a_finer_figure_than_the_field_keeps_is_refused_not_rounded() -> None:
    crm, books = offers("number", "number")
    spec = bound(crm, books, "both")
    assert write_body(spec, Side.ZOHO, {"x": Decimal("1.50")}, Facts()) == {
        "Custom": Decimal("1.50")
    }
    with pytest.raises(Refused) as refused:
        write_body(spec, Side.ZOHO, {"x": Decimal("1.505")}, Facts())
    assert refused.value.message.key == "too_many_decimals"
    assert write_body(spec, Side.XERO, {"x": Decimal("1.505")}, Facts()) == {
        "Field": Decimal("1.5050")
    }


def test_a_word_that_is_not_in_the_list_is_never_written() -> None:
    crm, books = offers("choice", "text", choices=(("Gold", "Gold"), ("Red", "Rouge")))
    spec = bound(crm, books, "both", {"value_map": {"Gold": "G"}})
    assert write_body(spec, Side.ZOHO, {"x": "G"}, Facts()) == {"Custom": "Gold"}
    assert write_body(spec, Side.ZOHO, {"x": "Red"}, Facts()) == {"Custom": "Red"}
    with pytest.raises(NotConfigured) as held:
        write_body(spec, Side.ZOHO, {"x": "Blue"}, Facts())
    assert held.value.message.key == "choice_unknown"
    several, books = offers("choices", "text", choices=(("Gold", "Gold"), ("Red", "Red")))
    spec = bound(several, books, "both")
    assert write_body(spec, Side.ZOHO, {"x": "Red; Gold"}, Facts()) == {"Custom": ["Red", "Gold"]}
    with pytest.raises(NotConfigured):
        write_body(spec, Side.ZOHO, {"x": "Red; Blue"}, Facts())


def test_constants_stand_for_the_side_they_come_from() -> None:
    _, books = offers("text", "date")
    constant = {"zoho": None, "fixed": "2026-01-31"}
    spec = bound(Offer(path="unused"), books, "to_xero", more=constant)
    assert read_all(spec, Side.ZOHO, {}, Facts()) == {"x": date(2026, 1, 31)}
    assert write_body(spec, Side.XERO, {"x": date(2026, 1, 31)}, Facts()) == {"Field": "2026-01-31"}


def test_metadata_becomes_offers() -> None:
    known = {
        "Level": {"type": "picklist", "choices": ["a"], "words": {"a": "Ah"}, "custom": True},
        "Parent": {"type": "lookup", "target": "Accounts"},
        "Count": {"type": "integer", "places": None},
        "Odd": {"type": "fileupload"},
    }
    found = crm_offers(known, {"Accounts": "accounts"})
    assert found["Level"].words == {"a", "Ah"}
    assert (found["Parent"].kind, found["Parent"].target) == ("link", "accounts")
    assert found["Count"].places == 0
    assert found["Odd"].kind == "other"

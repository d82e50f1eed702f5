"""Codecs and merge together: whatever two people edit, one sync settles it and edits survive."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backend.core.codecs import CODECS, decode, encode, read_all, write_body
from backend.core.merge import merge
from backend.core.spec import Side, Value, Values
from tests.core.test_codecs import SHAPES
from tests.core.test_lines import FIELD, some_lines, stored
from tests.core.world import FACTS, X, Z, row, spec

ROWS = {
    "text": row("text", name="text", zoho="Text", xero="Text"),
    "email": row("email", name="email", zoho="Email", xero="EmailAddress"),
    "phone": row("phone", name="phone", zoho="Phone", xero="Phones.DEFAULT.PhoneNumber"),
    "street": row("street", name="street", zoho="Street", xero="Addresses.POBOX.AddressLine1"),
    "country": row("country", name="country", zoho="Country", xero="Addresses.POBOX.Country"),
    "money": row("money", name="money", zoho="Money", xero="Money"),
    "price": row("price", name="price", zoho="Price", xero="SalesDetails.UnitPrice"),
    "date": row("date", name="date", zoho="Date", xero="Date"),
    "boolean": row("boolean", name="boolean", zoho="Active", xero="IsSold"),
}
VALUES: dict[str, st.SearchStrategy[Value]] = {
    **{name: SHAPES[name][1] | st.none() for name in ROWS},
    "lines": some_lines,
}
MODULE = spec(*ROWS.values(), FIELD)
edits = st.fixed_dictionaries({}, optional=VALUES)


class System:
    """One side that keeps what it is sent, as its API would show it."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self.raw: dict[str, Any] = {}

    def write(self, values: Values) -> None:
        body = write_body(MODULE, self.side, values, FACTS, self.raw)
        self.raw |= stored(self.side, body) if "lines" in values else body

    def read(self) -> Values:
        return read_all(MODULE, self.side, self.raw, FACTS)


def synced(
    crm: System, books: System, bases: tuple[Values, Values] | None
) -> tuple[Values, Values]:
    """One turn: merge, write both, and remember each side's answer the way the database does."""
    base_zoho, base_xero = bases or (None, None)
    found = merge(MODULE.fields, base_zoho, base_xero, crm.read(), books.read(), rule="zoho")
    assert not found.conflicts
    assert not found.suppressed
    crm.write(found.to_zoho)
    books.write(found.to_xero)
    answers = ({n: decode(encode(v)) for n, v in each.read().items()} for each in (crm, books))
    zoho, xero = answers
    return zoho, xero


@given(edits, edits, edits, edits)
def test_one_turn_settles_whatever_two_people_did(
    first_crm: Values, first_xero: Values, then_crm: Values, then_xero: Values
) -> None:
    crm, books = System(Z), System(X)
    crm.write({"lines": (), **first_crm})
    books.write({"lines": (), **first_xero})
    bases = synced(crm, books, None)
    assert synced(crm, books, bases) == bases
    crm.write(then_crm)
    books.write(then_xero)
    edited_crm, edited_xero = crm.read(), books.read()
    after = synced(crm, books, bases)
    assert merge(MODULE.fields, *after, crm.read(), books.read()).nothing
    for name in ("lines", *ROWS):
        same = CODECS[name].same
        if name not in bases[0] or name not in bases[1]:
            continue
        crm_edited = not same(bases[0][name], edited_crm[name])
        xero_edited = not same(bases[1][name], edited_xero[name])
        if crm_edited:
            assert same(after[0][name], edited_crm[name])
        elif xero_edited:
            assert same(after[1][name], edited_xero[name])

"""The people of a contact: told apart without ids, written as a set without losing anybody."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backend.core.parts import KnownPart, Wish
from backend.core.persons import MOST, REMOVE, full_name, join, split

HOME = "11111111-1111-4111-8111-111111111111"
names = st.sampled_from(["", "Ida", "Jo", "Zoë 🍷", "O'Neil <b>", "Ng"])
addresses = st.sampled_from(["", "office@x.example", "ida@x.example"])
persons = st.fixed_dictionaries({
    "FirstName": names, "LastName": names, "EmailAddress": addresses,
    "IncludeInEmails": st.booleans(),
}).filter(lambda each: any((each["FirstName"], each["LastName"], each["EmailAddress"])))  # fmt: skip


@st.composite
def contacts(draw: st.DrawFn) -> dict[str, Any]:
    """A Xero contact with up to six people."""
    return {
        "ContactID": HOME, "Name": "Kestrel Foods", "ContactStatus": "ACTIVE",
        "FirstName": draw(names), "LastName": draw(names), "EmailAddress": draw(addresses),
        "ContactPersons": draw(st.lists(persons, max_size=MOST)),
    }  # fmt: skip


def known_of(contact: dict[str, Any], known: tuple[KnownPart, ...] = ()) -> list[KnownPart]:
    """Everybody in a contact as they would be remembered."""
    return [
        KnownPart(id=each["ContactID"], keys={"name": each["Name"], "email": each["EmailAddress"]})
        for each in split(contact, known) or ()
    ]


def posted(contact: dict[str, Any], body: Any) -> dict[str, Any]:
    """What Xero holds after a body was posted."""
    return {**contact, **body}


@given(contacts())
def test_everybody_has_an_id_of_their_own_and_keeps_it(contact: dict[str, Any]) -> None:
    known = known_of(contact)
    assert len({each.id for each in known}) == len(known)
    turned = {**contact, "ContactPersons": contact["ContactPersons"][::-1]}
    assert {each.id for each in known_of(turned, tuple(known))} == {each.id for each in known}


@given(contacts(), persons)
def test_a_new_person_changes_nobody_else(contact: dict[str, Any], fresh: dict[str, Any]) -> None:
    known, wish = known_of(contact), Wish(key="new", id=None, body=fresh)
    done = join(contact, known, [wish], address_is_free=True)
    after = posted(contact, done.body)
    assert len(after["ContactPersons"]) <= MOST
    if "new" in done.refused:
        assert len(done.body) == 1
        assert len(contact["ContactPersons"]) == MOST
        return
    assert after["ContactPersons"][: len(contact["ContactPersons"])] == contact["ContactPersons"]
    found = {each["ContactID"]: each for each in split(after, done.known) or ()}
    if full_name(fresh):
        assert found[str(done.ids["new"])]["Name"] == full_name(fresh)
    assert {each.id for each in known} <= set(found)


@given(contacts(), st.randoms())
def test_who_leaves_leaves_the_others_as_they_were(contact: dict[str, Any], chance: Any) -> None:
    known = known_of(contact)
    if not known:
        return
    gone = chance.choice(known).id
    done = join(
        contact, known, [Wish(key="gone", id=gone, body={REMOVE: True})], address_is_free=True
    )
    before = {each["ContactID"]: each for each in split(contact, known) or ()}
    after = {
        each["ContactID"]: each for each in split(posted(contact, done.body), done.known) or ()
    }
    assert after == {key: each for key, each in before.items() if key != gone}
    assert done.ids == {"gone": None}


@given(contacts(), persons)
def test_written_twice_is_there_once(contact: dict[str, Any], fresh: dict[str, Any]) -> None:
    """The answer got lost: what was written is found, not added again."""
    if not full_name(fresh):
        return
    known, wish = known_of(contact), Wish(key="new", id=None, body=fresh)
    once = join(contact, known, [wish], address_is_free=True)
    if once.refused:
        return
    after = posted(contact, once.body)
    again = join(after, known, [wish], address_is_free=True)
    assert again.body == {"ContactID": HOME}
    assert again.ids["new"] is not None


def test_a_companys_own_address_is_no_persons() -> None:
    contact = {
        "ContactID": HOME, "Name": "Kestrel Foods", "FirstName": "", "LastName": "",
        "EmailAddress": "", "ContactPersons": [],
    }  # fmt: skip
    ida = {"FirstName": "Ida", "LastName": "Berg", "EmailAddress": "ida@x.example"}
    wish = Wish(key="new", id=None, body=ida)
    taken = join(contact, [], [wish], address_is_free=False)
    assert taken.body["ContactPersons"] == [{**ida, "IncludeInEmails": False}]
    own = {**contact, "EmailAddress": "ida@x.example"}
    assert "ContactPersons" not in join(own, [], [wish], address_is_free=False).body


def test_a_lean_answer_says_nothing_of_people() -> None:
    assert split({"ContactID": HOME, "FirstName": "Ida"}, ()) is None

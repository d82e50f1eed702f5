"""The people of a Xero contact: one primary person and at most five others, without ids.

FirstName, LastName and EmailAddress of the contact are its primary person; ``ContactPersons`` holds
the others and is replaced as a set, so what nobody asked to change goes back as it came
(developer.xero.com: contacts, contact persons).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from backend.core.errors import Message
from backend.core.names import normal_name
from backend.core.parts import Joined, Keys, KnownPart, Wish, part_id, recognised
from backend.core.spec import Raw

NAMES = ("FirstName", "LastName", "EmailAddress")
MOST = 5
"""ContactPersons beside the primary person (developer.xero.com: contacts)."""
OF_THE_HOLDER = (
    "ContactStatus", "IsCustomer", "IsSupplier", "UpdatedDateUTC", "UpdatedDateUTCString",
)  # fmt: skip
PRIMARY = -1
REMOVE = "Remove"
"""In a planned body: this person leaves the contact."""


def split(contact: Raw, known: Sequence[KnownPart]) -> tuple[Raw, ...] | None:
    """The people of ``contact`` as records; None for a lean answer, which does not show them."""
    seats = _seats(contact)
    if seats is None:
        return None
    ids = _recognised(contact, [person for _, person in seats], known)
    return tuple(
        _record(contact, person, record_id=each)
        for (_, person), each in zip(seats, ids, strict=True)
    )


def _seats(contact: Raw) -> list[tuple[int, Raw]] | None:
    """Who sits where; an address alone makes no primary person."""
    held = contact.get("ContactPersons")
    if not isinstance(held, list):
        return None
    found = [(at, each) for at, each in enumerate(held) if isinstance(each, Mapping)]
    named = any(_text(contact, name) for name in ("FirstName", "LastName"))
    first = [(PRIMARY, contact)] if named else []
    return [seat for seat in (*first, *found) if any(_text(seat[1], name) for name in NAMES)]


def _recognised(contact: Raw, people: Sequence[Raw], known: Sequence[KnownPart]) -> list[str]:
    told = [_keys(full_name(each), _text(each, "EmailAddress")) for each in people]
    before = [KnownPart(id=each.id, keys=_normal(each.keys)) for each in known]
    found = recognised(told, before, (_same_name, _same_address))
    taken = {each.id for each in known}
    result: list[str] = []
    for keys, each in zip(told, found, strict=True):
        result.append(each or part_id(str(contact.get("ContactID")), keys, taken))
        taken.add(result[-1])
    return result


def _normal(keys: Keys) -> dict[str, str]:
    return _keys(keys.get("name", ""), keys.get("email", ""))


def _keys(name: str, email: str) -> dict[str, str]:
    return {"name": normal_name(name), "email": email.strip().casefold()}


def _same_name(one: Keys, other: Keys) -> bool:
    return bool(one["name"]) and one["name"] == other["name"]


def _same_address(one: Keys, other: Keys) -> bool:
    """An address is shared by many; with a name in common it is the same person, renamed."""
    names = set(one["name"].split()), set(other["name"].split())
    akin = bool(names[0] & names[1]) or not all(names)
    return bool(one["email"]) and one["email"] == other["email"] and akin


def _text(person: Mapping[str, Any], name: str) -> str:
    return str(person.get(name) or "").strip()


def full_name(person: Mapping[str, Any]) -> str:
    """First and last name in one."""
    return " ".join(
        each for each in (_text(person, "FirstName"), _text(person, "LastName")) if each
    )


def _record(contact: Raw, person: Raw, *, record_id: str) -> Raw:
    """A person as a record of its own. CRM cannot do without a last name, so a person with one
    name only bears it there."""
    first, last = _text(person, "FirstName"), _text(person, "LastName")
    if first and not last:
        first, last = "", first
    return {
        **{name: contact[name] for name in OF_THE_HOLDER if name in contact},
        "ContactID": record_id,
        "Name": full_name(person),
        "FirstName": first,
        "LastName": last,
        "EmailAddress": _text(person, "EmailAddress"),
        "Parent": {"ContactID": contact.get("ContactID"), "Name": contact.get("Name")},
    }


# --- writing -----------------------------------------------------------------------------------


def join(
    contact: Raw, known: Sequence[KnownPart], wishes: Sequence[Wish], *, address_is_free: bool
) -> Joined:
    """The contact's people after all ``wishes``, as a body to post.

    ``address_is_free``: the contact's own address may become the primary person's, because CRM
    keeps none for the company itself.
    """
    table = _Table(contact, known, address_is_free=address_is_free)
    for wish in sorted(wishes, key=lambda each: not each.body.get(REMOVE)):
        table.grant(wish)
    return table.joined()


class _Table:
    """Who sits where while wishes are granted one by one."""

    def __init__(self, contact: Raw, known: Sequence[KnownPart], *, address_is_free: bool) -> None:
        self.contact = contact
        self.free = address_is_free
        self.primary = {name: _text(contact, name) for name in NAMES}
        held = contact.get("ContactPersons")
        self.others: list[dict[str, Any] | None] = [
            _as_it_came(each) for each in (held if isinstance(held, list) else [])
        ]
        seats = _seats(contact) or []
        ids = _recognised(contact, [person for _, person in seats], known)
        self.seat = {each: at for (at, _), each in zip(seats, ids, strict=True)}
        self.strangers = set(self.seat) - {each.id for each in known}
        self.status: str | None = None
        self.ids: dict[str, str | None] = {}
        self.refused: dict[str, Message] = {}

    def grant(self, wish: Wish) -> None:
        if wish.body.get("ContactStatus"):
            self.status = str(wish.body["ContactStatus"])
            self.ids[wish.key] = wish.id
        elif wish.id is not None and wish.body.get(REMOVE):
            self._remove(wish.id)
            self.ids[wish.key] = None
        elif wish.id in self.seat:
            self._fill(self.seat[wish.id], wish.body)
            self.ids[wish.key] = wish.id
        else:
            self._add(wish)

    def _remove(self, record_id: str) -> None:
        at = self.seat.pop(record_id, None)
        if at is None:
            return
        if at == PRIMARY:
            kept = {} if self.free else {"EmailAddress": self.primary["EmailAddress"]}
            self.primary = {**dict.fromkeys(NAMES, ""), **kept}
        else:
            self.others[at] = None

    def _fill(self, at: int, body: Mapping[str, Any]) -> None:
        given = {name: str(body[name] or "") for name in NAMES if name in body}
        person = self.primary if at == PRIMARY else self.others[at]
        if person is not None:
            person |= self._named(person, given)

    def _named(self, person: Mapping[str, Any], given: dict[str, str]) -> dict[str, str]:
        """A person with a single name shows it as last name; writing either writes both."""
        single = _text(person, "FirstName") and not _text(person, "LastName")
        if not single or not {"FirstName", "LastName"} & set(given):
            return given
        return {"FirstName": "", "LastName": _text(person, "FirstName"), **given}

    def _add(self, wish: Wish) -> None:
        """Take a seat: one that somebody without a partner holds under the same name and address
        (our own write, whose answer was lost), else the primary one if it is free, else a new."""
        fresh = {name: str(wish.body.get(name) or "") for name in NAMES}
        keys = _keys(full_name(fresh), fresh["EmailAddress"])
        held = next((each for each in self.strangers if self._keys_at(each) == keys), None)
        if held is not None:
            self.strangers.discard(held)
            self.ids[wish.key] = held
            return
        made = part_id(str(self.contact.get("ContactID")), keys, self.seat)
        at = self._free_seat(fresh)
        if at is None:
            params = {"account": str(self.contact.get("Name") or "")}
            self.refused[wish.key] = Message("contact_persons_full", params)
            return
        self.seat[made] = at
        self.ids[wish.key] = made
        self._fill(at, fresh)

    def _free_seat(self, fresh: Mapping[str, str]) -> int | None:
        taken = self.primary["FirstName"] or self.primary["LastName"]
        address = self.primary["EmailAddress"]
        fits = address == fresh["EmailAddress"] or (self.free and not address)
        if not taken and fits:
            return PRIMARY
        if sum(each is not None for each in self.others) >= MOST:
            return None
        self.others.append({"IncludeInEmails": False})
        return len(self.others) - 1

    def _keys_at(self, record_id: str) -> dict[str, str]:
        at = self.seat.get(record_id)
        person: Mapping[str, Any] = self.primary
        if at is not None and at != PRIMARY:
            person = self.others[at] or {}
        return _keys(full_name(person), _text(person, "EmailAddress"))

    def joined(self) -> Joined:
        """Only what differs from the contact as it was read is sent."""
        body: dict[str, Any] = {"ContactID": self.contact.get("ContactID")}
        if self.status is not None:
            body["ContactStatus"] = self.status
        body |= {
            name: value
            for name, value in self.primary.items()
            if value != _text(self.contact, name)
        }
        people = [each for each in self.others if each is not None]
        if people != [_as_it_came(each) for each in self.contact.get("ContactPersons") or []]:
            body["ContactPersons"] = people
        known = tuple(KnownPart(id=each, keys=self._keys_at(each)) for each in self.seat)
        return Joined(body=body, ids=self.ids, refused=self.refused, known=known)


def _as_it_came(person: Any) -> dict[str, Any]:
    """A person as Xero takes it back: every key, but no nulls, which it refuses."""
    held = person if isinstance(person, Mapping) else {}
    return {key: value for key, value in held.items() if value is not None}

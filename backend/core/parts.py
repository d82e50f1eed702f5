"""Records that live inside a Xero record and have no id there: telling them apart, and words.

Such a record gets an id of ours: the id of the record that holds it, a colon, and a token made of
what it said when it was first seen. The token never changes; on every read the records found are
matched with those known, by what both say (docs/decisions/0021).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.core.errors import Message
from backend.core.spec import Facts, Raw

TOKEN = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownPart:
    """A record inside a Xero record as it was last seen there: our id for it and its keys."""

    id: str
    keys: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What one record inside a Xero record should become: ``body`` as planned, ``id`` None for a
    new one. ``key`` tells wishes apart."""

    key: str
    id: str | None
    body: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Joined:
    """The body that brings wishes into the record that holds them. ``ids`` per wish, None once it
    is out of it; ``refused`` says which found no room, and why."""

    body: Mapping[str, Any]
    ids: Mapping[str, str | None]
    refused: Mapping[str, Message]
    known: tuple[KnownPart, ...]
    """What is inside afterwards, to find it again in Xero's answer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """How records live inside a Xero record, which is always written as a whole."""

    split: Callable[[Raw, Sequence[KnownPart]], tuple[Raw, ...] | None]
    """The module's records in a Xero record; None when it does not show them."""
    join: Callable[[Raw, Sequence[KnownPart], Sequence[Wish], Facts], Joined]
    """What to post so that all wishes come true and everything else stays as it is."""
    home_of: Callable[[Mapping[str, Any]], str | None]
    """The Xero record a planned body belongs into, None for a record of its own."""


def holder(record_id: str) -> str:
    """The Xero record that holds a record; of one that stands by itself its own id."""
    return record_id.partition(":")[0]


def is_part(record_id: str) -> bool:
    """Whether an id is one of ours, for a record inside another."""
    return ":" in record_id


def part_id(home: str, keys: Mapping[str, str], taken: Iterable[str]) -> str:
    """A new id for a record in ``home``, made of what it says; its like gets another one."""
    said = "|".join(f"{name}={keys[name]}" for name in sorted(keys))
    used = set(taken)
    count = 0
    while True:
        digest = hashlib.sha256(f"{said}|{count or ''}".encode()).hexdigest()[:TOKEN]
        made = f"{home}:{digest}"
        if made not in used:
            return made
        count += 1


Keys = Mapping[str, str]
Alike = Callable[[Keys, Keys], bool]


def recognised(
    found: Sequence[Keys], known: Sequence[KnownPart], alike: Sequence[Alike]
) -> list[str | None]:
    """Which known record each found one is: first those that say exactly the same, then, test by
    test, those that are like a single other on both sides. None for one never seen."""
    result: list[str | None] = [None] * len(found)
    left = list(known)
    for place, keys in enumerate(found):
        same = next((each for each in left if dict(each.keys) == dict(keys)), None)
        if same is not None:
            result[place] = same.id
            left.remove(same)
    for test in alike:
        _by(test, found, left, result)
    return result


def _by(
    test: Alike, found: Sequence[Keys], left: list[KnownPart], result: list[str | None]
) -> None:
    """Join what passes ``test`` with one other only, seen from either side."""
    for place, keys in enumerate(found):
        if result[place] is not None:
            continue
        rest = [other for at, other in enumerate(found) if result[at] is None]
        hits = [each for each in left if test(keys, each.keys)]
        if len(hits) == 1 and sum(test(other, hits[0].keys) for other in rest) == 1:
            result[place] = hits[0].id
            left.remove(hits[0])

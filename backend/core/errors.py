"""One tree of errors. A failure's ``mode`` is database value, log tag and translation key alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

Params: TypeAlias = Mapping[str, str]


class Mode(StrEnum):
    """What kind of trouble it is, which decides what happens next (see ``POLICY``)."""

    TRANSIENT = "transient"
    RATE = "rate"
    CONNECTION = "connection"
    CONFIGURATION = "configuration"
    DATA = "data"
    CONFLICT = "conflict"
    GONE = "gone"
    UNSAFE = "unsafe"


class Told(StrEnum):
    """Who hears of it, once."""

    NOBODY = "nobody"
    OWNER = "owner"
    """Whoever owns the record: a CRM task on it, and the configured addresses."""
    ADMINISTRATORS = "administrators"


class Resumes(StrEnum):
    """What makes it go on."""

    TIME = "time"
    """After a while, by itself."""
    CONNECTION = "connection"
    """When a person has connected again."""
    SET_UP = "set_up"
    """When the set-up of either organisation, or a setting, changed."""
    CHANGE = "change"
    """When the record changes or a person presses the button."""
    CHOICE = "choice"
    """When a person has decided."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """What a kind of trouble means.

    ``costs_attempt``: counts towards parking, and is retried until then. ``pauses``: the whole
    connection waits, and no record pays for it. ``held``: the record waits at once, the others go.
    ``told`` and ``resumes`` speak of the end: once parked, held or paused.
    """

    costs_attempt: bool = False
    pauses: bool = False
    held: bool = False
    told: Told
    resumes: Resumes


POLICY: Mapping[Mode, Policy] = {
    Mode.TRANSIENT: Policy(costs_attempt=True, told=Told.OWNER, resumes=Resumes.CHANGE),
    Mode.RATE: Policy(pauses=True, told=Told.ADMINISTRATORS, resumes=Resumes.TIME),
    Mode.CONNECTION: Policy(pauses=True, told=Told.ADMINISTRATORS, resumes=Resumes.CONNECTION),
    Mode.CONFIGURATION: Policy(held=True, told=Told.OWNER, resumes=Resumes.SET_UP),
    Mode.DATA: Policy(costs_attempt=True, told=Told.OWNER, resumes=Resumes.CHANGE),
    Mode.CONFLICT: Policy(held=True, told=Told.OWNER, resumes=Resumes.CHOICE),
    Mode.GONE: Policy(held=True, told=Told.OWNER, resumes=Resumes.CHOICE),
    Mode.UNSAFE: Policy(held=True, told=Told.OWNER, resumes=Resumes.CHOICE),
}


@dataclass(frozen=True, slots=True)
class Message:
    """A text that is not yet in any language: a key of ``backend.texts`` and its parameters."""

    key: str
    params: Params = field(default_factory=dict)


class SyncError(Exception):
    """Something kept a record, a batch or a connection from going on.

    ``message`` says why in any language, ``words`` are the API's own, never shown alone.
    """

    mode: Mode = Mode.DATA

    def __init__(self, key: str, params: Params | None = None, *, words: str = "") -> None:
        super().__init__(f"{key} {dict(params or {})} {words}".strip())
        self.message = Message(key, dict(params or {}))
        self.words = words


class Transient(SyncError):
    """The remote side stumbled (5xx, timeout, broken answer). ``sent`` tells whether the request
    may have been processed, so that a write must be looked for before it is repeated."""

    mode = Mode.TRANSIENT

    def __init__(
        self,
        key: str = "remote_unavailable",
        params: Params | None = None,
        *,
        words: str = "",
        sent: bool = True,
    ) -> None:
        super().__init__(key, params, words=words)
        self.sent = sent


class RateLimited(SyncError):
    """No call may be made now; ``wait_seconds`` until it may, ``scope`` is minute, day, concurrent,
    app or credits. ``everybody``: clicks, which keep a reserve, have to wait as well."""

    mode = Mode.RATE

    def __init__(
        self, scope: str, wait_seconds: float, *, side: str = "xero", everybody: bool = True
    ) -> None:
        super().__init__(f"rate_{scope}", {"side": side})
        self.scope = scope
        self.wait_seconds = wait_seconds
        self.side = side
        self.everybody = everybody


class ConnectionLost(SyncError):
    """The connection needs a person: token revoked, organisation disconnected, scope missing."""

    mode = Mode.CONNECTION


class NotConfigured(SyncError):
    """A setting or a set-up in one of the systems is missing; nothing is wrong with the record."""

    mode = Mode.CONFIGURATION


class Refused(SyncError):
    """The remote side refused this record; a person must change it."""

    mode = Mode.DATA


class Taken(SyncError):
    """Another record of the other side has this name, number or code; a person says which."""

    mode = Mode.CONFLICT


class Stale(SyncError):
    """The record changed between our reading and our writing (Zoho 412): read again."""

    mode = Mode.TRANSIENT


class Gone(SyncError):
    """The record no longer exists on the other side."""

    mode = Mode.GONE


class Unsafe(SyncError):
    """The plan as a whole looks wrong (too many deletions, totals apart)."""

    mode = Mode.UNSAFE


OF_ONE_MODULE = frozenset({Mode.CONFIGURATION, Mode.DATA, Mode.GONE})
OF_THE_SERVICE = frozenset({"xero_client_invalid", "zoho_client_invalid"})
"""Our own credentials: nothing goes on until they are right."""


def is_of_the_service(error: SyncError) -> bool:
    """Whether our own credentials are refused, which is no record's and no module's trouble."""
    return error.message.key in OF_THE_SERVICE


def stays_in_its_module(error: SyncError) -> bool:
    """Whether a list that cannot be read says nothing about the lists of other modules."""
    return error.mode in OF_ONE_MODULE and not is_of_the_service(error)


UNFORESEEN = (
    TypeError, ValueError, LookupError, AttributeError, ArithmeticError, AssertionError,
    RuntimeError,
)  # fmt: skip
"""What a mistake of ours raises when a record has a shape nobody foresaw: that record's trouble,
not its list's or its organisation's."""


class NeedsPartner(Exception):
    """A value cannot be written before another record has crossed; nothing is wrong with either.

    ``module`` and ``side`` say where that record lives, ``id`` is its id there. For products seen
    from Xero ``id`` is the item code, because document lines name items by code.
    """

    def __init__(self, module: str, side: str, *, id: str) -> None:
        super().__init__(f"{module} {side} {id}")
        self.module = module
        self.side = side
        self.id = id

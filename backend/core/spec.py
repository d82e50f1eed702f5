"""The words a module is declared in: sides, fields, resources, and the facts codecs may consult."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

from backend.core.line_dialects import SALES, Dialect
from backend.core.shown import Shown

if TYPE_CHECKING:
    from backend.core.offers import Offer
    from backend.core.parts import Parts

OF_ANOTHER = "other:"
"""Prefix of a back-reference that names a record of another module."""

Raw = Mapping[str, Any]
"""One record as its API sent it, numbers already Decimal. ``Any`` ends at the codecs."""


class Side(StrEnum):
    """The two systems. There is no source and no target: either may be either."""

    ZOHO = "zoho"
    XERO = "xero"

    @property
    def other(self) -> Side:
        """The opposite system."""
        return Side.XERO if self is Side.ZOHO else Side.ZOHO


class Flow(StrEnum):
    """Which way a field travels."""

    BOTH = "both"
    TO_XERO = "to_xero"
    TO_ZOHO = "to_zoho"
    OFF = "off"

    def reaches(self, side: Side) -> bool:
        """Whether values of this row may be written to ``side``."""
        return self is Flow.BOTH or self.value == f"to_{side.value}"


class On(StrEnum):
    """When a field is written: always, only with a create, or only into an empty field."""

    ALWAYS = "always"
    CREATE = "create"
    EMPTY = "empty"


class Owner(StrEnum):
    """Whose value wins a difference without asking."""

    NONE = "none"
    ZOHO = "zoho"
    XERO = "xero"


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of a document in common terms; amounts exclude tax.

    ``product`` is the CRM product id when the pair is known, else ``xero:<item code>``, else None.
    ``tax`` is the Xero tax type, ``zoho:<name>|<percentage>`` while unmapped, None for no tax.
    ``discount`` is an amount in the document's currency, never a rate.
    """

    product: str | None
    description: str
    quantity: Decimal
    unit_price: Decimal
    discount: Decimal = Decimal(0)
    tax: str | None = None


Value: TypeAlias = str | Decimal | date | bool | tuple[Line, ...] | None
"""What a field holds once both systems' dialects are removed."""

Values: TypeAlias = Mapping[str, Value]
"""Field name to value, one side's record in common terms."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Transform:
    """One step a value goes through on its way (see ``transforms``); each ``op`` has arguments of
    its own: join and split a ``separator``, join further ``fields``, split a ``part``, prefix a
    ``text``, trim a ``length``, date_shift ``days``, scale a ``factor``."""

    op: str
    separator: str = " "
    fields: tuple[str, ...] = ()
    part: int = 1
    text: str = ""
    length: int | None = None
    days: int = 0
    factor: Decimal = Decimal(1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One mapping row. ``zoho`` is an API name, ``xero`` a dotted path (see ``paths``).

    ``codec`` names a converter in ``codecs.CODECS``; ``target`` is the module a link points to.
    ``switch`` names the module whose switches govern this row, when it is not its own (payments).
    ``keys`` ranks the field as a natural key: 1 is strong enough to link on, 2 is a hint; 3 is no
    key but narrows: a record that differs here is no candidate at all.
    ``transform`` is what values go through from the side the row comes from to the other one, and
    ``fixed`` a constant that stands for that side's value. ``choices``, ``places`` and ``kinds``
    say what each side's field takes, where that is known. ``binding`` is empty for a row as it is
    declared and a fingerprint of what it connects when an administrator has bound it elsewhere.
    """

    name: str
    zoho: str | None
    xero: str | None
    codec: str = "text"
    flow: Flow = Flow.BOTH
    on: On = On.ALWAYS
    owner: Owner = Owner.NONE
    required: frozenset[Side] = frozenset()
    zoho_length: int | None = None
    xero_length: int | None = None
    target: str | None = None
    switch: str | None = None
    keys: int = 0
    key_codec: str = "exact"
    amounts: bool = False
    dialect: Dialect = SALES
    """How Xero's endpoint wants lines."""
    value_map: Mapping[str, str] = field(default_factory=dict)
    transform: tuple[Transform, ...] = ()
    fixed: Value = None
    choices: Mapping[Side, frozenset[str]] = field(default_factory=dict)
    places: Mapping[Side, int] = field(default_factory=dict)
    kinds: Mapping[Side, str] = field(default_factory=dict)
    binding: str = ""

    @property
    def source(self) -> Side:
        """The side the row comes from: Xero when it goes to CRM alone, else CRM."""
        return Side.XERO if self.flow is Flow.TO_ZOHO else Side.ZOHO

    @property
    def base_key(self) -> str:
        """What bases of this row are kept under: never one that speaks of other fields."""
        return f"{self.name}~{self.binding}" if self.binding else self.name

    def path(self, side: Side) -> str | None:
        """Where the value lives on ``side``, None when that side has no such field."""
        return self.zoho if side is Side.ZOHO else self.xero

    def length(self, side: Side) -> int | None:
        """The longest text ``side`` stores, None for no limit."""
        return self.zoho_length if side is Side.ZOHO else self.xero_length


@dataclass(frozen=True, kw_only=True, slots=True)
class Resource:
    """Where a module lives in one system."""

    path: str
    """Zoho module API name or Xero endpoint, e.g. ``Invoices``."""
    id: str
    number: str | None
    label: str
    modified: str
    plural: str | None = None
    """The envelope's key in Xero answers, when it is not ``path``."""
    where: str | None = None
    """A filter every list read carries (Xero ``where``)."""
    paged: bool = True
    listed: bool = True
    """Whether sweeps and bulk runs list it; a module that shares another's endpoint and wants but
    few of its records hears of those when the other one lists them."""
    event: str | None = None
    """Xero webhook category."""
    lines: str | None = None
    """Zoho subform field holding document lines."""
    lines_module: str | None = None
    """Zoho subform module COQL reads lines from."""
    back_reference: str | None = None
    """The field that carries our mark: the partner's id."""
    lookup: str | None = None
    """How Xero finds one record by back-reference: ``path`` (GET /Contacts/{ref}) or ``where``."""
    search: str | None = None
    """How Xero searches by natural key: ``searchTerm`` or ``where`` or None (whole list)."""
    unique: Mapping[str, str] = field(default_factory=dict)
    """What Xero lets only one living record have: field to the message that says it is taken."""
    scopes: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    """The fields of Xero a mapping may name; those of CRM are read from CRM."""
    states: tuple[str, ...] = ()
    """Every status a document may have in Xero, as a map of statuses lists them."""
    deep_link: str | None = None


def _no_state(_raw: Raw) -> str:
    return ""


def _nothing_silent(_side: Side, _raw: Raw) -> frozenset[str]:
    return frozenset()


def _no_defaults(_side: Side, _values: Values, _raw: Raw) -> Values:
    return {}


def _as_is(_side: Side, body: dict[str, Any], _raw: Raw | None, _facts: Facts) -> dict[str, Any]:
    return body


def _always_inside(_side: Side, _raw: Raw) -> str | None:
    return None


def _always(_raw: Raw) -> bool:
    return True


def _no_reference(_raw: Raw) -> str | None:
    return None


def _no_parents(_raw: Raw) -> tuple[str, ...]:
    return ()


def as_declared(spec: ModuleSpec, _settings: Mapping[str, Any]) -> ModuleSpec:
    """The declaration itself, whatever the settings say."""
    return spec


@dataclass(frozen=True, kw_only=True, slots=True)
class Withdrawal:
    """How a deletion is translated for one Xero record: ``delete`` by call, or a body to post.

    ``refused`` names the message when Xero's rules forbid it.
    """

    operation: str
    body: Mapping[str, Any] = field(default_factory=dict)
    refused: str | None = None


def _never_withdrawn(_raw: Raw) -> Withdrawal:
    return Withdrawal(operation="none", refused="cannot_be_withdrawn")


@dataclass(frozen=True, kw_only=True, slots=True)
class ModuleSpec:
    """Everything the loop needs to know about one synced module."""

    key: str
    shown: Shown
    only_to: Side | None = None
    """The one side anything is written to, where the other one has no such records."""
    on_at_first: bool = True
    """Whether it begins switched on: what is not for everybody, an administrator chooses."""
    by_choice: Side | None = None
    """A side that is written to only once an administrator allows it: to book money is a choice."""
    depends_on: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    """Modules whose records are looked at first though none of them is needed, because what they
    are called may change by it."""
    zoho: Resource
    xero: Resource
    fields: tuple[Field, ...]
    state_of: Callable[[Raw], str] = _no_state
    """The Xero record's state: decides who owns amounts and what may still change."""
    xero_owns: frozenset[str] = frozenset()
    """States in which Xero owns the amounts."""
    made_from: tuple[str, str] | None = None
    """A CRM lookup and the module it points to, whose records become this one's in CRM: what such
    a record already is in Xero is what this one will be (sales orders become invoices)."""
    moves: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Per Xero state the ones that may follow; "" is a new record. Empty: any may."""
    posted: bool = True
    """Whether its documents reach the ledger, where locked periods bind them."""
    locked: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Per state, the field names Xero no longer lets change; ``*`` for all."""
    gone: frozenset[str] = frozenset()
    """Xero states that mean: withdrawn there (voided, deleted, archived)."""
    money: bool = False
    terms: bool = False
    """Whether CRM may keep payment terms on its records, as a list of words."""
    attached_to: str | None = None
    """Set when records of this module are noted as another module's (payments on invoices)."""
    silent: Callable[[Side, Raw], frozenset[str]] = _nothing_silent
    """Fields a record cannot speak about in its present state: neither empty nor changed."""
    defaults: Callable[[Side, Values, Raw], Values] = _no_defaults
    """What a create on a side needs beyond the partner's values: (side written, values, raw)."""
    finish: Callable[[Side, dict[str, Any], Raw | None, Facts], dict[str, Any]] = _as_is
    """Adds what every request body of this module carries; ``raw`` None means create."""
    reference_of: Callable[[Raw], str | None] = _no_reference
    """The CRM id our back-reference names in a Xero record, None when it is not ours."""
    outside: Callable[[Side, Raw], str | None] = _always_inside
    """Message key when a record that has no partner yet is none of this module's business."""
    parents_of: Callable[[Raw], tuple[str, ...]] = _no_parents
    """For an attached module: the Xero ids of the records to look at."""
    beside: tuple[str, ...] = ()
    """Modules whose pairs may hold the very same Xero record (customer and supplier)."""
    yields_to: tuple[str, ...] = ()
    """Those of them that a Xero record belongs to alone once it is theirs."""
    claims: Callable[[Raw], bool] = _always
    """Whether a Xero record that a module beside holds says by itself that it is ours as well."""
    parts: Parts | None = None
    """Set where records of this module live inside records of Xero and have no id there."""
    under: Callable[[ModuleSpec, Mapping[str, Any]], ModuleSpec] = as_declared
    """The declaration in force under an organisation's settings document."""
    withdraw: Callable[[Raw], Withdrawal] = _never_withdrawn
    """What deleting the CRM record means for this Xero record."""

    def resource(self, side: Side) -> Resource:
        """The module's home on ``side``."""
        return self.zoho if side is Side.ZOHO else self.xero

    def takes(self, side: Side) -> bool:
        """Whether anything of this module may be written to ``side``."""
        return self.only_to in {None, side}

    def field(self, name: str) -> Field:
        """The row called ``name``; KeyError when there is none."""
        for row in self.fields:
            if row.name == name:
                return row
        raise KeyError(name)


@dataclass(frozen=True, kw_only=True, slots=True)
class TaxRate:
    """A Xero tax rate: ``rate`` in per cent, and what it may be used for."""

    code: str
    name: str
    rate: Decimal
    active: bool = True
    for_sales: bool = True
    for_purchases: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerAccount:
    """A Xero account as far as documents need it."""

    code: str
    id: str
    name: str
    type: str
    tax_type: str | None = None
    active: bool = True
    system: str | None = None
    takes_payments: bool = False
    currency: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ZohoTax:
    """A tax of the CRM organisation; ``rate`` in per cent."""

    name: str
    rate: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class TrackingCategory:
    """A Xero tracking category; ``options`` lead from the name of an option to its id."""

    id: str
    name: str
    options: Mapping[str, str]

    def name_of(self, option: str) -> str:
        """The name of an option given by name or id; what is none of its own stays as it is."""
        return next((name for name, key in self.options.items() if key == option), option)

    def holds(self, entry: Raw) -> bool:
        """Whether what a line bears belongs to this category."""
        if entry.get("TrackingCategoryID") == self.id or entry.get("Name") == self.name:
            return True
        return entry.get("TrackingOptionID") in self.options.values()


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What is true outside the two records, as values: links, maps, both organisations' set-up.

    ``links`` maps (module, side, id on that side) to the partner's id.
    ``item_codes`` maps CRM product id to Xero item code; ``products`` the other way round.
    ``product_names`` maps CRM product id to its name, for lines without a description.
    """

    links: Mapping[tuple[str, Side, str], str] = field(default_factory=dict)
    item_codes: Mapping[str, str] = field(default_factory=dict)
    products: Mapping[str, str] = field(default_factory=dict)
    product_names: Mapping[str, str] = field(default_factory=dict)
    item_accounts: Mapping[str, str] = field(default_factory=dict)
    """Xero item code to its sales account code."""
    item_purchase_accounts: Mapping[str, str] = field(default_factory=dict)
    """Xero item code to its purchase account code."""
    tax_map: tuple[tuple[ZohoTax, str], ...] = ()
    bought_map: tuple[tuple[ZohoTax, str], ...] = ()
    """What stands for a tax on purchases alone; there it comes before ``tax_map``."""
    zoho_taxes: tuple[ZohoTax, ...] = ()
    tax_rates: Mapping[str, TaxRate] = field(default_factory=dict)
    accounts: Mapping[str, LedgerAccount] = field(default_factory=dict)
    currencies: frozenset[str] = frozenset()
    base_currency: str = ""
    zoho_currency: str = ""
    multi_currency: bool = False
    sales_account: str | None = None
    purchases_account: str | None = None
    purchases: bool = False
    """Whether taxes and accounts are looked for among those of purchases."""
    fallback_product: str | None = None
    invoice_status: str = "DRAFT"
    rounding: str = "hold"
    lock_date: date | None = None
    country: str = ""
    short_code: str = ""
    organisation_name: str = ""
    crm_url: str = ""
    """Where records open in CRM, e.g. ``https://crm.zoho.eu/crm/org123``."""
    archived: frozenset[str] = frozenset()
    """Xero ids of referenced partners that are archived there."""
    unarchive: str = "ask"
    payment_account: LedgerAccount | None = None
    """Where payments marked in CRM are booked."""
    paid_word: str = "Paid"
    """CRM's word for an invoice that has been paid."""
    account_addresses: bool = False
    """Whether CRM keeps an e-mail address of a company itself, which Xero's contact then shows."""
    zoho_fields: frozenset[str] | None = None
    """API names the CRM module really has, None while unknown; rows on others rest."""
    zoho_read_only: frozenset[str] = frozenset()
    status_map: Mapping[str, str] = field(default_factory=dict)
    tracking: Mapping[str, TrackingCategory] = field(default_factory=dict)
    """Xero's tracking categories by id without dashes."""
    now: datetime | None = None

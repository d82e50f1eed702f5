"""One worker's turn at one organisation: what it is allowed, what it knows, what it holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from backend.apis.xero.client import XeroClient
from backend.apis.zoho.client import ZohoClient
from backend.core.policy import Policy
from backend.core.roles import COMPANIES, PRODUCTS
from backend.core.spec import Facts, Flow, ModuleSpec, Raw, Side
from backend.modules import all_specs, depth
from backend.store import leases, links, mappings
from backend.store.tables import (
    Link,
    NaturalKey,
    Organisation,
    XeroConnection,
    ZohoConnection,
)
from backend.sync import facts as facts_of
from backend.sync.app import Sync
from backend.sync.clients import Clients, clients_of
from backend.sync.face import REF, references
from backend.sync.heartbeat import LEASE_SECONDS
from backend.sync.mapped import effective
from backend.sync.policy import policy_of

SET_UP_FRESH = timedelta(seconds=15)
"""How old the set-up may be when a person asks again for what waits for it."""
CLICK = 0
"""Priority of what a person waits for; it may use the reserve of the budget."""


@dataclass(kw_only=True)
class Turn:
    """Everything the loop needs about one organisation while it holds its lease."""

    sync: Sync
    org_id: str
    tenant_id: str
    fence: int
    settings: Mapping[str, Any]
    zoho_facts: Mapping[str, Any]
    xero_facts: Mapping[str, Any]
    base: Facts
    specs: Mapping[str, ModuleSpec]
    policies: Mapping[str, Policy]
    lanes: dict[str, Clients] = field(default_factory=dict)
    asked: set[tuple[str, str]] = field(default_factory=set)
    """(dependant, partner) pairs this turn has already brought up once."""
    read_now: set[tuple[str, Side]] = field(default_factory=set)
    """Modules and sides whose whole list this turn has just read."""
    read_lines: str = "query"
    unsure: bool = False
    """A write's answer was lost: look for it before anything is sent again."""
    most: int = 100
    """Records of the next batch: half as many after one that stumbled, to find out which did it."""
    held_back: set[str] = field(default_factory=set)
    """Links of writes whose fate is still open: none is looked at before that is settled."""
    stale: dict[str, int] = field(default_factory=dict)
    """How often a record, or what it refers to, was not as we had read it in this turn."""
    set_up_read: bool = False
    urgency: int | None = None
    """Only links at least this urgent are looked at, while bulk work rests at a limit."""
    homes: dict[str, tuple[Raw, datetime]] = field(default_factory=dict)
    """Xero records that hold others, as just read, and when."""
    charged: int = 0
    """How many of this turn's calls somebody has been charged for."""
    outcomes: dict[str, str] = field(default_factory=dict)
    """What became of the links of this batch, in the words of a run's counters."""

    def later(self, seconds: float) -> datetime:
        """That many seconds from now."""
        return self.sync.clock() + timedelta(seconds=seconds)

    def clients(self, priority: int) -> Clients:
        """Both systems, through the lane a record of ``priority`` may use."""
        lane = "click" if priority <= CLICK else "bulk"
        if lane not in self.lanes:
            self.lanes[lane] = next(iter(self.lanes.values())).of_lane(lane)
        return self.lanes[lane]

    def zoho(self, priority: int) -> ZohoClient:
        """The CRM."""
        return self.clients(priority).zoho

    def xero(self, priority: int) -> XeroClient:
        """Xero."""
        return self.clients(priority).xero

    def read_set_up(self) -> bool:
        """Read both organisations' set-up anew, once a turn and not within seconds of the last
        time; whether it may have changed. Raises what the clients raise."""
        if self.set_up_read:
            return False
        self.set_up_read = True
        clients = self.clients(CLICK)
        facts_of.refresh(self.sync, self.org_id, clients, fresh=SET_UP_FRESH)
        self.base = build(self.sync, self.org_id, fence=self.fence).base
        return True

    @property
    def calls(self) -> int:
        """Remote calls of this turn so far."""
        return sum(each.calls for each in self.lanes.values())

    def hold(self, session: Session) -> None:
        """Renew the lease inside a transaction; ``LeaseLost`` when another worker has it."""
        leases.hold_organisation(
            session,
            self.org_id,
            fence=self.fence,
            now=self.sync.clock(),
            seconds=LEASE_SECONDS,
        )

    def beat(self) -> bool:
        """Renew the lease between transactions; whether it is still ours."""
        try:
            with self.sync.database.begin() as session:
                self.hold(session)
        except leases.LeaseLost:
            return False
        return True

    def depth(self, module: str) -> int:
        """How late a module comes: dependencies first."""
        return depth(all_specs(), module)

    def facts(self, spec: ModuleSpec, zoho: Iterable[Raw], xero: Iterable[Raw]) -> Facts:
        """The shared facts with the links these records refer to."""
        known = self.zoho_facts.get("fields", {}).get(spec.zoho.path) or None
        facts = replace(
            self.base,
            zoho_fields=frozenset(known) if known else None,
            zoho_read_only=frozenset(
                name for name, each in (known or {}).items() if each.get("read_only")
            ),
            status_map=self._status_map(spec),
        )
        there = list(xero)
        wanted = _merged(
            references(spec, Side.ZOHO, list(zoho)), references(spec, Side.XERO, there)
        )
        if spec.beside and there:
            ids = {str(raw.get(spec.xero.id)) for raw in there}
            named = wanted.setdefault(Side.XERO, {})
            for module in spec.beside:
                named[module, "id"] = named.get((module, "id"), set()) | ids
        if not wanted:
            return facts
        with self.sync.database.begin() as session:
            return _with_links(session, self, facts, wanted)

    def _status_map(self, spec: ModuleSpec) -> Mapping[str, str]:
        """Xero state to CRM word as the administrator set it, laid over the declared words."""
        laid = self.settings.get("status_map", {}).get(spec.key)
        if not isinstance(laid, Mapping):
            return {}
        declared = next((row.value_map for row in spec.fields if row.name == "status"), {})
        return {**declared, **{str(key): str(value) for key, value in laid.items()}}


_Wanted = dict[Side, dict[tuple[str, str], set[str]]]


def _merged(
    zoho: dict[tuple[str, str], set[str]], xero: dict[tuple[str, str], set[str]]
) -> _Wanted:
    return {side: found for side, found in ((Side.ZOHO, zoho), (Side.XERO, xero)) if found}


def _with_links(session: Session, turn: Turn, facts: Facts, wanted: _Wanted) -> Facts:
    rows: dict[str, Link] = {}
    for side, groups in wanted.items():
        for (module, kind), keys in groups.items():
            found = (
                _by_code(session, turn, module, keys)
                if kind == "code"
                else links.find(session, turn.org_id, turn.tenant_id, module, side, keys).values()
            )
            rows |= {row.id: row for row in found}
    return _known(facts, rows.values())


def _by_code(session: Session, turn: Turn, module: str, codes: Iterable[str]) -> Sequence[Link]:
    ids = select(NaturalKey.link_id).where(
        NaturalKey.org_id == turn.org_id,
        NaturalKey.tenant_id == turn.tenant_id,
        NaturalKey.module == module,
        NaturalKey.side == "xero",
        NaturalKey.kind == REF,
        NaturalKey.value.in_(list(codes)),
    )
    return session.scalars(select(Link).where(Link.id.in_(ids), Link.active)).all()


def _known(facts: Facts, rows: Iterable[Link]) -> Facts:
    """Links, item codes and names of these rows as facts."""
    pairs: dict[tuple[str, Side, str], str] = {}
    codes: dict[str, str] = {}
    products: dict[str, str] = {}
    names: dict[str, str] = {}
    accounts: dict[str, str] = {}
    bought: dict[str, str] = {}
    archived: set[str] = set()
    specs = all_specs()
    for row in rows:
        xero = row.face.get("xero") or {}
        if row.zoho_id and row.xero_id:
            pairs[row.module, Side.ZOHO, row.zoho_id] = row.xero_id
            pairs[row.module, Side.XERO, row.xero_id] = row.zoho_id
        if row.module == PRODUCTS and row.zoho_id:
            names[row.zoho_id] = (row.face.get("zoho") or {}).get("label") or row.label
            if row.xero_id and xero.get("number"):
                codes[row.zoho_id] = xero["number"]
                products[xero["number"]] = row.zoho_id
        if row.module == PRODUCTS and xero.get("number") and xero.get("account"):
            accounts[xero["number"]] = xero["account"]
        if row.module == PRODUCTS and xero.get("number") and xero.get("bought_on"):
            bought[xero["number"]] = xero["bought_on"]
        if row.xero_id and xero.get("status") in specs[row.module].gone:
            archived.add(row.xero_id)
    return replace(
        facts,
        links=pairs,
        item_codes=codes,
        products=products,
        product_names=names,
        item_accounts=accounts,
        item_purchase_accounts=bought,
        archived=frozenset(archived),
    )


_KNOWN = (
    select(
        Organisation.settings, ZohoConnection.facts, ZohoConnection.api_domain, XeroConnection.facts
    )
    .join(ZohoConnection, ZohoConnection.org_id == Organisation.id)
    .join(XeroConnection, XeroConnection.org_id == Organisation.id)
    .where(Organisation.id == bindparam("org"), XeroConnection.tenant_id == bindparam("tenant"))
)


def build(sync: Sync, org_id: str, *, fence: int) -> Turn:
    """A turn with everything stored about the organisation; ``ConnectionLost`` without both
    connections. The caller holds the lease."""
    clients = clients_of(sync, org_id, priority="bulk")
    with sync.database.begin() as session:
        known = {"org": org_id, "tenant": clients.tenant_id}
        settings, zoho_facts, domain, xero_facts = session.execute(_KNOWN, known).one()
        rows = mappings.newest(session, org_id)
    base = facts_of.known_facts(
        settings, zoho_facts, xero_facts, api_domain=domain, now=sync.clock()
    )
    specs = {
        key: effective(
            spec.under(spec, settings),
            rows=rows.get(key),
            zoho=zoho_facts,
            xero=xero_facts,
        )
        for key, spec in all_specs().items()
    }
    base = replace(base, account_addresses=_keeps_addresses(specs[COMPANIES], zoho_facts))
    return Turn(
        sync=sync,
        org_id=org_id,
        tenant_id=clients.tenant_id,
        fence=fence,
        settings=settings,
        zoho_facts=zoho_facts,
        xero_facts=xero_facts,
        base=base,
        specs=specs,
        policies={key: policy_of(settings, key) for key in specs},
        lanes={"bulk": clients},
        read_lines=zoho_facts.get("lines", "query"),
    )


def _keeps_addresses(accounts: ModuleSpec, zoho_facts: Mapping[str, Any]) -> bool:
    """Whether a company's own address is synced, so that no person may have its place."""
    known = zoho_facts.get("fields", {}).get(accounts.zoho.path) or {}
    return any(
        row.name == "email" and row.flow is not Flow.OFF and row.zoho in known
        for row in accounts.fields
    )

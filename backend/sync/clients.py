"""Clients for one organisation, built from its stored connections."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from backend.apis.limits import BudgetKey, zoho_limits_of
from backend.apis.xero.client import XeroClient
from backend.apis.zoho.client import ZohoClient
from backend.core.errors import ConnectionLost
from backend.core.spec import Side
from backend.store.tables import Organisation, XeroConnection, ZohoConnection
from backend.sync.app import Sync
from backend.sync.tally import Counted
from backend.sync.tokens import XeroTokens, ZohoTokens

_ZOHO = select(
    ZohoConnection.state,
    ZohoConnection.api_domain,
    ZohoConnection.facts["edition"].as_string().label("edition"),
).where(ZohoConnection.org_id == bindparam("org"), ZohoConnection.access_token.is_not(None))
_XERO = (
    select(Organisation.tenant_id, XeroConnection.state, XeroConnection.token_id)
    .join(
        XeroConnection,
        (XeroConnection.org_id == Organisation.id)
        & (XeroConnection.tenant_id == Organisation.tenant_id),
    )
    .where(Organisation.id == bindparam("org"))
)
"""Built once and of a few columns: every turn begins with them, and what is known of a connection
is long."""


@dataclass(frozen=True, kw_only=True)
class Clients:
    """Both systems of one organisation, and how many calls they have taken."""

    zoho: ZohoClient
    xero: XeroClient
    tenant_id: str

    @property
    def calls(self) -> int:
        """Remote calls made through these clients."""
        return self.zoho.calls + self.xero.calls

    def of_lane(self, priority: str) -> Clients:
        """The same connections through another lane of the budget, counted on their own."""
        return replace(self, zoho=self.zoho.of_lane(priority), xero=self.xero.of_lane(priority))


def zoho_client(sync: Sync, org_id: str, *, priority: str = "bulk") -> ZohoClient:
    """The CRM of an organisation; ``ConnectionLost`` when it is not connected."""
    with sync.database.begin() as session:
        return _zoho(sync, session, org_id, priority)


def _zoho(sync: Sync, session: Session, org_id: str, priority: str) -> ZohoClient:
    row = session.execute(_ZOHO, {"org": org_id}).one_or_none()
    if row is None or row.state != "connected":
        raise ConnectionLost("zoho_not_connected")
    key = BudgetKey(side=Side.ZOHO, tenant=org_id)
    sync.budget.fit(key, zoho_limits_of(row.edition or ""))
    return ZohoClient(
        transport=_counted(sync, org_id, Side.ZOHO),
        api_domain=row.api_domain,
        token=ZohoTokens(sync, org_id),
        budget=sync.budget,
        org_id=org_id,
        priority=priority,
        sleep=sync.sleep,
    )


def _counted(sync: Sync, org_id: str, side: Side) -> Counted:
    return Counted(transport=sync.transport, tally=sync.tally, org_id=org_id, side=side)


def xero_client(sync: Sync, org_id: str, *, priority: str = "bulk") -> tuple[XeroClient, str]:
    """The chosen Xero organisation and its tenant id; ``ConnectionLost`` without one."""
    with sync.database.begin() as session:
        return _xero(sync, session, org_id, priority)


def _xero(sync: Sync, session: Session, org_id: str, priority: str) -> tuple[XeroClient, str]:
    row = session.execute(_XERO, {"org": org_id}).one_or_none()
    if row is None or row.state != "connected" or row.token_id is None:
        raise ConnectionLost("xero_not_connected")
    client = XeroClient(
        transport=_counted(sync, org_id, Side.XERO),
        urls=sync.xero_urls,
        tenant_id=row.tenant_id,
        token=XeroTokens(sync, row.token_id),
        budget=sync.budget,
        priority=priority,
        sleep=sync.sleep,
    )
    return client, row.tenant_id


def clients_of(sync: Sync, org_id: str, *, priority: str = "bulk") -> Clients:
    """Both clients; ``ConnectionLost`` naming the side that is missing."""
    with sync.database.begin() as session:
        zoho = _zoho(sync, session, org_id, priority)
        xero, tenant_id = _xero(sync, session, org_id, priority)
    return Clients(zoho=zoho, xero=xero, tenant_id=tenant_id)

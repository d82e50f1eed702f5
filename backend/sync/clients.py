"""Clients for one organisation, built from its stored connections."""

from __future__ import annotations

from dataclasses import dataclass

from backend.apis.limits import BudgetKey, zoho_limits_of
from backend.apis.xero.client import XeroClient
from backend.apis.zoho.client import ZohoClient
from backend.core.errors import ConnectionLost
from backend.core.spec import Side
from backend.store.tables import Organisation, XeroConnection, ZohoConnection
from backend.sync.app import Sync
from backend.sync.tokens import XeroTokens, ZohoTokens


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


def zoho_client(sync: Sync, org_id: str, *, priority: str = "bulk") -> ZohoClient:
    """The CRM of an organisation; ``ConnectionLost`` when it is not connected."""
    with sync.database.begin() as session:
        row = session.get(ZohoConnection, org_id)
        if row is None or row.state != "connected" or row.access_token is None:
            raise ConnectionLost("zoho_not_connected")
        api_domain, edition = row.api_domain, str(row.facts.get("edition") or "")
    key = BudgetKey(side=Side.ZOHO, tenant=org_id)
    sync.budget.fit(key, zoho_limits_of(edition))
    return ZohoClient(
        transport=sync.transport,
        api_domain=api_domain,
        token=ZohoTokens(sync, org_id),
        budget=sync.budget,
        org_id=org_id,
        priority=priority,
        sleep=sync.sleep,
    )


def xero_client(sync: Sync, org_id: str, *, priority: str = "bulk") -> tuple[XeroClient, str]:
    """The chosen Xero organisation and its tenant id; ``ConnectionLost`` without one."""
    with sync.database.begin() as session:
        org = session.get(Organisation, org_id)
        tenant_id = org.tenant_id if org is not None else None
        row = (
            session.query(XeroConnection)
            .filter_by(org_id=org_id, tenant_id=tenant_id)
            .one_or_none()
        )
        if row is None or tenant_id is None or row.state != "connected" or row.token_id is None:
            raise ConnectionLost("xero_not_connected")
        token_id = row.token_id
    client = XeroClient(
        transport=sync.transport,
        urls=sync.xero_urls,
        tenant_id=tenant_id,
        token=XeroTokens(sync, token_id),
        budget=sync.budget,
        priority=priority,
        sleep=sync.sleep,
    )
    return client, tenant_id


def clients_of(sync: Sync, org_id: str, *, priority: str = "bulk") -> Clients:
    """Both clients; ``ConnectionLost`` naming the side that is missing."""
    zoho = zoho_client(sync, org_id, priority=priority)
    xero, tenant_id = xero_client(sync, org_id, priority=priority)
    return Clients(zoho=zoho, xero=xero, tenant_id=tenant_id)

"""What both systems are asked to allow: what the bridge itself needs, and what each module does."""

from __future__ import annotations

from backend.apis.xero import oauth as xero_oauth
from backend.apis.zoho import oauth as zoho_oauth
from backend.core.spec import Side
from backend.modules import scopes_of


def zoho_scopes() -> tuple[str, ...]:
    """What an administrator allows in CRM."""
    return (*scopes_of(Side.ZOHO), *zoho_oauth.CONNECT_SCOPES)


def xero_scopes() -> tuple[str, ...]:
    """What an administrator allows in Xero."""
    return tuple(dict.fromkeys((*xero_oauth.CONNECT_SCOPES, *scopes_of(Side.XERO))))

"""What may be wrong with a connection, a limit or a whole run."""

from __future__ import annotations

from backend.i18n import N_
from backend.texts.entry import Text

CONNECTIONS: dict[str, Text] = {
    "rate_app": Text(
        cause=N_("Xero allows no more calls for all customers together at the moment."),
        fix=N_("It goes on by itself within minutes; nothing is lost."),
    ),
    "rate_concurrent.xero": Text(
        cause=N_("Xero handles no more calls at the same time."),
        fix=N_("It goes on by itself in a moment."),
    ),
    "rate_concurrent.zoho": Text(
        cause=N_("CRM handles no more calls at the same time."),
        fix=N_("It goes on by itself in a moment."),
    ),
    "rate_credits": Text(
        cause=N_("The API credits of CRM are used up."),
        fix=N_("It goes on by itself when Zoho gives new ones; more come with a larger edition."),
    ),
    "rate_day.xero": Text(
        cause=N_("Today's calls to Xero are used up."),
        fix=N_("It goes on by itself when Xero allows calls again; nothing is lost."),
    ),
    "rate_day.zoho": Text(
        cause=N_("Today's calls to CRM are used up."),
        fix=N_("It goes on by itself when Zoho allows calls again; nothing is lost."),
    ),
    "rate_minute.xero": Text(
        cause=N_("Xero allows no more calls in this minute."),
        fix=N_("It goes on by itself within a minute."),
    ),
    "rate_minute.zoho": Text(
        cause=N_("CRM allows no more calls in this minute."),
        fix=N_("It goes on by itself within a minute."),
    ),
    "remote_garbled": Text(
        cause=N_("The other system gave an answer that cannot be read."),
        fix=N_("It is tried again by itself; nothing is lost."),
    ),
    "remote_unavailable": Text(
        cause=N_("The other system did not answer."),
        fix=N_("It is tried again by itself; nothing is lost."),
    ),
    "token_refresh_stuck": Text(
        cause=N_("The connection is being renewed by another process and takes too long."),
        fix=N_("It is tried again by itself."),
    ),
    "xero_client_invalid": Text(
        cause=N_("Xero does not accept this application's credentials."),
        fix=N_("The operator has to correct XERO_CLIENT_ID and XERO_CLIENT_SECRET."),
    ),
    "xero_no_organisation": Text(
        cause=N_("No Xero organisation was chosen in the consent."),
        fix=N_("Connect again and tick the organisation."),
    ),
    "xero_no_refresh_token": Text(
        cause=N_("Xero gave no lasting access."),
        fix=N_("Connect again and agree to offline access."),
    ),
    "xero_not_connected": Text(
        cause=N_("Xero is not connected."),
        fix=N_("An administrator connects it in the settings; nothing is lost until then."),
    ),
    "xero_organisation_disconnected": Text(
        cause=N_("The organisation was disconnected in Xero."),
        fix=N_("An administrator reconnects it; changes wait and nothing is lost."),
    ),
    "xero_organisation_not_offered": Text(
        cause=N_("This Xero organisation is not on offer."),
        fix=N_("Connect Xero again and tick it."),
    ),
    "xero_scope_missing": Text(
        cause=N_("The connection to Xero lacks a permission."),
        fix=N_("An administrator reconnects Xero and agrees to all permissions; changes wait."),
    ),
    "xero_token_unreadable": Text(
        cause=N_("The stored key of the connection to Xero cannot be read."),
        fix=N_(
            "An administrator reconnects Xero; changes wait. The operator checks TOKEN_KEYS, which "
            "must keep every earlier key."
        ),
    ),
    "xero_token_revoked": Text(
        cause=N_("Xero has ended the connection."),
        fix=N_("An administrator reconnects it; changes wait and nothing is lost."),
    ),
    "zoho_client_invalid": Text(
        cause=N_("Zoho does not accept this application's credentials."),
        fix=N_("The operator has to correct ZOHO_CLIENT_ID and ZOHO_CLIENT_SECRET."),
    ),
    "zoho_module_missing": Text(
        cause=N_("CRM does not offer {module} to the connected user."),
        fix=N_("Switch the module on in CRM, or connect with an administrator."),
    ),
    "zoho_module_missing.plain": Text(
        cause=N_("CRM does not offer this module to the connected user."),
        fix=N_("Switch the module on in CRM, or connect with an administrator."),
    ),
    "zoho_no_refresh_token": Text(
        cause=N_("Zoho gave no lasting access."),
        fix=N_("Connect again and accept all permissions."),
    ),
    "zoho_not_connected": Text(
        cause=N_("Zoho CRM is not connected."),
        fix=N_("An administrator connects it in the settings; nothing is lost until then."),
    ),
    "zoho_permission": Text(
        cause=N_("The connected CRM user may not do this."),
        fix=N_("Connect with an administrator, or give the user the permission; changes wait."),
    ),
    "zoho_scope_missing": Text(
        cause=N_("The connection to CRM lacks a permission."),
        fix=N_("An administrator reconnects CRM and accepts all permissions; changes wait."),
    ),
    "zoho_token_unreadable": Text(
        cause=N_("The stored key of the connection to CRM cannot be read."),
        fix=N_(
            "An administrator reconnects CRM; changes wait. The operator checks TOKEN_KEYS, which "
            "must keep every earlier key."
        ),
    ),
    "zoho_token_revoked": Text(
        cause=N_("Zoho has ended the connection."),
        fix=N_("An administrator reconnects it; changes wait and nothing is lost."),
    ),
    "zoho_token_throttled": Text(
        cause=N_("Zoho asks us to wait before renewing the connection."),
        fix=N_("It goes on by itself after a minute."),
    ),
}

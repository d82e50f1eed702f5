"""What may be wrong with hearing of changes: channels, webhooks, the schedule."""

from __future__ import annotations

from backend.i18n import N_
from backend.texts.entry import Text

LIVE: dict[str, Text] = {
    "channel_refused": Text(
        cause=N_("Zoho refuses notifications of {crm_module}."),
        fix=N_(
            "The connected CRM user needs access to this module; the regular check finds changes "
            "meanwhile. It is asked again every hour."
        ),
    ),
    "channel_short": Text(
        cause=N_("Zoho grants notifications of {crm_module} for a short time only."),
        fix=N_("They are renewed by themselves; the regular check finds every change anyway."),
    ),
    "channel_silent": Text(
        cause=N_("Zoho no longer tells of changes in {crm_module}."),
        fix=N_(
            "The subscription is made anew by itself; until then the regular check finds changes."
        ),
    ),
    "channels_scope_missing": Text(
        cause=N_("The connection to CRM lacks the permission for notifications ({scope})."),
        fix=N_(
            "An administrator reconnects CRM and accepts all permissions; the regular check finds "
            "changes meanwhile."
        ),
    ),
}

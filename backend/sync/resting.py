"""How long an organisation rests, and why: the longest reason of a day wins over what passes."""

from __future__ import annotations

from datetime import datetime

from backend.core.errors import Message
from backend.store.tables import Organisation

DAY_SPENT = "rate_day"
"""Why an organisation rests until its day ends."""


def rest(org: Organisation, until: datetime, why: Message, *, clicks: bool = True) -> None:
    """Let an organisation rest, with ``clicks`` what people wait for too. A rest until the day ends
    is not shortened by something that passes sooner."""
    if clicks:
        org.clicks_paused_until = _not_sooner(org, why, org.clicks_paused_until, until)
    if _not_sooner(org, why, org.paused_until, until) == until:
        org.paused_until, org.pause_key, org.pause_params = until, why.key, dict(why.params)


def _not_sooner(
    org: Organisation, why: Message, held: datetime | None, until: datetime
) -> datetime:
    """``until``, or what is held when the day is spent and something else ends before it does."""
    passes = org.pause_key == DAY_SPENT and why.key != DAY_SPENT
    return max(held, until) if passes and held is not None else until

"""Where this room raises its alarms: channels that shrink or fall silent.

Whoever tells people about such things hangs a function in; without one they are only logged.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from sqlalchemy.orm import Session

from backend.core.errors import Message
from backend.sync.app import Sync

log = logging.getLogger(__name__)

Teller = Callable[[Sync, Session, str, str, Message | None], None]
"""(wiring, session, organisation, subject, message or None when it is over)"""

TELLERS: list[Teller] = []


def alarm(sync: Sync, session: Session, org_id: str, subject: str, message: Message) -> None:
    """Something an administrator should know about, once, until it ends."""
    log.warning("alarm", extra={"org": org_id, "subject": subject, "cause": message.key})
    for tell in TELLERS:
        tell(sync, session, org_id, subject, message)


def ended(sync: Sync, session: Session, org_id: str, subject: str) -> None:
    """It is over."""
    for tell in TELLERS:
        tell(sync, session, org_id, subject, None)

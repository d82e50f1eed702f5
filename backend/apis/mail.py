"""Sending mail: one message over SMTP, encrypted where the server can, and never a password in
clear text to another machine."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import unquote, urlsplit

from backend.core.errors import Refused, Transient

TIMEOUT = 15.0
SUBMISSION, ENCRYPTED = 587, 465
HERE = frozenset({"localhost", "127.0.0.1", "::1"})


class Mailer(Protocol):
    """Whatever takes a message to its readers."""

    def send(self, message: EmailMessage, to: Sequence[str]) -> None:
        """Hand over one message; `Transient` to try again, `Refused` when that is of no use."""


@dataclass(frozen=True, kw_only=True)
class SmtpMailer:
    """A mail server named by ``SMTP_URL``: ``smtp://user:pass@host:port`` or ``smtps://…``."""

    url: str

    def __repr__(self) -> str:
        return f"SmtpMailer({urlsplit(self.url).hostname})"

    def send(self, message: EmailMessage, to: Sequence[str]) -> None:
        """Hand over one message; `Transient` to try again, `Refused` when that is of no use."""
        try:
            with self._connected() as server:
                server.send_message(message, to_addrs=list(to))
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused) as error:
            if _passes(error):
                raise Transient("mail_not_sent", words=type(error).__name__) from None
            raise Refused("mail_refused", words=type(error).__name__) from None
        except (smtplib.SMTPException, OSError) as error:
            # The text may hold the address of the server: its kind is enough.
            raise Transient("mail_not_sent", words=type(error).__name__) from None

    def _connected(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        host = parts.hostname or "localhost"
        tls = ssl.create_default_context()
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, parts.port or ENCRYPTED, timeout=TIMEOUT, context=tls
            )
            secure = True
        else:
            server = smtplib.SMTP(host, parts.port or SUBMISSION, timeout=TIMEOUT)
            secure = _encrypt(server, tls)
        if parts.username:
            if not secure and host not in HERE:
                server.close()
                raise Refused("mail_refused", words="the server offers no encryption")
            server.login(unquote(parts.username), unquote(parts.password or ""))
        return server


def _encrypt(server: smtplib.SMTP, tls: ssl.SSLContext) -> bool:
    server.ehlo()
    if not server.has_extn("starttls"):
        return False
    server.starttls(context=tls)
    server.ehlo()
    return True


def _passes(error: smtplib.SMTPRecipientsRefused | smtplib.SMTPSenderRefused) -> bool:
    """Whether the refusal is one of those that pass (4xx), as when a mailbox is full."""
    if isinstance(error, smtplib.SMTPSenderRefused):
        return error.smtp_code < 500
    return any(code < 500 for code, _text in error.recipients.values())

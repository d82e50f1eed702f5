"""Every setting of the product, read once from the environment and refused loudly.

Each variable has a twin ``NAME_FILE`` whose value is the path of a file that holds it. A variable
that is set but empty counts as not set. What begins with one of ``OUR_PREFIXES`` and is no setting
is taken for a misspelt one and refused, because it would otherwise be ignored in silence.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeAlias, TypeVar
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

OUR_PREFIXES = ("XERO_", "ZOHO_", "SYNC_", "WIDGET_", "RETRY_")

# Where Zoho CRM runs in each data centre, and the suites it is opened from.
# https://www.zoho.com/crm/developer/docs/api/v8/multi-dc.html names the data centres.
ZOHO_CRM_HOSTS = tuple(
    f"https://{product}.{domain}"
    for product in ("crm", "crmsandbox", "crmplus", "one")
    for domain in (
        "zoho.com",
        "zoho.eu",
        "zoho.in",
        "zoho.com.au",
        "zoho.jp",
        "zoho.com.cn",
        "zohocloud.ca",
        "zoho.sa",
        "zoho.uk",
        "zoho.ae",
    )
)
ZOHO_SDK_URL = "https://live.zwidgets.com/js-sdk/1.2/ZohoEmbededAppSDK.min.js"

_T = TypeVar("_T")
_Parser: TypeAlias = Callable[[str], Any]


class SettingsError(Exception):
    """The environment cannot be used; the message is one line that names the variable."""


def text(value: str) -> str:
    """Any text."""
    return value


def secret_key(value: str) -> str:
    """A key long enough not to be guessed outright; ValueError when it is shorter."""
    if len(value) < 8:
        raise ValueError("must have at least 8 characters; use 32 or more random ones")
    return value


def database(value: str) -> str:
    """A database address of SQLAlchemy, SQLite or PostgreSQL."""
    try:
        backend = make_url(value.replace("postgres://", "postgresql://", 1)).get_backend_name()
    except ArgumentError:
        raise ValueError("is no database URL") from None
    if backend not in {"sqlite", "postgresql"}:
        raise ValueError("must be a sqlite or postgresql URL")
    return value


def address(*schemes: str) -> Callable[[str], str]:
    """A parser of addresses with one of these schemes; a trailing slash is dropped."""

    def parse(value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in schemes or not (parts.hostname or parts.scheme == "unix"):
            raise ValueError(f"must be an address with {' or '.join(schemes)}://")
        _ = parts.port  # raises ValueError for a port that is none
        return value.rstrip("/")

    return parse


def origin(value: str) -> str:
    """Scheme, host and port of a web server, nothing after it; https or this machine."""
    parts = urlsplit(address("http", "https")(value))
    if parts.path or parts.query or parts.fragment or parts.username:
        raise ValueError("must be scheme, host and port, nothing more")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def origins(value: str) -> tuple[str, ...]:
    """Origins separated by commas or spaces."""
    return tuple(origin(part) for part in re.split(r"[,\s]+", value) if part)


def whole(least: int, most: int) -> Callable[[str], int]:
    """A parser of whole numbers within bounds."""

    def parse(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(value)

    return parse


def waits(value: str) -> tuple[int, ...]:
    """Seconds separated by commas, at least one."""
    seconds = whole(0, 86_400)
    return tuple(seconds(part.strip()) for part in value.split(","))


def fernet_keys(value: str) -> tuple[str, ...]:
    """Fernet keys separated by commas; the first encrypts, all decrypt."""
    keys = tuple(part.strip() for part in value.split(",") if part.strip())
    if not keys:
        raise ValueError("must hold at least one Fernet key")
    for number, key in enumerate(keys, 1):
        try:
            Fernet(key)
        except ValueError:
            # The key itself stays out of the message.
            raise ValueError(f"key {number} is no Fernet key (32 bytes, URL-safe base64)") from None
    return keys


def mail_address(value: str) -> str:
    """An e-mail address, with or without a name before it."""
    if not re.fullmatch(r"[^@\r\n]+@[^@\s\r\n]+>?", value):
        raise ValueError("must be an e-mail address")
    return value


def variable(parse: Callable[[str], _T], default: Any = MISSING, *, secret: bool = False) -> _T:
    """A field read from the variable of its name; ``default`` is a ready value."""
    kept: Any = field(repr=not secret, metadata={"parse": parse, "default": default})
    return kept  # type: ignore[no-any-return]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Every setting, parsed and checked. Field ``xero_client_id`` is ``XERO_CLIENT_ID``."""

    database_url: str = variable(database, "sqlite:///var/sync.db", secret=True)
    redis_url: str | None = variable(address("redis", "rediss", "unix"), None, secret=True)
    public_url: str = variable(origin, "http://localhost:8000")
    secret_key: str = variable(secret_key, secret=True)
    token_keys: tuple[str, ...] = variable(fernet_keys, secret=True)

    xero_client_id: str = variable(text)
    xero_client_secret: str = variable(text, secret=True)
    xero_webhook_key: str = variable(text, secret=True)
    xero_login_url: str = variable(address("http", "https"), "https://login.xero.com")
    xero_identity_url: str = variable(address("http", "https"), "https://identity.xero.com")
    xero_api_url: str = variable(address("http", "https"), "https://api.xero.com")
    xero_calls_per_minute: int = variable(whole(1, 100_000), 60)
    xero_calls_per_day: int = variable(whole(1, 10_000_000), 1000)
    xero_concurrency: int = variable(whole(1, 1000), 5)

    zoho_client_id: str = variable(text)
    zoho_client_secret: str = variable(text, secret=True)
    zoho_accounts_url: str = variable(address("http", "https"), "https://accounts.zoho.com")
    zoho_api_url: str | None = variable(address("http", "https"), None)
    zoho_frame_ancestors: tuple[str, ...] = variable(origins, ZOHO_CRM_HOSTS)
    zoho_sdk_url: str = variable(address("http", "https"), ZOHO_SDK_URL)
    widget_origins: tuple[str, ...] = variable(origins, ())

    smtp_url: str | None = variable(address("smtp", "smtps"), None, secret=True)
    mail_from: str | None = variable(mail_address, None)
    support_contact: str | None = variable(text, None)

    sync_minutes: int = variable(whole(1, 1440), 10)
    sync_attempts: int = variable(whole(1, 100), 3)
    retry_seconds: tuple[int, ...] = variable(waits, (60, 600))
    log_days: int = variable(whole(1, 100_000), 400)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """The settings of this process; SettingsError naming the first variable that is wrong."""
        given = os.environ if environ is None else environ
        names = tuple(one.name.upper() for one in fields(cls))
        _refuse_unknown(given, names)
        return cls(**{one.name: _read(one, given) for one in fields(cls)})

    @property
    def widget_homes(self) -> tuple[str, ...]:
        """The origins widget pages may live at; a sign-in hands its code to these alone."""
        return (self.public_url, *self.widget_origins)

    @property
    def secure(self) -> bool:
        """Whether browsers reach us over https."""
        return self.public_url.startswith("https://")


def _refuse_unknown(given: Iterable[str], names: tuple[str, ...]) -> None:
    known = {*names, *(f"{name}_FILE" for name in names)}
    for name in sorted(given):
        if name.startswith(OUR_PREFIXES) and name not in known:
            raise SettingsError(f"{name}: there is no such setting")


def _read(one: Field[Any], given: Mapping[str, str]) -> Any:
    name = one.name.upper()
    value = _value(name, given)
    if value:
        return _parsed(name, value, one.metadata["parse"])
    if one.metadata["default"] is MISSING:
        raise SettingsError(f"{name}: is required and not set")
    return one.metadata["default"]


def _value(name: str, given: Mapping[str, str]) -> str:
    direct, path = given.get(name, "").strip(), given.get(f"{name}_FILE", "").strip()
    if direct and path:
        raise SettingsError(f"{name}: is set, and {name}_FILE as well; keep one of them")
    if not path:
        return direct
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "is no text file"
        raise SettingsError(f"{name}_FILE: cannot be read: {reason}") from None


def _parsed(name: str, value: str, parse: _Parser) -> Any:
    if "\n" in value or "\0" in value:
        raise SettingsError(f"{name}: must be one line")
    try:
        return parse(value)
    except ValueError as error:
        raise SettingsError(f"{name}: {error}") from None

"""Logs for machines: one JSON object a line, with the numbers that join them, without secrets.

``about(...)`` names what a thread is at; every line it writes meanwhile carries it.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from backend.settings import Settings

HIDDEN = "***"
SHORTEST = 6
"""A secret shorter than this is no secret, and hiding it would garble the lines."""
SHAPES = re.compile(
    r"(?i)\b(?:bearer|basic|zoho-oauthtoken)\s+[\w.~+/=-]{8,}"  # an Authorization header
    r"|\beyJ[\w-]{6,}\.[\w-]{8,}\.[\w-]+"  # a JSON Web Token, Xero's access tokens among them
    r"|\b1000\.[0-9a-f]{24,}\.[0-9a-f]{24,}"  # Zoho's tokens and codes
    r"|(?<=_token=)[^&\s\"']+|(?<=client_secret=)[^&\s\"']+|(?<=code=)[\w.-]{16,}"
    r"|\bgAAAA[\w-]{40,}={0,2}"  # what Fernet sealed
)
_PLAIN = frozenset(logging.LogRecord("", 0, "", 0, "", (), None).__dict__) | {"message", "asctime"}

_about: ContextVar[dict[str, str]] = ContextVar("about")


@contextmanager
def about(**named: str) -> Iterator[None]:
    """Name what is going on: request, job, organisation."""
    token = _about.set({**_about.get({}), **named})
    try:
        yield
    finally:
        _about.reset(token)


def name(**named: str) -> None:
    """The same for the rest of this thread's task."""
    _about.set({**_about.get({}), **named})


def fresh() -> None:
    """A new task begins on this thread: nothing is named yet."""
    _about.set({})


def secrets_of(settings: Settings) -> list[str]:
    """Every secret of the settings as it might show up in a text; longest first."""
    found: set[str] = set()
    for one in fields(settings):
        if one.repr:
            continue
        held = getattr(settings, one.name)
        found.update(_parts(held) if isinstance(held, str) else held or ())
    return sorted((each for each in found if len(each) >= SHORTEST), key=len, reverse=True)


def _parts(value: str) -> Iterable[str]:
    """Of an address only the password is secret."""
    if "://" not in value:
        return (value,)
    password = urlsplit(value).password
    return (password, unquote(password)) if password else ()


class Lines(logging.Formatter):
    """Writes a record as one line of JSON and hides what is or looks like a secret."""

    def __init__(self, process: str, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._process = process
        self._secrets = tuple(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "process": self._process,
            "pid": record.process,
            **_about.get({}),
            **{key: held for key, held in record.__dict__.items() if key not in _PLAIN},
        }
        if record.exc_info and record.exc_info[1] is not None:
            told["error"] = "".join(traceback.format_exception(record.exc_info[1]))[-8000:]
        return self.hidden(json.dumps(told, ensure_ascii=False, default=repr))

    def hidden(self, text: str) -> str:
        """``text`` without secrets."""
        for each in self._secrets:
            text = text.replace(each, HIDDEN)
        return SHAPES.sub(HIDDEN, text)


def install(process: str, settings: Settings | None = None, *, level: int = logging.INFO) -> None:
    """Let every logger of this process write such lines to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines(process, secrets_of(settings) if settings else ()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # Each call of ours is told once, below, with its number; libraries repeat it without.
    for noisy in ("urllib3", "rq.worker"):
        logging.getLogger(noisy).setLevel(logging.WARNING)

"""Who calls: the bearer in the Authorization header, and nothing else."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from flask import request

from backend.store.sessions import living_session
from backend.web.context import Caller, bridge, caller, remember
from backend.web.problems import Problem
from backend.web.tokens import BadToken

_View = TypeVar("_View", bound=Callable[..., Any])


def require_bearer() -> None:
    """Let nobody past who is not signed in; Problem 401 otherwise."""
    if request.method == "OPTIONS":
        return
    person = _person()
    if person is None:
        raise Problem(401, "not_signed_in", headers={"WWW-Authenticate": 'Bearer realm="api"'})
    remember(person)


def administrators_only(view: _View) -> _View:
    """Let only administrators of the CRM organisation into ``view``; Problem 403 otherwise."""

    @functools.wraps(view)
    def guarded(*args: Any, **named: Any) -> Any:
        if not caller().admin:
            raise Problem(403, "administrators_only")
        return view(*args, **named)

    guarded.administrators_only = True  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def session_of_bearer() -> str | None:
    """The session of a genuine bearer of ours, even when it has ended."""
    found = _read()
    return found[0] if found else None


def _read() -> tuple[str, str] | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return None
    try:
        return bridge().signer.read(token.strip(), now=bridge().now())
    except BadToken:
        return None


def _person() -> Caller | None:
    found = _read()
    if found is None:
        return None
    with bridge().database.begin() as session:
        person = living_session(session, found[0], now=bridge().now())
    if person is None or person.org_id != found[1]:
        return None
    return Caller(session_id=person.id, org_id=person.org_id, user=person.user)

"""Reading the requests of the control API and writing its answers."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Response, request

from simulator.jsontext import dumps, loads


class BadAct(ValueError):
    """What was asked of the control API makes no sense; the text says why."""


def body() -> dict[str, Any]:
    """The JSON object of the request, fractions as Decimal; nothing sent is an empty object."""
    data = request.get_data()
    try:
        document = loads(data) if data else {}
    except ValueError as error:
        raise BadAct(f"not JSON: {error}") from error
    if not isinstance(document, dict):
        raise BadAct("the body is a JSON object")
    return document


def amount(value: Any) -> Decimal:
    """A number or numeric text as Decimal; BadAct otherwise."""
    try:
        found = Decimal(str(value))
    except InvalidOperation as error:
        raise BadAct(f"{value!r} is no amount") from error
    if not found.is_finite():
        raise BadAct(f"{value!r} is no amount")
    return found


def answer(document: Any, status: int = 200) -> Response:
    """A JSON answer with exact decimals."""
    return Response(dumps(document), status=status, content_type="application/json")

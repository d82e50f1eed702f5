"""The `where` and `order` languages, in the forms Xero's pages show.

Comparisons (== != < <= > >=), AND, OR, parentheses, text, numbers, true, false, null, DateTime(...)
and guid("..."). Anything else is refused with a QueryParseException, as Xero does.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from simulator.xero.books import Record, folded
from simulator.xero.errors import ApiError, api_exception

Field = Callable[[Record], Any]
Test = Callable[[Record], bool]
TOKEN = re.compile(
    r"""\s*(?:
      (?P<op>==|!=|<>|>=|<=|>|<|=)
    | (?P<and>&&|AND\b|and\b|And\b) | (?P<or>\|\||OR\b|or\b|Or\b)
    | (?P<open>\() | (?P<close>\)) | (?P<comma>,)
    | (?P<text>"(?:[^"\\]|\\.)*")
    | (?P<number>-?\d+(?:\.\d+)?)
    | (?P<name>[A-Za-z_][A-Za-z0-9_.]*)
    )""",
    re.VERBOSE,
)
OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "=": operator.eq,
    "!=": operator.ne,
    "<>": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}


def refuse(text: str) -> ApiError:
    """The refusal of a query that cannot be read."""
    return api_exception("QueryParseException", text)


def tokens(text: str) -> Iterator[tuple[str, str]]:
    """The words of an expression; ApiError at the first thing that is none."""
    at = 0
    while text[at:].strip():
        found = TOKEN.match(text, at)
        if found is None:
            raise refuse(f"Syntax error at position {at}")
        at = found.end()
        kind = str(found.lastgroup)
        yield kind, found[kind]


class Parser:
    """Recursive descent over one `where` expression; `fields` are the names that may appear."""

    def __init__(self, text: str, fields: Mapping[str, Field], entity: str) -> None:
        self._tokens = [*tokens(text), ("end", "")]
        self._at = 0
        self._fields = fields
        self._entity = entity

    def parse(self) -> Test:
        """The whole expression as a test of a record."""
        test = self._any()
        self._take("end")
        return test

    def _peek(self) -> str:
        return self._tokens[self._at][0]

    def _take(self, kind: str) -> str:
        found, text = self._tokens[self._at]
        if found != kind:
            raise refuse(f"Expected {kind} but found '{text or 'the end'}'")
        self._at += 1
        return text

    def _any(self) -> Test:
        tests = [self._all()]
        while self._peek() == "or":
            self._take("or")
            tests.append(self._all())
        return tests[0] if len(tests) == 1 else lambda record: any(t(record) for t in tests)

    def _all(self) -> Test:
        tests = [self._one()]
        while self._peek() == "and":
            self._take("and")
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda record: all(t(record) for t in tests)

    def _one(self) -> Test:
        if self._peek() == "open":
            self._take("open")
            test = self._any()
            self._take("close")
            return test
        left = self._operand()
        compare = OPERATORS[self._take("op")]
        right = self._operand()
        return lambda record: _compare(compare, left(record), right(record))

    def _operand(self) -> Field:
        kind = self._peek()
        if kind == "text":
            text = re.sub(r"\\(.)", r"\1", self._take("text")[1:-1])
            return lambda _record: text
        if kind == "number":
            number = Decimal(self._take("number"))
            return lambda _record: number
        name = self._take("name")
        if self._peek() == "open":
            return self._call(name)
        return self._name(name)

    def _name(self, name: str) -> Field:
        constants: dict[str, Any] = {"true": True, "false": False, "null": None}
        if name.lower() in constants:
            value = constants[name.lower()]
            return lambda _record: value
        field = self._fields.get(name)
        if field is None:
            raise refuse(f"No property or field '{name}' exists in type '{self._entity}'")
        return field

    def _call(self, name: str) -> Field:
        self._take("open")
        arguments = []
        while self._peek() != "close":
            arguments.append(self._take("text" if self._peek() == "text" else "number"))
            if self._peek() == "comma":
                self._take("comma")
        self._take("close")
        value = _constructed(name, arguments)
        return lambda _record: value


def _constructed(name: str, arguments: list[str]) -> Any:
    try:
        if name == "DateTime":
            year, month, day, *rest = (int(a) for a in arguments)
            hour, minute, second = [*rest, 0, 0, 0][:3]
            return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        if name.lower() in {"guid", "guid.parse"} and len(arguments) == 1:
            return arguments[0][1:-1].lower()
    except (ValueError, TypeError) as error:
        raise refuse(f"Bad arguments of {name}") from error
    raise refuse(f"No applicable method '{name}' exists")


def _comparable(value: Any) -> Any:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return folded(value) if isinstance(value, str) else value


def _compare(compare: Callable[[Any, Any], bool], left: Any, right: Any) -> bool:
    if (left is None or right is None) and compare not in {operator.eq, operator.ne}:
        return False
    try:
        return compare(_comparable(left), _comparable(right))
    except TypeError as error:
        raise refuse("Operator is incompatible with the operand types") from error


def parse_where(text: str, fields: Mapping[str, Field], entity: str) -> Test:
    """A test of records; ApiError 400 QueryParseException when the text cannot be read."""
    return Parser(text, fields, entity).parse()


def parse_order(text: str, fields: Mapping[str, Field], entity: str) -> list[tuple[Field, bool]]:
    """(field, descending) pairs; ApiError 400 for an unknown field or direction."""
    found = []
    for clause in text.split(","):
        name, _, direction = clause.strip().partition(" ")
        if name not in fields or direction.strip().upper() not in {"", "ASC", "DESC"}:
            raise refuse(f"No property or field '{name}' exists in type '{entity}'")
        found.append((fields[name], direction.strip().upper() == "DESC"))
    return found


def sort_key(value: Any) -> tuple[int, Any]:
    """Sorts missing values first and texts without case."""
    return (0, 0) if value is None else (1, _comparable(value))

"""COQL, Zoho's query language: from the text of a query to a tree.

Zoho CRM API v8 "Query API": `select a, b from Module where ... order by a asc limit 0, 200`. The
where clause is mandatory; more than two conditions have to be grouped in pairs by brackets; at most
50 columns, 25 conditions and 50 values after `in`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from simulator.zoho.errors import ZohoError

MAX_COLUMNS = 50
MAX_CONDITIONS = 25
MAX_IN = 50
MAX_OFFSET = 100_000
DEFAULT_LIMIT = 200

TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>'(?:[^'\\]|\\.|'')*')
    | (?P<number>-?\d+(?:\.\d+)?)(?![\w.])
    | (?P<word>[A-Za-z_$][\w$]*(?:\.[A-Za-z_]\w*)*)
    | (?P<sign><=|>=|!=|<>|=|<|>|\(|\)|,)
    )""",
    re.VERBOSE,
)
KEYWORDS = frozenset(
    (
        *("select", "from", "where", "and", "or", "not", "in", "like", "between", "is", "null"),
        *("order", "by", "asc", "desc", "limit", "offset", "true", "false", "group", "having"),
    )
)


@dataclass(frozen=True, kw_only=True)
class Token:
    """A piece of the query; `kind` is text, number, name, key or sign."""

    kind: str
    value: str
    at: int


@dataclass(frozen=True, kw_only=True)
class Condition:
    """`column operator values`."""

    column: str
    operator: str
    values: tuple[object, ...]


@dataclass(frozen=True, kw_only=True)
class Both:
    """Two sides joined by `and` or `or`."""

    word: str
    left: Condition | Both
    right: Condition | Both


Tree = Condition | Both


@dataclass(frozen=True, kw_only=True)
class Query:
    """A parsed query."""

    columns: tuple[str, ...]
    module: str
    where: Tree
    order: tuple[tuple[str, bool], ...]
    limit: int
    offset: int


def syntax(near: str) -> ZohoError:
    """SYNTAX_ERROR with the place it happened at."""
    return ZohoError(400, "SYNTAX_ERROR", "error occurred while parsing the query", near=near[:100])


def tokens(text: str) -> list[Token]:
    """The pieces of a query; ZohoError SYNTAX_ERROR for anything else."""
    found: list[Token] = []
    at = 0
    end = len(text.rstrip())
    while at < end:
        match = TOKEN.match(text, at)
        if match is None:
            raise syntax(text[at:])
        kind = str(match.lastgroup)
        value = match.group(kind)
        if kind == "word":
            kind = "key" if value.lower() in KEYWORDS else "name"
            value = value.lower() if kind == "key" else value
        elif kind == "text":
            value = re.sub(r"\\(.)|''", lambda m: m.group(1) or "'", value[1:-1])
        found.append(Token(kind=kind, value=value, at=match.start(str(match.lastgroup))))
        at = match.end()
    return found


class Parser:
    """Recursive descent over the tokens of one query."""

    def __init__(self, text: str, *, brackets: bool, max_rows: int) -> None:
        self.text = text
        self.brackets = brackets
        self.max_rows = max_rows
        self.tokens = tokens(text)
        self.place = 0
        self.conditions = 0

    def query(self) -> Query:
        """The whole query; ZohoError when a rule of the language is broken."""
        self._need("select")
        columns = [self._name()]
        while self._take(","):
            columns.append(self._name())
        self._need("from")
        module = self._name()
        if not self._take("where"):
            raise ZohoError(400, "SYNTAX_ERROR", "missing clause", clause="where")
        where = self._expression()
        order = self._order()
        limit, offset = self._window()
        if self.place < len(self.tokens):
            raise syntax(self._rest())
        self._within(len(columns), MAX_COLUMNS, "select columns")
        self._within(self.conditions, MAX_CONDITIONS, "conditions")
        return Query(
            columns=tuple(columns),
            module=module,
            where=where,
            order=order,
            limit=limit,
            offset=offset,
        )

    def _within(self, count: int, most: int, what: str) -> None:
        if count > most:
            raise ZohoError(
                400, "LIMIT_EXCEEDED", f"the number of {what} exceeds the limit", limit=most
            )

    def _expression(self) -> Tree:
        tree = self._term()
        joined = 0
        while (word := self._take("and") or self._take("or")) is not None:
            joined += 1
            if joined > 1 and self.brackets:
                raise syntax(self._rest(back=1))
            tree = Both(word=word, left=tree, right=self._term())
        return tree

    def _term(self) -> Tree:
        if self._take("("):
            tree = self._expression()
            self._need(")")
            return tree
        return self._condition()

    def _condition(self) -> Condition:
        self.conditions += 1
        column = self._name()
        negated = "not " if self._take("not") else ""
        if not negated and self._take("is"):
            word = "is not null" if self._take("not") else "is null"
            self._need("null")
            return Condition(column=column, operator=word, values=())
        for word in ("in", "like", "between"):
            if self._take(word):
                return Condition(column=column, operator=negated + word, values=self._values(word))
        sign = self._next("sign")
        if negated or sign.value not in {"=", "!=", "<>", "<", ">", "<=", ">="}:
            raise syntax(self._rest(back=1))
        operator = "!=" if sign.value == "<>" else sign.value
        return Condition(column=column, operator=operator, values=(self._literal(),))

    def _values(self, word: str) -> tuple[object, ...]:
        if word == "like":
            return (self._literal(),)
        if word == "between":
            low = self._literal()
            self._need("and")
            return (low, self._literal())
        self._need("(")
        values = [self._literal()]
        while self._take(","):
            values.append(self._literal())
        self._need(")")
        self._within(len(values), MAX_IN, "values of in")
        return tuple(values)

    def _literal(self) -> object:
        token = self._peek()
        if token is None:
            raise syntax(self._rest())
        self.place += 1
        if token.kind == "text":
            return token.value
        if token.kind == "number":
            return Decimal(token.value)
        if token.kind == "key" and token.value in {"true", "false"}:
            return token.value == "true"
        raise syntax(self._rest(back=1))

    def _order(self) -> tuple[tuple[str, bool], ...]:
        if not self._take("order"):
            return ()
        self._need("by")
        found = [self._ordered()]
        while self._take(","):
            found.append(self._ordered())
        return tuple(found)

    def _ordered(self) -> tuple[str, bool]:
        name = self._name()
        if self._take("desc"):
            return name, False
        self._take("asc")
        return name, True

    def _window(self) -> tuple[int, int]:
        limit, offset = DEFAULT_LIMIT, 0
        if self._take("limit"):
            limit = self._count()
            if self._take(","):
                offset, limit = limit, self._count()
        if self._take("offset"):
            offset = self._count()
        self._within(limit, self.max_rows, "rows of a call")
        self._within(offset, MAX_OFFSET, "rows to skip")
        return limit, offset

    def _count(self) -> int:
        token = self._next("number")
        if not token.value.isdigit():
            raise syntax(self._rest(back=1))
        return int(token.value)

    def _name(self) -> str:
        return self._next("name").value

    def _next(self, kind: str) -> Token:
        token = self._peek()
        if token is None or token.kind != kind:
            raise syntax(self._rest())
        self.place += 1
        return token

    def _need(self, value: str) -> None:
        if not self._take(value):
            raise syntax(self._rest())

    def _take(self, value: str) -> str | None:
        token = self._peek()
        if token is None or token.kind not in {"key", "sign"} or token.value != value:
            return None
        self.place += 1
        return token.value

    def _peek(self) -> Token | None:
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def _rest(self, *, back: int = 0) -> str:
        place = max(self.place - back, 0)
        return self.text[self.tokens[place].at :] if place < len(self.tokens) else ""

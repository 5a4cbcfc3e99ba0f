"""As much of TicketSQL as a helpdesk needs: conditions on a few columns, AND, OR, parentheses, quotes with backslashes."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

Row = dict[str, Any]
Test = Callable[[Row], bool]

_TOKEN = re.compile(
    r"\s*(?:(?P<quoted>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")|(?P<op>!=|>=|<=|=|>|<|NOT LIKE\b|LIKE\b|IS NOT\b|IS\b)"
    r"|(?P<paren>[()])|(?P<word>[\w.{}]+))",
    re.IGNORECASE,
)
_INACTIVE = ("resolved", "rejected", "deleted")


class BadQueryError(Exception):
    """What RT says of a query that it does not understand."""


def compiled(query: str, *, offset: timedelta) -> Test:
    """A test of rows; `offset` is the asking account's time zone, in which dates are meant."""
    tokens, place = list[tuple[str, str]](), 0
    while query[place:].strip():
        found = _TOKEN.match(query, place)
        if not found:
            raise BadQueryError(f"Wrong query, expecting a KEYWORD in '{query[:place]}'")
        tokens.append((str(found.lastgroup), found[str(found.lastgroup)]))
        place = found.end()
    reader = _Reader(tokens, query, offset)
    test = reader.either()
    reader.done()
    return test


class _Reader:
    def __init__(self, tokens: list[tuple[str, str]], query: str, offset: timedelta) -> None:
        self._tokens, self._query, self._offset = tokens, query, offset

    def either(self) -> Test:
        tests = [self._all()]
        while self._next("word", "or"):
            tests.append(self._all())
        return lambda row: any(test(row) for test in tests)

    def done(self) -> None:
        if self._tokens:
            raise BadQueryError(f"Wrong query, expecting an AGGREGATOR in '{self._query}'")

    def _all(self) -> Test:
        tests = [self._one()]
        while self._next("word", "and"):
            tests.append(self._one())
        return lambda row: all(test(row) for test in tests)

    def _one(self) -> Test:
        if self._next("paren", "("):
            inner = self.either()
            if not self._next("paren", ")"):
                raise BadQueryError(f"Incomplete query, {1} parenthesis left open in '{self._query}'")
            return inner
        (_, key), (kind, operator) = self._take("KEYWORD"), self._take("OPERATOR")
        if kind != "op":
            raise BadQueryError(f"Wrong query, expecting an OPERATOR in '{self._query}'")
        value_kind, value = self._take("VALUE")
        plain = re.sub(r"\\(.)", r"\1", value[1:-1], flags=re.DOTALL) if value_kind == "quoted" else value
        if re.match(r"CF\.", plain, re.IGNORECASE):
            # The real one puts it into the database's query, which then fails: no rows.
            return lambda row: False
        return _condition(key, operator.upper(), plain, self._offset)

    def _next(self, kind: str, text: str) -> bool:
        if self._tokens and self._tokens[0][0] == kind and self._tokens[0][1].lower() == text:
            self._tokens.pop(0)
            return True
        return False

    def _take(self, what: str) -> tuple[str, str]:
        if not self._tokens:
            raise BadQueryError(
                f"Incomplete query, last element ({what}) is not close paren or value in '{self._query}' "
                "at /usr/share/request-tracker5/lib/RT/Tickets.pm line 3187.\n"
            )
        return self._tokens.pop(0)


def _condition(key: str, operator: str, value: str, offset: timedelta) -> Test:
    name = key.lower()
    if name in ("lastupdated", "created"):
        moment = datetime.fromisoformat(value).replace(tzinfo=UTC) - offset
        return lambda row: _compare(row[name], operator, moment)
    if name == "status" and value in ("__Active__", "__Inactive__"):
        return lambda row: (row["status"] in _INACTIVE) is (value == "__Inactive__")
    if name == "id":
        return lambda row: _compare(row["id"], operator, int(value))
    return lambda row: _compare(str(row.get(name, "")).lower(), operator, value.lower())


def _compare(has: Any, operator: str, wanted: Any) -> bool:
    match operator:
        case "=":
            return bool(has == wanted)
        case "!=":
            return bool(has != wanted)
        case ">":
            return bool(has > wanted)
        case ">=":
            return bool(has >= wanted)
        case "<":
            return bool(has < wanted)
        case "<=":
            return bool(has <= wanted)
        case "LIKE":
            return re.search(re.escape(wanted).replace("%", ".*").replace("_", "."), has, re.DOTALL) is not None
        case "NOT LIKE":
            return wanted not in has
        case _:
            return False

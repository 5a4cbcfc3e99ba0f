"""A small GraphQL: reads a query, and answers it from a schema of functions. As much of the language as clients of GitHub use.

Fields that the schema does not know are refused in GitHub's words, and so is a connection without `first` or `last`: a double that
answered whatever it likes would prove nothing.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

_TOKEN = re.compile(r'\s*(?:#[^\n]*\n\s*)*(\.\.\.|"(?:[^"\\]|\\.)*"|[A-Za-z_][A-Za-z0-9_]*|-?[0-9]+|[{}()\[\]:!=$,@])')
_PUNCTUATION = frozenset("{}()[]:!=$,")


class QueryError(Exception):
    """The query is refused; `error` is what GitHub puts into `errors`."""

    def __init__(self, message: str, **more: Any) -> None:
        super().__init__(message)
        self.error: Json = {**more, "message": message}


@dataclass(slots=True)
class Field:
    """One field that is asked for, or (with `on`) the fields for one type."""

    name: str
    alias: str = ""
    args: Json = field(default_factory=dict)
    fields: "list[Field]" = field(default_factory=list)
    on: str = ""


@dataclass(slots=True)
class Node:
    """A value of an object type."""

    type: str
    value: Any


Resolver = Callable[[Any, Json], Any]
Schema = Mapping[str, Mapping[str, Resolver]]
"""Type -> field -> function of the value and the arguments; it returns scalars, Nodes, lists of both, or None."""


@dataclass(slots=True)
class Variable:
    """A `$name` in a query, until its value is put in."""

    name: str


def execute(schema: Schema, query: str, variables: Json) -> Json:
    """The answer's body: `data`, and `errors` where there are any."""
    try:
        kind, fields = _Reader(query).operation()
        root = "Mutation" if kind == "mutation" else "Query"
        _refuse_unknown(schema, root, fields)
    except QueryError as refused:
        return {"errors": [refused.error]}
    try:
        return {"data": _object(schema, Node(root, None), fields, variables)}
    except QueryError as refused:
        # A field that is refused is null; here all is, which clients must bear as well.
        return {"data": {one.alias or one.name: None for one in fields}, "errors": [refused.error]}


class _Reader:
    """Tokens to fields, by recursive descent."""

    def __init__(self, text: str) -> None:
        self._tokens: list[str] = []
        place = 0
        while text[place:].strip():
            found = _TOKEN.match(text, place)
            if not found:
                raise QueryError(f"Parse error on {text[place : place + 10].strip()!r}")
            self._tokens.append(found[1])
            place = found.end()
        self._place = 0

    def operation(self) -> tuple[str, list[Field]]:
        """`query Name($a: T!) { … }` or `{ … }`."""
        kind = "query"
        if self._peek() in ("query", "mutation"):
            kind = self._next()
            while self._peek() != "{":
                self._next()
        return kind, self._selection()

    def _selection(self) -> list[Field]:
        self._expect("{")
        fields: list[Field] = []
        while self._peek() != "}":
            if self._peek() == "...":
                self._next()
                self._expect("on")
                on = self._next()
                fields.append(Field("", on=on, fields=self._selection()))
                continue
            one = Field(self._next())
            if self._peek() == ":":
                self._next()
                one.alias, one.name = one.name, self._next()
            if self._peek() == "(":
                self._next()
                while self._peek() != ")":
                    name = self._next()
                    self._expect(":")
                    one.args[name] = self._value()
                    self._skip(",")
                self._next()
            if self._peek() == "{":
                one.fields = self._selection()
            self._skip(",")
            fields.append(one)
        self._next()
        return fields

    def _value(self) -> Any:
        token = self._next()
        if token == "$":  # noqa: S105 - a token of the language
            return Variable(self._next())
        if token == "{":  # noqa: S105
            found: Json = {}
            while self._peek() != "}":
                name = self._next()
                self._expect(":")
                found[name] = self._value()
                self._skip(",")
            self._next()
            return found
        if token == "[":  # noqa: S105
            items: list[Any] = []
            while self._peek() != "]":
                items.append(self._value())
                self._skip(",")
            self._next()
            return items
        if token.startswith('"'):
            return token[1:-1]
        if token.lstrip("-").isdigit():
            return int(token)
        return {"true": True, "false": False, "null": None}.get(token, token)

    def _peek(self) -> str:
        if self._place >= len(self._tokens):
            raise QueryError("Unexpected end of document")
        return self._tokens[self._place]

    def _next(self) -> str:
        token = self._peek()
        self._place += 1
        return token

    def _expect(self, token: str) -> None:
        if self._next() != token:
            raise QueryError(f"Parse error: expected {token}")

    def _skip(self, token: str) -> None:
        if self._place < len(self._tokens) and self._tokens[self._place] == token:
            self._place += 1


def _refuse_unknown(schema: Schema, type_name: str, fields: list[Field]) -> None:
    """Only where the type is known before anything is resolved: the root's own fields and those for one type."""
    for one in fields:
        if one.on:
            _refuse_unknown(schema, one.on, one.fields)
        elif one.name != "__typename" and one.name not in schema.get(type_name, {}):
            raise unknown(type_name, one.name)


def unknown(type_name: str, name: str) -> QueryError:
    """As GitHub refuses a field that it does not know."""
    extensions = {"code": "undefinedField", "typeName": type_name, "fieldName": name}
    return QueryError(f"Field '{name}' doesn't exist on type '{type_name}'", extensions=extensions, path=["query", name])


def _object(schema: Schema, node: Node, fields: list[Field], variables: Json) -> Json:
    found: Json = {}
    for one in fields:
        if one.on:
            if one.on == node.type:
                found.update(_object(schema, node, one.fields, variables))
            continue
        if one.name == "__typename":
            found[one.alias or one.name] = node.type
            continue
        resolver = schema[node.type].get(one.name)
        if resolver is None:
            raise unknown(node.type, one.name)
        value = resolver(node.value, _filled(one.args, variables))
        found[one.alias or one.name] = _finished(schema, value, one, variables)
    return found


def _finished(schema: Schema, value: Any, asked: Field, variables: Json) -> Any:
    if isinstance(value, Node):
        return _object(schema, value, asked.fields, variables)
    if isinstance(value, list):
        return [_finished(schema, item, asked, variables) for item in value]
    return value


def _filled(value: Any, variables: Json) -> Any:
    if isinstance(value, Variable):
        return variables.get(value.name)
    if isinstance(value, dict):
        return {name: _filled(item, variables) for name, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, variables) for item in value]
    return value

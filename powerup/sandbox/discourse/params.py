"""A request's parameters, whichever way they came: JSON, form, query."""

from typing import Any

from flask import request


def params() -> dict[str, Any]:
    """All parameters by name; `name[]` becomes a list under `name`."""
    body = request.get_json(silent=True) if request.is_json else None
    if isinstance(body, dict):
        return body
    values: dict[str, Any] = {}
    for source in (request.args, request.form):
        for name in source:
            values[name.removesuffix("[]")] = source.getlist(name) if name.endswith("[]") else source[name]
    return values


def text(values: dict[str, Any], name: str) -> str | None:
    """A parameter as text; None when absent or empty."""
    value = values.get(name)
    return str(value) if value not in (None, "") else None


def flag(value: object) -> bool:
    """Rails' reading of a truth value: `true`, `"true"`, `1`."""
    return str(value).lower() in ("true", "1", "t", "on")
